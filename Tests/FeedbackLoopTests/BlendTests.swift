import Events
import Learning
import Testing

@testable import FeedbackLoop

/// A model that says the same of everything.
private func word(_ side: MachineSide, mapped: Float) -> MachinePrediction {
    MachinePrediction(
        model: .own(1), role: .champion,
        probabilities: TreeEnsemble.Probabilities(loss: 0.3, breakeven: 0.1, win: 0.6),
        share: 2.0 / 3, side: side, mapped: mapped)
}

private func score(_ kind: SignalKind, _ confidence: Int) -> HeuristicScore {
    HeuristicScore(kind: kind, confidence: confidence)
}

@Suite("The blend")
struct BlendTests {
    struct Case: Sendable {
        var kind: SignalKind
        var side: MachineSide
        var heuristic: Int
        var mapped: Float
        var tenths: Int
        /// Ten-thousandths, by hand.
        var confidence: Int
        var isOpposed = false
    }

    static let cases: [Case] = [
        // 1.1 · (.8 · .80 + .2 · .70) = .858
        Case(kind: .strongBuy, side: .buy, heuristic: 80, mapped: 0.7, tenths: 2, confidence: 8580),
        Case(kind: .sell, side: .sell, heuristic: 80, mapped: 0.7, tenths: 2, confidence: 8580),
        // 1.1 · (.3 · .95 + .7 · .95) = 1.045, capped at .98
        Case(
            kind: .strongBuy, side: .buy, heuristic: 95, mapped: 0.95, tenths: 7, confidence: 9800),
        // .85 · (.5 · .80 + .5 · .60) = .595
        Case(kind: .buy, side: .neutral, heuristic: 80, mapped: 0.6, tenths: 5, confidence: 5950),
        // A hold is neutral: it agrees with nothing, not even a neutral model.
        Case(kind: .hold, side: .neutral, heuristic: 60, mapped: 0.6, tenths: 2, confidence: 5100),
        Case(kind: .hold, side: .buy, heuristic: 60, mapped: 0.6, tenths: 2, confidence: 5100),
        // .5 · min(.80, .60)
        Case(
            kind: .buy, side: .sell, heuristic: 80, mapped: 0.6, tenths: 2, confidence: 3000,
            isOpposed: true),
        Case(
            kind: .strongSell, side: .buy, heuristic: 55, mapped: 0.6, tenths: 2,
            confidence: 2750, isOpposed: true),
    ]

    @Test("same direction strengthens, neutral weakens, opposite opposes", arguments: cases)
    func mixes(example: Case) {
        let mixture = BlendWeightToSignal.mix(
            score(example.kind, example.heuristic), word(example.side, mapped: example.mapped),
            tenths: example.tenths, .feedback)
        #expect(mixture.confidence == example.confidence)
        #expect(mixture.isOpposed == example.isOpposed)
    }

    @Test("without a champion, or with one that may only predict, confidence is the heuristic's")
    func alone() {
        let alone = BlendWeightToSignal.mix(score(.buy, 71), nil, tenths: 7, .feedback)
        #expect(alone == BlendWeightToSignal.Mixture(confidence: 7_100, isOpposed: false))
        var quiet = LoopConfiguration.feedback
        quiet.blend = false
        let shadow = BlendWeightToSignal.mix(
            score(.buy, 71), word(.sell, mapped: 0.9), tenths: 7, quiet)
        #expect(shadow == alone)
    }

    @Test("a raised weight changes the ranking and not the scale: trading does not stop")
    func scale() {
        // The map brings the model's probabilities on to the heuristic's confidences, so that at
        // any weight a model that agrees leaves a typical signal above the threshold.
        let confidences: [Float] = (0..<200).map { 0.65 + Float($0 % 30) / 100 }
        let probabilities: [Float] = (0..<200).map { 0.5 + Float($0 * 37 % 200) / 4_000 }
        let map = QuantileMap(probabilities: probabilities, confidences: confidences)
        var traded: [Int] = []
        for tenths in [1, 4, 7] {
            traded.append(
                (0..<200).reduce(0) { count, index in
                    let mixture = BlendWeightToSignal.mix(
                        score(.buy, 65 + index * 7 % 30),
                        word(.buy, mapped: map(probabilities[index]) ?? 0), tenths: tenths,
                        .feedback)
                    return count + (mixture.confidence >= 7_500 ? 1 : 0)
                })
        }
        #expect(traded[0] > 100 && traded[2] > 100)
        #expect((traded[2] - traded[0]).magnitude < 40, "\(traded)")
    }
}

