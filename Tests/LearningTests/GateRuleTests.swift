import Events
import Learning
import Testing

@Suite("The gate's rule")
struct GateRuleTests {
    @Test(
        "two points of accuracy promote, and one row less does not",
        arguments: [
            (100, 50, 2), (150, 70, 3), (151, 70, 4), (300, 120, 6), (3_000, 1_200, 60),
            (4_000_000, 2_000_000, 80_000),
        ])
    func accuracyBoundary(rows: Int, right: Int, gain: Int) {
        let old = Holdouts.tally(rows: rows, right: right)
        // Against the baseline accuracy alone decides, so that F1 cannot blur the boundary.
        let enough = GateRule(
            new: Holdouts.tally(rows: rows, right: right + gain), old: old, isBaseline: true)
        #expect(enough.verdict == .promote)
        #expect(enough.reason == .accuracy)
        let oneLess = GateRule(
            new: Holdouts.tally(rows: rows, right: right + gain - 1), old: old, isBaseline: true)
        #expect(oneLess.verdict == .hold)
        #expect(oneLess.reason == .noChampion)
    }

    @Test("two points of accuracy promote against a champion, and one row less does not")
    func accuracyBoundaryAgainstChampion() {
        // The champion's errors are spread so that its F1 is not behind the challenger's.
        func tally(_ cells: [(OutcomeClass, OutcomeClass, Int)]) -> ClassTally {
            var tally = ClassTally()
            for (actual, predicted, count) in cells {
                for _ in 0..<count { tally.add(actual: actual, predicted: predicted) }
            }
            return tally
        }
        let old = tally([
            (.win, .win, 100), (.win, .loss, 100), (.loss, .loss, 50), (.loss, .win, 50),
        ])
        let gained = tally([
            (.win, .win, 106), (.win, .loss, 94), (.loss, .loss, 50), (.loss, .win, 50),
        ])
        let oneLess = tally([
            (.win, .win, 105), (.win, .loss, 95), (.loss, .loss, 50), (.loss, .win, 50),
        ])
        #expect(GateRule(new: gained, old: old, isBaseline: false).reason == .accuracy)
        let held = GateRule(new: oneLess, old: old, isBaseline: false)
        #expect(held.verdict == .hold)
        #expect(held.reason == .neither)
    }

    /// Tallies of 400 rows: F1 moves while accuracy falls, so that only F1 can promote.
    ///
    /// With one class present and a right rows of n, the weighted F1 is 2a/(n + a).
    @Test("three points of F1 are met exactly at the boundary and missed one row below")
    func f1Boundary() {
        // 2·25/(75+25) = .5 and 2·x/(75+x) = .53 has no whole x: the comparison is not an equality.
        let old = Holdouts.tally(rows: 75, right: 25)
        #expect(Holdouts.tally(rows: 75, right: 28).gainsF1(points: 3, over: old))
        #expect(!Holdouts.tally(rows: 75, right: 27).gainsF1(points: 3, over: old))
        // 2a/(n + a) = .50 for a = n/3 and .53 for a = 53n/147: whole for n = 147.
        let third = Holdouts.tally(rows: 147, right: 49)
        #expect(Holdouts.tally(rows: 147, right: 53).gainsF1(points: 3, over: third))
        #expect(!Holdouts.tally(rows: 147, right: 52).gainsF1(points: 3, over: third))
        #expect(!Holdouts.tally(rows: 147, right: 53).gainsF1(points: 4, over: third))
    }

    @Test("a gain of exactly three points counts although Double would miss it")
    func f1ExactWhereDoubleIsNot() {
        // Sizes for which the boundary is met exactly, and both fractions round.
        var roundedDown = 0
        for scale in 1...200 {
            let old = Holdouts.tally(rows: 147 * scale, right: 49 * scale)
            let new = Holdouts.tally(rows: 147 * scale, right: 53 * scale)
            #expect(new.gainsF1(points: 3, over: old), "scale \(scale)")
            #expect(
                !Holdouts.tally(rows: 147 * scale, right: 53 * scale - 1)
                    .gainsF1(points: 3, over: old))
            if new.weightedF1 - old.weightedF1 < 0.03 { roundedDown += 1 }
        }
        #expect(roundedDown > 0, "the test shows nothing that Double would not get right")
    }

    @Test("three points of F1 promote a champion's challenger with less accuracy")
    func f1Promotes() {
        var old = ClassTally()
        var new = ClassTally()
        for index in 0..<200 {
            let actual: OutcomeClass = index < 110 ? .win : .loss
            old.add(actual: actual, predicted: .win)
            new.add(actual: actual, predicted: index % 2 == 0 ? actual : .loss)
        }
        #expect(new.correct - old.correct < 4 * 10)
        let rule = GateRule(new: new, old: old, isBaseline: false)
        #expect(rule.verdict == .promote)
        #expect([GateReason.accuracy, .f1].contains(rule.reason))
    }

    @Test("F1 alone promotes against a champion, never against the majority baseline")
    func f1NeverBeatsTheBaseline() {
        var majority = ClassTally()
        var guessing = ClassTally()
        for index in 0..<300 {
            let actual: OutcomeClass = index % 2 == 0 ? .loss : .win
            majority.add(actual: actual, predicted: .loss)
            guessing.add(actual: actual, predicted: index % 4 < 2 ? .loss : .win)
        }
        #expect(guessing.correct == majority.correct)
        let champion = GateRule(new: guessing, old: majority, isBaseline: false)
        #expect(champion.verdict == .promote)
        #expect(champion.reason == .f1)
        let baseline = GateRule(new: guessing, old: majority, isBaseline: true)
        #expect(baseline.verdict == .hold)
        #expect(baseline.reason == .noChampion)
    }

    @Test("99 rows wait however good the challenger is, and 100 do not")
    func waits() {
        for (rows, verdict) in [(0, GateVerdict.waiting), (99, .waiting), (100, .promote)] {
            let rule = GateRule(
                new: Holdouts.tally(rows: rows, right: rows),
                old: Holdouts.tally(rows: rows, right: 0), isBaseline: false)
            #expect(rule.verdict == verdict)
            #expect(rule.reason == (rows < 100 ? .tooFewRows : .accuracy))
        }
    }

    @Test("each mode decides by the verdicts it names")
    func modes() {
        let table: [(GateMode, GateVerdict, GateVerdict, GateVerdict)] = [
            (.rule, .promote, .hold, .promote), (.rule, .hold, .promote, .hold),
            (.rule, .waiting, .insufficient, .waiting),
            (.evidence, .hold, .promote, .promote), (.evidence, .promote, .hold, .hold),
            (.evidence, .promote, .insufficient, .insufficient),
            (.evidence, .waiting, .insufficient, .waiting),
            (.both, .promote, .promote, .promote), (.both, .promote, .hold, .hold),
            (.both, .hold, .promote, .hold), (.both, .hold, .insufficient, .hold),
            (.both, .promote, .insufficient, .insufficient),
            (.both, .waiting, .insufficient, .waiting),
            (.always, .hold, .insufficient, .promote), (.always, .waiting, .hold, .promote),
        ]
        for (mode, rule, evidence, decision) in table {
            #expect(
                mode.decision(rule: rule, evidence: evidence) == decision,
                "\(mode), rule \(rule), evidence \(evidence)")
        }
    }
}
