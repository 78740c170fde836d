/// Paths as text, by their last slash: Foundation's `deletingLastPathComponent` traps on a relative
/// name of one character.
public enum FilePath {
    /// The folder that holds a path; empty for a name alone, the root for what lies there.
    public static func parent(_ path: String) -> String {
        var text = path[...]
        while text.utf8.count > 1, text.utf8.last == slash { text = text.dropLast() }
        guard let place = text.utf8.lastIndex(of: slash) else { return "" }
        text = text[..<place]
        while text.utf8.count > 1, text.utf8.last == slash { text = text.dropLast() }
        return text.isEmpty ? "/" : String(text)
    }

    /// The folder that holds a path, `.` for a name alone.
    static func folder(of path: String) -> String {
        let folder = parent(path)
        return folder.isEmpty ? "." : folder
    }

    /// The name that a path ends with.
    public static func name(_ path: String) -> String {
        var text = path[...]
        while text.utf8.count > 1, text.utf8.last == slash { text = text.dropLast() }
        guard text.utf8.count > 1, let place = text.utf8.lastIndex(of: slash) else {
            return String(text)
        }
        return String(text[text.utf8.index(after: place)...])
    }

    private static let slash = UInt8(ascii: "/")
}
