public import EventLog
import Events
public import FeedbackLoop
public import Learning
public import Pipeline

/// Where a run's loop stands: outcomes, thresholds, blend weight, what it has to learn.
public struct LoopStatisticsAnswer: Sendable {
    /// The loop's state folded.
    public let statistics: LoopStatistics
    /// What a training with outcomes would find now.
    public let set: TrainingSet
    /// How old its outcomes are; nil before the first session.
    public let age: OutcomeAge?

    /// Of a run as of its end.
    public init(_ run: OpenedRun, _ loop: LoopStrategy, window: ReplayWindow) throws {
        statistics = try LoopStatistics(run.merged, loop, window: window)
        let recomputed = try TrainingReplay.set(
            of: run.merged, loop.configuration, asOf: .end, job: .feedbackRetraining)
        set = recomputed.set
        age = recomputed.session.map { OutcomeAge(recomputed.set, at: Instant($0 + 1, hour: 3)) }
    }

    /// As a JSON object: what `GET /ml/stats` answers.
    public var json: String {
        var object = JSONObject()
        object.boolean("enhanced_ml_available", statistics.standing.champion != nil)
        object.text("model_id", statistics.standing.champion.map { "\($0.model)" })
        object.real("win_rate", statistics.own.winRate)
        object.integer("outcomes", statistics.own.outcomes)
        object.integer("rehearsed_outcomes", statistics.rehearsed.outcomes)
        object.integer("recorded_outcomes", statistics.recorded.outcomes)
        object.real("recorded_win_rate", statistics.recorded.winRate)
        var thresholds = JSONObject()
        thresholds.real("buy", Double(statistics.standing.thresholds.buyHundredths) / 100)
        thresholds.real("sell", Double(statistics.standing.thresholds.sellHundredths) / 100)
        object.json("thresholds", thresholds.text)
        object.real("blend_weight", Double(statistics.standing.blendTenths) / 10)
        object.text("last_retrain", statistics.latestTraining.map { "\($0)" })
        object.text("last_failure", statistics.latestFailure.map { "\($0.reason)" })
        var buffers = JSONObject()
        buffers.integer("training_rows", set.part.count)
        buffers.integer("outcome_rows", set.count(.outcome))
        buffers.integer("holdout_rows", set.holdout.count)
        buffers.integer("fitted_outcome_rows", age?.rows ?? 0)
        buffers.integer("newest_outcome_days", age?.newest)
        buffers.real("median_outcome_days", age?.median)
        for (reason, count) in set.unused { buffers.integer("unused_\(reason)", count) }
        object.json("buffers", buffers.text)
        return object.text
    }
}
