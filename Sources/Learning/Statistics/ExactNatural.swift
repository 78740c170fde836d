/// A whole number of any size, for comparing fractions exactly: `Double` would round at a boundary.
struct ExactNatural: Hashable, Sendable, Comparable {
    /// 64-bit digits, the lowest first, no zero behind the last.
    private var digits: [UInt64]

    /// A number of one digit.
    init(_ value: UInt64) {
        digits = value == 0 ? [] : [value]
    }

    /// This number times `factor`.
    func times(_ factor: UInt64) -> ExactNatural {
        guard factor != 0 else { return ExactNatural(0) }
        var result = self
        var carry: UInt64 = 0
        for index in result.digits.indices {
            let product = result.digits[index].multipliedFullWidth(by: factor)
            let (low, overflows) = product.low.addingReportingOverflow(carry)
            result.digits[index] = low
            carry = product.high &+ (overflows ? 1 : 0)
        }
        if carry != 0 { result.digits.append(carry) }
        return result
    }

    static func + (left: ExactNatural, right: ExactNatural) -> ExactNatural {
        var result = left
        var carry: UInt64 = 0
        for index in 0..<max(left.digits.count, right.digits.count) {
            if index == result.digits.count { result.digits.append(0) }
            let other = index < right.digits.count ? right.digits[index] : 0
            let (partial, first) = result.digits[index].addingReportingOverflow(other)
            let (sum, second) = partial.addingReportingOverflow(carry)
            result.digits[index] = sum
            carry = first || second ? 1 : 0
        }
        if carry != 0 { result.digits.append(carry) }
        return result
    }

    static func < (left: ExactNatural, right: ExactNatural) -> Bool {
        if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
        for index in left.digits.indices.reversed() where left.digits[index] != right.digits[index]
        {
            return left.digits[index] < right.digits[index]
        }
        return false
    }
}
