import Events
import Foundation

/// Numbers as a person reads them.
enum WhyNumbers {
    /// So many decimals.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }

    /// As few decimals as it has, at most so many.
    static func short(_ value: Double, _ decimals: Int = 4) -> String {
        var text = fixed(value, decimals)
        guard text.contains(".") else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text == "-0" ? "0" : text
    }

    /// A fraction as per cent.
    static func percent(_ value: Double, _ decimals: Int = 2) -> String {
        "\(fixed(value * 100, decimals)) %"
    }

    /// A share of 1: a confidence or a probability.
    static func share(_ value: Double) -> String {
        let text = fixed(value, 4)
        return text.hasSuffix("0") ? String(text.dropLast()) : text
    }

    /// Dollars with thousands apart.
    static func dollars(_ value: Double, _ decimals: Int = 2) -> String {
        let digits = fixed(value.magnitude, decimals)
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        var whole = ""
        for (index, digit) in parts[0].reversed().enumerated() {
            if index > 0, index % 3 == 0 { whole.append(",") }
            whole.append(digit)
        }
        let tail = parts.count > 1 ? ".\(parts[1])" : ""
        let isZero = !digits.contains { $0 != "0" && $0 != "." }
        return (value < 0 && !isZero ? "-$" : "$") + String(whole.reversed()) + tail
    }

    /// Money.
    static func dollars(_ value: Money) -> String { dollars(value.dollars) }

    /// Whole numbers with thousands apart.
    static func count(_ value: some BinaryInteger) -> String {
        String(dollars(Double(value), 0).filter { $0 != "$" })
    }

    /// `1 row`, `2 rows`.
    static func count(_ value: some BinaryInteger, _ word: String) -> String {
        "\(count(value)) \(word)\(value == 1 ? "" : "s")"
    }

    /// Shares, as few decimals as needed.
    static func shares(_ quantity: Quantity) -> String {
        "\(short(quantity.shares, 8)) share\(quantity.shares == 1 ? "" : "s")"
    }

    /// `a`, `a and b`, `a, b and c`.
    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and \(last)"
    }
}

extension Instant {
    /// To the minute, where it is one: `2019-03-08 05:00 UTC`.
    var words: String {
        let text = "\(self)"
        let zeros = text.hasSuffix(":00Z") ? 4 : 1
        return text.dropLast(zeros).replacingOccurrences(of: "T", with: " ") + " UTC"
    }
}
