import Events
import Learning
import TestKit
import Testing

@Suite("Training sets")
struct TrainingSetTests {
    private let start = Day(year: 2020, month: 1, day: 1)!
    private let labelSessions = 45
    private let sessions = 420
    private var rules = TrainingRules()

    private func outcome(_ netReturn: Double) -> OutcomeClass {
        netReturn > 0.005 ? .win : netReturn < -0.005 ? .loss : .breakeven
    }

    /// A row of a session; its label is mature `labelSessions` sessions later.
    private func row(
        _ session: Int, _ ticker: String, return net: Double, number: Int, late: Int = 0
    ) -> TrainingRow {
        var row = TrainingRow(
            signal: .own(UInt64(number + 1)), ticker: Ticker(ticker)!, decidedOn: start + session,
            session: session, features: [Float(session), Float(net)], heuristic: 70, arms: [])
        let to = session + labelSessions + late
        row.label = TrainingRow.Label(
            netReturn: net, outcome: outcome(net), from: start + session + 1, to: start + to,
            toSession: to)
        return row
    }

    private func rows(_ tickers: [String] = ["AAA", "BBB", "CCC"]) -> [TrainingRow] {
        var generator = SeededGenerator(seed: 8)
        var rows: [TrainingRow] = []
        for session in 0..<(sessions - labelSessions) {
            for ticker in tickers {
                let net = Double.random(in: -0.1...0.1, using: &generator)
                rows.append(row(session, ticker, return: net, number: rows.count))
            }
        }
        return rows
    }

    private func supply(
        _ rows: [TrainingRow], traded: [(TrainingRow, Double)] = [], immature: Int = 0
    ) -> TrainingSet.Supply {
        var lookup = Lookup<Reference, TradedOutcome>()
        for (row, net) in traded {
            lookup[row.signal] = TradedOutcome(
                outcome: .own(1_000_000), longReturn: net, dollars: net * 1_000,
                entryDay: row.decidedOn + 1)
        }
        return TrainingSet.Supply(
            mature: MatureRows(rows), immature: immature, traded: lookup,
            latestMatureSession: sessions - labelSessions - 1, columns: 2)
    }

    private func prepare(_ supply: TrainingSet.Supply) -> TrainingSet {
        TrainingSet.prepareOutcomeTrainingData(supply, rules, outcome: outcome)
    }

    private func count(_ set: TrainingSet, _ reason: UnusedRowReason) -> Int {
        set.unused.first { $0.reason == reason }?.count ?? 0
    }

    @Test("holdout, gap, early-stopping slice and training part lie apart by maturity")
    mutating func split() throws {
        rules.useOutcomes = false
        let set = prepare(supply(rows()))
        let holdoutFrom = try #require(set.holdout.first?.row.session)
        #expect(holdoutFrom == sessions - labelSessions - rules.holdoutSessions)
        #expect(set.holdout.count == 63 * 3)
        let slice = try #require(set.earlyStopping.first?.row.session)
        #expect(set.earlyStopping.count == 21 * 3)
        for used in set.earlyStopping {
            #expect(try #require(used.row.label).toSession + 5 < holdoutFrom)
        }
        for used in set.training {
            #expect(try #require(used.row.label).toSession + 5 < slice)
        }
        #expect(set.failure == nil)
    }

    @Test("without an early-stopping slice nothing is kept from training for its sake")
    mutating func noSlice() throws {
        rules.useOutcomes = false
        let usual = prepare(supply(rows()))
        rules.earlyStoppingSessions = 0
        rules.lookbackSessions = 30
        let set = prepare(supply(rows()))
        let last = try #require(usual.earlyStopping.last?.row.session)
        #expect(set.earlyStopping.isEmpty && count(set, .embargoed) == 0)
        #expect(set.training.map(\.row.session) == (last - 29...last).flatMap { [$0, $0, $0] })
        #expect(set.holdout.count == usual.holdout.count)
    }

    @Test("every row is used or counted with its reason")
    mutating func everyRowCounts() {
        var all = rows()
        all[5].label = nil
        all[9].features = [1]
        let set = prepare(supply(all, traded: [(all[900], 0.3)], immature: 17))
        let used = set.training.count + set.earlyStopping.count + set.holdout.count
        #expect(used + set.unused.reduce(0) { $0 + $1.count } == all.count + 17)
        #expect(count(set, .immature) == 17)
        #expect(count(set, .noPrice) == 1 && count(set, .noFeatures) == 1)
        #expect(count(set, .outsideLookback) > 0 && count(set, .purged) > 0)
        #expect(count(set, .embargoed) > 0)
    }

