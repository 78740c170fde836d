/// Names of the log as a reader knows them.
enum Labels {
    /// `trailingStop` as "trailing stop".
    static func exitReason(_ name: String) -> String { spaced(name) }

    /// `return_252` as "return 252".
    static func plain(_ name: String) -> String { name.replacing("_", with: " ") }

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
