import Events
import LoopKit
import TestWorlds
import Testing

/// Small markets that are cut behind each event of their jobs and acts, and go on deciding: what
/// was done is not done again, and what was not done is done.
///
/// `FoldTests` draws its cuts over whole runs; these are all of those at which a decider may be
/// called a second time.
@Suite("A run that is cut within a job")
struct CutTests {
    struct Market: Sendable, CustomStringConvertible {
        let description: String
        let scenario: Scenario
        let sessions: Int
        /// A kind of event that must be among those cut at, or the proof is empty.
        let kinds: [UInt16]
    }

    static let markets: [Market] = [
        Market(
            description: "models of other tools",
            scenario: GateTests.market().given(
                GateTests.model("theirs", isRight: true), GateTests.model("others", isRight: false),
                .model("gone", on: 2), .model("gone", on: 8, trainedOn: 7),
                .promotion(of: "others", on: 9),
                .rollback(on: 10), .rollback(on: 11)),
            sessions: 20,
            kinds: [
                ModelCompared.templateID, ModelHeldAsCandidate.templateID,
                ModelPromoted.templateID, ModelRolledBack.templateID, ModelRetired.templateID,
            ]),
        Market(
            description: "models of its own",
            scenario: LinkTests.scenario.given(.request(.training, at: "2020-01-12T02:00Z")),
            sessions: 40,
            kinds: [
                TrainingRequested.templateID, ModelTrained.templateID, TrainingFailed.templateID,
                ModelCompared.templateID, ModelPromoted.templateID, JobFailed.templateID,
            ]),
        Market(
            description: "calibration",
            scenario: CalibrationTests.judged().given(.rollback(on: 10)),
            sessions: 12, kinds: [CalibrationFitted.templateID, JobFinished.templateID]),
    ]

    /// Whether a decider is at work when an event of this kind is recorded, that is not one of each
    /// session.
    private static func isOfJob(_ recorded: Recorded) -> Bool {
        let daily: [JobKind] = [.signalOutcome, .cycle, .modelEvaluation]
        if let event = recorded.as(JobStarted.self) { return !daily.contains(event.job) }
        if let event = recorded.as(JobFinished.self) { return !daily.contains(event.job) }
        return [
            JobFailed.templateID, TrainingRequested.templateID,
            ModelTrained.templateID, TrainingFailed.templateID, ModelCompared.templateID,
            ModelHeldAsCandidate.templateID, ModelPromoted.templateID, ModelRolledBack.templateID,
            ModelRetired.templateID, CalibrationFitted.templateID,
        ].contains(recorded.templateID)
    }

    @Test("goes on as if it had not been", arguments: markets)
    func jobs(market: Market) throws {
        let recorded = try market.scenario.run(through: market.sessions)
        let cuts = recorded.indices.filter { Self.isOfJob(recorded[$0]) }
        for kind in market.kinds {
            #expect(cuts.contains { recorded[$0].templateID == kind }, "\(market) has a \(kind)")
        }
        for cut in cuts {
            try goesOn(recorded, behind: cut + 1, market.scenario, through: market.sessions)
        }
    }

    @Test("in the middle of a pass, those that were ordered in it take their places still")
    func places() throws {
        let scenario = Scenario(
            "min_confidence=0", "max_active=2", "max_sessions=2", base: [],
            strategy: "disclosure-follow"
        ).given(
            ["AAA", "BBB", "CCC", "DDD"].flatMap { ticker -> [Fact] in
                let ticker = Ticker(ticker)!
                return [.prices(ticker, 100)]
                    + (0...6).map { .filing(ticker, .buy, on: $0) }
            })
        let recorded = try scenario.run(through: 7)
        #expect(recorded.compactMap { $0.as(OrderSubmitted.self) }.count > 6)
        for cut in 1..<recorded.count { try goesOn(recorded, behind: cut, scenario, through: 7) }
    }

    @Test("acts at the instant of a cycle come before it, and are done once")
    func actsOfCycle() throws {
        let at: Instant = "2020-01-09T05:30Z"
        let scenario = Scenario("emit_threshold=0.6", base: Scenario.learning).given(
            [.prices("ACME", 100), .model("theirs"), .promotion(of: "theirs")]
                + (0...5).map { .filing("ACME", .buy, on: $0) }
                + [
                    .trade(
                        "ACME", gain: 0.1, entered: "2020-01-08T15:00Z",
                        exited: "2020-01-08T18:00Z", recorded: at),
                    .request(.training, at: at), .request(.feedbackRetraining, at: at),
                ])
        let recorded = try scenario.run(through: 6)
        let ofInstant = recorded.filter { $0.envelope.recordedAt == at }
        #expect(ofInstant.compactMap { $0.as(JobStarted.self) }.count == 3)
        #expect(ofInstant.contains { $0.as(OutcomeRecorded.self) != nil })
        for cut in 1..<recorded.count { try goesOn(recorded, behind: cut, scenario, through: 6) }
    }

    /// Of what a run records behind a cut, and one that is cut there and goes on, all is equal.
    private func goesOn(
        _ recorded: [Recorded], behind cut: Int, _ scenario: Scenario, through session: Int
    ) throws {
        let later = try scenario.resumed(recorded, at: cut, through: session)
        let expected = recorded[cut...]
        for (old, new) in zip(expected, later) where old.bytes != new.bytes {
            Issue.record("behind \(cut), \(recorded[cut - 1]): \(new), not \(old)")
            return
        }
        #expect(later.count == expected.count, "behind \(cut), \(recorded[cut - 1])")
    }
}
