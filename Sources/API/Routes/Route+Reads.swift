import Application
import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Market
import Pipeline
import Projections

extension Route.Parameter {
    static let run = Route.Parameter(
        name: "run", schema: .runName, meaning: "A run; the live run where none is named.")
    static let asOf = Route.Parameter(
        name: "as_of", schema: .moment,
        meaning: "A moment of the past: a date (after its cycle), an instant, an event (r45), a "
            + "position.")
    static let limit = Route.Parameter(
        name: "limit", schema: .integer(least: 1, most: 1_000), meaning: "The most that is given.")
    static let cursor = Route.Parameter(
        name: "cursor", schema: .text(pattern: "^[A-Za-z0-9_-]{1,4000}$"),
        meaning: "Where the page before ended: its next.")
    static let order = Route.Parameter(
        name: "order", schema: .choice(["asc", "desc"]), meaning: "desc: the newest first.")

    static func path(_ name: String, _ meaning: String, _ schema: Schema = .text())
        -> Route.Parameter
    {
        Route.Parameter(name: name, schema: schema, meaning: meaning, isInPath: true)
    }
}

extension Route.Answer {
    static let page = Route.Answer.json(
        .object([
            .init("table", .text()), .init("run", .nullable(.text())),
            .init("position", .integer(least: 0), "How far the log was read for it."),
            .init("rows", .list(.object([], isOpen: true))),
            .init("next", .nullable(.text()), "The cursor of the next page."),
        ]))

    static let notChanged = Route.Answer(
        status: 304, meaning: "Nothing has changed since the ETag that came with the request.",
        type: "", schema: .any)
}

