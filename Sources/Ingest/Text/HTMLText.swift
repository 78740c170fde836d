/// The little HTML that Senate filings carry.
enum HTMLText {
    /// Text without tags, entities undone, one line per `<br>`, each trimmed.
    static func lines(_ text: String) -> [String] {
        guard text.utf8.contains(0x3C) || text.utf8.contains(0x26) else { return [trimmed(text)] }
        var lines: [String] = []
        var current: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.first {
            if byte == 0x3C, let close = rest.firstIndex(of: 0x3E) {
                let tag = String(Substring(rest[..<close])).lowercased()
                if tag.hasPrefix("<br") {
                    lines.append(trimmed(unescaped(String(decoding: current, as: UTF8.self))))
                    current = []
                } else if tag.hasPrefix("<div") || tag.hasPrefix("</div") {
                    current.append(0x20)
                }
                rest = rest[rest.index(after: close)...]
            } else {
                current.append(byte)
                rest.removeFirst()
            }
        }
        lines.append(trimmed(unescaped(String(decoding: current, as: UTF8.self))))
        return lines
    }

    /// Text without tags, its lines joined by blanks.
    static func plain(_ text: String) -> String {
        trimmed(lines(text).joined(separator: " "))
    }

    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(0x26) else { return text }
        var result = ""
        var rest = Substring(text)
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            rest = rest[mark...]
            if let entity = entities.first(where: { rest.hasPrefix($0.name) }) {
                result += entity.text
                rest = rest.dropFirst(entity.name.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result + rest
    }

    private static let entities: [(name: String, text: String)] = [
        ("&amp;", "&"), ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""),
        ("&#39;", "'"), ("&apos;", "'"),
    ]
}
