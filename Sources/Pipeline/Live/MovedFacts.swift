import Events

/// What a live run and its rehearsal were told: by position, and by what a fact is about where
/// several files may tell it.
struct MovedFacts {
    private struct IndexKey: Hashable {
        var series: IndexSeries
        var day: Day
    }

    private struct ActionKey: Hashable {
        var day: Day
        var ticker: Ticker
        var kind: CorporateActionKind
    }

    /// Positions of the data log.
    private(set) var positions: Set<UInt64> = []
    /// The greatest of them, and of the bars of sessions; 0 for none.
    private(set) var latestPosition: UInt64 = 0
    /// The latest session.
    private(set) var lastDay: Day?
    /// The last position of the bars of each session.
    private var lastBars: [Day: UInt64] = [:]
    private var indices: Set<IndexKey> = []
    private var actions: Set<ActionKey> = []
    /// Whether any close of the market index was told.
    private(set) var knowsIndex = false

    /// Takes a fact of the rehearsal's timeline or of the live one.
    mutating func take(_ message: RawSpan) throws {
        let position = try Envelope(message: message).through
        if position > 0 { positions.insert(position) }
        latestPosition = max(latestPosition, position)
        switch try MessageHeader(message).templateID {
        case SessionClosed.templateID:
            let day = try SessionClosedView(message).day
            lastDay = day
            lastBars[day] = position
        case SessionMissed.templateID: miss(try SessionMissedView(message).day)
        case IndexClosed.templateID: take(try IndexClosed(message: message))
        case CorporateActionAnnounced.templateID:
            actions.insert(MovedFacts.key(try CorporateActionAnnounced(message: message)))
        default: break
        }
    }

    /// Takes a fact that is moved from a position, as the data log has it.
    mutating func take(_ message: [UInt8], at position: UInt64) throws {
        try take(message.span.bytes)
        positions.insert(position)
    }

    /// Takes a session whose bars stand at these positions.
    mutating func close(_ day: Day, _ bars: [UInt64]) {
        lastDay = day
        lastBars[day] = bars.max() ?? 0
    }

    /// A session is over without its bars.
    mutating func miss(_ day: Day) { lastDay = day }

    /// Whether a session was told with its bars.
    func hasBars(_ day: Day) -> Bool { lastBars[day] != nil }

    private mutating func take(_ close: IndexClosed) {
        if close.series == .market { knowsIndex = true }
        indices.insert(IndexKey(series: close.series, day: close.day))
    }

    /// Whether a fact that several files may tell was told.
    func holds(_ message: [UInt8]) throws -> Bool {
        let bytes = message.span.bytes
        switch try MessageHeader(bytes).templateID {
        case IndexClosed.templateID:
            let close = try IndexClosed(message: bytes)
            return indices.contains(IndexKey(series: close.series, day: close.day))
        case CorporateActionAnnounced.templateID:
            return actions.contains(MovedFacts.key(try CorporateActionAnnounced(message: bytes)))
        default: return false
        }
    }

    /// Whether the market index's close of a day was told.
    func hasIndex(on day: Day) -> Bool {
        indices.contains(IndexKey(series: .market, day: day))
    }

    private static func key(_ action: CorporateActionAnnounced) -> ActionKey {
        ActionKey(day: action.exDay, ticker: action.ticker, kind: action.kind)
    }
}
