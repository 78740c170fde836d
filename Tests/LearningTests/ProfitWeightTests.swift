import Events
import Learning
import Testing

/// How much a row counts, in the three values of `profit_weight`, by hand.
@Suite("Profit weighting")
struct ProfitWeightTests {
    private let start = Day(year: 2020, month: 1, day: 1)!

    /// Market rows with these returns, one a session, and outcome rows with these; their weights.
    private func weights(
        _ kind: TrainingRules.ProfitWeight, market: [Double],
        outcomes: [(net: Double, dollars: Double)] = [], outcomeWeight: Double = 2
    ) -> (market: [Float], outcomes: [Float]) {
        var rules = TrainingRules()
        rules.profitWeight = kind
        rules.outcomeWeight = outcomeWeight
        (rules.holdoutSessions, rules.earlyStoppingSessions, rules.embargoSessions) = (1, 0, 0)
        var rows: [TrainingRow] = []
        var traded = Lookup<Reference, TradedOutcome>()
        for (session, net) in (market + outcomes.map(\.net)).enumerated() {
            // Each of its own ticker: no row gives way to another.
            var row = TrainingRow(
                signal: .own(UInt64(session + 1)), ticker: Ticker("T\(session)")!,
                decidedOn: start + session, session: session, features: [0], heuristic: 70,
                arms: [])
            row.label = TrainingRow.Label(
                netReturn: session < market.count ? net : 0.5, outcome: .win,
                from: start + session, to: start + session, toSession: session)
            rows.append(row)
            guard session >= market.count else { continue }
            traded[row.signal] = TradedOutcome(
                outcome: .own(1_000), longReturn: net,
                dollars: outcomes[session - market.count].dollars, entryDay: row.decidedOn)
        }
        let set = TrainingSet.prepareOutcomeTrainingData(
            TrainingSet.Supply(
                mature: MatureRows(rows), immature: 0, traded: traded,
                latestMatureSession: rows.count + 5, columns: 1),
            rules, outcome: { $0 > 0 ? .win : .loss })
        return (
            set.part.filter { $0.source == .market }.map(\.weight),
            set.part.filter { $0.source == .outcome }.map(\.weight)
        )
    }

    @Test("none: every row has its source's weight")
    func none() {
        let found = weights(.none, market: [0.01, -0.2, 0], outcomes: [(0.1, 5), (-0.3, -900)])
        #expect(found.market == [1, 1, 1] && found.outcomes == [2, 2])
        #expect(
            weights(.none, market: [0.1], outcomes: [(0.1, 1)], outcomeWeight: 0).outcomes == [0])
    }

    @Test("return: the size of the return over its mean, whatever its sign")
    func returns() {
        // Means .02 and .2: factors .5, 1.5 and .5, 1.5.
        let found = weights(.return, market: [0.01, -0.03], outcomes: [(-0.1, 1), (0.3, 1)])
        #expect(found.market == [0.5, 1.5] && found.outcomes == [1, 3])
    }

    @Test("dollars: outcome rows by their dollars, and market rows, which have none, evenly")
    func dollars() {
        let found = weights(
            .dollars, market: [0.01, -0.03], outcomes: [(-0.1, 300), (0.3, -100)])
        #expect(found.market == [1, 1] && found.outcomes == [3, 1])
    }

    @Test("a factor lies between a tenth and ten, and all average 1 again")
    func bounds() {
        // Mean 1: the factors 0 and 20 become .1 and 10; over 19 rows of 0 and one of 20.
        let market = [Double](repeating: 0, count: 19) + [20]
        let found = weights(.return, market: market).market
        let average = (19 * 0.1 + 10) / 20
        for (weight, factor) in zip(found, [Double](repeating: 0.1, count: 19) + [10]) {
            #expect((Double(weight) - factor / average).magnitude < 1e-6)
        }
        #expect((found.reduce(0, +) / 20 - 1).magnitude < 1e-6)
    }

    @Test("rows that came to nothing at all count evenly")
    func zeros() {
        #expect(weights(.return, market: [0, 0]).market == [1, 1])
    }
}
