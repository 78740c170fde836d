import Foundation

/// Text for a terminal, where a control character would be obeyed.
enum Terminal {
    /// Whether long texts are cut to the screen: on a terminal, never in a pipe or a file.
    static let cutsText = isTerminal(.standardOutput)

    /// The text with its control characters as `\\u001B`, which JSON has too; line ends and tabs
    /// stay.
    static func plain(_ text: String) -> String {
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
    static func line(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x09 }) else { return plain(text) }
        return plain(text).replacingOccurrences(of: "\n", with: "\\n")
            .replacingOccurrences(of: "\t", with: "\\t")
    }

    /// Whether a terminal could obey it: C0 but line end and tab, delete, C1, and what turns the
    /// direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// Prints a line in which a terminal obeys nothing: names and texts come from files.
func print(_ text: String, terminator: String = "\n") {
    Swift.print(Terminal.plain(text), terminator: terminator)
}

extension String {
    /// The text with blanks behind it up to a width; a longer one whole.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
