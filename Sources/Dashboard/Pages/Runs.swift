import API
import Application
import EventLog
import Events
import Projections

/// The runs of the folder, and one beside another.
enum Runs {
    static let kind = PageKind("Runs", "/runs", ["portfolio"]) { viewing, _ in
        var page = Page(heading: "Runs")
        let others = RunList(viewing.folder).entries
        page.blocks.append(form(viewing, others))
        if let other = viewing.call["with"] {
            page.blocks += try compared(viewing, other)
        }
        page.blocks.append(
            Block.table(
                "Runs of this folder",
                [
                    Block.Column("Run"), Block.Column("Strategy"), Block.Column("From"),
                    Block.Column("To"), Block.Column("Kind"), Block.Column("Made by"),
                ],
                others.map { entry in
                    let manifest = entry.manifest
                    let kind =
                        manifest?.live.map {
                            "live since \($0.instant.day), broker \($0.broker)"
                                + (manifest?.parent.map { ", rehearsed as \($0.run)" } ?? "")
                        }
                        ?? manifest?.parent.map { "fork of \($0.run)" } ?? "backtest"
                    return (
                        entry.name == viewing.run ? "good" : nil,
                        [
                            Block.Cell(
                                entry.name, link: Viewing.target("/", [("run", entry.name)])),
                            Block.Cell(manifest?.strategy ?? "no manifest"),
                            Block.Cell(manifest?.firstDay.map { "\($0)" } ?? "", style: "day"),
                            Block.Cell(manifest?.lastDay.map { "\($0)" } ?? "", style: "day"),
                            Block.Cell(kind), Block.Cell(manifest?.program ?? ""),
                        ]
                    )
                }, empty: "There is no run.", query: nil, viewing))
        return page
    }

    private static func form(_ viewing: Viewing, _ others: [RunList.Entry]) -> Block {
        Form(
            title: "Compare", text: "Value, day by day, of this run beside another.",
            action: "/runs", method: "get", button: "Compare", hidden: viewing.kept,
            fields: [
                Form.Field(
                    name: "with", label: "\(viewing.run) with", kind: .choice,
                    value: viewing.call["with"] ?? "",
                    options: others.filter { $0.name != viewing.run }.map { ($0.name, $0.name) })
            ]
        ).block(viewing.call.visitor)
    }

    /// The sessions of a run up to a day.
    private static func sessions(
        _ run: String, _ viewing: Viewing, through day: String
    ) throws -> Rows {
        // Of a live run its own sessions: what it rehearsed is another run's.
        let live = try? viewing.folder.openRun(run).manifest?.live
        let first = live.flatMap { $0 }.map { "\($0.instant.day)" } ?? ""
        return try ReadModelQuery.read(["portfolio"], data: viewing.folder, run: run) { reader in
            try Rows(
                reader,
                """
                SELECT snapshot_date, portfolio_value, drawdown FROM reference_portfolio_snapshots
                WHERE snapshot_date <= ? AND snapshot_date >= ? ORDER BY snapshot_date
                """, [.text(day), .text(first)])
        }
    }

    private static func compared(_ viewing: Viewing, _ other: String) throws -> [Block] {
        guard other != viewing.run else {
            throw Problem(422, "with", "\(other) is the run itself: name another")
        }
        guard viewing.folder.runNames.contains(other) else {
            throw Problem(
                404, "run",
                "there is no run \(other)" + Suggestion.question(other, viewing.folder.runNames))
        }
        let day = viewing.isPast ? viewing.knownAt.map { "\($0.day)" } ?? "" : "9999-12-31"
        let rows: [[Row]]
        do {
            rows = try [viewing.run, other].map { try sessions($0, viewing, through: day).rows }
        } catch let error as ReadModelError {
            guard case .missing = error else { throw error }
            return [
                Block.text(
                    nil,
                    [
                        "A run of the two has no read models yet: recount project --run \(other) "
                            + "--data DIR makes them."
                    ])
            ]
        }
        let places = rows.map { rows in
            rows.compactMap { row in
                row.text("snapshot_date").flatMap { day in
                    row.real("portfolio_value").map { (day, $0) }
                }
            }
        }
        let joined = join(places[0], places[1])
        let figures = zip([viewing.run, other], rows).map { name, rows in
            let (first, last) = (
                rows.first?.real("portfolio_value"), rows.last?.real("portfolio_value")
            )
            let change = first.flatMap { first in last.map { $0 / first - 1 } }
            let worst = rows.compactMap { $0.real("drawdown") }.min()
            return Block.Figure(
                name, Format.percent(change),
                note: "\(rows.count) sessions; worst drawdown \(Format.percent(worst))",
                tone: Format.tone(change))
        }
        return [
            Block.figures("Since each one's start", figures, query: nil, viewing),
            Chart(
                label: "Value of \(viewing.run) and of \(other), where both have sessions or one.",
                names: [viewing.run, other], rows: joined
            ).block("Value", empty: "The two have no sessions.", query: nil, viewing),
        ]
    }

    /// Two series by day: nil where one has none.
    private static func join(
        _ left: [(day: String, value: Double)], _ right: [(day: String, value: Double)]
    ) -> [(day: String, values: [Double?])] {
        var (joined, one, other) = ([(day: String, values: [Double?])](), 0, 0)
        while one < left.count || other < right.count {
            let day = min(
                one < left.count ? left[one].day : "9", other < right.count ? right[other].day : "9"
            )
            var values: [Double?] = [nil, nil]
            if one < left.count, left[one].day == day {
                values[0] = left[one].value
                one += 1
            }
            if other < right.count, right[other].day == day {
                values[1] = right[other].value
                other += 1
            }
            joined.append((day, values))
        }
        return joined
    }
}
