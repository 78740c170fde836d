public import EventLog
public import Events

extension FiledOption.Count {
    /// The options of a data log, by filer and underlying: rows that it keeps as rejected.
    public static func all(in log: EventLog) throws -> [FiledOption.Count] {
        var options: [FiledOption] = []
        try log.read(through: try log.head().position, check: .trust) { record in
            guard try MessageHeader(record.message).templateID == DisclosureRejected.templateID
            else {
                return .proceed
            }
            let rejected = try DisclosureRejected(message: record.message)
            if let option = FiledOption(row: rejected.row) { options.append(option) }
            return .proceed
        }
        return FiledOption.counts(options)
    }
}

extension FiledOption {
    /// Counts as a table, the first `most` of them.
    public static func table(_ counts: [Count], atMost most: Int) -> [String] {
        guard !counts.isEmpty else { return [] }
        let rows = counts.reduce(0) { $0 + $1.rows }
        func row(_ filer: String, _ underlying: String, _ cells: [String]) -> String {
            "  " + Figures.left(filer, 28) + Figures.left(underlying, 12)
                + cells.map { Figures.right($0, 14) }.joined()
        }
        var lines = [
            "Options filed: \(Figures.count(rows)) rows, counted and not traded, by filer and "
                + "underlying",
            row(
                "", "",
                ["rows", "calls bought", "puts bought", "calls sold", "puts sold", "right n/a"]),
        ]
        for count in counts.prefix(most) {
            let cells = [
                count.rows, count.bought[0], count.bought[1], count.sold[0], count.sold[1],
                count.bought[2] + count.sold[2],
            ]
            lines.append(
                row(
                    count.filer, count.underlying.isEmpty ? "no symbol" : count.underlying,
                    cells.map { Figures.count($0) }))
        }
        if counts.count > most {
            lines.append("  and \(Figures.count(counts.count - most)) more (--json has all)")
        }
        return lines
    }

    /// Counts as an array.
    public static func json(_ counts: [Count]) -> String {
        JSON.list(
            counts.map { count in
                JSON.object([
                    ("filer", JSONText.quoted(count.filer)),
                    ("underlying", JSONText.quoted(count.underlying)), ("rows", "\(count.rows)"),
                    ("calls_bought", "\(count.bought[0])"), ("puts_bought", "\(count.bought[1])"),
                    ("unknown_bought", "\(count.bought[2])"),
                    ("calls_sold", "\(count.sold[0])"), ("puts_sold", "\(count.sold[1])"),
                    ("unknown_sold", "\(count.sold[2])"),
                ])
            })
    }
}

extension ReportPage {
    /// Options by filer and underlying as a card; empty without any.
    var optionCard: String {
        guard !options.isEmpty else { return "" }
        let columns = [
            Table.Column("Filer", isText: true), Table.Column("Underlying", isText: true),
            Table.Column("Rows"), Table.Column("Calls bought"), Table.Column("Puts bought"),
            Table.Column("Calls sold"), Table.Column("Puts sold"),
            Table.Column("Right not said"),
        ]
        let rows = options.prefix(50).map { count in
            let cells = [
                count.rows, count.bought[0], count.bought[1], count.sold[0], count.sold[1],
                count.bought[2] + count.sold[2],
            ]
            return [Table.Cell(count.filer), Table.Cell(count.underlying)]
                + cells.map { Table.Cell(Figures.count($0)) }
        }
        let more =
            options.count > 50
            ? "<p><small>And \(Figures.count(options.count - 50)) more.</small></p>" : ""
        return "<div class=\"card\">"
            + Table("Options filed, counted and not traded", columns, rows).html + more + "</div>"
    }
}
