import Application
import EventLog
import Events
import Pipeline
import Projections

extension Call {
    /// Rows of a table of the run.
    private func rows(
        _ table: String, _ filters: [TablePage.Filter] = [], limit: Int = 1_000,
        isDescending: Bool = false
    ) throws -> TablePage {
        var request = TablePage.Request(table: table, run: run)
        (request.filters, request.limit) = (filters, limit)
        request.isDescending = isDescending
        return try TablePage(request, in: workspace.folder)
    }

    func tradingSignals() throws -> APIResponse {
        let known = ["generate-signals", "regenerate-signals"]
        let action = try neededText("action")
        guard known.contains(action) else { throw Call.unknown(action, known) }
        let least = try real("minConfidence") ?? 0
        let days = try whole("lookbackDays", 1...3_650)
        let page = try rows("trading_signals", [TablePage.Filter("is_active", "1")])
        let newest = page.value("session_date").compactMap { $0 }.max()
        let first = newest.flatMap { Day($0) }.flatMap { day in days.map { "\(day - $0)" } } ?? ""
        let picked = page.rows.filter { row in
            guard page.text(row, "suppressed_reason") == nil else { return false }
            return (page.real(row, "confidence_score") ?? 0) >= least
                && (page.text(row, "session_date") ?? "") >= first
        }
        var summary = JSONObject()
        summary.integer("total", picked.count)
        for kind in ["strong_buy", "buy", "hold", "sell", "strong_sell"] {
            summary.integer(kind, picked.count { page.text($0, "signal_type") == kind })
        }
        summary.text("as_of", newest)
        summary.text(
            "note",
            "the loop evaluates what was filed behind each session by itself; asking again changes "
                + "nothing that it decided")
        var object = JSONObject()
        object.boolean("success", true)
        object.json("signals", JSONObject.list(picked.map { RowText.object(page.columns, $0) }))
        object.json("summary", summary.text)
        return .json(object.text)
    }

    func signalFeedback() throws -> APIResponse {
        let known = ["record-outcomes", "analyze-features", "evaluate-model"]
        let days = try whole("windowDays", 1...3_650) ?? 90
        var object = JSONObject()
        object.boolean("success", true)
        switch try neededText("action") {
        case "record-outcomes": try outcomes(days, &object)
        case "analyze-features":
            let page = try rows("feature_importance_history", isDescending: true)
            let newest = page.rows.first.flatMap { page.text($0, "analysis_date") }
            let latest = page.rows.filter { page.text($0, "analysis_date") == newest }
            object.json(
                "features", JSONObject.list(latest.map { RowText.object(page.columns, $0) }))
            object.text("analysis_date", newest)
        case "evaluate-model":
            let page = try rows("model_performance_history", limit: 1, isDescending: true)
            object.json(
                "performance", page.rows.first.map { RowText.object(page.columns, $0) } ?? "null")
            let breakdown = try rows("signal_outcomes")
            object.json("breakdown", Call.breakdown(breakdown))
            let weight = try rows("blend_weight_history", limit: 1, isDescending: true)
            object.json(
                "weightAdjustment",
                weight.rows.first.map { RowText.object(weight.columns, $0) } ?? "null")
        case let action: throw Call.unknown(action, known)
        }
        return .json(object.text)
    }

    /// The outcomes of a window: the loop records each by itself.
    private func outcomes(_ days: Int, _ object: inout JSONObject) throws {
        let page = try rows("signal_outcomes")
        let newest = page.value("exit_date").compactMap { $0 }.max()
        let first = newest.flatMap { Day($0) }.map { "\($0 - days)" } ?? ""
        let closed = page.rows.filter {
            page.text($0, "outcome") != "open" && (page.text($0, "exit_date") ?? "") >= first
        }
        func count(_ kind: String) -> Int { closed.count { page.text($0, "outcome") == kind } }
        let returns = closed.compactMap { page.real($0, "return_pct") }
        var summary = JSONObject()
        summary.integer("wins", count("win"))
        summary.integer("losses", count("loss"))
        summary.integer("breakeven", count("breakeven"))
        summary.real(
            "avgReturnPct", returns.isEmpty ? nil : returns.reduce(0, +) / Double(returns.count))
        summary.real(
            "winRate", closed.isEmpty ? nil : Double(count("win")) / Double(closed.count))
        object.integer("recorded", closed.count)
        object.json("summary", summary.text)
        object.text(
            "note", "the loop records each outcome when its position is closed; none waits for this"
        )
    }

