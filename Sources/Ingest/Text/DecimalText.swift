import Glibc

/// Decimal numbers as price files write them.
enum DecimalText {
    /// Reads `[-+]digits[.digits][e[-+]digits]` exactly, or nil for anything else.
    ///
    /// With at most 19 digits whose value is below 2^53 and a power of ten within ±22, one
    /// correctly rounded multiplication or division is exact (Clinger, "How to Read Floating Point
    /// Numbers Accurately", 1990); everything else goes to the C library's `strtod`.
    @inline(__always)
    static func double(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
        var position = range.lowerBound
        let end = range.upperBound
        guard position < end else { return nil }
        var isNegative = false
        if bytes[position] == 0x2D || bytes[position] == 0x2B {
            isNegative = bytes[position] == 0x2D
            position += 1
        }
        var significand: UInt64 = 0
        var digits = 0
        var scale = 0
        var isFraction = false
        while position < end {
            let byte = bytes[position]
            let digit = byte &- 0x30
            if digit < 10 {
                significand = significand &* 10 &+ UInt64(digit)
                digits += 1
                if isFraction { scale -= 1 }
            } else if byte == 0x2E, !isFraction {
                isFraction = true
            } else {
                break
            }
            position += 1
        }
        guard digits > 0 else { return nil }
        guard position == end, digits <= 19, significand < 1 << 53, scale >= -22 else {
            return slow(bytes, range)
        }
        let magnitude =
            scale == 0 ? Double(significand) : Double(significand) / powersOfTen[-scale]
        return isNegative ? -magnitude : magnitude
    }

    /// The exponent form, and numbers too long for the fast path.
    @inline(never)
    private static func slow(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
        var text: [CChar] = []
        text.reserveCapacity(range.count + 1)
        for index in range {
            let byte = bytes[index]
            let isPart =
                byte &- 0x30 < 10 || byte == 0x2E || byte == 0x2D || byte == 0x2B || byte == 0x65
                || byte == 0x45
            guard isPart else { return nil }
            text.append(CChar(byte))
        }
        text.append(0)
        return text.withUnsafeBufferPointer { buffer -> Double? in
            guard let start = buffer.baseAddress else { return nil }
            var end: UnsafeMutablePointer<CChar>?
            let value = unsafe strtod(start, &end)
            guard let end = unsafe end,
                unsafe end - UnsafeMutablePointer(mutating: start) == range.count, value.isFinite
            else { return nil }
            return value
        }
    }

    /// The number that `text` holds, blanks around it allowed.
    static func double(_ text: String) -> Double? {
        let text = trimmed(text)
        return text.withBytes { double($0, 0..<$0.count) }
    }

    private static let powersOfTen: InlineArray<23, Double> = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
