import Events
import LoopKit
import Testing

/// The champion's part in a confidence.
@Suite("The champion within the loop")
struct BlendTests {
    /// A champion that gives ACME these probabilities of win and loss after session 1.
    private func blended(
        _ settings: String..., confidence: Int = 80, win: Float, loss: Float
    ) -> Scenario {
        settings.reduce(Scenario("emit_threshold=0.1", base: Scenario.learning)) { $0.with($1) }
            .given(
                .prices("ACME", 100), .champion,
                .prediction("ACME", on: 1, win: win, loss: loss),
                .purchases("ACME", on: 1, confidence: confidence))
    }

    private func confidence(_ scenario: Scenario) throws -> Double {
        try scenario.when(1).one(SignalGenerated.self).confidence
    }

    @Test("where both say buy they strengthen each other, up to .98")
    func agreement() throws {
        // 1.1 · (.8 · .80 + .2 · .75)
        #expect(try confidence(blended(win: 0.75, loss: 0.25)) == 0.869)
        #expect(try confidence(blended(confidence: 95, win: 0.96875, loss: 0.03125)) == 0.98)
        // 1.1 · (.3 · .80 + .7 · .75)
        let heavy = blended("ml_blend_weight=0.7", win: 0.75, loss: 0.25)
        #expect(try confidence(heavy) == 0.8415)
    }

    @Test("where the champion is neutral they weaken each other")
    func neutral() throws {
        // .85 · (.8 · .80 + .2 · .5)
        #expect(try confidence(blended(win: 0.5, loss: 0.5)) == 0.629)
    }

    @Test("the thresholds are met exactly at their own values")
    func thresholds() throws {
        let settings = ["adaptive_thresholds=false", "buy_threshold=0.75", "sell_threshold=0.25"]
        func side(_ win: Float, _ loss: Float) throws -> MachineSide? {
            let scenario = settings.reduce(
                blended("opposition=halve", win: win, loss: loss)
            ) { $0.with($1) }
            return try scenario.when(1).one(SignalGenerated.self).machineSide
        }
        #expect(try side(0.75, 0.25) == .buy)
        #expect(try side(0.749, 0.251) == .neutral)
        #expect(try side(0.25, 0.75) == .sell)
        #expect(try side(0.251, 0.749) == .neutral)
    }

    @Test("switched off, or with nothing to say, the champion changes nothing")
    func alone() throws {
        let quiet = try blended("blend=false", win: 0.1, loss: 0.9).when(1).one(
            SignalGenerated.self)
        #expect(quiet.confidence == 0.8 && quiet.machineSide == .sell && quiet.blendTenths == 0)
        let untold = Scenario(base: Scenario.learning).given(
            .prices("ACME", 100), .champion, .purchases("ACME", on: 1, confidence: 80))
        let signal = try untold.when(1).one(SignalGenerated.self)
        #expect(signal.confidence == 0.8 && signal.champion == .none && signal.predictions == [])
    }

    @Test("a candidate predicts in shadow: stored with what would be, and deciding nothing")
    func shadow() throws {
        let signal = try Scenario(base: Scenario.learning).given(
            .prices("ACME", 100), .model("theirs"),
            .prediction("ACME", on: 1, win: 0.75, loss: 0.25),
            .purchases("ACME", on: 1, confidence: 80)
        ).when(1).one(SignalGenerated.self)
        #expect(signal.confidence == 0.8 && signal.champion == .none)
        let prediction = try #require(signal.predictions.first)
        #expect(prediction.role == .candidate && prediction.confidence == 0.869)
    }

    @Test("a champion that is rolled back is asked no more")
    func rolledBack() throws {
        let scenario = blended(win: 0.75, loss: 0.25).given(
            .rollback(on: 2), .prediction("ACME", on: 3, win: 0.75, loss: 0.25),
            .purchases("ACME", on: 3, confidence: 80))
        let signal = try scenario.when(3).one(SignalGenerated.self)
        #expect(signal.confidence == 0.8 && signal.champion == .none)
    }
}

