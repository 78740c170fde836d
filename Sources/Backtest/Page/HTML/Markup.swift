import Events

/// Text made safe for a place in a page. Tickers, names and settings come from files that anyone
/// may have written.
enum Markup {
    /// Text for an element's content or a quoted attribute.
    static func escaped(_ text: String) -> String {
        MarkupText.escaped(text)
    }

    /// A JSON string literal that can stand inside a script element: no `<`, `>` or `&`, no line
    /// separators that JavaScript ends a line at.
    static func json(_ text: String) -> String {
        var safe = ""
        for scalar in JSONText.quoted(text).unicodeScalars {
            switch scalar {
            case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                safe += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// A JSON number with so many decimals, null for what is not known.
    static func json(_ value: Double?, _ decimals: Int) -> String {
        guard let value, value.isFinite else { return "null" }
        return Figures.fixed(value, decimals)
    }

    /// A JSON array of elements that are JSON already.
    static func array(_ elements: some Sequence<String>) -> String {
        "[" + elements.joined(separator: ",") + "]"
    }

    /// A per cent with a sign, `+1.20%`; "n/a" for what is not known.
    static func signedPercent(_ value: Double?, _ decimals: Int = 2) -> String {
        guard let value, value.isFinite else { return "n/a" }
        let text = Figures.fixed(value * 100, decimals)
        let isZero = !text.utf8.contains { $0 >= 49 && $0 <= 57 }
        return (value > 0 && !isZero ? "+" : "") + text.replacing("-", with: "−") + "%"
    }

    /// Dollars with a true minus sign and, where asked for, a plus sign.
    static func dollars(_ value: Double, signed: Bool = false, cents: Bool = false) -> String {
        let text = Figures.dollars(Money(dollars: value.rounded(cents ? 100 : 1)))
        let shown = cents ? text : String(text.dropLast(3))
        let isNegative = shown.hasPrefix("-")
        let digits = isNegative ? String(shown.dropFirst()) : shown
        let isZero = !digits.utf8.contains { $0 >= 49 && $0 <= 57 }
        let sign = isZero ? "" : isNegative ? "−" : signed ? "+" : ""
        return "\(sign)$\(digits)"
    }

    /// The class that colours a figure: `up`, `down`, or none for what is shown as zero, being
    /// smaller than `smallest`.
    static func tone(_ value: Double?, from smallest: Double = 0.000_05) -> String {
        guard let value, value.magnitude >= smallest else { return "" }
        return value > 0 ? "up" : "down"
    }

    /// The smallest number that so many decimals do not show as zero.
    static func smallestShown(_ decimals: Int) -> Double {
        (0..<decimals).reduce(0.5) { smallest, _ in smallest / 10 }
    }
}

extension Double {
    /// To the nearest 1 / `scale`, ties away from zero.
    fileprivate func rounded(_ scale: Double) -> Double {
        (self * scale).rounded(.toNearestOrAwayFromZero) / scale
    }
}
