import EventLog
public import Events
public import FeedbackLoop
import Learning
public import Market

/// A live run: a run whose end has not come.
///
/// Facts come into the data log at any time. When an instant is due, those that are known by then
/// are moved to the live timeline, one commit that ends with `InstantBegun`; only then the loop
/// decides, by the code that a backtest decides by, and what it decided is one more commit. Whoever
/// opens the run again folds both logs and goes on: an instant that was begun is decided to its
/// end.
public final class LiveRun<S: Strategy>: LiveLoop {
    /// The run's name.
    public let name: String
    private let run: EventLog
    private let timeline: EventLog
    private var live: LiveDriver<S>
    private var pending: PendingFacts
    /// The latest instant that was begun, or the rehearsal's last.
    public private(set) var instant: Instant
    /// Positions of the models of other tools in the timeline.
    private var models: [[UInt8]: UInt64] = [:]
    private let rules: DayRules
    private var tail: DecidedTail

    /// Opens a live run, its logs open for writing, and decides to its end what was begun.
    init(
        _ strategy: S, _ opened: OpenedRun, timeline: EventLog, data: EventLog, rules: DayRules,
        performer: TrainingPerformer, sessions: Int
    ) throws {
        let manifest = try LiveManifest(opened)
        (name, run, self.timeline) = (opened.name, opened.log, timeline)
        self.rules = rules
        let window = ReplayWindow(from: opened.manifest?.firstDay)
        var (past, models) = (MovedFacts(), [[UInt8]: UInt64]())
        var book = LateBook(manifest.live)
        let offset = manifest.parent.position.timeline
        let tail = try DecidedTail(opened, manifest, sessions: sessions)
        let driver = try RunFold.fold(
            strategy, window: window, run: opened.merged, through: tail.start, artefacts: performer
        ) { reference, message in
            guard reference.isTimeline else { return }
            try past.take(message)
            if reference.position > offset { try book.read(message) }
            if let model = try ModelMessage.original(message, in: data) {
                models[model] = reference.position
            }
        }
        let readThrough = driver.read
        var live = try LiveDriver(
            driver, behind: manifest.live.instant, performer: performer)
        if tail.isWhole { live.begin(try LiveBeginning(opened, manifest, rules)) }
        // What was moved behind it: its instants are decided, to the end.
        var rest: [(position: UInt64, message: [UInt8])] = []
        var instant = manifest.live.instant
        guard readThrough >= offset else {
            throw LiveRunError.misplaced(opened.name, try opened.log.head().position)
        }
        try timeline.read(from: readThrough - offset + 1, through: .max, check: .checksum) {
            record in
            try past.take(record.message)
            try book.read(record.message)
            rest.append(
                (record.position + offset, record.message.withUnsafeBytes { Array($0) }))
            if let model = try ModelMessage.original(record.message, in: data) {
                models[model] = record.position + offset
            }
            return .proceed
        }
        _ = try timeline.record(at: try timeline.head().position) { record in
            instant = max(instant, try Envelope(message: record.message).knownAt)
        }
        try LiveRuns.hold(past.latestPosition, of: opened.name, against: data)
        self.live = live
        self.tail = tail
        (self.models, self.instant) = (models, instant)
        pending = try PendingFacts(data, manifest.live, past, book: book)
        guard pending.calendar != nil else { throw LiveRunError.noCalendar(opened.name) }
        try self.live.goOn { recorder in try commit(&recorder) }
        for (position, message) in rest { try read(message.span.bytes, at: position) }
        try self.tail.finish()
    }

    /// The latest session that was closed; nil before the first.
    public var day: Day? { pending.lastDay ?? live.driver.day }

    /// The shared world as it stands.
    public var world: World { live.driver.world }

    /// How many facts came too late.
    public var late: Int { pending.lateCount }

    /// What a share of the run is called on a day.
    public func symbol(of ticker: Ticker, on day: Day) -> Ticker {
        pending.symbol(of: ticker, on: day)
    }

    /// Looks what the data log has more than before.
    public func refresh() throws { _ = try pending.refresh() }

    /// Runs the next instant, if one is due by the clock and what it waits for is there.
    ///
    /// - Returns: what it was, or what the run waits for.
    public func run(at now: Instant) throws -> LiveTurn {
        let next = try upcoming(by: now)
        guard case .due(let instant, let kind, let session) = next else { return next }
        try begin(instant, kind, session: session)
        return next
    }

    /// Says that instants fell due while nobody ran them: the first fact after a start.
    public func missed(through now: Instant) throws {
        guard case .due(let first, _, _) = try upcoming(by: now), first <= now else { return }
        let known = instant.adding(nanoseconds: 1)
        let event = InstantsMissed(
            envelope: Envelope(knownAt: known, recordedAt: known, actor: .scheduler),
            missedFrom: first, missedThrough: now)
        instant = known
        try timeline.append(now: known) { (batch: inout AppendBatch) in _ = batch.append(event) }
        try read(event.encoded().span.bytes, at: live.driver.read + 1)
    }

