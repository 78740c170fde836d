import EventLog
import Events
import FeedbackLoop
import Learning
import Market
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("Training sets recomputed")
struct TrainingReplayTests {
    private let folder = TemporaryFolder()

    /// A run that trains weekly and monthly, and what it was made of.
    private struct LearningRun {
        let log: EventLog
        let timeline: EventLog
        let configuration: LoopConfiguration

        init(_ folder: TemporaryFolder, settings: [String] = []) throws {
            timeline = try SmallWorld.log(
                SmallWorld(sessions: 420).facts, kind: .timeline, at: "\(folder.path)/timeline")
            let wanted =
                SmallWorld.settings + [
                    "train=true", "training_lookback_sessions=120", "holdout_sessions=30",
                    "early_stopping_sessions=10", "gate=always",
                ] + settings
            guard case .loop(let loop) = try StrategyFile.load("feedback", settings: wanted) else {
                throw CancellationError()
            }
            _ = try Run.make(
                loop, timeline: timeline, at: "\(folder.path)/run", trainer: StumpTrainer())
            log = try EventLog.open(at: "\(folder.path)/run")
            configuration = loop.configuration
        }

        func set(_ asOf: AsOf, job: JobKind? = nil) throws -> TrainingReplay.Recomputed {
            try TrainingReplay.set(
                of: log, timeline: timeline, configuration, asOf: asOf, job: job)
        }
    }

    @Test(
        "at every training of a run the recomputed rows have the digest that was trained on",
        arguments: [[], ["outcome_window_days=400", "holdout_sessions=10"]])
    func everyTraining(settings: [String]) throws {
        let run = try LearningRun(folder, settings: settings)
        var (models, failures, withOutcomes) = (0, 0, 0)
        var trainings: [TrainingReplay.Recomputed] = []
        try TrainingReplay.each(of: run.log, timeline: run.timeline, run.configuration) {
            trainings.append($0)
            guard let model = $0.training?.model else {
                #expect($0.set.failure != nil)
                failures += 1
                return
            }
            #expect(model.trainingSet == $0.digest, "\(model.reference)")
            #expect($0.set.failure == nil)
            models += 1
            withOutcomes += $0.useOutcomes ? 1 : 0
        }
        #expect(models > 10 && failures > 0, "\(models) \(failures)")
        #expect(settings.isEmpty || withOutcomes > 3, "\(withOutcomes)")
        // Read as of the instant alone, from the beginning, each is the same.
        for recomputed in trainings.suffix(4) + trainings.prefix(2) {
            let training = try #require(recomputed.training)
            let instant = training.request.envelope.recordedAt
            let again = try run.set(.position(training.reference.position))
            #expect(again.digest == recomputed.digest && again.useOutcomes == training.useOutcomes)
            let job: JobKind = training.useOutcomes ? .feedbackRetraining : .training
            #expect(try run.set(.instant(instant), job: job).digest == recomputed.digest)
            #expect(
                "\(again.set.unused)" == "\(recomputed.set.unused)", "the reasons are the same")
        }
    }

    @Test("what a run's events say of rows not used is what the recomputed set says")
    func reasons() throws {
        let run = try LearningRun(folder)
        var recorded = Lookup<Reference, [String]>()
        var count = 0
        try run.log.read { record in
            if let model = try? ModelTrained(message: record.message) {
                recorded[model.request] = model.unused.map { "\($0.reason) \($0.count)" }
                count += 1
            } else if let failed = try? TrainingFailed(message: record.message) {
                recorded[failed.request] = failed.unused.map { "\($0.reason) \($0.count)" }
                count += 1
            }
            return .proceed
        }
        try TrainingReplay.each(of: run.log, timeline: run.timeline, run.configuration) {
            let reference = try #require($0.training?.reference)
            #expect(recorded[reference] == $0.set.unused.map { "\($0.reason) \($0.count)" })
            count -= 1
        }
        #expect(count == 0)
    }
}