/// What both shadow arms earned moves the champion's weight.
@Suite("The blend weight within the loop")
struct BlendWeightTests {
    /// The machine alone enters UP after session 1, the heuristic alone DOWN: of each `count`.
    private func arms(
        _ settings: String..., machine: [Double], heuristic: [Double]
    ) -> Scenario {
        let base = Scenario(
            "timeout_days=1", "label_return=net", "blend_arm_size=1", base: Scenario.learning)
        var scenario = settings.reduce(base) { $0.with($1) }.given(.champion)
        for (number, gain) in machine.enumerated() {
            scenario = scenario.given(entry(Ticker("M\(number)")!, gain, confidence: 70, win: 0.75))
        }
        for (number, gain) in heuristic.enumerated() {
            scenario = scenario.given(entry(Ticker("H\(number)")!, gain, confidence: 75, win: 0.5))
        }
        return scenario
    }

    private func entry(_ ticker: Ticker, _ gain: Double, confidence: Int, win: Float) -> Fact {
        .all([
            .prices(ticker) { $0 < 4 ? 100 : 100 * (1 + gain) },
            .purchases(ticker, on: 1, confidence: confidence),
            .prediction(ticker, on: 1, win: win, loss: 1 - win),
        ])
    }

    private func verdict(_ scenario: Scenario) throws -> (UInt8, WeightReason) {
        let event = try scenario.when(4).one(BlendWeightEvaluated.self)
        return (event.tenths, event.reason)
    }

    @Test("it moves a tenth towards the arm that is ahead, and stays where neither is")
    func moves() throws {
        #expect(try verdict(arms(machine: [0.1], heuristic: [-0.1])) == (3, .machineAhead))
        #expect(try verdict(arms(machine: [-0.1], heuristic: [0.1])) == (1, .machineBehind))
        #expect(try verdict(arms(machine: [0.1], heuristic: [0.1])) == (2, .withinMargin))
    }

    @Test("the margin is met exactly at its own value, on both sides")
    func margin() throws {
        let half = arms("blend_margin=0.5", machine: [0.1, -0.1], heuristic: [-0.1, -0.1])
        #expect(try verdict(half) == (3, .machineAhead))
        #expect(try verdict(half.with("blend_margin=0.51")) == (2, .withinMargin))
        let behind = arms("blend_margin=0.5", machine: [-0.1, -0.1], heuristic: [0.1, -0.1])
        #expect(try verdict(behind) == (1, .machineBehind))
        #expect(try verdict(behind.with("blend_margin=0.51")) == (2, .withinMargin))
    }

    @Test("at its bounds it stays, and says so")
    func bounds() throws {
        let ahead = arms(machine: [0.1], heuristic: [-0.1])
        #expect(try verdict(ahead.with("ml_blend_weight=0.7")) == (7, .atBound))
        #expect(try verdict(ahead.with("ml_blend_weight=0.6")) == (7, .machineAhead))
        let behind = arms(machine: [-0.1], heuristic: [0.1])
        #expect(try verdict(behind.with("ml_blend_weight=0.1")) == (1, .atBound))
        #expect(try verdict(behind.with("blend_step=0.5")) == (1, .machineBehind))
    }

    @Test("an arm that is too small decides nothing, and its entries are kept")
    func small() throws {
        let two = arms("blend_arm_size=2", machine: [0.1, 0.1], heuristic: [-0.1])
        #expect(try verdict(two) == (2, .armTooSmall))
        let later = two.given(
            .all([
                .prices("LATE") { $0 < 5 ? 100 : 90 }, .purchases("LATE", on: 2, confidence: 75),
                .prediction("LATE", on: 2, win: 0.5, loss: 0.5),
            ]))
        let event = try later.when(5).one(BlendWeightEvaluated.self)
        #expect(event.reason == .machineAhead && event.heuristicArm == 2 && event.machineArm == 2)
        #expect(event.fromDay == later.day(1) && event.throughDay == later.day(2))
    }

    @Test("without a champion it stays, whatever the arms earned")
    func noChampion() throws {
        let rolled = arms(machine: [0.1], heuristic: [-0.1]).given(.rollback(on: 3))
        #expect(try verdict(rolled) == (2, .noChampion))
    }

    @Test("an entry counts once in its life: nothing new, nothing said")
    func once() throws {
        try arms(machine: [0.1], heuristic: [-0.1]).when(5...9).thenNo(BlendWeightEvaluated.self)
        try arms("blend_arm_size=2", machine: [0.1], heuristic: [-0.1]).when(5...9).thenNo(
            BlendWeightEvaluated.self)
    }

