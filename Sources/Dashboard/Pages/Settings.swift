import API
import Application
import EventLog
import Events
import Market
import Pipeline
import Projections

/// The settings in force, the trading mode and its switch, halts and how they end.
enum Settings {
    static let kind = PageKind("Settings", "/settings", ["portfolio"]) { viewing, _ in
        try page(viewing)
    }

    /// Columns that are shown elsewhere, or say nothing to a reader.
    private static let hidden = ["id", "position", "settings", "digest", "trading_mode"]

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Settings")
        if !viewing.isPast, viewing.opened.manifest?.live != nil {
            page.blocks += try mode(viewing)
            page.blocks += try halts(viewing)
        }
        let rows = try viewing.read(["portfolio"]) { reader in
            try Rows(reader, "SELECT * FROM reference_portfolio_config")
        }
        guard let row = rows.first else {
            page.blocks.append(Block.text(nil, ["Nothing was configured by then."]))
            return page
        }
        let shown = zip(rows.columns, row.values).filter { column, value in
            value != .null && !hidden.contains(column)
        }
        page.blocks.append(
            Block.figures(
                "In force",
                shown.map { column, _ in
                    Block.Figure(Format.words(column), row.text(column) ?? Format.nothing)
                }, query: rows.query, viewing))
        page.blocks.append(
            Block.text(
                "The strategy as it was given",
                [
                    "It is changed by an event, never by hand in a file: recount configure, or a new "
                        + "run."
                ], links: [Block.Link("why it is so", viewing.link("/why/setting/-"))],
                code: row.text("settings")))
        return page
    }

    private static func mode(_ viewing: Viewing) throws -> [Block] {
        let workspace = viewing.call.service.workspace
        let log = try workspace.log()
        let evidence = try ModeChange.Evidence(
            viewing.opened, StandingHalts(viewing.opened, data: log), data: log,
            in: workspace.folder)
        let answer = ModeAnswer(evidence, run: viewing.run, now: workspace.instant)
        var blocks = [
            Block.figures(
                "Trading mode",
                [
                    .init("Mode", answer.mode, tone: answer.mode == "live" ? "bad" : nil),
                    .init(
                        "Account",
                        evidence.history.terms?.account ?? evidence.standing?.account?.account
                            ?? "none"),
                    .init("Equity", Format.money(evidence.standing?.account?.equity)),
                    .init("Cash", Format.money(evidence.standing?.account?.cash)),
                ], query: nil, viewing)
        ]
        guard answer.mode != "simulated" else {
            blocks.append(
                Block.text(
                    nil,
                    [
                        "The run trades at the simulated market: it has no account, and no mode to "
                            + "switch. A run with a broker begins in paper mode."
                    ]))
            return blocks
        }
        let other = answer.mode == "live" ? "paper" : "live"
        if !answer.lacking.isEmpty {
            blocks.append(
                Block.table(
                    "What a change to \(other) lacks", [Block.Column("Lacking")],
                    answer.lacking.map { (nil, [Block.Cell($0)]) }, empty: "", query: nil, viewing))
        }
        blocks.append(
            Acts.form(
                viewing, "mode", title: "Switch to \(other)",
                text: other == "live"
                    ? "Live trades with real money. It takes an admin, everything that is listed "
                        + "above, and the phrase: live, the account, and its equity in whole dollars."
                    : "Paper trades with no money. It takes an admin.",
                button: "Switch to \(other)", hidden: [("mode", other)],
                more: other == "live"
                    ? [
                        Form.Field(
                            name: "phrase", label: "The phrase: live ACCOUNT EQUITY", isNeeded: true
                        ),
                        Form.Field(
                            name: "adopt", label: "Take over what the account holds", kind: .check),
                    ] : []))
        return blocks
    }

    private static func halts(_ viewing: Viewing) throws -> [Block] {
        let workspace = viewing.call.service.workspace
        let answer = try HaltAnswer(viewing.opened, data: workspace.log())
        let standing = answer.halts.book.standing
        var blocks = [
            Block.table(
                "Halts",
                [
                    Block.Column("Cause"), Block.Column("Since"), Block.Column("Who"),
                    Block.Column("Why"), Block.Column("Exits too"), Block.Column("Ends"),
                ],
                standing.map { halt in
                    (
                        nil,
                        [
                            Block.Cell(Format.words("\(halt.cause)")),
                            Block.Cell(Format.time(halt.since), style: "day"),
                            Block.Cell(halt.who ?? ""), Block.Cell(halt.text),
                            Block.Cell(halt.stopsExits ? "yes" : "no"),
                            Block.Cell(halt.cause.endsByItself ? "by itself" : "by an admin"),
                        ]
                    )
                }, empty: "Nothing halts entries.", query: nil, viewing),
            Block.table(
                "Custody", [Block.Column("Cause"), Block.Column("Why"), Block.Column("Remedy")],
                answer.account.custody.standing.map { entry in
                    (
                        nil,
                        [
                            Block.Cell(Format.words("\(entry.cause)")), Block.Cell(entry.text),
                            Block.Cell(entry.cause.remedy),
                        ]
                    )
                }, empty: "The account is not in custody.", query: nil, viewing),
            Acts.form(
                viewing, "halt", title: "Halt entries",
                text: "New positions are opened no more until an admin resumes; exits go on unless "
                    + "they are halted too. It needs the role operator.", button: "Halt",
                more: [Form.Field(name: "exits", label: "New exits too", kind: .check)]),
        ]
        if answer.halts.book.isHalted {
            blocks.append(
                Acts.form(
                    viewing, "resume", title: "Resume",
                    text: "Ends every halt that a person may end. It needs the role admin.",
                    button: "Resume"))
        }
        return blocks
    }
}
