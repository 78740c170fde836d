public import Events
import Learning

/// Figures of a set of closed trades; open positions stand outside them.
public struct TradeMetrics: Hashable, Sendable {
    /// A net return above this is a win, one below its negative a loss, else breakeven, where the
    /// log does not say which.
    public static let breakevenBand = 0.005

    /// Closed trades.
    public var count: Int
    /// Wins: a net return above 0.5 %.
    public var wins: Int
    /// Losses: a net return below −0.5 %.
    public var losses: Int
    /// Wins / count, nil without trades.
    public var winRate: Double?
    /// Trades with a profit above 0, however small.
    public var aboveZero: Int
    /// `aboveZero` / count, nil without trades.
    public var shareAboveZero: Double?
    /// Dollars of all trades above 0 / dollars of all below, gross; nil without one below, and
    /// under 30 trades (`Scarcity`).
    public var profitFactor: Double?
    /// Mean net return of the wins.
    public var averageWin: Double?
    /// Mean net return of the losses; negative.
    public var averageLoss: Double?
    /// Mean net return of all trades: what one trade is expected to give.
    public var expectancy: Double?
    /// Mean profit of all trades in dollars.
    public var expectancyDollars: Double?
    /// The highest net return.
    public var best: Double?
    /// The lowest net return.
    public var worst: Double?
    /// Mean excess over the index from entry to exit, over the trades that have one.
    public var averageExcess: Double?
    /// Mean calendar days held.
    public var averageHoldingDays: Double?
    /// Mean sessions held.
    public var averageHoldingSessions: Double?
    /// Mean of the trades' highest returns while held, over those that have one.
    public var averageFavorableExcursion: Double?
    /// Mean of the trades' lowest returns while held, over those that have one.
    public var averageAdverseExcursion: Double?
    /// Profit of all trades.
    public var profit: Money

    /// The figures of some trades.
    public init(_ trades: [ClosedTrade]) {
        let won = trades.filter { $0.outcome == .win }
        let lost = trades.filter { $0.outcome == .loss }
        let above = trades.filter { $0.profit > .zero }
        let below = trades.filter { $0.profit < .zero }
        let returns = trades.map(\.netReturn)
        count = trades.count
        wins = won.count
        losses = lost.count
        aboveZero = above.count
        profit = Self.total(trades)
        winRate = trades.isEmpty ? nil : Double(won.count) / Double(trades.count)
        shareAboveZero = trades.isEmpty ? nil : Double(above.count) / Double(trades.count)
        profitFactor =
            below.isEmpty || trades.count < Scarcity.fewestTrades
            ? nil : Self.total(above).dollars / -Self.total(below).dollars
        averageWin = Moments.mean(won.map(\.netReturn))
        averageLoss = Moments.mean(lost.map(\.netReturn))
        expectancy = Moments.mean(returns)
        expectancyDollars = trades.isEmpty ? nil : profit.dollars / Double(trades.count)
        best = returns.max()
        worst = returns.min()
        averageExcess = Moments.mean(trades.compactMap(\.excessReturn))
        averageHoldingDays = Moments.mean(trades.map { Double($0.holdingDays) })
        averageHoldingSessions = Moments.mean(trades.map { Double($0.holdingSessions) })
        averageFavorableExcursion = Moments.mean(trades.compactMap(\.favorableExcursion))
        averageAdverseExcursion = Moments.mean(trades.compactMap(\.adverseExcursion))
    }

    /// The class of a net return.
    static func outcome(of netReturn: Double) -> OutcomeClass {
        netReturn > breakevenBand ? .win : netReturn < -breakevenBand ? .loss : .breakeven
    }

    private static func total(_ trades: [ClosedTrade]) -> Money {
        trades.reduce(into: .zero) { $0 += $1.profit }
    }
}
