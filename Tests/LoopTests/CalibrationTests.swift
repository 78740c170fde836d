import Events
import LoopKit
import Testing

/// What confidences came to, fitted on the first of a month; it changes sizes and nothing else.
@Suite("Calibration within the loop")
struct CalibrationTests {
    /// The champion changes no confidence; four buys after session 1 (the 21st of January), whose
    /// labels are mature by the 24th: at .75 one wins and one loses, at .85 both win.
    static func judged(_ settings: String...) -> Scenario {
        let base = Scenario(
            "calibration_rows=4", "timeout_days=1", "label_return=net", "agreement_factor=1",
            "ml_blend_weight=0.0", "adaptive_blend=false", "emit_threshold=0.7",
            base: Scenario.learning, start: "2020-01-20")
        return settings.reduce(base) { $0.with($1) }.given(
            .champion, entry("AAA", 0.1, confidence: 75), entry("BBB", -0.1, confidence: 75),
            entry("CCC", 0.1, confidence: 85), entry("DDD", 0.1, confidence: 85),
            // Not emitted at .65: it counts for nothing.
            entry("EEE", -0.1, confidence: 65))
    }

    private static func entry(_ ticker: Ticker, _ gain: Double, confidence: Int) -> Fact {
        .all([
            .prices(ticker) { $0 < 4 ? 100 : 100 * (1 + gain) },
            .purchases(ticker, on: 1, confidence: confidence),
            .prediction(ticker, on: 1, win: 0.75, loss: 0.25),
        ])
    }

    /// The same, and a purchase of LATE after session 10, the 3rd of February.
    private func sized(_ settings: String..., confidence: Int) -> Scenario {
        settings.reduce(Self.judged()) { $0.with($1) }.given(
            .prices("LATE", 99), .purchases("LATE", on: 10, confidence: confidence),
            .prediction("LATE", on: 10, win: 0.75, loss: 0.25))
    }

    @Test("the fit is the monotone one by hand, with its base rate and both Brier scores")
    func fit() throws {
        let fit = try Self.judged().when(9).one(CalibrationFitted.self)
        #expect(fit.scheduledAt == "2020-02-01T03:30Z" && fit.method == .isotonic)
        #expect(fit.rows == 4 && fit.base == 0.75)
        #expect(fit.knots.map(\.raw) == [0.75, 0.85] && fit.knots.map(\.calibrated) == [0.5, 1])
        // (.0625 + .5625 + .0225 + .0225) / 4 and (.25 + .25) / 4
        #expect(((fit.brierBefore ?? 0) - 0.1675).magnitude < 1e-12 && fit.brierAfter == 0.125)
        #expect(fit.fromDay == "2020-01-21" && fit.throughDay == "2020-01-21")
    }

    @Test("an order is sized by what its confidence came to, over the fit's base rate")
    func sizes() throws {
        // (calibrated − .75) / .25 of the gain of 2: .5 and .75 give none, .95 gives .8 of it.
        for (confidence, calibrated, fraction) in [
            (75, 0.5, 0.01), (80, 0.75, 0.01), (85, 1.0, 0.03),
        ] {
            let order = try sized("max_trade=0.05", confidence: confidence).when(10)
                .one(OrderSubmitted.self)
            #expect(((order.calibratedConfidence ?? 0) - calibrated).magnitude < 1e-12)
            #expect(((order.sizeFraction ?? 0) - fraction).magnitude < 1e-12)
            #expect(order.calibration != .none)
            #expect(order.confidence == Double(confidence) / 100)
        }
    }

    @Test("without one an order has its raw size, and says that nothing calibrated it")
    func raw() throws {
        let order = try sized("max_trade=0.05", "calibration=none", confidence: 85).when(10)
            .one(OrderSubmitted.self)
        #expect(((order.sizeFraction ?? 0) - 0.018).magnitude < 1e-12)
        #expect(order.calibratedConfidence == nil && order.calibration == .none)
        let binary = try sized("sizing=binary", confidence: 85).when(10).one(OrderSubmitted.self)
        #expect(binary.sizeFraction == 0.01 && binary.calibratedConfidence == nil)
    }

    @Test("signals, queue and skips are what they are without a fit")
    func nothingElse() throws {
        for confidence in [70, 75, 95] {
            let fitted = try sized(confidence: confidence).when(10)
            let plain = try sized("calibration=none", confidence: confidence).when(10)
            func kept(_ episode: Episode) -> [String] {
                episode.recorded.filter {
                    [
                        SignalGenerated.templateID, SignalQueued.templateID,
                        SignalSkipped.templateID, OrderFilled.templateID,
                    ].contains($0.templateID)
                }.map(\.description)
            }
            #expect(kept(fitted) == kept(plain) && !kept(plain).isEmpty)
        }
    }

    @Test("one outcome too few is no fit, and no fit is made without a champion")
    func tooFew() throws {
        try Self.judged("calibration_rows=5").when(9).thenNo(CalibrationFitted.self)
        try Self.judged().given(.rollback(on: 8)).when(8...9).thenNo(CalibrationFitted.self)
    }

    @Test("it ends with the champion that it belongs to, before the next order")
    func dropped() throws {
        let scenario = sized("max_trade=0.05", confidence: 85).given(.rollback(on: 10))
        let episode = try scenario.when(10)
        let drop = try episode.one(CalibrationFitted.self)
        #expect(drop.method == .none && drop.knots.isEmpty && drop.rows == 0)
        let order = try episode.one(OrderSubmitted.self)
        #expect(order.calibration == .none)
        #expect(((order.sizeFraction ?? 0) - 0.018).magnitude < 1e-12)
        try scenario.when(11...12).thenNo(CalibrationFitted.self)
    }

    @Test("what one model's confidences came to fits no other model")
    func another() throws {
        let scenario = Self.judged().given(
            .model("ours", on: 5, trainedOn: 5), .promotion(of: "ours", on: 5))
        try scenario.when(9).thenNo(CalibrationFitted.self)
    }
}
