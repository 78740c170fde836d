import Events

/// A tree of causes as plain text: an answer a paragraph, its causes indented below it.
public struct WhyText {
    /// Filings and other equal causes that are shown of one answer; nil for all.
    public let shown: Int?
    private var lines: [String] = []

    /// Columns of a line.
    private static let width = 100

    /// A text of a tree.
    public static func text(_ node: WhyNode, shown: Int? = 8) -> String {
        var text = WhyText(shown: shown)
        text.write(node, role: nil, indent: 0)
        return text.lines.joined(separator: "\n")
    }

    private init(shown: Int?) {
        self.shown = shown
    }

    private mutating func write(_ node: WhyNode, role: String?, indent: Int) {
        let name = node.event == .none ? "" : "  [\(node.event)]"
        put("\(role.map { "\($0): " } ?? "")\(node.title)\(name)", indent, hanging: 2)
        let inner = indent + 2
        for sentence in node.sentences { put(sentence, inner) }
        for figure in node.figures { put("· \(WhyText.line(figure))", inner, hanging: 4) }
        if let source = node.source {
            put("as filed (\(source.format)):", inner)
            for line in source.text.split(whereSeparator: \.isNewline) {
                // Word for word: a source row is not wrapped.
                lines.append(String(repeating: " ", count: inner) + "| \(line)")
            }
        }
        for sentence in node.later { put("LATER: \(sentence)", inner, hanging: 2) }
        let hidden = hiddenCauses(of: node)
        for (index, cause) in node.causes.enumerated() {
            if hidden.contains(index) {
                if index == hidden.lowerBound {
                    put("\(cause.role): \(hidden.count) older ones (--all shows them)", inner)
                }
            } else if cause.isNamedOnly {
                let name = cause.node.event == .none ? "" : "  [\(cause.node.event)]"
                put("\(cause.role): \(cause.node.title)\(name)", inner, hanging: 2)
            } else {
                write(cause.node, role: cause.role, indent: inner)
            }
        }
    }

    /// Of causes that begin with many of one role, as filings do, all but the last are hidden.
    private func hiddenCauses(of node: WhyNode) -> Range<Int> {
        guard let shown, let role = node.causes.first?.role else { return 0..<0 }
        let equal = node.causes.prefix { $0.role == role }.count
        return 0..<max(0, equal - shown)
    }

    /// A number with its rule on one line.
    static func line(_ figure: WhyFigure) -> String {
        var line = "\(figure.name): \(figure.text)"
        if let rule = figure.rule { line += "; \(rule)" }
        if let margin = figure.margin { line += ": \(margin)" }
        if figure.origin == .recomputed { line += " [recomputed]" }
        return line
    }

    /// Wraps a paragraph; a word that is longer than a line stands on its own.
    private mutating func put(_ text: String, _ indent: Int, hanging: Int = 0) {
        let margin = String(repeating: " ", count: indent)
        var line = margin
        var isFirst = true
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !isFirst, line.count + 1 + word.count > WhyText.width {
                lines.append(line)
                line = margin + String(repeating: " ", count: hanging) + word
            } else {
                line += (isFirst ? "" : " ") + word
            }
            isFirst = false
        }
        lines.append(line)
    }
}
