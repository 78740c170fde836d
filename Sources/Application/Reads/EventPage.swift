public import EventLog
import Events

/// Some events of a log, in their order, as JSON objects.
public struct EventPage: Sendable {
    /// A log whose events can be asked for.
    public struct Source: Sendable {
        /// The log.
        public let log: EventLog
        /// Events before its first: those that a fork or a live run shares.
        public let shared: UInt64

        /// A run's own events, those of its timeline, or those of the data log.
        ///
        /// - Throws: `ApplicationError.invalid` for another kind, and what opening a log throws.
        public init(_ kind: String, run: String, in workspace: Workspace) throws {
            switch kind {
            case "data": (log, shared) = (try workspace.log(), 0)
            case "run":
                let opened = try workspace.folder.openRun(run)
                (log, shared) = (opened.log, opened.manifest?.parent?.position.own ?? 0)
            case "timeline":
                let opened = try workspace.folder.openRun(run)
                let isLive = opened.manifest?.live != nil
                (log, shared) = (
                    opened.timeline,
                    isLive ? opened.manifest?.parent?.position.timeline ?? 0 : 0
                )
            default:
                throw ApplicationError.invalid(
                    fields: ["log"], "{log} \(kind): write run, timeline or data")
            }
        }

        /// The position of its last event; that before its first where there is none.
        public func end() throws -> UInt64 { try log.head().position + shared }
    }

    /// An event as a JSON object, with its position first.
    public struct Entry: Sendable {
        /// Its position.
        public let position: UInt64
        /// Its type.
        public let type: String
        /// The object.
        public let json: String
    }

    /// The events.
    public private(set) var entries: [Entry] = []
    /// The position of the last that was looked at: the next page begins behind it.
    public private(set) var looked: UInt64
    /// Whether there is more behind it.
    public private(set) var hasMore = false

    /// Reads events behind a position.
    ///
    /// - Parameters:
    ///   - limit: the most that are given.
    ///   - look: the most that are looked at: a rare kind is found page by page.
    public init(
        of source: Source, after position: UInt64, _ filter: EventFilter = EventFilter(),
        limit: Int, look: Int = EventPage.mostLooked
    ) throws {
        let head = try source.log.head().position
        let first = max(position, source.shared) - source.shared + 1
        looked = max(position, source.shared)
        guard first <= head else { return }
        let last = min(head, first + UInt64(look) - 1)
        var (found, reached) = ([Entry](), looked)
        try source.log.read(from: first, through: last) { record in
            guard found.count < limit else { return .stop }
            reached = record.position + source.shared
            if let entry = try Entry(record.message, at: reached, filter) { found.append(entry) }
            return .proceed
        }
        (entries, looked) = (found, reached)
        hasMore = reached < head + source.shared
    }

    /// Events that a page looks at.
    public static let mostLooked = 100_000
}

extension EventPage.Entry {
    /// The event at a position; nil where a filter does not admit it.
    public init?(_ message: RawSpan, at position: UInt64, _ filter: EventFilter) throws {
        let header = try MessageHeader(message)
        guard filter.admits(header, try Envelope(message: message)) else { return nil }
        var text = ""
        try EventJSON.render(message: message, into: &text)
        guard filter.admits(text: text) else { return nil }
        var object = "{\"position\":\(position),\(text.dropFirst())"
        if let named = try NamedFeatures.json(of: message, header) {
            object = "\(object.dropLast()),\"features_by_name\":\(named)}"
        }
        self.init(
            position: position, type: EventSchema.message(id: header.templateID)?.name ?? "?",
            json: object)
    }
}
