import EventLog
import Events
import Pipeline
import TestKit
import Testing

@testable import Projections

/// A live log in which people act: what a backtest never holds.
@Suite("The model registry of a log that people change")
struct RollbackTests {
    private let folder = TemporaryFolder()
    private let data: DataFolder
    private let log: EventLog

    init() throws {
        data = DataFolder("\(folder.path)/data")
        log = try EventLog.create(
            at: data.log, identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: 0))
    }

    private static let start = Instant(Day(year: 2024, month: 3, day: 3)!, hour: 2)

    private func envelope(_ hour: Int) -> Envelope {
        let at = Self.start.adding(seconds: Int64(hour) * 3_600)
        return Envelope(knownAt: at, recordedAt: at, actor: .loop)
    }

    @discardableResult
    private func add(_ event: some EventMessage) throws -> Reference {
        _ = try log.append(now: event.envelope.recordedAt) { $0.append(event) }
        return .own(try log.head().position)
    }

    private func request(_ hour: Int, trigger: JobTrigger = .scheduled) throws -> Reference {
        try add(
            TrainingRequested(
                envelope: envelope(hour), trainingSet: nil, parameters: .zero, seed: 1,
                scheduledAt: envelope(hour).knownAt, asOf: envelope(hour).knownAt.day,
                lookbackSessions: 252, outcomeWindowDays: 90, featureSchema: 1, job: .training,
                useOutcomes: false, compareToCurrent: true, trigger: trigger, who: nil,
                config: Array("{\"max_depth\":4}".utf8)))
    }

    private func train(_ hour: Int, _ request: Reference) throws -> Reference {
        let day = envelope(hour).knownAt.day
        return try add(
            ModelTrained(
                envelope: envelope(hour), request: request,
                artefact: Digest(w0: UInt64(hour), w1: 1, w2: 1, w3: 1), trainingSet: .zero,
                parameters: .zero, seed: 1, accuracy: 0.5, logLoss: 1, baseline: 0.4,
                trainRows: 200, outcomeRows: 20, marketRows: 180, earlyStopRows: 30, unusedRows: 7,
                wins: 90, losses: 80, breakevens: 30, trainedFrom: day - 100,
                trainedThrough: day - 50, labelsThrough: day - 2, holdoutFrom: nil,
                holdoutThrough: nil, rounds: 3, featureSchema: 1, classes: 3, modelName: "m",
                library: "xgboost 1.7.4", architecture: "x86_64", quantileMap: [],
                importances: [ModelTrained.Importance(feature: 9, gain: 1.5)],
                unused: [ModelTrained.UnusedEntry(count: 7, reason: .immature)],
                config: Array("{\"max_depth\":4}".utf8)))
    }

    private func promote(
        _ hour: Int, _ model: Reference, previous: Reference, follows: Reference
    ) throws -> Reference {
        try add(
            ModelPromoted(
                envelope: envelope(hour), model: model, previous: previous, comparison: .none,
                artefact: .zero, follows: follows, cause: .person, who: "Ada",
                text: Array("by hand".utf8)))
    }

    private func job(_ hour: Int, attempt: UInt16) throws -> Reference {
        try add(
            JobStarted(
                envelope: envelope(hour), scheduledAt: Self.start, job: .training,
                attempt: attempt, trigger: .caughtUp, who: nil))
    }

    private func rows(_ query: String) throws -> [[RowValue]] {
        let group = ProjectorGroup(["model-registry"], data: data, run: nil) { _ in }
        let report = try #require(try group.project(rebuild: false).first)
        #expect(report.failure == nil)
        return try ReadModelQuery.run(query, data: data, run: nil).rows
    }

    @Test("a rollback makes the earlier model active again, and archives the one it replaces")
    func rollback() throws {
        let first = try train(1, try request(0))
        let promotion = try promote(2, first, previous: .none, follows: .none)
        let second = try train(4, try request(3, trigger: .featureDrift))
        let next = try promote(5, second, previous: first, follows: promotion)
        let states = "SELECT id, status FROM ml_models ORDER BY model_version"
        #expect(
            try rows(states) == [
                [.text("\(first)"), .text("archived")], [.text("\(second)"), .text("active")],
            ])
        try add(
            ModelRolledBack(
                envelope: envelope(6), model: first, replaced: second, follows: next, who: "Ada",
                text: Array("it loses".utf8)))
        #expect(
            try rows(states) == [
                [.text("\(first)"), .text("active")], [.text("\(second)"), .text("archived")],
            ])
        #expect(
            try rows("SELECT DISTINCT status_reason FROM ml_models")
                == [[.text("rolled back by Ada: it loses")]])
        #expect(
            try rows(
                """
                SELECT trigger_type, old_model_id, training_window_days, deployed,
                    deployment_reason FROM model_retraining_events ORDER BY position DESC LIMIT 1
                """) == [
                    [
                        .text("feature_drift"), .text("\(first)"), .integer(51), .integer(1),
                        .text("promoted by Ada: by hand"),
                    ]
                ])
        #expect(
            try rows(
                """
                SELECT feature_importance, hyperparameters,
                    json_extract(metrics, '$.unused.immature') FROM ml_models LIMIT 1
                """) == [
                    [.text(#"{"market_momentum":1.5}"#), .text(#"{"max_depth":4}"#), .integer(7)]
                ])
    }

    @Test("a retired champion leaves no model active; a waiting candidate says for how many rows")
    func retired() throws {
        let first = try train(1, try request(0))
        let promotion = try promote(2, first, previous: .none, follows: .none)
        try add(
            ModelRetired(
                envelope: envelope(3), model: first, successor: .none, ended: promotion,
                reason: .artefactLost, text: Array("the file is gone".utf8)))
        let second = try train(5, try request(4))
        try add(
            ModelHeldAsCandidate(
                envelope: envelope(6), model: second, comparison: .none, holdoutRows: 41,
                reason: .awaitingHoldout))
        #expect(
            try rows("SELECT status, status_reason FROM ml_models ORDER BY model_version") == [
                [.text("archived"), .text("artefact_lost: the file is gone")],
                [.text("candidate"), .text("held: awaiting_holdout with 41 holdout rows")],
            ])
    }

    @Test("a job's row has what was asked for, and what the loop decided from it, also weeks later")
    func decisions() throws {
        let start = try job(0, attempt: 0)
        var wanted = TrainingRequested(
            envelope: envelope(0), trainingSet: nil, parameters: .zero, seed: 1,
            scheduledAt: Self.start, asOf: Self.start.day, lookbackSessions: 30,
            outcomeWindowDays: 60, featureSchema: 1, job: .training, useOutcomes: true,
            compareToCurrent: false, trigger: .manual, who: "Ada", config: Array("{}".utf8))
        wanted.outcomeWeight = 3
        let model = try train(0, try add(wanted))
        try add(
            ModelHeldAsCandidate(
                envelope: envelope(0), model: model, comparison: .none, holdoutRows: 0,
                reason: .comparisonNotAsked))
        try add(
            JobFinished(
                envelope: envelope(0), start: start, scheduledAt: Self.start, produced: 3,
                examined: 230, job: .training))
        func summary(_ field: String) throws -> RowValue {
            try rows(
                "SELECT json_extract(result_summary, '$.\(field)') FROM ml_training_jobs")[0][0]
        }
        #expect(try summary("rows_examined") == .integer(230))
        #expect(try summary("promoted") == .integer(0))
        #expect(
            try summary("reason") == .text("held: comparison_not_asked with 0 holdout rows"))
        #expect(try summary("new_accuracy") == .null)
        #expect(
            try rows(
                """
                SELECT json_extract(config, '$.lookback_sessions'),
                    json_extract(config, '$.outcome_window_days'),
                    json_extract(config, '$.outcome_weight'),
                    json_extract(config, '$.use_outcomes'),
                    json_extract(config, '$.compare_to_current') FROM ml_training_jobs
                """) == [[.integer(30), .integer(60), .real(3), .integer(1), .integer(0)]])
        let comparison = try add(
            ModelCompared(
                envelope: envelope(200), challenger: model, champion: .none, holdout: .zero,
                accuracyNew: 0.5, accuracyOld: 0.25, f1New: 0.4, f1Old: 0.3, brierNew: 0.2,
                brierOld: 0.3, majority: 0.4, accuracyLow: nil, accuracyHigh: nil,
                profitDifference: nil, profitLow: nil, profitHigh: nil, populationStability: nil,
                mcnemar: nil, rows: 120, correctNew: 60, correctOld: 30, wins: 40, losses: 50,
                reused: 0, holdoutFrom: nil, holdoutThrough: nil, dates: 20,
                ruleVerdict: .promote, evidenceVerdict: .insufficient, gate: .rule,
                decision: .promote, reason: .accuracy, bins: [], statistics: []))
        _ = try add(
            ModelPromoted(
                envelope: envelope(200), model: model, previous: .none, comparison: comparison,
                artefact: .zero, follows: .none, cause: .gate, who: nil, text: []))
        #expect(try summary("new_accuracy") == .real(0.5))
        #expect(try summary("current_accuracy") == .real(0.25))
        #expect(try summary("new_f1") == .real(0.4))
        #expect(try summary("current_f1") == .real(0.3))
        #expect(try summary("rule_verdict") == .text("promote"))
        #expect(try summary("evidence_verdict") == .text("insufficient"))
        #expect(try summary("comparison_id") == .text("\(comparison)"))
        #expect(try summary("promoted") == .integer(1))
        #expect(
            try summary("reason") == .text("promoted by gate, comparison \(comparison)"))
        #expect(try summary("rows_examined") == .integer(230))
    }

    @Test("an attempt that a crash cut off is failed when the next begins; a cancelled one says so")
    func attempts() throws {
        let cut = try job(0, attempt: 0)
        let asked = try request(0)
        let second = try job(1, attempt: 1)
        #expect(
            try rows("SELECT id, status, triggered_by FROM ml_training_jobs ORDER BY started_at")
                == [
                    [.text("\(cut)"), .text("failed"), .text("caught_up")],
                    [.text("\(second)"), .text("running"), .text("caught_up")],
                ])
        let failed = TrainingFailed(
            envelope: envelope(2), request: asked, trainRows: 0, outcomeRows: 0, wins: 0,
            losses: 0, reason: .cancelled, unused: [], text: Array("by Ada".utf8))
        try add(failed)
        try add(
            JobFailed(
                envelope: envelope(2), start: second, scheduledAt: Self.start, job: .training,
                text: Array("cancelled".utf8)))
        #expect(
            try rows(
                "SELECT status, error_message, progress_pct FROM ml_training_jobs "
                    + "WHERE id = '\(second)'")
                == [[.text("cancelled"), .text("cancelled: by Ada"), .integer(0)]])
        #expect(
            try rows("SELECT status, error_message FROM ml_models")
                == [[.text("failed"), .text("cancelled: by Ada")]])
    }

    @Test(
        "what names a model or a request that is not there stops the projector, and skips nothing")
    func poison() throws {
        try add(
            ModelHeldAsCandidate(
                envelope: envelope(0), model: .own(77), comparison: .none, holdoutRows: 0,
                reason: .awaitingHoldout))
        let group = ProjectorGroup(["model-registry"], data: data, run: nil) { _ in }
        let report = try #require(try group.project(rebuild: false).first)
        #expect(report.failure?.contains("it names model r77, which is not in the log") == true)
        #expect(report.checkpoint.position.position == 0)
    }
}
