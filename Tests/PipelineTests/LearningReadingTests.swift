import EventLog
import Events
import FeedbackLoop
import Learning
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

/// What trainings learnt from and what promotions came to, read back.
@Suite("What learning came to")
struct LearningReadingTests {
    private let folder = TemporaryFolder()

    private func reading(_ run: LearningRun) throws -> LearningReading {
        try LearningReading(of: run.merged, run.configuration) {
            try run.trainer.load(try run.trainer.stored($0))
        }
    }

    @Test("for each promotion both models are scored on rows decided after it and mature by now")
    func promotions() throws {
        let run = try LearningRun(folder)
        let found = try reading(run).promotions
        let mature = try TrainingReplay.history(of: run.merged, run.configuration, asOf: .end)
            .mature
        var trained: [(model: Reference, event: ModelTrained)] = []
        var promoted: [ModelPromoted] = []
        try run.log.read { record in
            switch try MessageHeader(record.message).templateID {
            case ModelTrained.templateID:
                trained.append(
                    (.own(record.position), try ModelTrained(message: record.message)))
            case ModelPromoted.templateID:
                promoted.append(try ModelPromoted(message: record.message))
            default: break
            }
            return .proceed
        }
        #expect(found.count == promoted.count && found.count > 5)
        for (after, event) in zip(found, promoted) {
            #expect(after.promoted.model == event.model)
            func named(_ model: Reference, _ row: TrainingRow) throws -> OutcomeClass {
                let event = try #require(trained.first { $0.model == model }).event
                return try run.trainer.load(try run.trainer.stored(event.artefact))
                    .probabilities(row.features).predicted
            }
            var (rows, new, old) = (0, 0, 0)
            for row in mature {
                // The cycle of session D is at 05:30 of the next day.
                let decided = Instant(row.decidedOn + 1, hour: 5, minute: 30)
                guard decided > event.envelope.knownAt, let label = row.label else { continue }
                rows += 1
                new += try named(event.model, row) == label.outcome ? 1 : 0
                let before =
                    try event.previous == .none
                    ? after.promoted.majority : named(event.previous, row)
                old += before == label.outcome ? 1 : 0
            }
            #expect(after.rows == rows && after.correctNew == new && after.correctOld == old)
            #expect(after.isJudged == (rows >= 100) && after.problem == nil)
            #expect(after.isRegression == (rows >= 100 && new < old))
        }
        #expect(found.contains { $0.isJudged })
    }

    @Test("a replay that writes no log has the same rows, and its promotions came to the same")
    func unrecorded() throws {
        let run = try LearningRun(folder)
        var rows = ReplayedRows()
        _ = try Run.rehearse(
            run.loop, timeline: run.timeline, window: ReplayWindow(), trainer: StumpTrainer()
        ) { try rows.take($0) }
        let history = try rows.history(run.configuration) { body in
            try run.timeline.read { try body($0.position, $0.message) }
        }
        let recorded = try TrainingReplay.history(of: run.merged, run.configuration, asOf: .end)
        // An unknown feature is no number, and equals nothing.
        #expect(history.mature.map(\.signal) == recorded.mature.map(\.signal))
        #expect(history.mature.map(\.label) == recorded.mature.map(\.label))
        #expect(history.mature.count > 500)
        var again = history
        var other = recorded
        #expect(
            again.trainingSet(useOutcomes: true).part.map(\.row.signal)
                == other.trainingSet(useOutcomes: true).part.map(\.row.signal))
        let found = try reading(run).promotions
        let same = PromotionAfter.all(found.map(\.promoted), history, trainedAt: []) { model in
            var artefact: Digest?
            try run.merged.event(model) {
                artefact = try ModelTrained(message: $0).artefact
            }
            return try run.trainer.load(try run.trainer.stored(try #require(artefact)))
        }
        #expect(same == found)
    }

    @Test("a model whose artefact is lost is said to be, and judges nothing")
    func lost() throws {
        let run = try LearningRun(folder)
        let found = try LearningReading(of: run.merged, run.configuration) { artefact in
            throw TrainerError(.artefactLost, "no \(artefact)")
        }.promotions
        #expect(!found.isEmpty && found.allSatisfy { $0.problem != nil && !$0.isJudged })
    }

    @Test("the age of a training is that of its newest and median fitted outcome row")
    func ages() throws {
        let run = try LearningRun(folder)
        let ages = try reading(run).ages
        var expected: [(model: Reference?, days: [Int])] = []
        try TrainingReplay.each(of: run.merged, run.configuration) { recomputed in
            guard let training = recomputed.training, training.useOutcomes else { return }
            let at = training.request.envelope.knownAt.day
            let rows = Array(recomputed.set.training).filter { $0.source == .outcome }
            expected.append((training.model?.reference, rows.map { Int(at - $0.row.decidedOn) }))
        }
        #expect(ages.map(\.model) == expected.map(\.model) && ages.count > 5)
        for (age, (_, days)) in zip(ages, expected) {
            #expect(age.rows == days.count && age.newest == days.min())
            let sorted = days.sorted()
            let middle = sorted.count / 2
            let median =
                sorted.isEmpty
                ? nil
                : sorted.count % 2 == 1
                    ? Double(sorted[middle]) : Double(sorted[middle - 1] + sorted[middle]) / 2
            #expect(age.median == median)
        }
        let newest = try #require(ages.compactMap(\.newest).min())
        // The holdout is 30 sessions, the slice that stops early 10, and a label spans more yet.
        #expect(newest > 40 * 7 / 5)
        #expect(
            ages.last?.text.contains("newest fitted outcome \(ages.last?.newest ?? -1) days")
                == true)
    }
}
