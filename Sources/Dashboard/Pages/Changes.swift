import API
import EventLog
import Events
import Projections

/// The time machine's page: what changed between two moments, row by row.
enum Changes {
    static let kind = PageKind("Time machine", "/changes", Changes.projections) { viewing, _ in
        try page(viewing)
    }

    /// What is compared: the read models that say what was held and believed.
    private static let projections = [
        "portfolio", "signals", "model-registry", "blend-weight", "performance",
    ]

    /// Most rows of a table that are shown.
    private static let most = 40

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Time machine")
        page.lead =
            "Every page can be seen as of any event: move the slider, or write a date above. Here is "
            + "what changed between two moments."
        let since = try since(viewing)
        let until = viewing.position.position
        page.blocks.append(form(viewing, since: since.position))
        let log = viewing.opened.merged
        let before = try log.event(at: since)
        let from = try Viewing.time(of: before, log).map { Format.time($0) } ?? "the beginning"
        page.blocks.append(
            Block.figures(
                nil,
                [
                    .init(
                        "From", "position \(since.position)", note: "\(before) · \(from)",
                        link: viewing.link("/", at: "\(since.position)")),
                    .init("To", "position \(until)", note: viewing.words),
                    .init("Events between", "\(until - min(until, since.position))"),
                ], query: nil, viewing))
        guard since.position < until else {
            page.blocks.append(
                since.position == until
                    ? Block.text(nil, ["Nothing lies between the two: they are one moment."])
                    : Block.text(
                        nil, ["The first moment lies behind the second."],
                        links: [
                            Block.Link(
                                "the other way round",
                                Viewing.target(
                                    "/changes",
                                    [("since", "\(until)"), ("at", "\(since.position)")]
                                        + viewing.kept.filter { $0.name == "run" }
                                        .map { ($0.name, $0.value) }))
                        ]))
            return page
        }
        page.blocks.append(try short(since.position, viewing))
        let history = try History(viewing.folder, run: viewing.run)
        try PastPreparation.shared.ensure(
            projections, of: history, viewing.folder, run: viewing.run, through: until)
        let command =
            "recount diff portfolio --from \(since.position) --to \(until) --run \(viewing.run) "
            + "--data DIR"
        for projection in projections {
            page.blocks += try tables(projection, history, since.position, until, viewing)
        }
        if page.blocks.count == 3 {
            page.blocks.append(
                Block.text(nil, ["Nothing of what was held or believed changed between the two."]))
        }
        page.blocks.append(Block.text(nil, [], code: command))
        return page
    }

    /// What changed, as a person would tell it.
    private static func short(_ since: UInt64, _ viewing: Viewing) throws -> Block {
        let names = ["portfolio", "performance", "model-registry"]
        let history = try History(viewing.folder, run: viewing.run)
        try PastPreparation.shared.ensure(
            names, of: history, viewing.folder, run: viewing.run,
            through: viewing.position.position)
        func state(_ position: UInt64) throws -> Row? {
            try history.read(names, at: position) { reader in
                try Rows(
                    reader,
                    """
                    SELECT portfolio_value, open_positions,
                        (SELECT group_concat(ticker, ', ') FROM (SELECT ticker
                            FROM reference_portfolio_positions WHERE is_open = 1 ORDER BY ticker))
                            AS held,
                        (SELECT count(*) FROM reference_portfolio_transactions) AS fills,
                        (SELECT count(*) FROM ml_models WHERE model_version IS NOT NULL) AS models,
                        (SELECT id FROM ml_models WHERE status = 'active') AS champion
                    FROM reference_portfolio_state
                    """
                ).first
            }
        }
        let (before, after) = (try state(since), try state(viewing.position.position))
        func pair(_ format: (Row?) -> String) -> String {
            let (one, other) = (format(before), format(after))
            return one == other ? "still \(other)" : "\(one) → \(other)"
        }
        let fills = (after?.integer("fills") ?? 0) - (before?.integer("fills") ?? 0)
        let models = (after?.integer("models") ?? 0) - (before?.integer("models") ?? 0)
        return Block.figures(
            "In short",
            [
                .init("Value", pair { Format.money($0?.real("portfolio_value")) }),
                .init("Held", pair { $0?.text("held") ?? "nothing" }),
                .init("Fills", "\(fills)", link: viewing.link("/holdings")),
                .init("Models trained", "\(models)", link: viewing.link("/models")),
                .init("Champion", pair { $0?.text("champion") ?? "none" }),
            ], query: nil, viewing)
    }

    /// The earlier moment: as asked for, else a week before.
    private static func since(_ viewing: Viewing) throws -> MergedPosition {
        let log = viewing.opened.merged
        if let text = viewing.call["since"] { return try log.position(AsOf(text)) }
        guard let knownAt = viewing.knownAt else { return .start }
        return try log.position(AsOf(.day(knownAt.day - 7)))
    }

    private static func form(_ viewing: Viewing, since: UInt64) -> Block {
        return Form(
            text:
                "A date means after that day's cycle, 05:30 UTC of the day after: what was decided "
                + "on its closes belongs to it. From Friday's date shows what came since Monday.",
            action: "/changes", method: "get", button: "Compare",
            hidden: viewing.kept.filter { $0.name == "run" },
            fields: [
                Form.Field(
                    name: "since", label: "From (a date, time, event or position)",
                    value: viewing.call["since"] ?? "", placeholder: "\(since)"),
                Form.Field(
                    name: "at", label: "To (nothing: now)",
                    value: viewing.isPast ? viewing.call["at"] ?? "" : ""),
            ]
        ).block(viewing.call.visitor)
    }

    /// The tables as people name them.
    private static let names = [
        "reference_portfolio_state": "Portfolio", "reference_portfolio_positions": "Holdings",
        "reference_portfolio_transactions": "Fills", "reference_portfolio_config": "Settings",
        "reference_portfolio_snapshots": "Value at the closes",
        "reference_portfolio_signal_queue": "Queue",
        "reference_portfolio_actions": "Splits and dividends", "trading_signals": "Evaluations",
        "predictions": "Predictions", "ml_models": "Models", "ml_training_jobs": "Jobs",
        "ml_model_comparisons": "Comparisons of models", "signal_outcomes": "Outcomes",
        "model_retraining_events": "Trainings",
        "blend_weight_history": "The champion's weight",
        "threshold_history": "Thresholds", "feature_importance_history": "Importance of features",
        "model_performance_history": "Record of the champion",
    ]

    /// What changed in the tables of a projection.
    private static func tables(
        _ projection: String, _ history: History, _ first: UInt64, _ last: UInt64,
        _ viewing: Viewing
    ) throws -> [Block] {
        var tables: [(name: String, count: Int, rows: [(tone: String?, cells: [Block.Cell])])] = []
        try history.changes(of: projection, from: first, to: last) { change in
            if tables.last?.name != change.table { tables.append((change.table, 0, [])) }
            tables[tables.count - 1].count += 1
            guard tables[tables.count - 1].rows.count < most else { return }
            tables[tables.count - 1].rows.append(row(change, viewing))
        }
        return tables.map { table in
            let hidden = table.count - table.rows.count
            return Block.table(
                "\(names[table.name] ?? Format.words(table.name)): \(table.count) changed",
                text: hidden > 0 ? "\(hidden) more are not shown; recount diff has all." : nil,
                [Block.Column(""), Block.Column("Row"), Block.Column("What changed")], table.rows,
                empty: "", query: nil, viewing)
        }
    }

    private static func row(_ change: RowChange, _ viewing: Viewing) -> (
        tone: String?, cells: [Block.Cell]
    ) {
        let key = change.key.map(text).joined(separator: " ")
        let values = change.after ?? change.before ?? []
        func named(_ column: String) -> String? {
            change.columns.firstIndex(of: column).map { text(values[$0]) }
        }
        let ticker = named("ticker").map { "\($0) " } ?? ""
        let event = named("position")
        let sign = change.before == nil ? "new" : change.after == nil ? "gone" : "changed"
        let what: String
        if change.before != nil, change.after != nil {
            what = change.differences.filter {
                $0.column != "position" && $0.column != "updated_at"
            }
            .map { "\(Format.words($0.column)): \(short($0.before)) → \(short($0.after))" }
            .joined(separator: "; ")
        } else {
            what = zip(change.columns, values).filter { column, value in
                value != .null && column != "position" && !unshown.contains(column)
            }.prefix(6).map { "\(Format.words($0)) \(short($1))" }.joined(separator: "; ")
        }
        return (
            change.after == nil ? "faint" : nil,
            [
                Block.Cell(sign, style: "muted"),
                Block.Cell(
                    ticker + key, link: event.map { viewing.link("/", at: $0) }), Block.Cell(what),
            ]
        )
    }

    /// Columns that say nothing to a reader of a summary.
    private static let unshown = [
        "id", "request_id", "ticker", "features", "generation_context", "reproducibility_hash",
        "feature_digest", "settings", "hyperparameters", "statistics", "training_set_digest",
        "artifact_sha256", "from_position",
    ]

    private static func text(_ value: RowValue) -> String {
        switch value {
        case .null: Format.nothing
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let text): text
        }
    }

    private static func short(_ value: RowValue) -> String {
        if case .real(let value) = value { return Format.number(value, abs(value) < 10 ? 4 : 2) }
        let text = text(value)
        return text.count > 60 ? text.prefix(57) + "…" : text
    }
}
