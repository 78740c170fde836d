public import EventLog
public import Events

/// An event that a run decided or took from its market, out of its log.
public struct Decision: Sendable {
    /// What names it in its run.
    public let reference: Reference
    /// Its message.
    let message: [UInt8]
    let templateID: UInt16
    let envelope: Envelope

    init(_ reference: Reference, _ message: [UInt8]) throws {
        (self.reference, self.message) = (reference, message)
        templateID = try MessageHeader(message.span.bytes).templateID
        envelope = try Envelope(message: message.span.bytes)
    }

    /// Its type, as `recount events` names it.
    public var type: String { EventSchema.message(id: templateID)?.name ?? "\(templateID)" }
    /// When it was decided, on the simulated clock.
    public var instant: Instant { envelope.knownAt }

    /// Its fields, in the schema's order.
    public func fields() throws -> [EventField] {
        try EventJSON.fields(message: message.span.bytes)
    }

    /// Its ticker, where it has one.
    public var ticker: String? {
        (try? fields())?.first { $0.path == "ticker" }.map { $0.text.filter { $0 != "\"" } }
    }

    /// Whether it decides nothing: settings, the end of a job with its counts, the end of the run.
    var isBookkeeping: Bool {
        [
            ConfigurationChanged.templateID, JobFinished.templateID, RunFinished.templateID,
        ].contains(templateID)
    }
}

/// What a run decided behind a position, one by one.
public struct DecisionStream {
    /// Reads a batch behind an own position; empty at the end.
    private let read: (UInt64) throws -> [Decision]
    private var batch: [Decision] = []
    private var taken = 0
    private var position: UInt64
    /// The templates that are lent; nil for all.
    var only: [UInt16]?

    private static let batchSize = 2_048

    /// The decisions of a run behind an own position.
    public init(_ run: MergedLog, after own: UInt64) {
        position = own
        read = { position in
            var batch: [Decision] = []
            try run.readOwn(after: position) { reference, message in
                batch.append(
                    try Decision(reference, message.withUnsafeBytes { Array($0) }))
                return batch.count < DecisionStream.batchSize ? .proceed : .stop
            }
            return batch
        }
    }

    /// Decisions at hand, whose first stands behind an own position.
    public init(_ messages: [[UInt8]], after own: UInt64) {
        position = own
        read = { position in
            let first = Int(position - own)
            return try messages[min(first, messages.count)...].prefix(DecisionStream.batchSize)
                .enumerated().map {
                    try Decision(.own(position + UInt64($0.offset) + 1), $0.element)
                }
        }
    }

    /// The next decision, bookkeeping left out; nil at the end. `passed` hears of what is left out.
    mutating func next(passed: (Decision) -> Void = { _ in }) throws -> Decision? {
        while true {
            if taken == batch.count {
                batch = try read(position)
                taken = 0
                guard let last = batch.last else { return nil }
                position = last.reference.position
            }
            let decision = batch[taken]
            taken += 1
            if let only, !only.contains(decision.templateID) { continue }
            if !decision.isBookkeeping { return decision }
            passed(decision)
        }
    }
}
