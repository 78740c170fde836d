public import EventLog
public import Events

/// A fact that a live run was told of when the cycle that could have read it first was over, or
/// never: bars of a session that was over for it stay in the data log.
public struct LateMove: Hashable, Sendable {
    /// Its position in the data log.
    public let position: UInt64
    /// Its kind, as `recount events` names it.
    public let kind: String
    /// Its ticker, where it has one.
    public let ticker: Ticker?
    /// When the world knew it.
    public let knownAt: Instant
    /// When the data log took it.
    public let recordedAt: Instant
    /// The first instant at which the live run knew it; nil where it never did.
    public let movedAt: Instant?
    /// The session of late bars; nil for every other fact.
    public let session: Day?
    /// The tickers of late bars, ascending.
    public let bars: [Ticker]
}

extension LateMove {
    /// The late facts of a live run as far as it stands, in the order of the data log.
    public static func all(
        _ run: OpenedRun, _ standing: LiveStanding, data: EventLog
    ) throws -> [LateMove] {
        guard let live = run.manifest?.live else { throw LiveRunError.notLive(run.name) }
        var moved: [UInt64: Instant] = [:]
        var moving: [UInt64] = []
        var cycles: [Instant] = []
        // The last position of the bars of each session; 0 of one that was missed.
        var closings: [Day: UInt64] = [:]
        try run.timeline.read { record in
            guard record.position + standing.beginning.timeline <= standing.end.timeline else {
                return .stop
            }
            let envelope = try Envelope(message: record.message)
            switch try MessageHeader(record.message).templateID {
            case SessionClosed.templateID:
                closings[try SessionClosedView(record.message).day] = envelope.through
            case SessionMissed.templateID: closings[try SessionMissedView(record.message).day] = 0
            // What was moved for an instant is known to the run with it.
            case InstantBegun.templateID:
                for position in moving { moved[position] = envelope.knownAt }
                moving = []
                if envelope.knownAt == AsOf.cycle(of: envelope.knownAt.day - 1) {
                    cycles.append(envelope.knownAt)
                }
            default: if envelope.through > 0 { moving.append(envelope.through) }
            }
            return .proceed
        }
        let first = standing.start.adding(nanoseconds: 1)
        var late: [LateMove] = []
        try data.read { record in
            let envelope = try Envelope(message: record.message)
            let template = try MessageHeader(record.message).templateID
            guard envelope.knownAt <= standing.instant else { return .proceed }
            if template == SessionClosed.templateID {
                let event = try SessionClosed(message: record.message)
                guard let last = closings[event.day], record.position > last else {
                    return .proceed
                }
                late.append(
                    LateMove(
                        record.position, template, envelope, nil, event.day,
                        event.bars.map(\.ticker)))
                return .proceed
            }
            guard FactIndex.rank(template) != nil, !FactIndex.isOfLiveRun(template),
                record.position > live.position || envelope.knownAt > live.instant,
                let movedAt = moved[record.position],
                cycles.contains(where: { max(envelope.knownAt, first) <= $0 && $0 < movedAt })
            else { return .proceed }
            late.append(
                LateMove(
                    record.position, template, envelope, movedAt, nil, [],
                    try FactChanges.Fact(record.message, envelope).ticker))
            return .proceed
        }
        return late
    }

    private init(
        _ position: UInt64, _ template: UInt16, _ envelope: Envelope, _ movedAt: Instant?,
        _ session: Day?, _ bars: [Ticker], _ ticker: Ticker? = nil
    ) {
        self.init(
            position: position, kind: EventSchema.message(id: template)?.name ?? "\(template)",
            ticker: ticker, knownAt: envelope.knownAt, recordedAt: envelope.recordedAt,
            movedAt: movedAt, session: session, bars: bars.sorted())
    }
}
