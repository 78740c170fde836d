import Events
import Foundation

/// Text for a terminal, where a control character would be obeyed.
enum Terminal {
    /// Whether long texts are cut to the screen: on a terminal, never in a pipe or a file.
    static let cutsText = isTerminal(.standardOutput)

    /// The text with its control characters escaped; line ends and tabs stay.
    static func plain(_ text: String) -> String { PlainText.plain(text) }

    /// The same on one line: of line ends and tabs their names in escapes.
    static func line(_ text: String) -> String { PlainText.line(text) }
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
