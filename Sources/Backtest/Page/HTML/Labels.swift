/// Names of the log as a reader knows them.
enum Labels {
    /// `trailingStop` as "trailing stop".
    static func exitReason(_ name: String) -> String { spaced(name) }

    /// `return_252` as "return 252".
    static func plain(_ name: String) -> String { name.replacing("_", with: " ") }

    /// A text with `tooFewRows` as "too few rows", and all else as it is.
    static func sentence(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { part in
            let letters = part.filter(\.isLetter)
            let isJoined =
                letters.first?.isLowercase == true && letters.contains(where: \.isUppercase)
                && part.utf8.allSatisfy { $0 < 128 }
            return isJoined ? spaced("\(part)") : "\(part)"
        }.joined(separator: " ")
    }

    /// Words joined by capitals, apart and in small letters.
    static func spaced(_ name: String) -> String {
        var text = ""
        for character in name {
            if character.isUppercase, !text.isEmpty { text += " " }
            text += character.lowercased()
        }
        return text
    }
}
