import Events

/// Numbers and times as people read them.
enum Format {
    /// What stands for a number that is not there.
    static let nothing = "–"

    /// Dollars: `1,234.56`.
    static func money(_ value: Double?) -> String {
        value.map { grouped($0, digits: 2) } ?? nothing
    }

    /// A number with some digits behind its point.
    static func number(_ value: Double?, _ digits: Int = 2) -> String {
        value.map { grouped($0, digits: digits) } ?? nothing
    }

    /// A fraction as percent: `+1.23 %`.
    static func percent(_ fraction: Double?, signed: Bool = true) -> String {
        guard let fraction else { return nothing }
        let text = grouped(fraction * 100, digits: 2)
        return (signed && fraction > 0 ? "+" : "") + text + " %"
    }

    /// Shares: whole ones without a point.
    static func shares(_ value: Double?) -> String {
        guard let value else { return nothing }
        return value == value.rounded() ? grouped(value, digits: 0) : grouped(value, digits: 4)
    }

    /// UTC to the second.
    static func time(_ instant: Instant) -> String {
        guard instant.rawValue > 0 else { return "before all dates" }
        let whole = Instant(rawValue: instant.rawValue / 1_000_000_000 * 1_000_000_000)
        return "\(whole)".replacing("T", with: " ").replacing("Z", with: " UTC")
    }

    /// The same of a text of a read model.
    static func time(_ text: String?) -> String {
        guard let text else { return nothing }
        return Instant(text).map(time) ?? text
    }

    /// `good`, `bad`, or nothing for what is neither.
    static func tone(_ value: Double?) -> String? {
        // What is written as nothing is neither.
        guard let value, abs(value) >= 0.00005 else { return nil }
        return value > 0 ? "good" : "bad"
    }

    /// A name of the code in words: `strong_buy`, `maxPositions`.
    static func words(_ name: String?) -> String {
        guard let name else { return nothing }
        var words = ""
        for character in name {
            if character == "_" {
                words.append(" ")
            } else if character.isUppercase, words.last?.isLowercase ?? false {
                words += " " + character.lowercased()
            } else {
                words.append(character)
            }
        }
        return words
    }

    private static func grouped(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let whole = (abs(value) * scale).rounded()
        var text = String(Int64(whole))
        while text.count <= digits { text = "0" + text }
        let fraction = text.suffix(digits)
        var head = String(text.dropLast(digits))
        var groups: [String] = []
        while head.count > 3 {
            groups.insert(String(head.suffix(3)), at: 0)
            head.removeLast(3)
        }
        groups.insert(head, at: 0)
        let sign = value < 0 && whole > 0 ? "-" : ""
        return sign + groups.joined(separator: ",") + (digits > 0 ? ".\(fraction)" : "")
    }
}
