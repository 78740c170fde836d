/// The median by selection: what stands in the middle is found without sorting the rest.
enum MiddleValue {
    /// The middle value, or the mean of both middle ones; NaN of none.
    ///
    /// - Precondition: no value is NaN.
    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        var values = values
        let middle = values.count / 2
        let upper = select(middle, of: &values)
        guard values.count % 2 == 0 else { return upper }
        // Selection leaves nothing greater below the middle: the one below it is the greatest there.
        let lower = values[..<middle].reduce(values[0]) { max($0, $1) }
        return (lower + upper) / 2
    }

    /// The value that would stand at `place` if all were sorted. Afterwards nothing below the place
    /// is greater than it, and nothing above it is less.
    ///
    /// Source: Hoare, "Find" (1961), with three parts, as many values are equal.
    static func select(_ place: Int, of values: inout [Double]) -> Double {
        var (first, last) = (0, values.count - 1)
        var values = values.mutableSpan
        while first < last {
            let pivot = middle(values[first], values[(first + last) / 2], values[last])
            var (low, next, high) = (first, first, last)
            while next <= high {
                let value = values[next]
                if value < pivot {
                    values.swapAt(low, next)
                    low += 1
                    next += 1
                } else if value > pivot {
                    values.swapAt(next, high)
                    high -= 1
                } else {
                    next += 1
                }
            }
            if place < low {
                last = low - 1
            } else if place > high {
                first = high + 1
            } else {
                return pivot
            }
        }
        return values[place]
    }

    private static func middle(_ a: Double, _ b: Double, _ c: Double) -> Double {
        max(min(a, b), min(max(a, b), c))
    }
}
