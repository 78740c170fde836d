import API
import Application
import EventLog
import Events

/// The events of a log, as they lie there.
enum EventsPage {
    static let kind = PageKind("Events", "/events", ["portfolio", "signals", "model-registry"]) {
        viewing, _ in try page(viewing)
    }

    /// Events of a page.
    private static let most: UInt64 = 100
    /// Events that are looked at for the last of a kind.
    private static let mostLooked: UInt64 = 100_000

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Events")
        page.lead =
            "Everything else here is made from these: nothing is ever changed or taken out. In the "
            + "present the page follows the log."
        let call = viewing.call
        let log = call["log"] ?? "run"
        var filter = EventFilter(ticker: call["ticker"].map { Ticker.folded($0) })
        if let type = call["type"] {
            guard let template = EventFilter.template(named: type) else {
                throw Problem(
                    422, "type",
                    "type \(type): no such event"
                        + Suggestion.question(type, EventSchema.messages.map(\.name)))
            }
            filter.types.insert(template)
        }
        if log == "data", viewing.isPast, let knownAt = viewing.knownAt {
            filter.before = Instant(rawValue: knownAt.rawValue + 1)
        }
        let end = try last(log, viewing)
        var after: UInt64?
        if let text = call["after"] {
            guard let position = UInt64(text) else {
                throw Problem(422, "after", "after \(text): takes an event's number in its log")
            }
            after = min(position, end)
        }
        let found = try entries(log, filter, after: after, end: end, viewing)
        page.blocks.append(form(viewing, log))
        page.blocks.append(table(found, log, viewing))
        page.blocks.append(pages(found, end: end, log, viewing))
        return page
    }

    /// Events of a page, in their order: the first behind a position, else the last that there are.
    private static func entries(
        _ log: String, _ filter: EventFilter, after: UInt64?, end: UInt64, _ viewing: Viewing
    ) throws -> [EventPage.Entry] {
        let isFiltered = !filter.types.isEmpty || filter.ticker != nil
        let first = after ?? (end - min(end, isFiltered ? mostLooked : most))
        var found: [EventPage.Entry] = []
        func take(_ position: UInt64, _ message: RawSpan) throws -> ReadControl {
            guard position <= end, after == nil || found.count < Int(most) else { return .stop }
            guard let entry = try EventPage.Entry(message, at: position, filter) else {
                return .proceed
            }
            found.append(entry)
            if found.count > Int(most) { found.removeFirst() }
            return .proceed
        }
        let merged = viewing.opened.merged
        switch log {
        case "run": try merged.readOwn(after: first) { try take($0.position, $1) }
        case "timeline": try merged.readFacts(after: first) { try take($0.position, $1) }
        case "data":
            guard first < end else { return [] }
            let data = try viewing.call.service.workspace.log()
            try data.read(from: first + 1, through: end) {
                try take($0.position, $0.message)
            }
        default:
            throw Problem(422, "log", "log \(log): write run, timeline or data")
        }
        return found
    }

    /// The last position of a log that was there at the moment.
    private static func last(_ log: String, _ viewing: Viewing) throws -> UInt64 {
        switch log {
        case "run": viewing.position.own
        case "timeline": viewing.position.timeline
        default: try viewing.call.service.workspace.log().head().position
        }
    }

    private static func form(_ viewing: Viewing, _ log: String) -> Block {
        Form(
            action: "/events", method: "get", button: "Show", hidden: viewing.kept,
            fields: [
                Form.Field(
                    name: "log", label: "Log", kind: .choice, value: log,
                    options: [
                        ("run", "the run's own"), ("timeline", "the facts that it read"),
                        ("data", "the data log"),
                    ]),
                Form.Field(
                    name: "type", label: "Type", kind: .choice, value: viewing.call["type"] ?? "",
                    options: [("", "all")] + EventSchema.messages.map { ($0.name, $0.name) }),
                Form.Field(name: "ticker", label: "Ticker", value: viewing.call["ticker"] ?? ""),
                Form.Field(
                    name: "after", label: "Behind event number",
                    value: viewing.call["after"] ?? ""),
            ]
        ).block(viewing.call.visitor)
    }

    /// When an event was known, and its own fields, of its JSON: what every event has stands before
    /// them.
    private static func parts(of json: String) -> (knownAt: String?, fields: String) {
        guard let begin = json.firstRange(of: "\"envelope\":{"),
            let end = json[begin.upperBound...].firstIndex(of: "}")
        else { return (nil, json) }
        let envelope = json[begin.upperBound..<end]
        let knownAt = envelope.firstRange(of: "\"knownAt\":\"").map {
            String(envelope[$0.upperBound...].prefix { $0 != "\"" })
        }
        let rest = json[json.index(after: end)...].drop { $0 == "," }
        return (knownAt, rest == "}" ? "" : String(rest.dropLast()))
    }

    /// Characters of an event that a row shows.
    private static let shownLength = 400

    private static func table(_ entries: [EventPage.Entry], _ log: String, _ viewing: Viewing)
        -> Block
    {
        let letter = log == "run" ? "r" : log == "timeline" ? "t" : nil
        return Block.table(
            nil,
            [
                Block.Column("Event"), Block.Column("Type"), Block.Column("Known"),
                Block.Column("What it says"),
            ],
            entries.reversed().map { entry in
                let name = letter.map { "\($0)\(entry.position)" }
                let (knownAt, text) = parts(of: entry.json)
                return (
                    nil,
                    [
                        Block.Cell(
                            name ?? "\(entry.position)",
                            link: name.map { viewing.link("/why/event/\($0)") }),
                        Block.Cell(entry.type), Block.Cell(Format.time(knownAt)),
                        Block.Cell(
                            text.count > shownLength ? text.prefix(shownLength) + "…" : text,
                            style: "json"),
                    ]
                )
            }, empty: "No such event lies here.",
            query: nil, viewing)
    }

    private static func pages(
        _ found: [EventPage.Entry], end: UInt64, _ log: String, _ viewing: Viewing
    ) -> Block {
        let rest = viewing.call.query.filter { ["log", "type", "ticker"].contains($0.name) }
            .map { ($0.name, $0.value) }
        var links: [Block.Link] = []
        if let first = found.first?.position, first > 1 {
            let before = first - 1 - min(first - 1, most)
            links.append(
                Block.Link(
                    "earlier", viewing.link("/events", rest + [("after", "\(before)")])))
        }
        if let last = found.last?.position, last < end {
            links.append(
                Block.Link("later", viewing.link("/events", rest + [("after", "\(last)")])))
        }
        return Block.text(
            nil, [], links: links,
            code: "recount events --data DIR --run \(viewing.run)"
                + (log == "timeline" ? " --timeline" : "") + " --follow")
    }
}
