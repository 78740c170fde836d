/// The median by selection: what stands in the middle is found without sorting the rest.
public enum MiddleValue {
    /// The middle value, or the mean of both middle ones; NaN of none.
    ///
    /// - Precondition: no value is NaN.
    public static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        var values = values
        let middle = values.count / 2
        let upper = select(middle, of: &values)
        guard values.count % 2 == 0 else { return upper }
        // Selection leaves nothing greater below the middle: the one below it is the greatest
        // there.
        let lower = values[..<middle].reduce(values[0]) { max($0, $1) }
        return (lower + upper) / 2
    }

    /// The values that would stand at ascending places if all were sorted.
    ///
    /// - Precondition: no value is NaN, and each place is there.
    static func values(at places: [Int], of values: [Double]) -> [Double] {
        var values = values
        var found = [Double](repeating: 0, count: places.count)
        /// The middle one of the places divides the values among those on either side of it.
        func find(_ wanted: Range<Int>, in range: Range<Int>) {
            guard !wanted.isEmpty else { return }
            let middle = (wanted.lowerBound + wanted.upperBound) / 2
            let place = places[middle]
            // Outside lies a place that was found before.
            found[middle] =
                range.contains(place) ? select(place, of: &values, in: range) : values[place]
            find(wanted.lowerBound..<middle, in: range.clamped(to: 0..<place))
            find(middle + 1..<wanted.upperBound, in: range.clamped(to: place + 1..<values.count))
        }
        find(0..<places.count, in: 0..<values.count)
        return found
    }

    /// The value that would stand at `place` if all were sorted. Afterwards nothing below the place
    /// is greater than it, and nothing above it is less.
    static func select(_ place: Int, of values: inout [Double]) -> Double {
        select(place, of: &values, in: 0..<values.count)
    }

    /// The same where the values of a range stand between those on either side of it.
    ///
    /// Source: Hoare, "Find" (1961), with three parts, as many values are equal.
    private static func select(
        _ place: Int, of values: inout [Double], in range: Range<Int>
    ) -> Double {
        var (first, last) = (range.lowerBound, range.upperBound - 1)
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