    @Test("an outcome row has the trade's own result; its ticker's market rows come back after it")
    func outcomes() throws {
        let all = rows()
        let last = sessions - labelSessions - rules.holdoutSessions - labelSessions - 6
        let traded = try #require(
            all.last { $0.ticker == Ticker("BBB")! && $0.session == last - 75 })
        let set = prepare(supply(all, traded: [(traded, 0.42)]))
        let row = try #require(set.part.first { $0.source == .outcome })
        #expect(row.netReturn == 0.42 && row.outcome == .win && row.row.signal == traded.signal)
        #expect(!set.part.contains { $0.source == .market && $0.row.ticker == traded.ticker })
        #expect(count(set, .tickerHasOutcome) > 100)
        let old = try #require(all.last { $0.ticker == Ticker("BBB")! && $0.session == last - 180 })
        let later = prepare(supply(all, traded: [(old, 0.42)]))
        #expect(later.failure == .noOutcomeRows, "outside the window of 90 days")
        #expect(
            later.part.contains { $0.row.ticker == traded.ticker },
            "the ticker has not vanished for ever")
    }

    @Test(
        "without outcomes asked for, a traded evaluation is a market row with the simulator's label"
    )
    mutating func marketOnly() throws {
        rules.useOutcomes = false
        let all = rows()
        let traded = all[200 * 3]
        let set = prepare(supply(all, traded: [(traded, 9)]))
        #expect(set.part.allSatisfy { $0.source == .market && $0.netReturn < 1 })
    }

    @Test("each source's weights average its own weight, and no row weighs over the bounds")
    func weights() throws {
        let all = rows(["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"])
        let chosen = all.filter { $0.ticker == Ticker("AAA")! }
        let set = prepare(supply(all, traded: chosen.map { ($0, $0.label!.netReturn * 2) }))
        for (source, weight) in [(TrainingSet.Source.market, 1.0), (.outcome, 2.0)] {
            let weights = set.part.filter { $0.source == source }.map { Double($0.weight) }
            #expect(weights.count > 30)
            #expect(abs(weights.reduce(0, +) / Double(weights.count) - weight) < 1e-5)
        }
        let market = set.part.filter { $0.source == .market }
        let big = try #require(market.max { abs($0.netReturn) < abs($1.netReturn) })
        let small = try #require(market.min { abs($0.netReturn) < abs($1.netReturn) })
        #expect(big.weight > small.weight * 10)
    }

    @Test("too few rows, wins or losses, or no outcome though asked for: a failure, by its reason")
    mutating func failures() {
        #expect(prepare(supply([])).failure == .tooFewRows)
        #expect(prepare(supply(rows())).failure == .noOutcomeRows)
        rules.useOutcomes = false
        let up = rows().map { row in
            var row = row
            row.label?.outcome = .win
            return row
        }
        #expect(prepare(supply(up)).failure == .tooFewLosses)
        let down = rows().map { row in
            var row = row
            row.label?.outcome = .loss
            return row
        }
        #expect(prepare(supply(down)).failure == .tooFewWins)
    }

    @Test("a row whose label matures late is purged by that, though its exit was early")
    mutating func lateLabels() throws {
        rules.useOutcomes = false
        var all = rows()
        let last = sessions - labelSessions - rules.holdoutSessions - labelSessions - 6
        let place = try #require(all.firstIndex { $0.session == last })
        let late = row(last, "AAA", return: 0.01, number: place, late: 30)
        let before = prepare(supply(all)).part.count
        all[place] = late
        let set = prepare(supply(all))
        #expect(set.part.count == before - 1)
        #expect(!set.part.contains { $0.row.signal == late.signal })
    }

    @Test("the order in which rows are supplied changes nothing")
    mutating func canonical() {
        rules.useOutcomes = false
        var generator = SeededGenerator(seed: 3)
        let all = rows()
        let one = TrainingSet.matrix(prepare(supply(all)).training)
        let other = TrainingSet.matrix(prepare(supply(all.shuffled(using: &generator))).training)
        #expect(one == other)
    }
}