@Suite("The blend weight")
struct BlendWeightTests {
    private func verdict(
        _ count: ArmBook.Count, tenths: Int, champion: Bool = true
    ) -> (tenths: Int, reason: WeightReason) {
        OutcomeToBlendWeight.verdict(count, tenths: tenths, hasChampion: champion, .feedback)
    }

    private func count(
        _ machine: (entries: Int, wins: Int), _ heuristic: (entries: Int, wins: Int)
    ) -> ArmBook.Count {
        var count = ArmBook.Count()
        count.machine = ArmBook.Arm(entries: machine.entries, wins: machine.wins)
        count.heuristic = ArmBook.Arm(entries: heuristic.entries, wins: heuristic.wins)
        return count
    }

    @Test("five points move it by a tenth, exactly, and no further than its bounds")
    func moves() {
        func verdict(_ machine: Int, _ heuristic: Int, _ tenths: Int = 2) -> (Int, WeightReason) {
            let verdict = self.verdict(count((40, machine), (40, heuristic)), tenths: tenths)
            return (verdict.tenths, verdict.reason)
        }
        // 22/40 − 20/40 is exactly 5 points.
        #expect(verdict(22, 20) == (3, .machineAhead))
        #expect(verdict(21, 20) == (2, .withinMargin))
        #expect(verdict(20, 22) == (1, .machineBehind))
        #expect(verdict(40, 0, 7) == (7, .atBound))
        #expect(verdict(0, 40, 1) == (1, .atBound))
    }

    @Test("an arm of 29 is too small and is kept; without a champion nothing moves")
    func tooSmall() {
        let small = verdict(count((29, 29), (90, 0)), tenths: 2)
        #expect(small.tenths == 2 && small.reason == .armTooSmall)
        let enough = verdict(count((30, 30), (30, 0)), tenths: 2)
        #expect(enough.reason == .machineAhead)
        let gone = verdict(count((90, 90), (90, 0)), tenths: 5, champion: false)
        #expect(gone.tenths == 5 && gone.reason == .noChampion)
        let judging: [WeightReason] = [.machineAhead, .machineBehind, .withinMargin, .atBound]
        #expect(judging.allSatisfy { OutcomeToBlendWeight.isJudged($0) })
        #expect(!OutcomeToBlendWeight.isJudged(.armTooSmall))
        #expect(!OutcomeToBlendWeight.isJudged(.noChampion))
    }

    @Test("no outcome is counted twice, and none before all of its date are mature")
    func once() {
        var book = ArmBook()
        func row(_ number: Int) -> TrainingRow {
            var row = TrainingRow(
                signal: .own(UInt64(number)), ticker: Ticker("AAA")!,
                decidedOn: Day(rawValue: Int32(number)), session: number, features: [],
                heuristic: 80, arms: [])
            row.label = TrainingRow.Label(
                netReturn: 0.1, outcome: .win, from: row.decidedOn + 1, to: row.decidedOn + 60,
                toSession: number + 42)
            return row
        }
        for number in 1...50 { book.expect([.heuristic, .machine], .own(UInt64(number))) }
        book.mature((1...40).map(row))
        #expect(book.count(through: 30).machine.entries == 30)
        #expect(book.hasNews(through: 30))
        book.use(through: 30)
        #expect(book.count(through: 100).machine.entries == 10)
        // The same rows again bring nothing: each waited once.
        book.mature((1...40).map(row))
        #expect(book.count(through: 100).heuristic.entries == 10)
        book.see(through: 100)
        #expect(!book.hasNews(through: 100))
        book.mature((41...50).map(row))
        #expect(book.hasNews(through: 100) && book.count(through: 100).machine.wins == 20)
    }
}
