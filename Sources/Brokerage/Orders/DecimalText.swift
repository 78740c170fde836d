/// Decimal numbers as text, read and written exactly: a broker's wire has strings, not `Double`s.
public enum DecimalText {
    /// A number of units of 10^-decimals, without zeros at its end beyond `atLeast` decimals.
    public static func text(_ units: Int64, decimals: Int, atLeast: Int = 0) -> String {
        var digits = String(units.magnitude)
        if digits.utf8.count <= decimals {
            digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
        }
        let whole = digits.dropLast(decimals)
        var fraction = digits.suffix(decimals)
        while fraction.utf8.count > atLeast, fraction.last == "0" { fraction.removeLast() }
        return (units < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The units of 10^-decimals that a text means, exactly; nil for what is no decimal number, has
    /// a digit other than zero beyond them, or does not fit.
    public static func units(_ text: some StringProtocol, decimals: Int) -> Int64? {
        guard let (units, rest) = scaled(text, decimals: decimals), rest.isZero else { return nil }
        return units
    }

    /// The same, digits beyond rounded to nearest, ties away from zero.
    public static func rounded(_ text: some StringProtocol, decimals: Int) -> Int64? {
        guard let (units, rest) = scaled(text, decimals: decimals) else { return nil }
        guard rest.isHalf else { return units }
        let (sum, isOver) = units.addingReportingOverflow(rest.isNegative ? -1 : 1)
        return isOver ? nil : sum
    }

    /// What is beyond the decimals that are kept.
    private struct Rest {
        var isZero = true
        /// Whether it is a half of a unit or more.
        var isHalf = false
        var isNegative = false
    }

    private static func scaled(_ text: some StringProtocol, decimals: Int) -> (Int64, Rest)? {
        var bytes = Array(text.utf8)[...]
        var rest = Rest()
        if bytes.first == UInt8(ascii: "-") {
            rest.isNegative = true
            bytes = bytes.dropFirst()
        }
        var (units, places, hasDigit): (Int64, Int?, Bool) = (0, nil, false)
        for byte in bytes {
            if byte == UInt8(ascii: "."), places == nil {
                places = 0
                continue
            }
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            hasDigit = true
            let digit = Int64(byte - UInt8(ascii: "0"))
            if let place = places {
                places = place + 1
                if place >= decimals {
                    rest.isZero = rest.isZero && digit == 0
                    if place == decimals { rest.isHalf = digit >= 5 }
                    continue
                }
            }
            guard let next = appended(units, digit) else { return nil }
            units = next
        }
        guard hasDigit else { return nil }
        for _ in 0..<max(0, decimals - (places ?? 0)) {
            guard let next = appended(units, 0) else { return nil }
            units = next
        }
        return (rest.isNegative ? -units : units, rest)
    }

    private static func appended(_ units: Int64, _ digit: Int64) -> Int64? {
        let (tenfold, isOver) = units.multipliedReportingOverflow(by: 10)
        let (sum, isOverToo) = tenfold.addingReportingOverflow(digit)
        return isOver || isOverToo ? nil : sum
    }
}