    /// What comes next: an instant that is due, or what is waited for.
    public func upcoming(by now: Instant) throws -> LiveTurn {
        let session = try nextSession()
        let closes = Instant(session, hour: 21)
        let scheduled = live.driver.due(through: now)
        let act = pending.firstAct(behind: instant, by: now)
        let first = [scheduled, act].compactMap { $0 }.min()
        let kind: InstantKind = first == scheduled ? .schedule : .act
        // A clock that was ahead left the run behind a close that has not come.
        let isAhead = closes > now && instant >= closes
        if let first, first < closes || isAhead { return .due(first, kind, nil) }
        guard closes <= now else { return .idle(session) }
        let standing = try standing(of: session)
        if instant < closes, standing.isComplete(at: now, rules) {
            return .due(closes, .session, session)
        }
        // Whatever is later waits for the session, until the next one's orders would be due.
        let limit = Instant(try calendar.session(after: session), hour: 5, minute: 30)
        guard limit <= now else { return .waiting(standing) }
        if let first, first < limit { return .due(first, kind, nil) }
        return .due(max(limit, instant.adding(nanoseconds: 1)), .missed, session)
    }

    private var calendar: ExchangeCalendar {
        get throws {
            guard let calendar = pending.calendar else { throw LiveRunError.noCalendar(name) }
            return calendar
        }
    }

    private func nextSession() throws -> Day {
        try calendar.session(after: day ?? instant.day - 1)
    }

    /// What of a session is there, and what is not.
    private func standing(of session: Day) throws -> DayStanding {
        let there = try pending.tickers(on: session)
        let world = live.driver.world
        var needed: [Ticker] = []
        for (slot, ticker) in world.prices.tickers.enumerated()
        where world.prices.sessionsWithoutBar(slot) < DayRules.recentSessions {
            needed.append(ticker)
        }
        for holding in world.portfolio.holdings { needed.append(holding.ticker) }
        for order in world.portfolio.orders { needed.append(order.request.ticker) }
        let wanted = Set(needed)
        return DayStanding(
            day: session, tickers: there.count, missing: wanted.subtracting(there).sorted(),
            expected: wanted.count,
            hasIndex: try !pending.knowsIndex() || pending.hasIndex(on: session),
            adjusted: try pending.adjusted(on: session))
    }

    /// Moves what is known by an instant, durably, and lets the loop decide.
    private func begin(_ due: Instant, _ kind: InstantKind, session: Day?) throws {
        var moved = try pending.take(
            through: due, behind: instant, session: kind == .session ? session : nil,
            models: models)
        let last = moved.last.map { max($0.knownAt, due) } ?? due
        if kind == .missed, let session {
            moved.append(try missed(session, at: last))
        }
        let begun = InstantBegun(
            envelope: Envelope(knownAt: last, recordedAt: last, actor: .scheduler),
            moved: UInt32(moved.count), kind: kind)
        try timeline.append(now: last) { (batch: inout AppendBatch) in
            for fact in moved { batch.append(encoded: fact.message.span.bytes) }
            batch.append(begun)
        }
        instant = last
        for fact in moved { try pending.read(fact.message.span.bytes) }
        try pending.read(begun.encoded().span.bytes)
        for fact in moved {
            if let model = fact.model { models[model] = live.driver.read + 1 }
            try read(fact.message.span.bytes, at: live.driver.read + 1)
        }
        try read(begun.encoded().span.bytes, at: live.driver.read + 1)
    }

    /// The fact that a session is over without its bars.
    private func missed(_ session: Day, at known: Instant) throws -> PendingFacts.Moved {
        let standing = try standing(of: session)
        let event = SessionMissed(
            envelope: Envelope(knownAt: known, recordedAt: known, actor: .scheduler),
            day: session, tickers: UInt32(standing.tickers),
            expected: UInt32(standing.expected), lacksIndex: !standing.hasIndex)
        pending.miss(session)
        return PendingFacts.Moved(knownAt: known, message: event.encoded(), model: nil)
    }

    /// Reads an event of the live timeline, and decides what it makes due.
    private func read(_ message: RawSpan, at position: UInt64) throws {
        try live.read(message, at: position) { recorder in try commit(&recorder) }
    }

    /// Writes what was decided, as one commit.
    private func commit(_ recorder: inout Recorder) throws {
        guard !recorder.ends.isEmpty else { return }
        if tail.isOver {
            try run.append(now: recorder.now) { (batch: inout AppendBatch) in
                recorder.each { batch.append(encoded: $0) }
            }
        } else {
            var fresh: [[UInt8]] = []
            try recorder.each { message in
                try tail.take(message) { fresh.append($0.withUnsafeBytes { Array($0) }) }
            }
            if !fresh.isEmpty {
                try run.append(now: recorder.now) { (batch: inout AppendBatch) in
                    for message in fresh { batch.append(encoded: message.span.bytes) }
                }
            }
        }
        recorder.drain()
    }
}

extension LiveBeginning {
    /// That of a run under settings of the service.
    init(_ run: OpenedRun, _ manifest: LiveManifest, _ rules: DayRules) throws {
        self.init(
            rehearsal: manifest.parent.seal,
            event: try run.merged.event(at: manifest.parent.position),
            instant: manifest.live.instant, service: rules.text + manifest.live.terms,
            program: Program.version)
        // Those that it began with.
        _ = try run.log.record(at: 1) { record in
            let first = try ConfigurationChanged(message: record.message)
            service = String(decoding: first.text, as: UTF8.self)
            program = first.program ?? ""
        }
    }
}
