import Audit
import EventLog
import Events
import Projections

/// Why something is as it is, and what a filing led to.
enum WhyPages {
    static let why = PageKind(nil, "/why", ["lineage"], parameters: 2) { viewing, parameters in
        let id = parameters[1] == "-" ? nil : parameters[1]
        let question = try WhyQuestion(kind: parameters[0], id: id)
        let why = try viewing.why()
        let answer = try why.answer(question)
        var page = Page(heading: answer.title)
        page.lead = "Why: \(Format.words(parameters[0])) \(id ?? "")"
        page.blocks.append(Block.tree(nil, answer, viewing))
        if answer.event != .none {
            page.blocks.append(
                Block.text(
                    "Further", [],
                    links: [
                        Block.Link(
                            "what it led to", viewing.link("/led-to/\(answer.event)")),
                        Block.Link(
                            "everything as of just then",
                            viewing.link("/", at: "\(answer.event)")),
                    ], code: "recount why event \(answer.event) --data DIR --run \(viewing.run)"))
        }
        return page
    }

    static let effects = PageKind(nil, "/led-to", ["lineage"], parameters: 1) {
        viewing, parameters in
        let question = try WhyQuestion(kind: "event", id: parameters[0])
        let why = try viewing.why()
        let effects = try why.effects(question)
        var page = Page(heading: "What it led to: \(effects.title)")
        page.blocks = blocks(effects, viewing)
        page.blocks.insert(try named(effects.event, viewing), at: 2)
        return page
    }

    /// The events that name one, each with why.
    private static func named(_ event: Reference, _ viewing: Viewing) throws -> Block {
        let edges = try viewing.lineage().effects(
            of: event, nil, through: viewing.position.position)
        var seen: [Reference] = []
        for edge in edges where !seen.contains(edge.event) && seen.count < 60 {
            seen.append(edge.event)
        }
        let rows = try seen.map { event -> (tone: String?, cells: [Block.Cell]) in
            var (type, at) = ("", Instant?.none)
            try viewing.opened.merged.event(event) { message in
                type = EventSchema.message(id: try MessageHeader(message).templateID)?.name ?? ""
                at = try Envelope(message: message).knownAt
            }
            return (
                nil,
                [
                    Block.Cell("\(event)", link: viewing.link("/why/event/\(event)")),
                    Block.Cell(Format.words(type)),
                    Block.Cell(at.map { Format.time($0) } ?? "", style: "day"),
                ]
            )
        }
        return Block.table(
            "Events that name it, each with why",
            [Block.Column("Event"), Block.Column("What"), Block.Column("When")], rows,
            empty: "No event named it by then.", query: nil, viewing)
    }

    private static func blocks(_ effects: Effects, _ viewing: Viewing) -> [Block] {
        func reasons(_ list: [(reason: String, count: Int)]) -> String? {
            list.isEmpty
                ? nil
                : list.map { "\($0.count) \(Format.words($0.reason))" }.joined(separator: ", ")
        }
        let result = effects.result.dollars
        return [
            Block.figures(
                nil,
                [
                    .init("Evaluations", "\(effects.evaluations)"),
                    .init(
                        "Signals", "\(effects.signals)",
                        note: reasons(effects.suppressed).map { "none was given: \($0)" }),
                    .init(
                        "Orders to buy", "\(effects.entries)",
                        note: effects.unfilled > 0 ? "\(effects.unfilled) were not filled" : nil),
                    .init(
                        "Signals not traded on",
                        "\(effects.skipped.reduce(0) { $0 + $1.count })",
                        note: reasons(effects.skipped)),
                    .init("Fills", "\(effects.fills)"),
                    .init(
                        "Result of closed trades", Format.money(result), tone: Format.tone(result)),
                    .init("Models trained with it", "\(effects.models)"),
                    .init("Promotions", "\(effects.promotions)"),
                    .init("Events in all", "\(effects.events)"),
                ], query: nil, viewing),
            Block.table(
                "Trades",
                [
                    Block.Column("Ticker"), .number("Shares"), Block.Column("Bought"),
                    Block.Column("Sold"), .number("Result"), Block.Column("Outcome"),
                ],
                effects.trades.map { trade in
                    let gain = trade.result?.dollars
                    return (
                        nil,
                        [
                            Block.Cell(
                                "\(trade.ticker)",
                                link: viewing.link("/why/holding/\(trade.entry)")),
                            .number(Format.shares(trade.quantity.shares)),
                            Block.Cell("\(trade.boughtOn)", style: "day"),
                            Block.Cell(trade.soldOn.map { "\($0)" } ?? "held", style: "day"),
                            .number(Format.money(gain), tone: Format.tone(gain)),
                            Block.Cell(trade.outcomeClass.map { "\($0)" } ?? ""),
                        ]
                    )
                }, empty: "It led to no trade by then.", query: nil, viewing),
            Block.text(
                nil, [],
                code: "recount effects \(effects.event) --data DIR --run \(viewing.run)"),
        ]
    }
}
