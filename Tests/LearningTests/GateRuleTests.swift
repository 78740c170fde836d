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
        // Of one class only, no F1 exceeds a guess of the same shares: accuracy alone decides.
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
                tally.add(actual: actual, predicted: predicted, rows: count)
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

    @Test("three points of F1 are met exactly at the boundary and missed one row below")
    func f1Boundary() {
        // With one class and a of n rows right the weighted F1 is 2a/(n + a): .50 for n = 3a, and
        // .53 for n = 147 and a = 53.
        let third = Holdouts.tally(rows: 147, right: 49)
        #expect(Holdouts.tally(rows: 147, right: 53).gainsF1(points: 3, over: third))
        #expect(!Holdouts.tally(rows: 147, right: 52).gainsF1(points: 3, over: third))
        #expect(!Holdouts.tally(rows: 147, right: 53).gainsF1(points: 4, over: third))
        #expect(!third.gainsF1(points: 1, over: third))
    }

    @Test("a gain of exactly three points counts where Double would miss it, at any size")
    func f1ExactWhereDoubleIsNot() {
        var missedByDouble = 0
        // 918/3400 = .27 and 1038/3460 = .30, whose difference as Double is below .03.
        for scale in [1, 2, 3, 7, 10, 99, 1_000, 20_000, 1_000_000] {
            let old = Holdouts.tally(rows: 2_941 * scale, right: 459 * scale)
            let new = Holdouts.tally(rows: 2_941 * scale, right: 519 * scale)
            let oneLess = Holdouts.tally(rows: 2_941 * scale, right: 519 * scale - 1)
            #expect(new.gainsF1(points: 3, over: old), "scale \(scale)")
            #expect(!oneLess.gainsF1(points: 3, over: old), "scale \(scale)")
            if new.weightedF1 - old.weightedF1 < 0.03 { missedByDouble += 1 }
        }
        #expect(missedByDouble > 0, "the test shows nothing that Double would not get right")
    }

    @Test("against a champion three points of F1 promote a challenger with fewer rows right")
    func f1Promotes() {
        var (old, new) = (ClassTally(), ClassTally())
        old.add(actual: .win, predicted: .win, rows: 120)
        old.add(actual: .loss, predicted: .win, rows: 80)
        new.add(actual: .win, predicted: .win, rows: 70)
        new.add(actual: .win, predicted: .loss, rows: 50)
        new.add(actual: .loss, predicted: .loss, rows: 48)
        new.add(actual: .loss, predicted: .win, rows: 32)
        #expect(new.correct < old.correct)
        let rule = GateRule(new: new, old: old, isBaseline: false)
        #expect(rule.verdict == .promote)
        #expect(rule.reason == .f1)
        #expect(rule.guarded == .hold, "guarded, it does not")
        var equal = new
        equal.add(actual: .loss, predicted: .loss, rows: 2)
        var more = old
        more.add(actual: .loss, predicted: .win, rows: 2)
        #expect(equal.correct == more.correct, "no fewer rows right")
        let kept = GateRule(new: equal, old: more, isBaseline: false)
        #expect(kept.reason == .f1 && kept.verdict == .promote && kept.guarded == .promote)
    }

    @Test("guarded is the rule wherever F1 alone does not promote")
    func guarded() {
        for (right, verdict) in [(52, GateVerdict.promote), (51, .hold)] {
            let rule = GateRule(
                new: Holdouts.tally(rows: 100, right: right),
                old: Holdouts.tally(rows: 100, right: 50), isBaseline: true)
            #expect(rule.verdict == verdict && rule.guarded == verdict)
        }
        let few = GateRule(
            new: Holdouts.tally(rows: 99, right: 99), old: Holdouts.tally(rows: 99, right: 0),
            isBaseline: false)
        #expect(few.guarded == .waiting)
    }

    @Test("F1 alone promotes against a champion, and against the majority only beyond a guess")
    func guessing() {
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
        #expect(guessing.f1PointsOverGuess.magnitude < 1e-9)
        // 300 rows, half of each class, half called each: 159 right is 3 points more than a guess,
        // F1 .53 against .5; 100 · (159 − 150) is 3 · 300 and more than 2 · 300, so let fewer than
        // half be losses, where the majority is right more often.
        var skilled = ClassTally()
        var most = ClassTally()
        for (actual, losses, wins) in [(OutcomeClass.loss, 130, 60), (.win, 50, 60)] {
            skilled.add(actual: actual, predicted: .loss, rows: losses)
            skilled.add(actual: actual, predicted: .win, rows: wins)
            most.add(actual: actual, predicted: .loss, rows: losses + wins)
        }
        #expect(skilled.correct == most.correct)
        let first = GateRule(new: skilled, old: most, isBaseline: true)
        #expect(first.verdict == .promote && first.reason == .f1)
        // by hand: 100/300 · (2·190·(130 − 180·190/300)/370 + 2·110·(60 − 120·110/300)/230)
        #expect((skilled.f1PointsOverGuess - 10.578_9).magnitude < 1e-4)
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
                mode.decision(rule: rule, guarded: rule, evidence: evidence) == decision,
                "\(mode), rule \(rule), evidence \(evidence)")
        }
        let guarded = GateMode.guarded
        #expect(guarded.decision(rule: .promote, guarded: .hold, evidence: .promote) == .hold)
        #expect(guarded.decision(rule: .promote, guarded: .promote, evidence: .hold) == .promote)
        #expect(GateMode.rule.decision(rule: .promote, guarded: .hold, evidence: .hold) == .promote)
    }
}
