public import EventLog
public import Events
public import FeedbackLoop
public import Learning
public import Market

/// What stands at the end of a run or a replay: what its loop does at the next open, and what it
/// says of any ticker. Nothing is decided or recorded by asking.
public struct LoopOutlook: Sendable {
    /// What the loop does with a ticker at the next open.
    public enum Decision: Sendable {
        /// It buys: the order that waits for the open.
        case buy(OrderSubmitted)
        /// It sells: the order that waits for the open, and why it was triggered.
        case sell(OrderSubmitted, ExitReason?)
        /// It goes on holding.
        case hold(Holding)
        /// The latest session's signal became no order.
        case skipped(SkipReason)
        /// Nothing is due.
        case nothing
    }

    private let strategy: LoopStrategy
    private let world: World
    private let performer: TrainingPerformer
    private let skipped: Lookup<Ticker, SkipReason>

    /// The latest session; nil where there is none.
    public var day: Day? { world.day }
    /// The champion, its weight, and when a model says buy or sell.
    public var standing: LoopStanding { strategy.standing }
    /// The orders that wait for the next open, in order of submission.
    public var orders: [OrderSubmitted] { world.portfolio.orders.map(\.request) }
    /// Every ticker that has bars or was filed on, in order.
    public var tickers: [Ticker] {
        var all = (world.prices.tickers + strategy.filedTickers).sorted()
        all = all.enumerated().filter { $0 == 0 || all[$0 - 1] != $1 }.map(\.element)
        return all
    }

    /// What is done with a ticker at the next open.
    public func decision(on ticker: Ticker) -> Decision {
        let holding = world.portfolio.holdings.first { $0.ticker == ticker }
        if let order = orders.first(where: { $0.ticker == ticker }) {
            return order.side == .buy ? .buy(order) : .sell(order, holding?.exitReason)
        }
        if let holding { return .hold(holding) }
        return skipped[ticker].map { .skipped($0) } ?? .nothing
    }

    /// What the loop says of a ticker; nil where there is no session.
    ///
    /// - Throws: `LoopError.artefactLost` when the champion's trees cannot be lent.
    public func opinion(of ticker: Ticker) throws -> Opinion? {
        try strategy.opinion(of: ticker, world, artefacts: performer)
    }

    /// The same where the ticker's prices are these, the last one that of the latest session.
    public func opinion(of ticker: Ticker, bars: [Bar]) throws -> Opinion? {
        guard world.day != nil, !bars.isEmpty else { return nil }
        var world = world
        let prices = world.prices
        var kept = prices.tickers.indices.map { prices.kept($0) }
        let own = PriceBook.Kept(
            ticker: ticker, session: world.session, bars: bars.suffix(prices.historySessions))
        if let slot = prices.slot(of: ticker) { kept[slot] = own } else { kept.append(own) }
        world.prices = PriceBook(
            historySessions: prices.historySessions, sessions: prices.sessions, kept: kept,
            waiting: prices.waitingActions)
        return try strategy.opinion(of: ticker, world, artefacts: performer)
    }

    /// What stands at the end of a run, by its own events.
    ///
    /// - Throws: what `RunFold.fold` throws.
    public init(
        of strategy: LoopStrategy, run: MergedLog, window: ReplayWindow,
        trainer: (any Trainer)? = nil
    ) throws {
        performer = TrainingPerformer(trainer)
        var skips = Skips()
        let driver = try RunFold.fold(
            strategy, window: window, run: run, artefacts: performer
        ) { reference, message in
            if !reference.isTimeline { try skips.take(message) }
        }
        (self.strategy, world) = (driver.strategy, driver.world)
        skipped = skips.of(world.day)
    }

    /// What stands when a timeline was replayed to its end; no log is written.
    public init(
        of strategy: LoopStrategy, timeline: EventLog, window: ReplayWindow = ReplayWindow(),
        trainer: (any Trainer)? = nil, progress: (Day) -> Void = { _ in }
    ) throws {
        performer = TrainingPerformer(trainer)
        let head = try timeline.head()
        var skips = Skips()
        var replay = Replay(strategy, window: window, performer: performer)
        try Run.drive(&replay, timeline, head, .checksum, progress) { recorder in
            try recorder.each { try skips.take($0) }
            recorder.drain()
        }
        (self.strategy, world) = (replay.strategy, replay.world)
        skipped = skips.of(world.day)
    }

    /// The signals of the latest session that became no order.
    private struct Skips {
        private var day: Day?
        private var reasons = Lookup<Ticker, SkipReason>()

        mutating func take(_ message: RawSpan) throws {
            guard try MessageHeader(message).templateID == SignalSkipped.templateID else { return }
            let skip = try SignalSkipped(message: message)
            if skip.day != day { (day, reasons) = (skip.day, Lookup()) }
            reasons[skip.ticker] = skip.reason
        }

        func of(_ latest: Day?) -> Lookup<Ticker, SkipReason> {
            day == latest ? reasons : Lookup()
        }
    }
}
