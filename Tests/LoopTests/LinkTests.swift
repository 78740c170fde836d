import Events
import Foundation
import Learning
import LoopKit
import TestWorlds
import Testing

/// Each arrow of the data flow leaves its event in a small run that learns: one that is not called
/// leaves none, and the tests that name it fail.
@Suite("The links of the data flow")
struct LinkTests {
    /// Twelve tickers that are filed on each day, and prices that go up and down by turns.
    static let scenario = learning(StumpTrainer())

    /// The same with a trainer of its own.
    static func learning(_ trainer: any Trainer) -> Scenario {
        let base = Scenario(
            "timeout_days=1", "label_return=net", "gate=always", "holdout_sessions=2",
            "early_stopping_sessions=0", "training_lookback_sessions=60", "emit_threshold=0.3",
            "queue_threshold=0.6", "max_volume=0", "threshold_count=10", "blend_arm_size=1",
            "max_entries_per_day=12", base: Scenario.learning,
            trainer: trainer)
        var facts: [Fact] = [.index { 300 + Double($0 % 3) }]
        for number in 0..<12 {
            let ticker = Ticker("T\(number)")!
            facts.append(
                .prices(ticker) { session in 100 + 6 * Double((session * (number + 2)) % 5) })
            for session in 0...sessions where (session + number) % 3 != 0 {
                facts.append(
                    .purchases(ticker, on: session, confidence: 75 + 5 * ((session + number) % 3)))
            }
        }
        return base.given(facts)
    }

    static let sessions = 45
    private static let run: [Recorded] = {
        do { return try scenario.run(through: sessions) } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static func all<Event: EventMessage>(_ type: Event.Type) -> [(Reference, Event)] {
        run.compactMap { recorded in recorded.as(type).map { (recorded.reference, $0) } }
    }

    private static func event<Event: EventMessage>(_ type: Event.Type, at reference: Reference)
        -> Event?
    {
        guard !reference.isTimeline, reference != .none, reference.position <= run.count
        else { return nil }
        return run[Int(reference.position) - 1].as(type)
    }

    /// Whether a link left its event; by the name of its file.
    static let evidence: [(link: String, isThere: @Sendable () -> Bool)] = [
        (
            "DisclosureToSignal",
            {
                let signals = all(SignalGenerated.self)
                return signals.count > 100
                    && signals.allSatisfy { $0.1.envelope.causation.isTimeline }
            }
        ),
        (
            "SignalToOrder",
            {
                let entries = all(OrderSubmitted.self).filter { $0.1.leg == .entry }
                return entries.count > 50
                    && entries.allSatisfy { event(SignalGenerated.self, at: $0.1.signal) != nil }
            }
        ),
        (
            "OrderToFill",
            {
                let fills = all(OrderFilled.self).filter { $0.1.leg == .entry }
                return fills.count > 50
                    && fills.allSatisfy { event(OrderSubmitted.self, at: $0.1.order) != nil }
            }
        ),
        (
            "FillToOutcome",
            {
                let outcomes = all(OutcomeRecorded.self)
                return outcomes.count > 50
                    && outcomes.allSatisfy { event(OrderFilled.self, at: $0.1.exitFill) != nil }
            }
        ),
        (
            "OutcomeToTrainingSet",
            { all(ModelTrained.self).contains { $0.1.outcomeRows > 0 && $0.1.marketRows == 0 } }
        ),
        (
            "TrainingSetToModel",
            {
                let models = all(ModelTrained.self)
                return models.count > 2
                    && models.allSatisfy { event(TrainingRequested.self, at: $0.1.request) != nil }
            }
        ),
        (
            "ModelToPromotion",
            {
                let promotions = all(ModelPromoted.self)
                return promotions.count > 2
                    && promotions.allSatisfy {
                        event(ModelTrained.self, at: $0.1.model) != nil
                            && event(ModelCompared.self, at: $0.1.comparison) != nil
                    }
            }
        ),
        (
            "OutcomeToBlendWeight",
            {
                all(BlendWeightEvaluated.self).contains {
                    $0.1.reason != .noChampion && $0.1.heuristicArm > 0
                }
            }
        ),
        (
            "BlendWeightToSignal",
            {
                all(SignalGenerated.self).contains {
                    $0.1.champion != .none && $0.1.blendTenths > 0
                        && $0.1.confidence != $0.1.heuristicConfidence
                }
            }
        ),
    ]

    @Test("each leaves its event", arguments: evidence.indices)
    func leaves(index: Int) {
        let link = LinkTests.evidence[index]
        #expect(link.isThere(), "\(link.link)")
    }

    @Test("each has its evidence here, and leads to where the next begins: the loop closes")
    func chain() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/FeedbackLoop/Links")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
        let links = LinkTests.evidence.map(\.link)
        #expect(files.sorted() == links.sorted())
        let (forwards, back) = (links.prefix(7), links.suffix(2))
        for part in [forwards, back] {
            for (link, next) in zip(part, part.dropFirst()) {
                let end = link.components(separatedBy: "To").last ?? ""
                #expect(next.hasPrefix("\(end)To"), "\(link) leads to \(next)")
            }
        }
        #expect(back.last?.hasSuffix("Signal") == true && links[1].hasPrefix("Signal"))
    }