    /// Wins and losses by the kind of signal.
    private static func breakdown(_ page: TablePage) -> String {
        let closed = page.rows.filter { page.text($0, "outcome") != "open" }
        let kinds = closed.compactMap { page.text($0, "signal_type") }.reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }.sorted()
        return JSONObject.list(
            kinds.map { kind in
                let rows = closed.filter { page.text($0, "signal_type") == kind }
                let wins = rows.count { page.text($0, "outcome") == "win" }
                var object = JSONObject()
                object.text("signal_type", kind)
                object.integer("trades", rows.count)
                object.integer("wins", wins)
                object.real("winRate", Double(wins) / Double(rows.count))
                return object.text
            })
    }

    /// What can be asked of the portfolio.
    static let portfolioActions = [
        "get-state", "execute-signals", "check-exits", "reset-daily-trades", "take-snapshot",
    ]

    func referencePortfolio() throws -> APIResponse {
        let action = try neededText("action")
        guard action == "set-trading-mode" else {
            return try portfolio(action)
        }
        try service.gatekeeper.check(caller, may: .admin, isWrite: true)
        try APIService.checkOrigin(request)
        return try changeMode(
            to: neededText("mode"), phrase: text("phrase") ?? "", adopts: boolean("adopt") ?? false)
    }

    private func portfolio(_ action: String) throws -> APIResponse {
        var object = JSONObject()
        object.boolean("success", true)
        func first(_ name: String, _ table: String, isDescending: Bool = false) throws {
            let page = try rows(table, limit: 1, isDescending: isDescending)
            object.json(name, page.rows.first.map { RowText.object(page.columns, $0) } ?? "null")
        }
        func all(_ name: String, _ table: String, _ filters: [TablePage.Filter]) throws {
            object.json(name, try rows(table, filters).json)
        }
        switch action {
        case "get-state":
            try first("config", "reference_portfolio_config")
            try first("state", "reference_portfolio_state")
            try all(
                "positions", "reference_portfolio_positions", [TablePage.Filter("is_open", "1")])
        case "execute-signals":
            try all(
                "queue", "reference_portfolio_signal_queue",
                [TablePage.Filter("status", "pending")])
            object.json("orders", try pending())
            object.text("note", "the loop executes what is queued at each session's open by itself")
        case "check-exits":
            try all(
                "positions", "reference_portfolio_positions", [TablePage.Filter("is_open", "1")])
            object.json("orders", try pending())
            object.text("note", "the loop checks every exit at each close by itself")
        case "reset-daily-trades":
            try first("state", "reference_portfolio_state")
            object.text(
                "note", "trades_today counts the latest session's entries; nothing is reset")
        case "take-snapshot":
            try first("snapshot", "reference_portfolio_snapshots", isDescending: true)
            object.text("note", "the loop takes one at each session's close by itself")
        default: throw Call.unknown(action, Call.portfolioActions)
        }
        return .json(object.text)
    }

    /// The orders for the next open.
    private func pending() throws -> String {
        JSONObject.list(try service.outlooks.outlook(of: run).outlook.orders.map(\.json))
    }
}

extension TablePage {
    /// The value of a row's column as a text.
    func text(_ row: [RowValue], _ column: String) -> String? {
        guard let place = columns.firstIndex(of: column), case .text(let text) = row[place] else {
            return nil
        }
        return text
    }

    /// The value of a row's column as a number.
    func real(_ row: [RowValue], _ column: String) -> Double? {
        guard let place = columns.firstIndex(of: column) else { return nil }
        return switch row[place] {
        case .real(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// The texts of a column.
    func value(_ column: String) -> [String?] { rows.map { text($0, column) } }
}
