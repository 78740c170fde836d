import EventLog
import Events
import Market

/// The facts of a data log that a live run has not been moved yet, in order of knowledge.
///
/// It is read again whenever the log has grown, from the first fact on that is still to be moved. A
/// fact is moved once: by its position, and where several files say it (a close of the index, a
/// corporate action) by what it is about.
struct PendingFacts {
    /// A fact as the live timeline has it.
    struct Moved {
        var knownAt: Instant
        var message: [UInt8]
        /// A model of another tool, as predictions name it; nil for every other fact.
        var model: [UInt8]?
    }

    private let log: EventLog
    private let live: RunManifest.Live
    private let reader: FactIndex.Reader
    /// What is still to be moved.
    private(set) var index: FactIndex
    private var merge = SessionMerge()
    private var instruments: Instruments
    private var readThrough: UInt64
    private var first: UInt64 = 1
    private var edit = FactEdit()
    private var past = MovedFacts()
    /// The latest session that was moved, or was in the rehearsal.
    private(set) var lastDay: Day?
    private var book: LateBook?
    /// Facts that are late, by their positions in the data log.
    private var late: Set<UInt64> = []
    /// Those that are moved for the next instant: what they are, and when the world knew them.
    private var moving: [(position: UInt64, template: UInt16, knownAt: Instant)] = []

    /// What a live run was moved so far is `past`, and by `book` is told what is late; `reader` is
    /// the run itself unless it is named.
    init(
        _ log: EventLog, _ live: RunManifest.Live, _ past: MovedFacts, book: LateBook? = nil,
        for reader: FactIndex.Reader? = nil
    ) throws {
        (self.log, self.live, self.past) = (log, live, past)
        self.book = book
        if let book { late = Set(try LateMove.all(book, data: log).map(\.position)) }
        self.reader = reader ?? FactIndex.Reader(live)
        edit.positions = past.positions
        lastDay = past.lastDay
        readThrough = try log.head().position
        let whole = try FactIndex(log, through: readThrough, for: self.reader)
        instruments = Instruments(whole.symbolChanges)
        for day in whole.days where past.hasBars(day.day) {
            let moved = try PendingFacts.traded(day, whole, live)
            _ = try merge.merge(moved.positions.isEmpty ? day : moved, whole, &instruments)
        }
        index = whole
        try settle()
    }

    /// The calendar whose sessions are the sessions; nil without one.
    var calendar: ExchangeCalendar? { index.calendar }

    /// Reads what the log has more than before; false when that is nothing.
    mutating func refresh() throws -> Bool {
        let head = try log.head().position
        guard head > readThrough else { return false }
        let fresh = try FactIndex(
            log, from: first, through: head, edit, behind: index, for: reader)
        readThrough = head
        if fresh.symbolChanges.isEmpty {
            index = fresh
            try settle()
        } else {
            // What a symbol stands for follows from all changes and all bars.
            self = try PendingFacts(log, live, past, book: book, for: reader)
        }
        return true
    }

    /// Leaves out what was moved, or was in the rehearsal, or can be no more.
    private mutating func settle() throws {
        let (live, past, last) = (live, past, lastDay)
        let facts = index
        try index.drop { fact in
            let position = facts.position(of: fact)
            if position <= live.position, fact.knownAt <= live.instant { return true }
            if past.positions.contains(position) { return true }
            return try past.holds(try facts.message(of: fact).message)
        } days: { day in
            last.map { day <= $0 } ?? false
        }
        if let book {
            for day in facts.days {
                late.formUnion(day.positions.filter { book.isLate(day.day, at: $0) })
            }
        }
        first = index.firstPosition ?? readThrough + 1
    }

    /// A session is over without its bars: those that come later stay in the data log.
    mutating func miss(_ day: Day) {
        past.miss(day)
        lastDay = day
    }

    /// How many facts the run was told of too late, or of bars never.
    var lateCount: Int { late.count }

    /// What was moved for an instant was read with it.
    mutating func read(_ message: RawSpan) throws {
        try book?.read(message)
        guard let book, try MessageHeader(message).templateID == InstantBegun.templateID else {
            return
        }
        for fact in moving
        where book.isLate(fact.template, knownAt: fact.knownAt, movedAt: book.instant) {
            late.insert(fact.position)
        }
        moving = []
        // Bars of a session that is over now are late, or were moved.
        if let lastDay, index.days.first.map({ $0.day <= lastDay }) ?? false { try settle() }
    }

    /// When the first act of a person is to be answered; nil where none is known by now. One that
    /// was known when the run was at a later instant (a clock was wrong) is answered behind that.
    func firstAct(behind instant: Instant, by now: Instant) -> Instant? {
        guard let act = index.others.first(where: { FactIndex.isAct($0.rank) }),
            act.knownAt <= now
        else { return nil }
        return max(act.knownAt, instant.adding(nanoseconds: 1))
    }

