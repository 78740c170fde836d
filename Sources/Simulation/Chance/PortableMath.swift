/// Exponential and logarithm in plain IEEE arithmetic: the same bits on every machine.
///
/// C libraries differ in the last bit between versions and processors, and a world's files must
/// not. Relative error under 1e-15.
enum PortableMath {
    private static let ln2High = 0x1.62e42feep-1
    private static let ln2Low = 0x1.a39ef35793c76p-33
    private static let ln2 = 0x1.62e42fefa39efp-1
    private static let log2e = 0x1.71547652b82fep0
    private static let sqrt2 = 0x1.6a09e667f3bcdp0

    /// e to the power of `value`, for values of ordinary size.
    static func exp(_ value: Double) -> Double {
        precondition(value > -700 && value < 700, "the exponent of a price is of ordinary size")
        let scaled = value * log2e
        let power = Int(scaled + (scaled < 0 ? -0.5 : 0.5))
        let rest = value - Double(power) * ln2High - Double(power) * ln2Low
        var sum = 1.0
        var divisor = 14.0
        while divisor >= 1 {
            sum = 1 + rest * sum / divisor
            divisor -= 1
        }
        return sum * Double(sign: .plus, exponent: power, significand: 1)
    }

    /// The natural logarithm of a positive number.
    static func log(_ value: Double) -> Double {
        precondition(value > 0 && value < .infinity, "a logarithm is of a positive number")
        var significand = value.significand
        var exponent = Double(value.exponent)
        if significand > sqrt2 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        var odd = 23.0
        while odd >= 1 {
            sum = sum * square + 1 / odd
            odd -= 2
        }
        return exponent * ln2 + 2 * ratio * sum
    }
}
