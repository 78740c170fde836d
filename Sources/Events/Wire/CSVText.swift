/// Fields of comma-separated values, as RFC 4180 has them.
public enum CSVText {
    /// A text as a field: quoted where it must be, and with an apostrophe before what a spreadsheet
    /// would run as a formula.
    public static func field(_ text: String) -> String {
        let safe = isFormula(text) ? "'" + text : text
        let isPlain = safe.utf8.allSatisfy {
            $0 != comma && $0 != quote && $0 != 0x0A && $0 != 0x0D
        }
        guard !isPlain else { return safe }
        var quoted = "\""
        for character in safe.unicodeScalars {
            if character == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }

    /// Whether a spreadsheet takes a text for a formula: by its first character, but no number.
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0D: return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"): return Double(text) == nil
        default: return false
        }
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
}
