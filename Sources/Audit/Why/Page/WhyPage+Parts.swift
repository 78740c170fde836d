import Events

extension WhyPage {
    /// An answer's sentences and numbers.
    static func body(of node: WhyNode) -> String {
        var parts = node.sentences.map { "<p>\(MarkupText.escaped($0))</p>" }
        if !node.figures.isEmpty { parts.append(table(node.figures)) }
        parts += node.later.map { "<p class=\"later\">\(MarkupText.escaped($0))</p>" }
        return parts.joined(separator: "\n")
    }

    /// Numbers, each beside its rule.
    private static func table(_ figures: [WhyFigure]) -> String {
        let rows = figures.map { figure in
            let rule = [figure.rule, figure.margin].compactMap { $0 }.joined(separator: ": ")
            let verdict =
                switch figure.isMet {
                case true?: "<span class=\"chip met\">met</span>"
                case false?: "<span class=\"chip missed\">missed</span>"
                case nil: ""
                }
            let mark = figure.origin == .recomputed ? " <small>recomputed</small>" : ""
            return "<tr><th scope=\"row\">\(MarkupText.escaped(figure.name))\(mark)</th>"
                + "<td class=\"number\">\(MarkupText.escaped(figure.text))</td>"
                + "<td>\(verdict) \(MarkupText.escaped(rule))</td></tr>"
        }
        return "<table>\(rows.joined())</table>"
    }

    /// A filing with its source row.
    static func card(_ node: WhyNode) -> String {
        let source = node.source.map {
            "<p class=\"muted\">Source row, word for word (\(MarkupText.escaped($0.format))):</p>"
                + "<pre>\(MarkupText.escaped($0.text))</pre>"
        }
        return "<article class=\"card filing\"><h3>\(MarkupText.escaped(node.title)) "
            + "<code>\(node.event)</code></h3>\(body(of: node))\(source ?? "")</article>"
    }

    /// A cause and what stood behind it; filings are named and stand in a section of their own.
    static func cause(_ cause: WhyCause, isOpen: Bool) -> String {
        let node = cause.node
        let name = node.event == .none ? "" : " <code>\(node.event)</code>"
        let head =
            "<span class=\"role\">\(MarkupText.escaped(cause.role))</span> "
            + "\(MarkupText.escaped(node.title))\(name)"
        if cause.isNamedOnly || node.source != nil { return "<p class=\"leaf\">\(head)</p>" }
        let inner = node.causes.map { WhyPage.cause($0, isOpen: false) }.joined(separator: "\n")
        return "<details\(isOpen ? " open" : "")><summary>\(head)</summary>"
            + "<div class=\"inner\">\(body(of: node))\(inner)</div></details>"
    }
}
