public import Events
import Learning
import Market

/// A trade made elsewhere becomes an outcome when it is told of: a row to train on where the loop
/// had evaluated the ticker by its entry, and else the reason why it is none.
///
/// It is no trade of the portfolio, and no shadow arm's: it counts in neither.
public enum TradeToOutcome {
    /// Days before an entry in which an evaluation still says what was known then: a ticker with
    /// recent trades is evaluated each week.
    public static let reachDays = 10

    /// Net return of the trade's own direction, as a fraction of its entry; prices are as paid.
    /// Of prices outside their range it is capped at `InputRange.tradeReturn`.
    public static func netReturn(of trade: borrowing TradeRecorded) -> Double {
        let gain = trade.exitPrice / trade.entryPrice - 1
        guard !gain.isNaN else { return 0 }
        let range = InputRange.tradeReturn
        return min(
            max(trade.direction == .short ? -gain : gain, range.lowerBound), range.upperBound)
    }

    /// Whether prices, shares and their products lie in the ranges that an outcome can be learnt
    /// from. A log may hold a trade from before there were any.
    static func isInRange(_ trade: borrowing TradeRecorded) -> Bool {
        let shares = trade.quantity.shares
        return InputRange.price.contains(trade.entryPrice)
            && InputRange.price.contains(trade.exitPrice)
            && InputRange.shares.contains(shares)
            && InputRange.notional.contains(shares * trade.entryPrice)
            && InputRange.notional.contains(shares * trade.exitPrice)
            && InputRange.tradeReturn.contains(trade.exitPrice / trade.entryPrice - 1)
    }

    static func record(
        _ trade: TradeRecorded, _ fact: Reference, _ state: inout LoopState, _ desk: inout Desk
    ) {
        let signal = trade.enteredAt.flatMap {
            state.trail.latest(trade.ticker, at: $0, reachDays: reachDays)
        }
        let features = signal.flatMap { state.row($0)?.features } ?? []
        desk.record(
            outcome(trade, fact, signal, features, state, desk.world, desk.recorder), &state)
    }

    /// Why the trade is no row: the first of a price out of range, no entry time, no evaluation in
    /// reach, an outcome of that evaluation before it.
    private static func obstacle(
        _ trade: TradeRecorded, _ signal: Reference?, _ features: [Float],
        _ state: borrowing LoopState
    ) -> UnusedRowReason? {
        guard isInRange(trade) else { return .noPrice }
        if trade.enteredAt == nil { return .noEntryTime }
        guard let signal, !features.isEmpty else { return .noFeatures }
        return state.rows.traded[signal] == nil ? nil : .duplicate
    }

    private static func outcome(
        _ trade: TradeRecorded, _ fact: Reference, _ signal: Reference?, _ features: [Float],
        _ state: borrowing LoopState, _ world: borrowing World, _ recorder: borrowing Recorder
    ) -> OutcomeRecorded {
        let rules = state.labels.rules
        let net = netReturn(of: trade)
        let (entryDay, exitDay) = (trade.enteredAt?.day, trade.exitedAt?.day)
        let held = entryDay.flatMap { entry in exitDay.map { max(0, $0 - entry) } }
        let timeout = entryDay.map { $0 + rules.timeoutDays }
        let index = indexReturn(entryDay, exitDay, world.index)
        return OutcomeRecorded(
            envelope: recorder.envelope(causation: fact, correlation: fact), entryOrder: fact,
            exitFill: .none, signal: features.isEmpty ? .none : signal ?? .none,
            quantity: trade.quantity, entryPrice: trade.entryPrice, exitPrice: trade.exitPrice,
            netReturn: net,
            returnDollars: Money(dollars: net * trade.entryPrice * trade.quantity.shares),
            indexReturn: index, excessReturn: index.map { net - $0 }, favourableExcursion: nil,
            adverseExcursion: nil,
            entryDay: entryDay, exitDay: exitDay,
            matureAfter: timeout.map { max($0, exitDay ?? $0) }, ticker: trade.ticker,
            holdingDays: UInt16(clamping: held ?? 0),
            holdingSessions: UInt16(clamping: sessions(entryDay, exitDay, world)),
            featureSchema: features.isEmpty ? 0 : FeatureCatalogue.schema,
            outcome: rules.outcome(net),
            label: rules.outcome(trade.direction == .short ? -net : net),
            direction: trade.direction, source: .recorded, reason: .recorded,
            untrainable: obstacle(trade, signal, features, state)
                ?? (rules.measure == .excess && index == nil ? .noLabel : nil),
            features: features.map { OutcomeRecorded.Feature(value: $0) })
    }

    /// The index's simple return from the open of the entry's day to the close of the exit's; nil
    /// where either is not known.
    private static func indexReturn(
        _ from: Day?, _ to: Day?, _ index: borrowing IndexBook
    ) -> Double? {
        guard let from, let to, let entry = index.open(of: from), let exit = index.close(of: to)
        else { return nil }
        return exit / entry - 1
    }

    /// Sessions of the index from entry to exit; 0 where either is not known.
    private static func sessions(_ from: Day?, _ to: Day?, _ world: borrowing World) -> Int {
        guard let from, let to else { return 0 }
        return world.index.levels.reduce(0) { $0 + ($1.day > from && $1.day <= to ? 1 : 0) }
    }
}