    /// Deciders that are no arrow of their own.
    @Test("the other deciders leave theirs too")
    func deciders() {
        #expect(!LinkTests.all(ThresholdsEvaluated.self).isEmpty)
        #expect(!LinkTests.all(ModelPerformanceEvaluated.self).isEmpty)
        #expect(!LinkTests.all(FeatureImportanceMeasured.self).isEmpty)
        #expect(LinkTests.all(ExitTriggered.self).contains { $0.1.reason == .timeout })
        #expect(!LinkTests.all(ModelRetired.self).isEmpty)
    }

    @Test(
        "from each outcome its causes lead back to a filing, and it has that filing's correlation")
    func causes() throws {
        for (_, outcome) in LinkTests.all(OutcomeRecorded.self).prefix(20) {
            let exit = try #require(
                LinkTests.event(OrderFilled.self, at: outcome.envelope.causation))
            let trigger = try #require(
                LinkTests.event(ExitTriggered.self, at: exit.envelope.causation))
            let entry = try #require(
                LinkTests.event(OrderFilled.self, at: trigger.envelope.causation))
            let order = try #require(
                LinkTests.event(OrderSubmitted.self, at: entry.envelope.causation))
            let signal = try #require(
                LinkTests.event(SignalGenerated.self, at: order.envelope.causation))
            #expect(signal.envelope.causation.isTimeline)
            #expect(signal.filings.last?.filing == signal.envelope.causation)
            for envelope in [exit.envelope, trigger.envelope, entry.envelope, order.envelope] {
                #expect(envelope.correlation == signal.envelope.causation)
            }
            #expect(outcome.signal == order.signal && order.ticker == outcome.ticker)
        }
    }

    @Test("one outcome a holding, one evaluation a ticker and session, one decision a signal")
    func once() {
        func expectDistinct<Key: Hashable>(_ keys: [Key], _ what: String) {
            #expect(Set(keys).count == keys.count, "\(what)")
        }
        expectDistinct(LinkTests.all(OutcomeRecorded.self).map(\.1.entryOrder), "outcomes")
        let evaluated = LinkTests.all(SignalGenerated.self).map { "\($0.1.day) \($0.1.ticker)" }
        let suppressed = LinkTests.all(SignalSuppressed.self).map { "\($0.1.day) \($0.1.ticker)" }
        expectDistinct(evaluated + suppressed, "evaluations")
        let skipped = LinkTests.all(SignalSkipped.self).map(\.1.signal)
        let ordered = LinkTests.all(OrderSubmitted.self).map(\.1.signal).filter { $0 != .none }
        expectDistinct(skipped + ordered, "decisions")
        #expect((skipped + ordered).count == evaluated.count, "no signal is forgotten")
    }
}
