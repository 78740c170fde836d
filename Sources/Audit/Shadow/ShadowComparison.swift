public import EventLog
public import Events
import FeedbackLoop
public import Learning
import Market
public import Pipeline

/// A live run beside a backtest over its own facts: what differs, and what each difference cost.
public struct ShadowComparison: Sendable {
    /// What differences of one kind came to.
    public struct Sum: Hashable, Sendable {
        /// The kind.
        public let kind: ShadowDifference.Kind
        /// How many there are.
        public let count: Int
        /// Their cost.
        public let cost: Money
    }

    /// The live run's name.
    public let run: String
    /// Which facts the backtest read, in which order.
    public let order: ShadowReplay.Order
    /// Where the live run stood.
    public let standing: LiveStanding
    /// Facts of the live timeline that were left out, by kind.
    public let leftOut: [(kind: String, count: Int)]
    /// Facts of which the live run was told late; none where both read one timeline.
    public let late: [LateMove]
    /// What both were given: the cash at the beginning, and deposits less withdrawals since.
    public let capital: Money
    /// The live run's value at the close.
    public let liveValue: Money
    /// The backtest's.
    public let shadowValue: Money
    /// What differs, in the order of sessions and tickers.
    public let differences: [ShadowDifference]
    /// Positions that both have, equal in all.
    public let sameTrades: Int
    /// Evaluations that say the same with another confidence.
    public let otherConfidences: Int

    /// What the live run lacks: the backtest's value less its own.
    public var shortfall: Money { shadowValue - liveValue }
    /// The cost of all that is listed.
    public var listed: Money { differences.reduce(.zero) { $0 + $1.cost } }
    /// What is left of the shortfall: interest on other cash, dividends that a broker has paid
    /// otherwise than announced, and rounding.
    public var rest: Money { shortfall - listed }

    /// The kinds that there are, in their order.
    public var sums: [Sum] {
        ShadowDifference.Kind.allCases.compactMap { kind in
            let found = differences.filter { $0.kind == kind }
            guard !found.isEmpty else { return nil }
            return Sum(
                kind: kind, count: found.count, cost: found.reduce(.zero) { $0 + $1.cost })
        }
    }

    /// Basis points of what both were given.
    public func basisPoints(_ cost: Money) -> Double {
        capital == .zero ? 0 : 10_000 * cost.dollars / capital.dollars
    }

    /// Replays a live run's facts as a backtest, in memory, and compares both; nil before the live
    /// run has closed a session.
    ///
    /// - Throws: `LiveRunError.notLive` for a backtest; what a replay throws.
    public init?(
        _ run: OpenedRun, data: EventLog, order: ShadowReplay.Order, trainer: (any Trainer)?,
        progress: @escaping (_ what: String, _ done: Double?) -> Void = { _, _ in }
    ) throws {
        guard let standing = try LiveStanding.read(run) else { return nil }
        let first = standing.start.day
        let (live, shadow) = (ShadowSide(), ShadowSide())
        try run.merged.read(after: standing.beginning, through: standing.end.position) { record in
            if record.reference.isTimeline {
                if record.reference.position > standing.close.timeline { live.isPast = true }
                try live.take(fact: record.message, at: record.reference)
            } else {
                if record.reference.position > standing.close.own { live.isPast = true }
                try live.take(event: record.message, at: record.reference)
            }
            return .proceed
        }
        live.close(standing.world)
        var replay = try ShadowReplay(
            run, standing,
            ShadowReplay.Listener(
                fact: { try shadow.take(fact: $1, at: $0) },
                event: { try shadow.take(event: $1, at: $0) },
                closed: { day, world in
                    let done = Double(day - first) / Double(max(1, standing.day - first))
                    progress("replaying \(day)", done)
                    if day == standing.day { shadow.close(world) }
                }, folded: { progress("folding the rehearsal, \($0)", nil) }))
        try replay.decide(order, data: data, trainer: trainer)
        let late =
            order == .derived ? try LateMove.all(run, through: standing, data: data) : []
        let pairing = ShadowPairing(
            live, shadow, late: late, hasBroker: standing.hasBroker, through: standing.instant)
        (self.run, self.order, self.standing, self.late) = (run.name, order, standing, late)
        leftOut = replay.leftOut
        let given = live.moved.filter { $0.key.isFromOutside }
        capital =
            standing.hasBroker
            ? given.values.reduce(.zero, +)
            : try RunOrigin.read(run.log).strategy.strategy.startCash
        (liveValue, shadowValue) = (live.value, shadow.value)
        (differences, sameTrades) = (pairing.differences, pairing.same)
        otherConfidences = pairing.confidences
    }
}
