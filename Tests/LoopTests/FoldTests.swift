import Events
import Foundation
import LoopKit
import TestKit
import TestWorlds
import Testing

/// State is a fold of facts, instants and events: a run that is folded up to any of its events,
/// also in the middle of an instant, and goes on deciding records the very bytes that the run
/// recorded.
@Suite("The fold of a run")
struct FoldTests {
    /// A strategy, and a market in which it does all that it can.
    struct Subject: Sendable, CustomStringConvertible {
        let name: String
        let scenario: Scenario
        let sessions: Int
        /// Kinds of event that the run must have, or the proof is empty.
        let kinds: [UInt16]

        var description: String { name }
    }

    /// The loop with models, acts of people and an imported model; the other strategies of the
    /// house.
    static let subjects: [Subject] = [
        Subject(
            name: "feedback", scenario: LinkTests.scenario.given(acts),
            sessions: LinkTests.sessions,
            kinds: [
                ModelTrained.templateID, ModelCompared.templateID, ModelPromoted.templateID,
                ModelRetired.templateID, ModelRolledBack.templateID, TrainingFailed.templateID,
                BlendWeightEvaluated.templateID, ThresholdsEvaluated.templateID,
                ModelPerformanceEvaluated.templateID, FeatureImportanceMeasured.templateID,
                OutcomeRecorded.templateID, SignalSkipped.templateID, JobFailed.templateID,
                ExitTriggered.templateID,
            ]),
        Subject(
            name: "feedback with stops and regimes",
            scenario: trading(
                Scenario(
                    "trailing_stop=0.03", "stop_atr=1", "atr_sessions=3", "use_regime=true",
                    "timeout_days=12", "weekly_scoring=true", "lookback_days=8",
                    "commission_bp=10", "start_cash=20000", "base_size=0.2",
                    "max_trade=0.5", "max_position=0.5", "emit_threshold=0.5",
                    "queue_threshold=0.55", "regime_return_20=0.01", "regime_return_60=0.01")),
            sessions: 90,
            kinds: [
                ExitTriggered.templateID, OrderCancelled.templateID, SignalSkipped.templateID,
                SignalQueued.templateID, RegimeChanged.templateID, OutcomeRecorded.templateID,
            ]),
        Subject(
            name: "baseline",
            scenario: trading(
                Scenario("lookback_days=8", base: [], strategy: "baseline", trainer: StumpTrainer())
            ),
            sessions: 60, kinds: [SignalSuppressed.templateID, JobFinished.templateID]),
        Subject(
            name: "disclosure-follow",
            scenario: trading(
                Scenario(
                    "min_confidence=0", "stop=0.04", "target=0.05", "max_sessions=5",
                    base: [], strategy: "disclosure-follow")), sessions: 60,
            kinds: [OrderFilled.templateID, ExitTriggered.templateID, OutcomeRecorded.templateID]),
        Subject(
            name: "disclosure-follow at the close",
            scenario: trading(
                Scenario(
                    "fill=same_close", "min_confidence=0", "stop=0.04", "target=0.05",
                    "max_sessions=5", "max_active=4",
                    base: [], strategy: "disclosure-follow")), sessions: 60,
            kinds: [OrderFilled.templateID, ExitTriggered.templateID, OutcomeRecorded.templateID]),
        Subject(
            name: "oracle",
            scenario: trading(
                Scenario(
                    "filers=Filer A; Filer B", "lookback_days=8", base: [], strategy: "oracle")),
            sessions: 60, kinds: [SignalGenerated.templateID]),
    ]

    /// What people do in the loop's market.
    private static let acts: [Fact] = [
        .request(.training, at: "2020-01-01T12:00Z"),
        .request(.feedbackRetraining, at: "2020-02-20T12:00Z"),
        .rollback(on: 36), .rollback(on: 37),
        .trade(
            "T3", gain: 0.1, entered: "2020-02-03T15:00Z", exited: "2020-02-14T15:00Z",
            recorded: "2020-02-18T12:00Z"),
    ]

    /// Eight tickers that are filed on, prices that move, two of them with days without a bar.
    private static func trading(_ base: Scenario) -> Scenario {
        var facts: [Fact] = [.index { 300 * (1 + 0.1 * Double(($0 % 50) - 25) / 25) }]
        for number in 0..<8 {
            let ticker = Ticker("T\(number)")!
            facts.append(
                .prices(ticker, spread: 0.02) { session in
                    50 + 8 * Double((session * (number + 3)) % 7)
                })
            for session in stride(from: number % 3, to: 88, by: 3) {
                facts.append(
                    .filing(
                        ticker, (session + number) % 7 == 0 ? .sell : .buy, on: session,
                        by: "Filer \(number % 2 == 0 ? "A" : "B")"))
                facts.append(
                    .filing(
                        ticker, .buy, on: session, by: "Filer C",
                        row: UInt64(1_000 * number + session)))
            }
        }
        for session in stride(from: 5, to: 88, by: 6) {
            facts.append(.noBar("T1", in: session...session))
            facts.append(.noBar("T4", in: session...session))
        }
        return base.given(facts)
    }

    @Test(
        "at two hundred cuts, half of them inside an instant, all later bytes are equal",
        arguments: subjects)
    func resumes(subject: Subject) throws {
        let recorded = try subject.scenario.run(through: subject.sessions)
        for kind in subject.kinds {
            let name = EventSchema.messages.first { $0.id == kind }?.name ?? "\(kind)"
            #expect(recorded.contains { $0.templateID == kind }, "\(subject) records a \(name)")
        }
        let seed: UInt64 = 20_261_126
        var generator = SeededGenerator(seed: seed)
        let inside = (1..<recorded.count).filter {
            recorded[$0].envelope.recordedAt == recorded[$0 - 1].envelope.recordedAt
                && recorded[$0].envelope.through == recorded[$0 - 1].envelope.through
        }
        var cuts: [Int] = []
        for _ in 0..<100 {
            cuts.append(try #require(inside.randomElement(using: &generator)))
            cuts.append(Int.random(in: 1..<recorded.count, using: &generator))
        }
        let isInside = cuts.reduce(0) { $0 + (inside.contains($1) ? 1 : 0) }
        print(
            "fold of \(subject): \(recorded.count) events, \(cuts.count) cuts, \(isInside) inside an "
                + "instant, seed \(seed)")
        #expect(2 * isInside >= cuts.count)
        for cut in Set(cuts).sorted() {
            let later = try subject.scenario.resumed(
                recorded, at: cut, through: subject.sessions)
            try compare(Array(recorded[cut...]), later, behind: cut, subject)
        }
    }

    @Test("nothing is added to a run that is folded to its end", arguments: subjects)
    func addsNothing(subject: Subject) throws {
        let recorded = try subject.scenario.run(through: subject.sessions)
        let later = try subject.scenario.resumed(
            recorded, at: recorded.count, through: subject.sessions)
        #expect(later.isEmpty, "\(later.prefix(3))")
    }

    private func compare(
        _ expected: [Recorded], _ found: [Recorded], behind cut: Int, _ subject: Subject
    ) throws {
        for (index, (old, new)) in zip(expected, found).enumerated() where old.bytes != new.bytes {
            Issue.record(
                "\(subject), cut behind \(cut): event \(cut + index + 1) is \(new), not \(old)")
            return
        }
        #expect(found.count == expected.count, "\(subject), cut behind \(cut)")
    }
}
