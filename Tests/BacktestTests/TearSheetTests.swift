import Events
import Testing

@testable import Backtest

/// Goldens: quantstats 0.0.86 under pandas 3 and numpy 2, over `Fixtures.mixed` on business days
/// from 2020-01-01, each by the call that the doc comment of the figure names, with
/// `prepare_returns=False` and windows of 126.
@Suite("The tear sheet")
struct TearSheetTests {
    private let returns = Fixtures.mixed.returns
    private let index = Fixtures.mixed.index

    @Test("rolling Sharpe, volatility and beta are those of quantstats")
    func rolling() {
        let rolling = RollingMetrics(returns, index: index)
        #expect(rolling.sharpe.count == 300 && rolling.sharpe[124] == nil)
        let golden: [(place: Int, sharpe: Double, volatility: Double, beta: Double)] = [
            (125, 0.6411959905948932, 0.18370258733850106, 0.10558524412660164),
            (126, 0.2814336634647434, 0.18413635642763443, 0.08318276168343172),
            (200, 0.8587250292493747, 0.1878025376976816, -0.07809147514937703),
            (299, -0.5782023442290456, 0.16610816368263878, -0.04727723591085771),
        ]
        for (place, sharpe, volatility, beta) in golden {
            #expect(agrees(rolling.sharpe[place], sharpe), "\(place)")
            #expect(agrees(rolling.volatility[place], volatility), "\(place)")
            #expect(agrees(rolling.beta[place], beta), "\(place)")
        }
    }

    @Test("value at risk, the mean beyond it, the extremes and streaks are those of quantstats")
    func days() {
        let days = DayMetrics(returns)
        #expect(agrees(days.valueAtRisk, -0.01695951593145728))
        #expect(agrees(days.conditionalValueAtRisk, -0.017900250401099518))
        #expect(days.longestGain?.count == 5 && days.longestLoss?.count == 8)
        #expect(agrees(days.shareAboveZero, 0.48333333333333334))
        #expect(days.best.count == 5 && days.worst.count == 5)
        #expect(days.best.prefix(2) == [175, 106] && days.worst.prefix(2) == [64, 262])
        #expect(agrees(returns[days.best[4]], 0.019076484748721124))
        #expect(agrees(returns[days.worst[4]], -0.01824671878516674))
        for streak in [days.longestGain, days.longestLoss].compactMap(\.self) {
            let part = returns[streak.first..<streak.first + streak.count]
            #expect(part.allSatisfy { $0 > 0 } || part.allSatisfy { $0 < 0 })
        }
    }

    @Test("months and years up to the last session are those of quantstats' reports")
    func trailing() throws {
        var days: [Day] = []
        var day = Day(year: 2020, month: 1, day: 1)!
        while days.count < returns.count {
            if day.isoWeekday <= 5 { days.append(day) }
            day = day + 1
        }
        let golden: [(name: String, total: Double)] = [
            ("Month to date", -0.025005850044992894), ("3 months", -0.12070859064336448),
            ("6 months", -0.05431002353083869), ("Year to date", -0.037584585985504404),
            ("1 year", -0.06203255631982818),
        ]
        let spans = TrailingSpan.all(days)
        #expect(spans.map(\.name) == golden.map(\.name))
        for (span, (name, total)) in zip(spans, golden) {
            let growth = returns[span.first...].reduce(1.0) { $0 * (1 + $1) } - 1
            #expect(agrees(growth, total), "\(name)")
        }
        let leap = try #require(Day(year: 2024, month: 5, day: 31))
        #expect(TrailingSpan.before(leap, months: 3) == Day(year: 2024, month: 2, day: 29))
        #expect(TrailingSpan.before(leap, months: 17) == Day(year: 2022, month: 12, day: 31))
        #expect(TrailingSpan.all([]).isEmpty)
    }

    @Test("where nothing moves there is no ratio, no extreme and no streak")
    func still() {
        let zeros = Array(repeating: 0.0, count: 130)
        let rolling = RollingMetrics(zeros, index: zeros)
        #expect(rolling.sharpe.allSatisfy { $0 == nil } && rolling.beta.allSatisfy { $0 == nil })
        #expect(rolling.volatility[129] == 0)
        let days = DayMetrics(zeros)
        #expect(days.best.isEmpty && days.worst.isEmpty && days.shareAboveZero == nil)
        #expect(days.longestGain == nil && days.longestLoss == nil)
        #expect(days.valueAtRisk == 0 && days.conditionalValueAtRisk == 0)
        #expect(DayMetrics([]).valueAtRisk == nil)
    }

    @Test("beta is of the sessions whose index return is known, and of half a window or more")
    func gaps() {
        var gappy: [Double?] = index
        for place in gappy.indices where place % 3 == 0 { gappy[place] = nil }
        let known = (0...125).filter { $0 % 3 != 0 }
        let rolling = RollingMetrics(returns, index: gappy)
        #expect(
            rolling.beta[125]
                == IndexMetrics.beta(known.map { returns[$0] }, known.map { index[$0] }))
        for place in gappy.indices where place % 3 == 1 { gappy[place] = nil }
        #expect(RollingMetrics(returns, index: gappy).beta.allSatisfy { $0 == nil })
    }
}
