import Backtest
import Events
import Testing

@Suite("Figures that know what is missing")
struct BlindnessTests {
    /// A report of so many sessions, some of them without an index.
    private func report(_ sessions: Int, without holes: Int, trades: Int = 120) -> BacktestReport {
        let (returns, index) = Fixtures.mixed
        var value = 1000.0
        var daily: [DailyRecord] = []
        for place in 0..<sessions {
            value *= 1 + returns[place % returns.count]
            let isHole = place >= 10 && place < 10 + holes
            daily.append(
                DailyRecord(
                    day: Fixtures.day("2019-01-01") + place, value: Money(dollars: value),
                    cash: .zero, exposure: 0.5,
                    indexReturn: isHole ? nil : index[place % index.count], hasIndex: !isHole,
                    openPositions: 1, turnover: .zero))
        }
        return BacktestReport(
            facts: Fixtures.facts, daily: daily,
            trades: (0..<trades).map { _ in Fixtures.trade("AAPL", 0.01, on: "2019-03-01") },
            open: [], signals: SignalCounts())
    }

    @Test(
        "sessions without an index are counted, and said before any figure", arguments: [0, 1, 7])
    func counted(holes: Int) {
        let report = report(300, without: holes)
        #expect(report.sessionsWithoutIndex == holes)
        let line = "!! no index for \(holes) of 300 sessions"
        #expect(report.text().contains(line) == (holes > 0))
        #expect(report.json().contains("\"sessions_without_index\":\(holes)"))
        #expect(report.json().contains("no index for \(holes) of 300") == (holes > 0))
    }

    @Test("without any index the report says so")
    func none() {
        let report = report(30, without: 0)
        var blind = report
        blind.daily = report.daily.map {
            var record = $0
            (record.indexReturn, record.hasIndex) = (nil, false)
            return record
        }
        #expect(blind.text().contains("!! no index for any session"))
    }

    @Test("beyond one session in fifty without an index there is no verdict")
    func refused() throws {
        let few = try Comparison(report(300, without: 6), report(300, without: 6), draws: 100)
        #expect(!few.lacksIndex && few.sessionsWithoutIndex == 6 && few.verdict != .insufficient)
        let many = try Comparison(report(300, without: 7), report(300, without: 7), draws: 100)
        #expect(many.lacksIndex && many.verdict == .insufficient)
    }

    @Test("returns that vary by rounding alone have no ratio of any kind")
    func interest() {
        let returns = (0..<300).map { 0.0002 + Double($0 % 7) * 1e-14 }
        let metrics = ReturnMetrics(returns)
        #expect(metrics.sharpe == nil && metrics.sortino == nil)
        #expect(metrics.totalReturn != nil && metrics.volatility != nil)
        #expect(DeflatedSharpe.Series(returns) == nil)
        let index = IndexMetrics(
            returns: returns, index: returns.map { _ in 0.0001 },
            exposuresBefore: returns.map { _ in 0 })
        #expect(index.informationRatio == nil && index.equalExposureInformationRatio == nil)
        let pairs = ExcessPairs(
            days: returns.indices.map { Fixtures.day("2019-01-01") + $0 }, reference: returns,
            challenger: Fixtures.mixed.returns)
        #expect(pairs.scarcity == nil && PrimaryDifference(pairs, draws: 10) == nil)
        // A hundredth of a basis point is a risk all the same.
        #expect(
            ReturnMetrics(returns.map { $0 + ($0 > 0.00020000000000003 ? 1e-6 : 0) }).sharpe != nil)
    }

    @Test("how many tickers of the first year are there at the end stands in the head")
    func survivors() {
        var report = report(30, without: 0)
        #expect(!report.text().contains("Survivorship"))
        report.facts = RunFacts(
            run: "r", strategy: "s", startingValue: Money(dollars: 1000), survival: (40, 38))
        #expect(
            report.text().contains(
                "Survivorship: 38 of 40 tickers of the first year are still traded at the end\n"))
        #expect(report.json().contains("\"survivorship\":{\"first_year\":40,\"at_end\":38}"))
        report.facts = RunFacts(
            run: "r", strategy: "s", startingValue: Money(dollars: 1000), survival: (40, 40))
        #expect(report.text().contains("at the end: none was ever delisted"))
    }
}