    /// What an instrument is called on a day.
    func symbol(of instrument: Ticker, on day: Day) -> Ticker {
        instruments.symbol(of: instrument, on: day)
    }

    /// The bars of a day by which a session closes: with a broker those that were traded, of no
    /// file that is adjusted.
    private static func traded(
        _ day: FactIndex.SessionDay, _ index: FactIndex, _ live: RunManifest.Live
    ) throws -> FactIndex.SessionDay {
        guard live.hasBroker else { return day }
        var traded = day
        try traded.positions.removeAll { position in
            guard position > live.position else { return false }
            var isAdjusted = false
            try index.event(at: position) { record in
                isAdjusted = try SessionClosedView(record.message).adjustment != .none
            }
            return isAdjusted
        }
        return traded
    }

    /// Files of a session's bars that are adjusted, by which none closes with a broker.
    func adjusted(on day: Day) throws -> Int {
        guard let found = index.days.first(where: { $0.day == day }) else { return 0 }
        return found.positions.count - (try PendingFacts.traded(found, index, live)).positions.count
    }

    /// The bars of a session that are in the log, by instrument.
    func tickers(on day: Day) throws -> Set<Ticker> {
        guard let all = index.days.first(where: { $0.day == day }) else { return [] }
        let found = try PendingFacts.traded(all, index, live)
        var tickers: Set<Ticker> = []
        for position in found.positions {
            try index.event(at: position) { record in
                for bar in try SessionClosed(message: record.message).bars {
                    tickers.insert(instruments.instrument(bar.ticker, at: Instant(day, hour: 21)))
                }
            }
        }
        return tickers
    }

    /// Whether the market index's close of a day is there.
    func hasIndex(on day: Day) throws -> Bool {
        if past.hasIndex(on: day) { return true }
        for fact in index.others where fact.rank == FactIndex.rankOfIndices {
            let message = try index.message(of: fact).message
            let close = try IndexClosed(message: message.span.bytes)
            if close.series == .market, close.day == day { return true }
        }
        return false
    }

    /// Whether the log ever told a close of the market index.
    func knowsIndex() throws -> Bool {
        if past.knowsIndex { return true }
        for fact in index.others where fact.rank == FactIndex.rankOfIndices {
            let message = try index.message(of: fact).message
            if try IndexClosed(message: message.span.bytes).series == .market { return true }
        }
        return false
    }

    /// Takes what is to be moved for an instant: all facts known by it, none of them before
    /// `last`, the instant before; with `session` that day's bars too.
    mutating func take(
        through instant: Instant, behind last: Instant, session: Day?,
        models: [[UInt8]: UInt64]
    ) throws -> [Moved] {
        try index.postpone(to: last.adding(nanoseconds: 1))
        var moved: [Moved] = []
        for fact in index.others.prefix(while: { $0.knownAt <= instant }) {
            instruments.begin(fact.knownAt.day)
            let position = index.position(of: fact)
            edit.positions.insert(position)
            let original = try index.message(of: fact).message
            guard
                var message = try Timeline.stated(
                    fact, index, instruments, isBehindSession: false, models)
            else { continue }
            let flags = try Envelope(message: message.span.bytes).flags
            FactIndex.replaceEnvelope(
                &message,
                Envelope(
                    knownAt: fact.knownAt, recordedAt: fact.knownAt, actor: .timeline,
                    flags: flags),
                from: position)
            try past.take(original, at: position)
            let template = try MessageHeader(original.span.bytes).templateID
            let knownAt = try Envelope(message: original.span.bytes).knownAt
            if book != nil { moving.append((position, template, knownAt)) }
            let isModel = template == ModelImported.templateID
            moved.append(
                Moved(
                    knownAt: fact.knownAt, message: message, model: isModel ? original : nil))
        }
        index.drop({ $0.knownAt <= instant }, days: { _ in false })
        if let session { try takeSession(session, behind: last, &moved) }
        first = index.firstPosition ?? readThrough + 1
        return moved
    }

    private mutating func takeSession(
        _ day: Day, behind last: Instant, _ moved: inout [Moved]
    ) throws {
        guard let all = index.days.first(where: { $0.day == day }) else { return }
        let bars = try PendingFacts.traded(all, index, live)
        guard var closed = try merge.merge(bars, index, &instruments)
        else { return }
        let knownAt = max(closed.envelope.knownAt, last.adding(nanoseconds: 1))
        closed.envelope = Envelope(
            knownAt: knownAt, recordedAt: knownAt, through: bars.positions.max() ?? 0,
            actor: .timeline, flags: closed.envelope.flags)
        past.close(day, bars.positions)
        lastDay = day
        index.drop({ _ in false }, days: { $0 <= day })
        let place = moved.firstIndex { $0.knownAt > knownAt } ?? moved.endIndex
        moved.insert(Moved(knownAt: knownAt, message: closed.encoded()), at: place)
    }
}
