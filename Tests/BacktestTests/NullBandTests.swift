import EventLog
import Events
import FeedbackLoop
import Market
import Pipeline
import Testing

@testable import Backtest

@Suite("Random tickers")
struct NullBandTests {
    private func simulator(_ market: SmallMarket, _ rules: MarketRules) throws
        -> (simulator: TradeSimulator, facts: TimelineFacts)
    {
        var facts = TimelineFacts()
        try market.timeline.read { record in
            try facts.take(record.message, at: record.position)
            return .proceed
        }
        let simulator = TradeSimulator(
            prices: facts.prices, index: facts.index, rules: rules, rangeSessions: 20,
            lastSession: facts.prices.days.count - 1)
        return (simulator, facts)
    }

    private func rules(_ settings: [String]) throws -> MarketRules {
        try StrategyFile.load("feedback", settings: settings).strategy.rules
    }

    @Test("the simulator gives every trade that no signal closed the result it had")
    func executed() throws {
        let settings = SmallMarket.eager + ["take_profit=0.08", "trailing_stop=0.06"]
        let market = try SmallMarket()
        let run = try market.run("made", "feedback", settings)
        let page = try market.page("made")
        let (simulator, _) = try simulator(market, try rules(settings))
        var reasons: [String] = []
        for entry in page.entries {
            if let outcome = entry.outcome {
                guard let reason = outcome.reason, reason != .oppositeSignal else { continue }
                let result = try #require(trade(entry, simulator))
                #expect((result.netReturn - outcome.netReturn).magnitude < 1e-6)
                #expect(agrees(result.excess, result.netReturn - outcome.indexReturn!))
                if !reasons.contains("\(reason)") { reasons.append("\(reason)") }
            } else {
                let open = try #require(
                    run.open.first { $0.holding.ticker == entry.order.ticker })
                let marked =
                    open.lastClose * open.holding.quantity.shares / open.holding.cost.dollars - 1
                let result = try #require(trade(entry, simulator))
                // The simulator pays the commission of a sale at the mark, too.
                #expect((result.netReturn - marked).magnitude < 3e-4)
            }
        }
        // Every way out is among them, or the comparison says less than it seems to.
        #expect(
            reasons.sorted() == ["noPrice", "stop", "takeProfit", "timeout", "trailingStop"])
    }

    private func trade(_ entry: RunEntry, _ simulator: TradeSimulator) -> TradeSimulator.Result? {
        guard let slot = simulator.prices.slot(of: entry.order.ticker),
            let session = simulator.prices.session(of: entry.day),
            let exits = TradeSimulator.Exits(entry, simulator)
        else { return nil }
        return simulator.trade(slot, session, exits)
    }

    @Test("equal seeds give equal bands, others do not; draws stand around what they must")
    func seeds() throws {
        let market = try SmallMarket()
        _ = try market.run("made")
        let entries = try market.page("made").entries
        let (simulator, _) = try simulator(market, try rules(SmallMarket.eager))
        let band = try #require(NullBand(entries, simulator, seed: 1))
        let again = try #require(NullBand(entries, simulator, seed: 1))
        let other = try #require(NullBand(entries, simulator, seed: 2))
        #expect(band.entries == entries.count && band.leftOut == 0)
        #expect(band.profit.drawn == again.profit.drawn)
        #expect(band.profit.drawn != other.profit.drawn)
        #expect(band.profit.drawn.count == 1_000)
        var expected = 0.0
        var variance = 0.0
        for entry in entries {
            let session = try #require(simulator.prices.session(of: entry.day))
            let exits = try #require(TradeSimulator.Exits(entry, simulator))
            let all = simulator.prices.tickers.indices.compactMap {
                simulator.trade($0, session, exits)?.netReturn
            }
            let mean = all.reduce(0, +) / Double(all.count)
            expected += entry.cost * mean
            variance +=
                entry.cost * entry.cost
                * all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
        }
        let drawn = band.profit.drawn.reduce(0, +) / 1_000
        #expect((drawn - expected).magnitude < 4 * (variance / 1_000).squareRoot())
    }

    @Test("p counts the run among the draws, and quantiles are drawn values")
    func figures() {
        let figure = NullBand.Figure(observed: 3, drawn: [1, 2, 3, 4])
        #expect(figure.pValue == 3.0 / 5)
        #expect(NullBand.Figure(observed: 9, drawn: [1, 2, 3, 4]).pValue == 1.0 / 5)
        #expect(figure.quantile(0.05) == 1)
        #expect(figure.quantile(0.5) == 2)
        #expect(figure.quantile(0.95) == 4)
    }
}
