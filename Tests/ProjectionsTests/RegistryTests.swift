import EventLog
import Events
import Learning
import Pipeline
import Testing

@testable import Projections

@Suite("The model registry of a loop that learns")
struct RegistryTests {
    private let run: RunFixture

    init() throws {
        run = try RunFixture.learning()
        _ = try run.project(["model-registry"])
    }

    private func count(_ template: UInt16) throws -> Int64 {
        var count: Int64 = 0
        try EventLog.open(at: try run.data.run("feedback")).read { record in
            if try MessageHeader(record.message).templateID == template { count += 1 }
            return .proceed
        }
        return count
    }

    @Test("every training, failed or not, and every comparison is a row")
    func nothingDropped() throws {
        let trained = try count(ModelTrained.templateID)
        let failed = try count(TrainingFailed.templateID)
        let compared = try count(ModelCompared.templateID)
        #expect(trained > 10 && failed > 3 && compared > 10)
        let ended = try run.number("SELECT count(*) FROM ml_models WHERE artifact_sha256 NOT NULL")
        #expect(ended == trained)
        #expect(
            try run.number("SELECT count(*) FROM ml_models WHERE status = 'failed'") == failed)
        #expect(try run.number("SELECT count(*) FROM ml_models") == trained + failed)
        #expect(try run.number("SELECT count(*) FROM ml_model_comparisons") == compared)
        #expect(
            try run.number("SELECT count(*) FROM ml_model_comparisons WHERE promoted")
                == count(ModelPromoted.templateID))
        #expect(
            try run.number("SELECT count(*) FROM model_retraining_events") == trained + failed)
        #expect(
            try run.number("SELECT count(*) FROM ml_training_jobs WHERE status = 'completed'")
                == trained)
        #expect(
            try run.number("SELECT count(*) FROM ml_training_jobs WHERE status = 'failed'")
                == failed)
    }

    @Test("one model is active: the one that the log's last signal was blended with")
    func active() throws {
        var champion = Reference.none
        try EventLog.open(at: try run.data.run("feedback")).read { record in
            if let signal = try? SignalGenerated(message: record.message) {
                champion = signal.champion
            }
            return .proceed
        }
        #expect(
            try run.rows("SELECT id FROM ml_models WHERE status = 'active'")
                == [[.text("\(champion)")]])
    }

    @Test("rows join: a model its comparison, a job its model, a retraining both models")
    func joins() throws {
        let orphans = """
            SELECT (SELECT count(*) FROM ml_models m WHERE comparison_id NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM ml_model_comparisons c
                                    WHERE c.id = m.comparison_id AND c.new_model_id = m.id))
                + (SELECT count(*) FROM ml_training_jobs j WHERE status = 'completed'
                   AND NOT EXISTS (SELECT 1 FROM ml_models m WHERE m.id = j.model_id))
                + (SELECT count(*) FROM model_retraining_events e WHERE NOT EXISTS
                   (SELECT 1 FROM ml_models m WHERE m.request_id = e.id
                    AND (e.new_model_id IS NULL OR e.new_model_id = m.id)))
                + (SELECT count(*) FROM model_retraining_events e WHERE old_model_id NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM ml_models m WHERE m.id = e.old_model_id))
            """
        #expect(try run.number(orphans) == 0)
        #expect(
            try run.number(
                "SELECT count(*) FROM model_retraining_events WHERE old_model_id NOT NULL") > 5)
    }

    @Test("what is JSON reads as JSON and says what the event said")
    func json() throws {
        #expect(
            try run.number(
                """
                SELECT (SELECT count(*) FROM ml_models WHERE NOT (json_valid(metrics)
                            AND json_valid(feature_importance) AND json_valid(hyperparameters)))
                    + (SELECT count(*) FROM ml_model_comparisons WHERE NOT json_valid(statistics))
                    + (SELECT count(*) FROM ml_training_jobs
                       WHERE NOT (json_valid(config) AND json_valid(result_summary)))
                    + (SELECT count(*) FROM model_retraining_events
                       WHERE NOT (json_valid(old_model_metrics) AND json_valid(new_model_metrics)))
                """) == 0)
        #expect(
            try run.number(
                """
                SELECT count(*) FROM ml_models WHERE artifact_sha256 NOT NULL
                    AND coalesce(json_extract(feature_importance, '$.politician_count'), 0) <= 0
                """) == 0, "the stump splits on the first feature")
        #expect(
            try run.number(
                """
                SELECT count(*) FROM ml_models m JOIN ml_model_comparisons c
                    ON c.id = m.comparison_id
                WHERE json_extract(m.metrics, '$.holdout_accuracy') <> c.new_accuracy
                    OR json_extract(c.statistics, '$.more.seed') IS NULL
                """) == 0)
    }

    @Test("a failed training says why, and that nothing was deployed")
    func failures() throws {
        let rows = try run.rows(
            """
            SELECT DISTINCT m.error_message, j.error_message, e.deployed, e.deployment_reason
            FROM ml_models m JOIN model_retraining_events e ON e.id = m.request_id
                JOIN ml_training_jobs j ON j.started_at = m.training_started_at
                    AND e.trigger_reason LIKE j.job_type || ' due%'
            WHERE m.error_message LIKE 'memory%'
            """)
        #expect(
            rows == [
                [
                    .text("memory: no memory left"), .text("memory: no memory left"), .integer(0),
                    .text("the training failed: memory"),
                ]
            ])
    }

    @Test(
        "every feature of every weekly analysis is a row that keeps the rules of the replaced table"
    )
    func analyses() throws {
        _ = try run.project(["performance"])
        let measured = try count(FeatureImportanceMeasured.templateID)
        #expect(measured > 30)
        #expect(
            try run.number(
                "SELECT count(*) FROM feature_importance_history WHERE feature >= 0")
                == measured * Int64(FeatureCatalogue.count))
        #expect(
            try run.number(
                """
                SELECT count(*) FROM feature_importance_history WHERE feature >= 0 AND (
                    abs(avg_return_when_high - avg_return_when_low - lift_pct) > 1e-12
                    OR feature_useful <> (ifnull(abs(correlation_with_return) > .1, 0)
                        OR ifnull(abs(lift_pct) > 1, 0))
                    OR abs(min(max(.2 + .3 * correlation_with_return, 0), 1)
                        - recommended_weight) > 1e-12
                    OR (correlation_with_return IS NULL) <> (recommended_weight IS NULL)
                    OR sample_size_high + sample_size_low > sample_size_total)
                """) == 0)
        #expect(
            try run.number("SELECT sum(feature_useful) FROM feature_importance_history") > 0)
    }

    @Test("its tables answer with and without the name of the read model")
    func qualified() throws {
        #expect(
            try run.number("SELECT count(*) FROM \"model-registry\".ml_models")
                == run.number("SELECT count(*) FROM ml_models"))
    }
}
