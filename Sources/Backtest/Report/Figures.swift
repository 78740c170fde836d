import Events

/// Numbers as a report prints them; nil is "n/a", never NaN.
enum Figures {
    static func percent(_ value: Double?, _ decimals: Int = 2) -> String {
        value.map { fixed($0 * 100, decimals) + "%" } ?? "n/a"
    }

    static func number(_ value: Double?, _ decimals: Int = 2) -> String {
        value.map { fixed($0, decimals) } ?? "n/a"
    }

    static func dollars(_ money: Money) -> String {
        let cents = (money.rawValue.magnitude + 500_000) / 1_000_000
        let (whole, fraction) = cents.quotientAndRemainder(dividingBy: 100)
        let sign = money.rawValue < 0 && cents > 0 ? "-" : ""
        return "\(sign)\(grouped(whole)).\(fraction < 10 ? "0" : "")\(fraction)"
    }

    static func count(_ value: Int) -> String { grouped(UInt64(max(value, 0))) }

    /// Decimal with a fixed number of decimals, ties away from zero.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale: UInt64 = 1
        for _ in 0..<decimals { scale *= 10 }
        guard value.magnitude * Double(scale) < 1e18 else { return "\(value)" }
        let units = UInt64((value.magnitude * Double(scale)).rounded(.toNearestOrAwayFromZero))
        let sign = value < 0 && units > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(units)" }
        let (whole, fraction) = units.quotientAndRemainder(dividingBy: scale)
        let digits = "\(fraction)"
        let zeros = String(repeating: "0", count: decimals - digits.utf8.count)
        return "\(sign)\(whole).\(zeros)\(digits)"
    }

    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func grouped(_ value: UInt64) -> String {
        let digits = Array("\(value)")
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }
}
