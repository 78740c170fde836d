/// Whole numbers as text: each less the one before it, as the base-64 digits of source maps (VLQ:
/// the lowest bit is the sign, five bits a digit, the sixth says that more follow). It is safe
/// inside a script and a quarter of the same numbers in JSON.
enum DeltaText {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of some numbers.
    static func encoded(_ numbers: some Sequence<Int>) -> String {
        var text: [UInt8] = []
        var previous = 0
        for number in numbers {
            append(number - previous, to: &text)
            previous = number
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text of some numbers of which none hangs on the one before; what is not known is the
    /// zero with a sign, which no number is.
    static func apart(_ numbers: some Sequence<Int?>) -> String {
        var text: [UInt8] = []
        for number in numbers {
            if let number { append(number, to: &text) } else { text.append(digits[1]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ number: Int, to text: inout [UInt8]) {
        // No further than JavaScript counts.
        let number = min(max(number, -(1 << 52)), 1 << 52)
        var rest = number < 0 ? (-number) << 1 | 1 : number << 1
        repeat {
            let digit = rest & 31
            rest >>= 5
            text.append(digits[rest > 0 ? digit | 32 : digit])
        } while rest > 0
    }
}
