import Events

/// What the script of a page draws: some charts over the same sessions.
struct CurveData {
    /// A line of a chart.
    struct Line {
        var name: String
        /// The number of its colour.
        var color: Int
        /// A value a session; nil only before the first that is known, and behind the last.
        var values: [Double?]
        /// Whether it is drawn before anyone asks for it.
        var isShown = true
    }

    /// A chart.
    struct Chart {
        var id: String
        /// How values are shown: `dollars`, `percent` or `ratio`.
        var format: String
        /// Values are whole numbers of it.
        var unit: Double
        var lines: [Line]
        /// The chart of what the lines lost since their highest; nil without one.
        var drawdown: String?
        /// What every line starts with.
        var start = 1.0
        /// Whether the area below its line is filled.
        var isFilled = false
    }

    /// Colours that lines have, one after the other.
    static let colors = 8

    var days: [Day]
    var charts: [Chart]

    /// As JSON that is safe inside a script element.
    var json: String {
        let days = DeltaText.encoded(self.days.map { Int($0.rawValue) })
        return "{\"days\":\"\(days)\",\"charts\":"
            + Markup.array(charts.map(CurveData.json)) + "}"
    }

    private static func json(_ chart: Chart) -> String {
        let members = [
            ("id", Markup.json(chart.id)), ("format", Markup.json(chart.format)),
            ("unit", "\(chart.unit)"), ("start", "\(chart.start)"),
            ("fill", "\(chart.isFilled)"),
            ("drawdown", chart.drawdown.map(Markup.json) ?? "null"),
            ("lines", Markup.array(chart.lines.map { json($0, unit: chart.unit) })),
        ]
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private static func json(_ line: Line, unit: Double) -> String {
        let first = line.values.firstIndex { $0 != nil } ?? line.values.endIndex
        let last = line.values.lastIndex { $0 != nil } ?? first - 1
        let numbers = line.values[first..<(last + 1)].map {
            Int(capped: (($0 ?? 0) / unit).rounded())
        }
        return "{\"name\":\(Markup.json(line.name)),\"color\":\(line.color % colors),"
            + "\"shown\":\(line.isShown),\"skip\":\(first),"
            + "\"values\":\"\(DeltaText.encoded(numbers))\"}\n"
    }
}
