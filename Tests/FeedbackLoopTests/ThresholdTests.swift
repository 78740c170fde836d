import Events
import Learning
import Testing

@testable import FeedbackLoop

@Suite("Adaptive thresholds")
struct ThresholdTests {
    private func verdict(
        _ buys: Int, _ sells: Int, _ buy: Int, _ sell: Int
    ) -> (buy: Int, sell: Int, reason: ThresholdReason) {
        let (next, reason) = ThresholdDecider.verdict(
            ThresholdDecider.Tally(buys: buys, sells: sells, neutrals: 0),
            MachineThresholds(buyHundredths: buy, sellHundredths: sell), .feedback)
        return (next.buyHundredths, next.sellHundredths, reason)
    }

    @Test("half or twice as many is balanced, one more is not")
    func boundaries() {
        #expect(verdict(25, 50, 55, 45) == (55, 45, .balanced))
        #expect(verdict(24, 50, 55, 45) == (53, 45, .tooManySells))
        #expect(verdict(50, 25, 55, 45) == (55, 45, .balanced))
        #expect(verdict(51, 25, 55, 45) == (55, 47, .tooManyBuys))
        #expect(verdict(0, 0, 55, 45) == (55, 45, .balanced))
        #expect(verdict(1, 0, 55, 45) == (55, 47, .tooManyBuys))
    }

    @Test("at its bound the other threshold moves, and at both bounds none")
    func bounds() {
        #expect(verdict(0, 90, 51, 45) == (50, 45, .tooManySells))
        #expect(verdict(0, 90, 50, 45) == (50, 43, .tooManySells))
        #expect(verdict(0, 90, 50, 40) == (50, 40, .atBound))
        #expect(verdict(90, 0, 60, 50) == (60, 50, .atBound))
        #expect(verdict(90, 0, 55, 50) == (57, 50, .tooManyBuys))
    }

    @Test("they never come nearer than the neutral zone, however long one side is named")
    func zone() {
        // The first move would leave .02 between them: the second is made.
        #expect(verdict(0, 90, 52, 48) == (52, 46, .tooManySells))
        #expect(verdict(90, 0, 52, 48) == (54, 48, .tooManyBuys))
        var thresholds = MachineThresholds(buyHundredths: 55, sellHundredths: 45)
        var reasons: [ThresholdReason] = []
        for round in 0..<60 {
            let tally =
                round % 20 < 10
                ? ThresholdDecider.Tally(buys: 0, sells: 100, neutrals: 0)
                : ThresholdDecider.Tally(buys: 100, sells: 0, neutrals: 0)
            let (next, reason) = ThresholdDecider.verdict(tally, thresholds, .feedback)
            thresholds = next
            reasons.append(reason)
            #expect((50...60).contains(next.buyHundredths))
            #expect((40...50).contains(next.sellHundredths))
            #expect(next.buyHundredths - next.sellHundredths >= 4)
        }
        #expect(reasons.contains(.atBound) && reasons.contains(.tooManyBuys))
    }
}

@Suite("Calibration")
struct CalibrationTests {
    @Test("the isotonic fit is scikit-learn's")
    func isotonic() {
        // from sklearn.isotonic import IsotonicRegression; x = [i / 20 for i in range(20)]
        // y = [0,1,0,0,1,0,1,1,0,0,1,1,0,1,1,1,0,1,1,1]; IsotonicRegression().fit(x, y).predict(x)
        let wins = [0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1]
        let rows = wins.enumerated().map { (Double($0.offset) / 20, $0.element == 1) }
        let fit = IsotonicFit(rows.reversed().map { (confidence: $0.0, isWin: $0.1) })
        #expect(fit.knots.count == CalibrationTests.pools.count)
        for (knot, pool) in zip(fit.knots, CalibrationTests.pools) {
            #expect((knot.raw - pool.0).magnitude < 1e-12)
            #expect((knot.calibrated - pool.1).magnitude < 1e-12)
        }
        #expect(fit(-1) == 0 && fit(2) == 1)
        #expect(IsotonicFit([])(0.5) == nil)
    }

    /// Mean confidence and value of each pool.
    static let pools: [(Double, Double)] = [
        (0.0, 0.0), (0.1, 0.3333333333333333), (0.325, 0.5), (0.55, 0.6666666666666666),
        (0.725, 0.75), (0.9, 1.0),
    ]

    @Test("equal confidences are one pool whatever order they come in")
    func ties() {
        let fit = IsotonicFit([
            (confidence: 0.7, isWin: true), (confidence: 0.7, isWin: false),
            (confidence: 0.8, isWin: true), (confidence: 0.7, isWin: false),
        ])
        #expect(fit.knots.map(\.calibrated) == [1.0 / 3, 1])
        #expect(zip(fit.knots, [0.7, 0.8]).allSatisfy { ($0.raw - $1).magnitude < 1e-12 })
        #expect(((fit(0.75) ?? 0) - 2.0 / 3).magnitude < 1e-12)
    }
}
