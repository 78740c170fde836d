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

    @Test(
        "at every training of a run the recomputed rows have the digest that was trained on",
        arguments: [[], ["blend=false", "outcome_window_days=400", "holdout_sessions=10"]])
    func everyTraining(settings: [String]) throws {
        let run = try LearningRun(folder, settings: settings)
        var (models, failures, withOutcomes) = (0, 0, 0)
        var trainings: [TrainingReplay.Recomputed] = []
        try TrainingReplay.each(of: run.merged, run.configuration) {
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
            let again = try run.set(AsOf(.event(training.reference)))
            #expect(again.digest == recomputed.digest && again.useOutcomes == training.useOutcomes)
            let job: JobKind = training.useOutcomes ? .feedbackRetraining : .training
            #expect(try run.set(AsOf(.instant(instant)), job: job).digest == recomputed.digest)
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
        try TrainingReplay.each(of: run.merged, run.configuration) {
            let reference = try #require($0.training?.reference)
            #expect(recorded[reference] == $0.set.unused.map { "\($0.reason) \($0.count)" })
            count -= 1
        }
        #expect(count == 0)
    }

    @Test("no label of a set ends after its moment, and none of a part reaches into the next")
    func labelsEndBefore() throws {
        let run = try LearningRun(folder)
        var rows = 0
        try TrainingReplay.each(of: run.merged, run.configuration) {
            let session = try #require($0.session)
            let set = $0.set
            for used in set.part + set.holdout {
                let label = try #require(used.row.label)
                #expect(label.to <= session, "\(used.row.signal)")
                #expect(used.row.decidedOn < label.from && label.from < label.to)
                rows += 1
            }
            let holdout = set.holdout.first?.row.decidedOn
            for used in set.part { #expect(try #require(used.row.label).to < holdout ?? session) }
            let slice = set.earlyStopping.first?.row.decidedOn
            for used in set.training { #expect(try #require(used.row.label).to < slice ?? session) }
        }
        #expect(rows > 5_000)
    }

    @Test("a ticker's market rows give way to its outcome rows, and come back after the window")
    func tickersComeBack() throws {
        let run = try LearningRun(
            folder, settings: ["outcome_window_days=100", "holdout_sessions=10"])
        var (gone, back) = (Lookup<Ticker, Bool>(), 0)
        try TrainingReplay.each(of: run.merged, run.configuration) {
            guard $0.useOutcomes else { return }
            var traded = Lookup<Ticker, Bool>()
            for used in $0.set.part where used.source == .outcome {
                traded[used.row.ticker] = true
            }
            for used in $0.set.part where used.source == .market {
                #expect(traded[used.row.ticker] == nil, "\(used.row.ticker) has outcome rows")
                if gone[used.row.ticker] != nil { back += 1 }
            }
            for ticker in SmallWorld.tickers where traded[ticker] != nil { gone[ticker] = true }
        }
        #expect(back > 0, "a ticker that had outcome rows has market rows again")
    }
}