extension Route {
    /// What is read.
    static let reads: [Route] = [
        Route(
            "GET", "/api/v1/status", "status", "How the service does.", needsLogs: false,
            answers: [.json(.object([], isOpen: true))]
        ) { call in
            guard
                let standing = try DaemonStanding.read(call.service.run, in: call.workspace.folder)
            else {
                throw ApplicationError.missing(
                    "no service ran \(call.service.run) yet (recountd run)")
            }
            let path = try DaemonStanding.lockPath(call.service.run, in: call.workspace.folder)
            var object = JSONObject()
            object.text("run", call.service.run)
            object.boolean("running", FileLock.isHeld(path))
            object.json("standing", standing.json)
            return .json(object.text)
        },
        Route(
            "GET", "/api/v1/runs", "runs", "The runs of the folder.",
            answers: [
                .json(
                    .object([
                        .init("runs", .list(.object([], isOpen: true)))
                    ]))
            ]
        ) { call in
            var object = JSONObject()
            object.json("runs", RunList(call.workspace.folder).json)
            return .json(object.text)
        },
        Route(
            "GET", "/api/v1/tables", "tables", "The tables of the read models and their columns.",
            answers: [.json(.object([.init("tables", .list(.object([], isOpen: true)))]))]
        ) { _ in
            var object = JSONObject()
            object.json("tables", TablePage.catalogue)
            return .json(object.text)
        },
        Route(
            "GET", "/api/v1/tables/{table}", "table",
            "Rows of a read model, as they stand or as a moment had them. A name of the query that "
                + "is a column's keeps the rows in which it has that value.",
            parameters: [
                .path(
                    "table", "The table.",
                    .choice(ReadModelTables.tables)), .run, .asOf, .limit, .cursor, .order,
            ], takesColumns: true, answers: [.page, .notChanged]
        ) { call in
            var request = TablePage.Request(
                table: call["table"], run: call.run == "data" ? nil : call.run)
            request.filters = call.columns.map { TablePage.Filter($0.name, $0.value) }
            return try call.page(request)
        },
        Route(
            "GET", "/api/v1/events", "events",
            "Events of a log, in their order. With Accept: text/event-stream they are followed: "
                + "each has its position as id, and Last-Event-ID goes on behind one.",
            parameters: [
                .run,
                Parameter(
                    name: "log", schema: .choice(["run", "timeline", "data"]),
                    meaning: "The run's own log, its facts, or the data log."),
                Parameter(
                    name: "after", schema: .integer(least: 0), meaning: "Behind this position."),
                .limit,
                Parameter(
                    name: "type", schema: .choice(EventSchema.messages.map(\.name)),
                    meaning: "Of this type."),
                Parameter(
                    name: "actor", schema: .choice(Actor.allCases.map { "\($0)" }),
                    meaning: "Recorded by this actor."),
                Parameter(name: "ticker", schema: .ticker, meaning: "Naming this ticker."),
            ],
            answers: [
                .json(
                    .object([
                        .init("log", .text()), .init("run", .text()),
                        .init("events", .list(.object([], isOpen: true))),
                        .init(
                            "looked", .integer(least: 0), "The last position that was looked at."),
                        .init("more", .boolean),
                    ])),
                Answer(
                    status: 200, meaning: "Server-sent events.", type: "text/event-stream",
                    schema: .text()),
            ]
        ) { try $0.events() },
        Route(
            "GET", "/api/v1/why/{kind}/{id}", "why",
            "Why: the causes of an event down to the filings, with the numbers beside their rules.",
            parameters: [
                .path(
                    "kind", "What is asked about.",
                    .choice(WhyQuestion.Kind.allCases.map(\.rawValue))),
                .path("id", "A ticker or an event; - where the kind takes none."), .run, .asOf,
            ], answers: [.json(.object([], isOpen: true))]
        ) { try $0.why() },
        Route(
            "GET", "/api/v1/jobs", "jobs", "Jobs that train, the newest first.",
            parameters: [.run, .asOf, .limit, .cursor], answers: [.page, .notChanged]
        ) { try $0.newest("ml_training_jobs") },
        Route(
            "GET", "/api/v1/jobs/{id}", "job", "A training that was asked for.",
            parameters: [.path("id", "As the request was answered."), .run],
            answers: [.json(.object([], isOpen: true))]
        ) { call in
            .json(try TrainingJob.find(call["id"], run: call.run, in: call.workspace).json)
        },
        Route(
            "GET", "/api/v1/comparisons", "comparisons",
            "Comparisons of models, the newest first.",
            parameters: [.run, .asOf, .limit, .cursor], answers: [.page, .notChanged]
        ) { try $0.newest("ml_model_comparisons") },
        Route(
            "GET", "/api/v1/trades", "trades", "Closed and open trades.",
            parameters: [.run, .asOf, .limit, .cursor, .order, .format], answers: [.page, .csv]
        ) { try $0.export("signal_outcomes") },
        Route(
            "GET", "/api/v1/returns", "returns", "The value of the portfolio, a row a session.",
            parameters: [.run, .asOf, .limit, .cursor, .order, .format], answers: [.page, .csv]
        ) { try $0.export("reference_portfolio_snapshots") },
        Route(
            "GET", "/api/v1/holdings", "holdings", "What is held.",
            parameters: [.run, .asOf, .limit, .cursor, .order, .format], answers: [.page, .csv]
        ) { try $0.export("reference_portfolio_positions", [TablePage.Filter("is_open", "1")]) },
        Route(
            "GET", "/api/v1/mode", "mode",
            "The trading mode, its history, and what a change of it lacks.",
            parameters: [.run], answers: [.json(.object([], isOpen: true))]
        ) { call in .json(try call.mode().json) },
        Route(
            "GET", "/api/v1/halts", "halts", "What halts entries, and how each halt ends.",
            parameters: [.run], answers: [.json(.object([], isOpen: true))]
        ) { call in
            let run = try call.workspace.folder.openRun(call.run)
            return .json(try HaltAnswer(run, data: call.workspace.log()).json())
        },
        Route(
            "GET", "/api/v1/orders", "orders", "Every order for the next open.",
            parameters: [.run], answers: [.json(.object([], isOpen: true))]
        ) { call in
            let standing = try call.service.outlooks.outlook(of: call.run)
            return .json(standing.outlook.ordersJSON(strategy: standing.loop.name))
        },
    ]
}

extension Route.Parameter {
    static let format = Route.Parameter(
        name: "format", schema: .choice(["json", "csv"]), meaning: "csv: one file, all rows.")
}

extension Route.Answer {
    static let csv = Route.Answer(
        status: 200, meaning: "Comma-separated values.", type: "text/csv", schema: .text())
}

extension Call {
    /// A page of a table with what the query says of it; 304 where it was seen.
    func page(_ wanted: TablePage.Request) throws -> APIResponse {
        var request = wanted
        request.limit = try number("limit", 1...1_000, else: 100)
        request.cursor = values["cursor"]
        request.moment = try moment()
        if values["order"] != nil {
            request.isDescending = try word("order", of: ["asc", "desc"], else: "asc") == "desc"
        }
        let page = try TablePage(request, in: workspace.folder)
        let tag = "\"\(request.table)-\(page.position)-\(StableHash.text(self.request.target))\""
        let fields = [("etag", tag), ("cache-control", "no-cache")]
        if self.request.field("if-none-match") == tag {
            return APIResponse(status: 304, fields: fields, body: .bytes([]))
        }
        var object = JSONObject()
        object.text("table", request.table)
        object.text("run", request.run)
        object.integer("position", page.position)
        object.json("rows", page.json)
        object.text("next", page.next)
        return .json(object.text, fields: fields)
    }