    @Test("wins, entries and rates of both arms, and the trades that were made, are told")
    func figures() throws {
        let event = try arms(
            "queue_threshold=0.65", "disagreement_factor=1", machine: [0.1, -0.1],
            heuristic: [0.1, 0.1, -0.1]
        ).when(4).one(BlendWeightEvaluated.self)
        // With so low a threshold every buy is in the heuristic's arm, and is traded.
        #expect(event.machineArm == 2 && event.machineWins == 1 && event.machineRate == 0.5)
        #expect(event.heuristicArm == 5 && event.heuristicWins == 3)
        #expect(event.heuristicRate == 0.6)
        #expect(event.fromDay == event.throughDay)
        #expect(event.executed == 5 && event.executedRate == 0.6)
    }

    @Test("a trade that was closed early counts beside the arms of its own decision date")
    func executed() throws {
        // LATE is decided a day after the others, and stopped out before they are judged.
        let scenario = arms(
            "trailing_stop=0.05", "queue_threshold=0.65", "disagreement_factor=1", machine: [0.1],
            heuristic: [0.1]
        ).given(
            .prices("LATE") { $0 < 4 ? 100 : 80 }, .purchases("LATE", on: 2, confidence: 75),
            .prediction("LATE", on: 2, win: 0.5, loss: 0.5))
        let first = try scenario.when(4).one(BlendWeightEvaluated.self)
        #expect(first.executed == 2 && first.executedRate == 1)
        let second = try scenario.when(5).one(BlendWeightEvaluated.self)
        #expect(second.executed == 1 && second.executedRate == 0)
        #expect(second.fromDay == scenario.day(2) && second.heuristicArm == 1)
    }

    @Test("the moved weight decides from the next evaluation on")
    func decides() throws {
        let scenario = arms(machine: [0.1], heuristic: [-0.1]).given(
            .prices("NEXT", 100), .purchases("NEXT", on: 4, confidence: 80),
            .prediction("NEXT", on: 4, win: 0.75, loss: 0.25))
        let signal = try scenario.when(4).one(SignalGenerated.self)
        // 1.1 · (.7 · .80 + .3 · .75)
        #expect(signal.blendTenths == 3 && signal.confidence == 0.8635)
        let fixed = scenario.with("adaptive_blend=false")
        try fixed.when(4).thenNo(BlendWeightEvaluated.self)
        #expect(try fixed.when(4).one(SignalGenerated.self).blendTenths == 2)
    }
}

/// How many buys and sells the champion names moves its thresholds.
@Suite("Adaptive thresholds within the loop")
struct AdaptiveThresholdTests {
    /// So many buys and sells of the champion after session 1.
    private func named(buys: Int, sells: Int, count: Int) -> Scenario {
        var scenario = Scenario("threshold_count=\(count)", base: Scenario.learning)
            .given(.champion)
        for number in 0..<(buys + sells) {
            let ticker = Ticker("T\(number)")!
            let win: Float = number < buys ? 0.75 : 0.25
            scenario = scenario.given(
                .prices(ticker, 100), .purchases(ticker, on: 1, confidence: 75),
                .prediction(ticker, on: 1, win: win, loss: 1 - win))
        }
        return scenario
    }

    @Test("once enough is classified they are judged, and count anew")
    func judged() throws {
        let event = try named(buys: 5, sells: 2, count: 7).when(1).one(ThresholdsEvaluated.self)
        #expect(event.reason == .tooManyBuys && event.buys == 5 && event.sells == 2)
        #expect(event.sellHundredths == 47 && event.buyHundredths == 55)
        try named(buys: 5, sells: 2, count: 8).when(1).thenNo(ThresholdsEvaluated.self)
        try named(buys: 5, sells: 2, count: 7).when(2...4).thenNo(ThresholdsEvaluated.self)
    }

    @Test("the new thresholds decide from the next evaluation on, and not before")
    func decides() throws {
        let scenario = named(buys: 5, sells: 2, count: 7).given(
            .prices("NEXT", 100), .purchases("NEXT", on: 2, confidence: 75),
            .prediction("NEXT", on: 2, win: 0.46, loss: 0.54))
        let before = try scenario.when(1).all(SignalGenerated.self)
        #expect(before.allSatisfy { $0.sellHundredths == 45 } && !before.isEmpty)
        let after = try scenario.when(2).one(SignalSuppressed.self)
        #expect(after.sellHundredths == 47 && after.reason == .oppositeDirections)
    }

    @Test("switched off they stay")
    func off() throws {
        try named(buys: 5, sells: 2, count: 7).with("adaptive_thresholds=false").when(1...2)
            .thenNo(ThresholdsEvaluated.self)
    }
}
