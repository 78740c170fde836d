/// Text for people, where a terminal or whoever reads lines would obey a control character: names
/// and texts come from files.
public enum PlainText {
    /// The text with its control characters as `\\u001B`, which JSON has too; line ends and tabs
    /// stay.
    public static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var plain = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                plain += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }

    /// The same on one line: of line ends and tabs their names in escapes.
    public static func line(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x09 }) else { return plain(text) }
        var line = ""
        for scalar in plain(text).unicodeScalars {
            switch scalar {
            case "\n": line += "\\n"
            case "\t": line += "\\t"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    /// Bytes that may be no UTF-8, such as a file's name: on one line, what is none as `\\xFF`.
    public static func line(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return line(text) }
        var line = ""
        for byte in bytes {
            if 0x20..<0x7F ~= byte {
                line.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                line +=
                    "\\x" + (byte < 16 ? "0" : "")
                    + String(byte, radix: 16, uppercase: true)
            }
        }
        return line
    }

    /// Whether it could be obeyed: C0 but line end and tab, delete, C1, what ends a line elsewhere,
    /// and what turns the direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
