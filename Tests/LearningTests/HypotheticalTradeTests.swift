import Events
import Learning
import Market
import Testing

@Suite("Hypothetical trades")
struct HypotheticalTradeTests {
    private let decided = Day(year: 2020, month: 3, day: 2)!
    private var rules = {
        var rules = LabelRules(
            costs: Costs(slippageBasisPoints: 0, commissionBasisPoints: 0), stopMultiple: 1.5,
            trailingFraction: 0.2, takeProfitFraction: 0, timeoutDays: 10, noPriceSessions: 5,
            delistingHaircut: 0.3, breakeven: 0.005)
        rules.measure = .net
        return rules
    }()

    /// Sessions on consecutive days after the decision; open, high, low, close.
    private func trade(_ bars: [(Double, Double, Double, Double)?], atr: Double? = 2)
        -> HypotheticalTrade
    {
        hypotheticalTrade(
            decidedOn: decided, averageTrueRange: atr,
            sessions: bars.enumerated().map { index, bar in
                (
                    decided + index + 1,
                    bar.map { Bar(open: $0.0, high: $0.1, low: $0.2, close: $0.3, volume: 100) }
                )
            }, rules: rules)
    }

    private let flat: (Double, Double, Double, Double)? = (100, 101, 99, 100)

    @Test(
        "a timeout is decided on its day and filled at the next open, and then the label is mature")
    func timeout() {
        var bars = Array(repeating: flat, count: 11)
        bars.append((110, 111, 109, 110))
        let before = trade(Array(bars.prefix(11)))
        #expect(before.exit == nil && before.matureOn == nil)
        let after = trade(bars)
        #expect(after.exit?.reason == .timeout)
        #expect(abs((after.exit?.netReturn ?? 0) - 0.1) < 1e-12)
        #expect(after.entryDay == decided + 1)
        #expect(
            after.matureOn == decided + 12, "entry on the 1st, due on the 11th, filled the next")
    }

    /// A trade bought at the open of the first session and stopped out in the fourth, measured by
    /// an index whose levels are given by session.
    private func measured(_ index: [(open: Double?, close: Double?)]) -> HypotheticalTrade {
        var rules = rules
        rules.measure = .excess
        var trade = HypotheticalTrade(decidedOn: decided, session: 0, averageTrueRange: 2)
        for session in 1...12 {
            let low = session == 4 ? 96.0 : 99
            trade.close(
                Bar(open: 100, high: 101, low: low, close: 100, volume: 100),
                day: decided + session, session: session, rules: rules, index: index[session - 1])
        }
        return trade
    }

    @Test("a return over the index is missing where the index lacks either day, and never net")
    func unmeasured() {
        let level: (open: Double?, close: Double?) = (50, 51)
        var levels = Array(repeating: level, count: 12)
        levels[3] = (52, 55)
        let whole = measured(levels)
        #expect(whole.exit?.reason == .stop)
        #expect(abs((whole.exit?.netReturn ?? 0) - (-0.03 - 0.1)) < 1e-12, "from 50 to 55")
        for (session, isMissing) in [(0, true), (1, false), (3, true), (11, false)] {
            var holed = levels
            holed[session] = (nil, nil)
            let trade = measured(holed)
            #expect(trade.exit?.netReturn.isNaN == isMissing, "session \(session + 1)")
            #expect(trade.matureOn == whole.matureOn)
        }
    }

    @Test("a stop ends the trade early and makes the label mature no earlier")
    func stop() {
        var bars = Array(repeating: flat, count: 11)
        bars[3] = (98, 99, 96, 96.5)
        let early = trade(Array(bars.prefix(6)))
        #expect(early.exit?.reason == .stop && early.exit?.day == decided + 4)
        #expect(abs((early.exit?.netReturn ?? 0) + 0.03) < 1e-12, "at the level, 1.5 · 2 below 100")
        #expect(early.matureOn == nil)
        #expect(trade(bars + [flat]).matureOn == decided + 12)
    }

    @Test("a gap below the stop fills at the open; in the entry session the level fills")
    func gaps() {
        let gapped = trade([flat, (90, 91, 89, 90)])
        #expect(abs((gapped.exit?.netReturn ?? 0) + 0.1) < 1e-12)
        let entry = trade([(100, 101, 90, 95)])
        #expect(abs((entry.exit?.netReturn ?? 0) + 0.03) < 1e-12)
    }

    @Test("the trailing stop binds once it is the higher one, and names the reason")
    func trailing() {
        let rising = trade([flat, (150, 150, 150, 150), (121, 121, 119, 119)])
        #expect(rising.exit?.reason == .trailingStop)
        #expect(abs((rising.exit?.netReturn ?? 0) - 0.2) < 1e-12, "80 % of the highest close")
    }

    @Test("five sessions without a bar close it at the last close less the haircut")
    func noPrice() {
        let gone = trade([flat, flat] + Array(repeating: nil, count: 5))
        #expect(gone.exit?.reason == .noPrice)
        #expect(abs((gone.exit?.netReturn ?? 0) + 0.3) < 1e-12)
        #expect(gone.matureOn == decided + 7)
        #expect(trade([flat, flat] + Array(repeating: nil, count: 4)).matureOn == nil)
    }

    @Test(
        "without a bar at the next session, or without an ATR, nothing is bought: there is no label"
    )
    func void() {
        for never in [trade([nil, flat]), trade([flat], atr: nil)] {
            #expect(never.isVoid && never.exit == nil)
        }
    }

    @Test("a short is taught as what its ticker did for a long")
    func classes() {
        #expect(rules.outcome(0.0051) == .win && rules.outcome(-0.0051) == .loss)
        #expect(rules.outcome(0.005) == .breakeven && rules.outcome(-0.005) == .breakeven)
    }

    @Test("costs are paid on both sides")
    mutating func costs() {
        rules.costs = Costs(slippageBasisPoints: 5, commissionBasisPoints: 5)
        let after = trade(Array(repeating: flat, count: 12))
        let factor = (100 * 0.9995 * 0.9995) / (100 * 1.0005 * 1.0005)
        #expect(abs((after.exit?.netReturn ?? 0) - (factor - 1)) < 1e-12)
    }

    @Test("fees are taken of the sale at the rates of its day; a share's commission too")
    mutating func fees() {
        rules.costs.regulatoryFees = .us
        rules.costs.commissionPerShare = 0.01
        rules.costs.commissionPerOrder = 1_000
        let after = trade(Array(repeating: flat, count: 12))
        let rates = RegulatoryFees.us.rates(on: after.exit?.day ?? decided)
        #expect(rates.ofAmount > 0 && rates.perShare > 0)
        let proceeds = 100 - 0.01 - 100 * rates.ofAmount - rates.perShare
        #expect(abs((after.exit?.netReturn ?? 0) - (proceeds / 100.01 - 1)) < 1e-12)
    }

    @Test("a horizon label is the return from open to open 21 sessions later")
    mutating func horizon() {
        rules.kind = .horizon
        var bars = Array(repeating: flat, count: 22)
        bars[5] = (100, 101, 50, 100)
        bars[21] = (107, 108, 106, 107)
        let after = trade(bars)
        #expect(abs((after.exit?.netReturn ?? 0) - 0.07) < 1e-12, "no stop, no timeout")
        #expect(after.matureOn == decided + 22)
    }
}
