import Application
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
        let answer = try Progress.working("folding \(run.name)") {
            try LoopStatisticsAnswer(run, loop, window: window)
        }
        print(json ? answer.json : text(answer.statistics, answer.set, answer.age))
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
}
