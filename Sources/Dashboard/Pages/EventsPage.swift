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

    private static func page(_ viewing: Viewing) throws -> Page {
        var page = Page(heading: "Events")
        page.lead =
            "Everything else here is made from these: nothing is ever changed or taken out. In the "
            + "present the page follows the log."
        let call = viewing.call
        let log = call["log"] ?? "run"
        let source = try EventPage.Source(log, run: viewing.run, in: call.service.workspace)
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
        let isFiltered = call["ticker"] ?? call["type"] != nil
        let end = min(try source.end(), last(log, viewing))
        let first = isFiltered ? 0 : end - min(end, most)
        let after = call["after"].flatMap { UInt64($0) } ?? first
        let events = try EventPage(of: source, after: after, filter, limit: Int(most))
        let shown = events.entries.filter { $0.position <= end }
        page.blocks.append(form(viewing, log))
        page.blocks.append(table(shown, log, viewing))
        page.blocks.append(pages(after, events, end: end, log, viewing))
        return page
    }

    /// The last position of a log that was there at the moment.
    private static func last(_ log: String, _ viewing: Viewing) -> UInt64 {
        guard viewing.isPast else { return .max }
        switch log {
        case "run": return viewing.position.own
        case "timeline": return viewing.position.timeline
        default: return .max
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
                    name: "after", label: "Behind position", value: viewing.call["after"] ?? ""),
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
        _ after: UInt64, _ events: EventPage, end: UInt64, _ log: String, _ viewing: Viewing
    ) -> Block {
        let rest = viewing.call.query.filter { ["log", "type", "ticker"].contains($0.name) }
            .map { ($0.name, $0.value) }
        var links: [Block.Link] = []
        if after > 0 {
            let earlier = after - min(after, most)
            links.append(
                Block.Link(
                    "earlier", viewing.link("/events", rest + [("after", "\(earlier)")])))
        }
        if events.hasMore, events.looked < end {
            links.append(
                Block.Link(
                    "later", viewing.link("/events", rest + [("after", "\(events.looked)")])))
        }
        return Block.text(
            nil, [], links: links,
            code: "recount events --data DIR --run \(viewing.run)"
                + (log == "timeline" ? " --timeline" : "") + " --follow")
    }
}
