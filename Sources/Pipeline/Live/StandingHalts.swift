public import EventLog
public import Events
public import Market

/// The halts of a live run that have not ended, as its logs tell them, with those of the data log
/// that it has not been moved yet: for whoever asks without running it.
public struct StandingHalts: Sendable {
    /// Those that stand, and what halts by rule are judged by.
    public private(set) var book = HaltBook()
    /// Positions of the data log whose halts the run has not read yet.
    public private(set) var waiting: [UInt64] = []

    /// Where an event stands in the one order of a live run: behind which fact of its timeline.
    private struct Place: Comparable {
        var fact: UInt64
        var own: UInt64

        static func < (left: Place, right: Place) -> Bool {
            (left.fact, left.own) < (right.fact, right.own)
        }
    }

    /// Reads a live run over a data log.
    ///
    /// - Throws: `LiveRunError.notLive` for a backtest, and what reading a log throws.
    public init(_ run: OpenedRun, data: EventLog) throws {
        let manifest = try LiveManifest(run)
        var events: [(place: Place, message: [UInt8], reference: Reference)] = []
        var moved: Set<UInt64> = []
        try run.log.read { record in
            guard try StandingHalts.isOne(record.message) else { return .proceed }
            let through = try Envelope(message: record.message).through
            let own = record.position + manifest.parent.position.own
            events.append(
                (
                    Place(fact: through, own: own), record.message.withUnsafeBytes { Array($0) },
                    .own(own)
                ))
            return .proceed
        }
        try run.timeline.read { record in
            guard try StandingHalts.isOne(record.message) else { return .proceed }
            moved.insert(try Envelope(message: record.message).through)
            let position = record.position + manifest.parent.position.timeline
            events.append(
                (
                    Place(fact: position, own: 0), record.message.withUnsafeBytes { Array($0) },
                    .timeline(position)
                ))
            return .proceed
        }
        events.sort { $0.place < $1.place }
        for event in events { try take(event.message.span.bytes, event.reference) }
        try data.read { record in
            guard try StandingHalts.isOne(record.message), !moved.contains(record.position)
            else { return .proceed }
            let knownAt = try Envelope(message: record.message).knownAt
            guard record.position > manifest.live.position || knownAt > manifest.live.instant
            else { return .proceed }
            waiting.append(record.position)
            try take(record.message, .own(record.position))
            return .proceed
        }
    }

    private static func isOne(_ message: RawSpan) throws -> Bool {
        let template = try MessageHeader(message).templateID
        return template == EntriesHalted.templateID || template == EntriesResumed.templateID
    }

    private mutating func take(_ message: RawSpan, _ reference: Reference) throws {
        if try MessageHeader(message).templateID == EntriesHalted.templateID {
            book.apply(try EntriesHalted(message: message), at: reference)
        } else {
            book.apply(try EntriesResumed(message: message), held: [])
        }
    }
}

extension HaltCause {
    /// In words.
    public var words: String {
        switch self {
        case .person: "a person"
        case .reconciliation: "the broker's account differs"
        case .dataGap: "data are missing"
        case .brokerFailure: "the broker fails"
        case .lossLimit: "the loss of a day"
        case .modeChange: "the mode changes"
        case .staleData: "a session without its bars"
        case .clock: "the clock was set"
        case .disk: "the disk is full"
        case .projector: "a projector fails"
        case .trainer: "the trainer fails"
        case .staleFilings: "no filings come"
        case .drawdown: "the drawdown of the run"
        case .positionCap: "a holding above its cap"
        case .orderCount: "more orders than planned"
        case .unprotected: "a holding without its stop"
        case .unrecognised: "a cause that this program does not know"
        }
    }

    /// Whether it ends by itself; every other is a person's to end.
    public var endsByItself: Bool {
        switch self {
        case .staleData, .clock, .disk: true
        default: false
        }
    }
}
