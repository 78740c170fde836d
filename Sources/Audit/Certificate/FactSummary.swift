import EventLog
import Events

/// What a data log's facts are, without them: for whoever has to ingest the same.
struct FactSummary {
    /// Facts of one type.
    private struct Kind {
        var count: UInt64 = 0
        var first = Instant(rawValue: .max)
        var last = Instant(rawValue: .min)
        /// Digests of the imports that gave them, as far as the facts name them, in their order.
        var sources: [Digest] = []
    }

    private var kinds: [(name: String, kind: Kind)] = []

    /// Reads the facts up to a position.
    init(_ log: EventLog, through last: UInt64) throws {
        try log.read(through: last) { record in
            let template = try MessageHeader(record.message).templateID
            let name = EventSchema.message(id: template)?.name ?? "type \(template)"
            let knownAt = try Envelope(message: record.message).knownAt
            let source = try FactSummary.source(template, record.message)
            let index = kinds.firstIndex { $0.name == name } ?? kinds.endIndex
            if index == kinds.endIndex { kinds.append((name, Kind())) }
            kinds[index].kind.count += 1
            kinds[index].kind.first = min(kinds[index].kind.first, knownAt)
            kinds[index].kind.last = max(kinds[index].kind.last, knownAt)
            if let source, !kinds[index].kind.sources.contains(source) {
                kinds[index].kind.sources.append(source)
            }
            return .proceed
        }
    }

    private static func source(_ template: UInt16, _ message: RawSpan) throws -> Digest? {
        switch template {
        case SessionClosed.templateID: try SessionClosedView(message).source
        case IndexClosed.templateID: try IndexClosedView(message).source
        case CorporateActionAnnounced.templateID:
            try CorporateActionAnnouncedView(message).source
        case PricesRejected.templateID: try PricesRejectedView(message).source
        case DisclosureRejected.templateID: try DisclosureRejectedView(message).source
        default: nil
        }
    }

    /// A JSON array, one object a type.
    var json: String {
        JSONObject.list(
            kinds.map { name, kind in
                var object = JSONObject()
                object.text("type", name)
                object.integer("count", kind.count)
                object.text("first_known", "\(kind.first)")
                object.text("last_known", "\(kind.last)")
                object.json(
                    "sources", JSONObject.list(kind.sources.map { JSONText.quoted("\($0)") }))
                return object.text
            })
    }
}
