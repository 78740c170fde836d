import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline

/// `recount stats`
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract:
            "Where a run's loop stands: outcomes, thresholds, blend weight, what it has to learn.",
        discussion: """
            Everything is read from the run's own events as of its end. The buffers are the rows \
            that a training with outcomes would find now, and why others are not used.

            Example: recount stats --data DIR --run first --json
            """)

    @OptionGroup var option: RunOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let (run, loop, window) = try option.openLoop()
        let (statistics, recomputed) = try Progress.working("folding \(run.name)") {
            (
                try LoopStatistics(run.merged, loop, window: window),
                try TrainingReplay.set(
                    of: run.merged, loop.configuration, asOf: .end, job: .feedbackRetraining)
            )
        }
        let age = recomputed.session.map {
            OutcomeAge(recomputed.set, at: Instant($0 + 1, hour: 3))
        }
        print(
            json
                ? object(statistics, recomputed.set, age) : text(statistics, recomputed.set, age))
    }

    private func text(_ statistics: LoopStatistics, _ set: TrainingSet, _ age: OutcomeAge?)
        -> String
    {
        func rate(_ tally: LoopStatistics.Tally) -> String {
            guard let rate = tally.winRate else { return "none" }
            return "\(tally.outcomes), \(tally.wins) won, \(tally.losses) lost, net win rate "
                + String(format: "%.2f %%", rate * 100)
        }
        let champion =
            statistics.standing.champion.map {
                "\($0.model), artefact \("\($0.artefact)".prefix(12))…"
            }
            ?? "none: confidence is the heuristic's alone"
        let unused = set.unused.map { "\($0.reason) \($0.count)" }.joined(separator: ", ")
        let failure =
            statistics.latestFailure.map { "; latest failure \($0.at), \($0.reason)" } ?? ""
        let rehearsed =
            statistics.rehearsed.outcomes > 0
            ? "\nrehearsed     \(rate(statistics.rehearsed))" : ""
        return """
            champion      \(champion)
            outcomes      \(rate(statistics.own))\(rehearsed)
            told of       \(rate(statistics.recorded))
            thresholds    buy \(Double(statistics.standing.thresholds.buyHundredths) / 100), sell \
            \(Double(statistics.standing.thresholds.sellHundredths) / 100)
            blend weight  \(Double(statistics.standing.blendTenths) / 10)
            last retrain  \(statistics.latestTraining.map { "\($0)" } ?? "never")\(failure)
            to train on   \(set.part.count) rows, \(set.count(.outcome)) of them outcomes, \
            \(set.holdout.count) in the holdout\(set.failure.map { "; would fail: \($0)" } ?? "")
            learns from   \(age?.text ?? "nothing yet")
            not used      \(unused.isEmpty ? "none" : unused)
            """
    }

    private func object(_ statistics: LoopStatistics, _ set: TrainingSet, _ age: OutcomeAge?)
        -> String
    {
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
