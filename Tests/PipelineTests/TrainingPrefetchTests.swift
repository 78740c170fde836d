import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import Synchronization
import TestKit
import TestWorlds
import Testing

/// Keeps what a stump trainer makes, by its rows.
private final class KeepingTrainer: Trainer {
    private struct State {
        var models: [Digest: TrainedModel] = [:]
        var made = 0
        var found = 0
        var refused = 0
    }

    /// Fewer rows teach it nothing.
    private static let fewestRows = 160

    private let base = StumpTrainer()
    private let state = Mutex(State())

    var library: String { base.library }
    var architecture: String { base.architecture }
    /// Trainings made, and models that were asked for and were there.
    var counts: (made: Int, found: Int) { state.withLock { ($0.made, $0.found) } }
    /// Trainings refused.
    var refused: Int { state.withLock { $0.refused } }

    func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        let key = TrainingPerformer.digest(rows, earlyStopping)
        let made = state.withLock { state in
            Result { () throws(TrainerError) in
                if let model = state.models[key] {
                    state.found += 1
                    return model
                }
                guard rows.rows >= KeepingTrainer.fewestRows else {
                    state.refused += 1
                    throw TrainerError(.tooFewRows, "too few to learn from")
                }
                let model = try base.train(
                    rows, earlyStopping: earlyStopping, parameters, proceed: proceed)
                state.made += 1
                state.models[key] = model
                return model
            }
        }
        return try made.get()
    }

    func keeps(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters
    ) -> Bool {
        let key = TrainingPerformer.digest(rows, earlyStopping)
        return state.withLock { $0.models[key] != nil }
    }

    func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble { try base.load(artefact) }
}

@Suite("Models made ahead of a run")
struct TrainingPrefetchTests {
    private let folder = TemporaryFolder()

    @Test("a run comes to the same bytes, finds each model that needs no outcomes, and wastes none")
    func foreseen() throws {
        let world = SmallWorld(sessions: 420)
        let timeline = try SmallWorld.log(
            world.facts, kind: .timeline, at: "\(folder.path)/timeline")
        // Every model is promoted, so that nearly all trades are other ones than in a rehearsal.
        let loop = try SmallWorld.strategy(SmallWorld.learning + ["gate=always"])
        func run(_ name: String, _ trainer: any Trainer) throws -> Digest {
            try Run.make(
                loop, timeline: timeline, at: "\(folder.path)/\(name)", trainer: trainer
            ).head.seal
        }
        let alone = KeepingTrainer()
        let seal = try run("alone", alone)
        let (market, withOutcomes) = try trained(EventLog.open(at: "\(folder.path)/alone"))
        #expect(market > 5 && withOutcomes > 2)
        #expect(alone.counts == (market + withOutcomes, 0) && alone.refused > 0)

        let kept = KeepingTrainer()
        let sessions = Mutex(0)
        func ahead() -> TrainingPrefetch {
            TrainingPrefetch(kept, of: loop, timeline: timeline, lanes: 3) { _ in
                sessions.withLock { $0 += 1 }
            }
        }
        #expect(try run("ahead", ahead()) == seal)
        #expect(kept.counts == (market + withOutcomes, market), "the rehearsal finds the first")
        #expect(sessions.withLock { $0 } == 420)

        #expect(try run("again", ahead()) == seal)
        #expect(kept.counts == (market + withOutcomes, 2 * market + withOutcomes))
        #expect(
            sessions.withLock { $0 } == 420,
            "nothing is looked ahead at where the first model is kept")
    }

    /// Models that a run trained without outcomes, and with.
    private func trained(_ log: EventLog) throws -> (market: Int, outcomes: Int) {
        var requests = Lookup<Reference, Bool>()
        var counts = (market: 0, outcomes: 0)
        try log.read { record in
            if let event = try? TrainingRequested(message: record.message) {
                requests[.own(record.position)] = event.useOutcomes
            }
            if let event = try? ModelTrained(message: record.message) {
                if requests[event.request] == true {
                    counts.outcomes += 1
                } else {
                    counts.market += 1
                }
            }
            return .proceed
        }
        return counts
    }
}
