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
    /// The late facts of a live run, in the order of the data log: as far as its timeline goes, or
    /// as far as it stands.
    public static func all(
        _ run: OpenedRun, through standing: LiveStanding? = nil, data: EventLog
    ) throws -> [LateMove] {
        let manifest = try LiveManifest(run)
        let offset = manifest.parent.position.timeline
        var book = LateBook(manifest.live)
        try run.timeline.read { record in
            if let standing, record.position + offset > standing.end.timeline { return .stop }
            try book.read(record.message)
            return .proceed
        }
        return try all(book, through: standing?.instant, data: data)
    }

    /// The late facts of the run of a book that the world knew by an instant.
    static func all(
        _ book: LateBook, through instant: Instant? = nil, data: EventLog
    ) throws -> [LateMove] {
        var late: [LateMove] = []
        try book.each(in: data) { record in
            let envelope = try Envelope(message: record.message)
            let template = try MessageHeader(record.message).templateID
            if let instant, envelope.knownAt > instant { return }
            if template == SessionClosed.templateID {
                guard book.isLate(try SessionClosedView(record.message).day, at: record.position)
                else { return }
                let event = try SessionClosed(message: record.message)
                late.append(
                    LateMove(
                        record.position, template, envelope, nil, event.day,
                        event.bars.map(\.ticker)))
                return
            }
            guard let movedAt = book.moved[record.position],
                book.isLate(template, knownAt: envelope.knownAt, movedAt: movedAt)
            else { return }
            late.append(
                LateMove(
                    record.position, template, envelope, movedAt, nil, [],
                    try FactChanges.Fact(record.message, envelope).ticker))
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
