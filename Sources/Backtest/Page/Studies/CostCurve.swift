import Events
import Market

/// The decisions of a run at other costs: every order filled in the same session, for the same
/// shares, at the same price of the market, and only slippage another.
///
/// It is what a run would have come to had its costs been others and nothing decided by them: what
/// a change of value would have done to later sizes is left out, as is interest on the difference.
/// `VariantCurves` decides anew instead, which answers another question and no cost alone.
public struct CostCurve: Sendable {
    /// Slippage a side that is priced beside the run's own, basis points.
    static let points = [0.0, 5, 10, 20]

    /// By slippage, ascending, the run's own among them.
    var costs: [Variant] = []
    /// Whether all fills of the run had one slippage.
    private(set) var isOne = true
    /// Slippage a side at which the run would have ended with what it began with, basis points;
    /// nil where it loses without any, or traded nothing.
    public private(set) var breakEven: Double?
    /// The same where its excess over the index at equal exposure is 0.
    public private(set) var excessBreakEven: Double?

    /// Nothing priced.
    init() {}

    /// Prices a run's fills under `market`, which are the costs that it had.
    init(_ report: BacktestReport, _ fills: RunFills, _ market: Costs) {
        let own = market.slippageBasisPoints
        guard !fills.fills.isEmpty, !report.daily.isEmpty else { return }
        func priced(_ slippage: Double) -> BacktestReport {
            CostCurve.report(report, fills, market, slippage: slippage)
        }
        let points = CostCurve.points.contains(own) ? CostCurve.points : CostCurve.points + [own]
        // A fork's past was filled at its parent's costs: then no point is the run itself.
        isOne = priced(own).daily == report.daily
        costs = points.sorted().map { Variant($0, isOwn: isOne && $0 == own, priced($0)) }
        // Profit is linear in slippage: two points give its zero.
        let start = report.facts.startingValue.dollars
        func profit(_ slippage: Double) -> Double {
            (priced(slippage).daily.last?.value.dollars ?? start) - start
        }
        let (free, dear) = (profit(0), profit(100))
        if free > 0, free > dear { breakEven = 100 * free / (free - dear) }
        excessBreakEven = CostCurve.zero { priced($0).whole.index.equalExposureAnnual }
    }

    /// The least slippage at which a function of it is 0, to a thousandth of a basis point; nil
    /// where it is not known, or not above 0 without any slippage, or above it up to a thousand.
    ///
    /// The first step, each twice the one before, that ends at 0 or below is halved. At costs that
    /// eat the portfolio the excess at equal exposure rises again: what comes later is no answer.
    static func zero(_ value: (Double) -> Double?) -> Double? {
        guard let first = value(0), first > 0 else { return nil }
        var (low, high) = (0.0, 1.0)
        while true {
            guard let found = value(high) else { return nil }
            if found <= 0 { break }
            (low, high) = (high, 2 * high)
            if high > 1_000 { return nil }
        }
        while high - low > 0.001 {
            let middle = (low + high) / 2
            guard let found = value(middle) else { return nil }
            if found > 0 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The report as it would be with other slippage.
    static func report(
        _ report: BacktestReport, _ fills: RunFills, _ costs: Costs, slippage: Double
    ) -> BacktestReport {
        var costs = costs
        costs.slippageBasisPoints = slippage
        var changes = Array(repeating: Money.zero, count: fills.paid.count)
        var paid = fills.paid
        var changed = report
        var next = 0
        var cash = Money.zero
        let all = fills.fills
        for place in changed.daily.indices {
            let day = changed.daily[place].day
            var turnover = Money.zero
            while next < all.count, all[next].day <= day {
                let fill = all[next]
                next += 1
                let change = CostCurve.change(fill, costs)
                cash += change
                // What a session traded is what its fills moved of cash.
                if fill.side == .buy { turnover -= change } else { turnover += change }
                changes[fill.holding] += change
                if fill.side == .buy { paid[fill.holding] -= change }
            }
            let invested = changed.daily[place].value - changed.daily[place].cash
            changed.daily[place].cash += cash
            changed.daily[place].value += cash
            changed.daily[place].turnover += turnover
            if cash != .zero {
                let value = changed.daily[place].value.dollars
                changed.daily[place].exposure = value == 0 ? 0 : invested.dollars / value
            }
        }
        for place in changed.trades.indices where place < fills.outcomes.count {
            guard let number = fills.outcomes[place], changes[number] != .zero,
                paid[number] > .zero
            else { continue }
            let before = changed.trades[place].netReturn
            changed.trades[place].profit += changes[number]
            let after = changed.trades[place].profit.dollars / paid[number].dollars
            changed.trades[place].netReturn = after
            changed.trades[place].outcome = TradeMetrics.outcome(of: after)
            if let excess = changed.trades[place].excessReturn {
                changed.trades[place].excessReturn = excess + after - before
            }
        }
        return changed
    }

    /// What other costs change of a fill's cash.
    private static func change(_ fill: RunFills.Fill, _ costs: Costs) -> Money {
        let price = fill.isCloseOut ? fill.price : costs.price(fill.marketPrice, side: fill.side)
        let amount = Money(dollars: fill.quantity.shares * price)
        let commission = costs.commission(fill.quantity, at: price, side: fill.side, on: fill.day)
        return (fill.side == .buy ? -(amount + commission) : amount - commission)
            - fill.cashChange
    }
}