    /// A page of a table of the run, the newest first.
    func newest(_ table: String) throws -> APIResponse {
        var request = TablePage.Request(table: table, run: run)
        request.isDescending = true
        return try page(request)
    }

    /// A table of the run, by pages as JSON or whole as CSV.
    func export(_ table: String, _ filters: [TablePage.Filter] = []) throws -> APIResponse {
        var request = TablePage.Request(table: table, run: run)
        request.filters = filters
        guard try word("format", of: ["json", "csv"], else: "json") == "csv" else {
            return try page(request)
        }
        request.moment = try moment()
        request.limit = Call.mostRows
        let page = try TablePage(request, in: workspace.folder)
        guard page.next == nil else {
            throw ApplicationError.refused(
                "there are more than \(Call.mostRows) rows; take pages of them (format=json), or "
                    + "recount sql --csv")
        }
        return .text(page.csv, "text/csv; charset=utf-8; header=present")
    }

    /// Rows of a file that is sent at once.
    private static let mostRows = 200_000

    /// What a change of the mode is judged by.
    func mode() throws -> ModeAnswer {
        let opened = try workspace.folder.openRun(run)
        let log = try workspace.log()
        let evidence = try ModeChange.Evidence(
            opened, StandingHalts(opened, data: log), data: log, in: workspace.folder)
        return ModeAnswer(evidence, run: run, now: workspace.instant)
    }

    func why() throws -> APIResponse {
        let id = self["id"] == "-" ? nil : self["id"]
        let question = try WhyQuestion(kind: self["kind"], id: id)
        let lineage = try CurrentLineage.open(
            workspace.folder, run: run == "data" ? nil : run, progress: { _, _ in })
        let log = lineage.view.merged
        let position = try log.position(try moment() ?? .end)
        let why = Why(log, lineage: lineage.reader, through: position, recomputing: nil)
        return .json(try why.answer(question).json)
    }

    func events() throws -> APIResponse {
        let kind = try word("log", of: ["run", "timeline", "data"], else: "run")
        var filter = EventFilter(ticker: values["ticker"].map { Ticker.folded($0) })
        if let type = values["type"] {
            guard let template = EventFilter.template(named: type) else {
                throw ApplicationError.invalid(
                    fields: ["type"],
                    "{type} \(type): no such event"
                        + Suggestion.question(type, EventSchema.messages.map(\.name)))
            }
            filter.types.insert(template)
        }
        if let name = values["actor"] {
            guard let actor = EventFilter.actor(named: name) else {
                throw ApplicationError.invalid(
                    fields: ["actor"],
                    "{actor} \(name): write "
                        + Actor.allCases.map { "\($0)" }.joined(separator: ", "))
            }
            filter.actors.insert(actor)
        }
        let isFiltered = values["type"] ?? values["actor"] ?? values["ticker"] != nil
        let accepts = request.field("accept") ?? ""
        guard accepts.contains("text/event-stream") else { return try eventPage(kind, filter) }
        let log = try service.followers.log(kind, run: run)
        var after = try log.source.end()
        if let text = request.field("last-event-id") ?? values["after"] {
            guard let position = UInt64(text) else {
                throw ApplicationError.invalid(
                    "after", "\(text): takes a position, also as Last-Event-ID")
            }
            after = min(position, after)
        }
        return APIResponse(
            status: 200,
            fields: [("content-type", "text/event-stream"), ("cache-control", "no-store")],
            body: .events(EventStream(log, after: after, isFiltered ? filter : nil)))
    }

    private func eventPage(_ kind: String, _ filter: EventFilter) throws -> APIResponse {
        let source = try EventPage.Source(kind, run: run, in: workspace)
        let after = values["after"] ?? "0"
        guard let position = UInt64(after) else {
            throw ApplicationError.invalid("after", "\(after): takes a position")
        }
        let page = try EventPage(
            of: source, after: position, filter, limit: try number("limit", 1...1_000, else: 100))
        var object = JSONObject()
        object.text("log", kind)
        object.text("run", run)
        object.json("events", JSONObject.list(page.entries.map(\.json)))
        object.integer("looked", page.looked)
        object.boolean("more", page.hasMore)
        return .json(object.text)
    }
}

/// A number for a text that is the same in every process.
enum StableHash {
    /// FNV-1a of 64 bits, in hexadecimal.
    static func text(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
