/// A table with a heading and a definition for every column.
struct Table {
    /// A column.
    struct Column {
        var title: String
        var definition: String
        var isText: Bool

        /// A column of figures, or of text.
        init(_ title: String, _ definition: String = "", isText: Bool = false) {
            self.title = title
            self.definition = definition
            self.isText = isText
        }
    }

    /// A cell: its text, and the class that colours it.
    struct Cell {
        var text: String
        var tone: String
        /// Part of the cell that a bar fills; nil without one.
        var fill: Double?

        /// A cell with text, which is escaped.
        init(_ text: String, tone: String = "", fill: Double? = nil) {
            self.text = text
            self.tone = tone
            self.fill = fill
        }

        /// A signed per cent, coloured.
        static func percent(_ value: Double?, _ decimals: Int = 2) -> Cell {
            Cell(
                Markup.signedPercent(value, decimals),
                tone: Markup.tone(value, from: Markup.smallestShown(decimals + 2)))
        }

        /// Signed dollars, coloured.
        static func dollars(_ value: Double?) -> Cell {
            guard let value else { return Cell("n/a") }
            return Cell(Markup.dollars(value, signed: true), tone: Markup.tone(value, from: 0.5))
        }

        /// A plain number.
        static func number(_ value: Double?, _ decimals: Int) -> Cell {
            Cell(Figures.number(value, decimals).replacing("-", with: "−"))
        }
    }

    var columns: [Column]
    var rows: [[Cell]]
    var caption: String

    /// A table; each row's first cell is its heading.
    init(_ caption: String, _ columns: [Column], _ rows: [[Cell]]) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }

    /// The element, scrolling sideways where the screen is narrow.
    var html: String {
        let isLong = rows.contains { ($0.first?.text.count ?? 0) > 12 }
        let kind = isLong ? " class=\"long\"" : ""
        let name = Markup.escaped(caption)
        var text = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(name)\">"
        text += "<table\(kind)><caption class=\"hidden\">\(name)</caption><thead><tr>"
        for column in columns {
            let kind = column.isText ? " class=\"text\"" : ""
            let title =
                column.definition.isEmpty
                ? "" : " title=\"\(Markup.escaped(column.definition))\""
            text += "<th scope=\"col\"\(kind)\(title)>\(Markup.escaped(column.title))</th>"
        }
        text += "</tr></thead><tbody>"
        for row in rows {
            text += "<tr>"
            for (index, cell) in row.enumerated() {
                let names = [
                    columns[index].isText ? "text" : "", cell.tone, cell.fill == nil ? "" : "fill",
                ].filter { !$0.isEmpty }
                let kind = names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
                let content = Markup.escaped(cell.text)
                let fill =
                    cell.fill.map { " style=\"--fill:\(Figures.fixed($0 * 100, 0))%\"" } ?? ""
                text +=
                    index == 0
                    ? "<th scope=\"row\"\(kind)>\(content)</th>"
                    : "<td\(kind)\(fill)>\(content)</td>"
            }
            text += "</tr>"
        }
        return text + "</tbody></table></div>"
    }
}
