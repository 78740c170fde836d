import Backtest
import Events
import Foundation
import Pipeline

/// Trials in words and as JSON.
enum TrialText {
    /// A family's trials, one a line, and its counts.
    static func table(_ name: String, _ book: TrialBook) -> String {
        let family = book.family(name)
        var lines = ["Family \(name): \(counts(family))"]
        let trials = book.trials.filter { $0.started.family == name }
        let rows = trials.map { trial in
            let (started, finished) = (trial.started, trial.finished)
            let deflated = DeflatedSharpe(trial, in: family)
            return [
                "\(trial.position)", "\(started.kind)", started.name,
                String("\(started.strategy)".prefix(8)), "\(started.startDay)",
                "\(started.endDay)", trial.state,
                finished.map { "\($0.closedTrades)" } ?? "", decimal(finished?.shownValue),
                decimal(finished?.shownSharpe),
                started.kind == .control ? "" : decimal(deflated?.probability, 4),
            ]
        }
        let head = [
            "", "kind", "run", "strategy", "from", "to", "state", "trades", "IR", "Sharpe", "DSR",
        ]
        lines += ModelsText.table(head, rows, numbers: [0, 7, 8, 9, 10])
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a family has tried, in a sentence.
    static func counts(_ family: TrialFamily) -> String {
        let parts = [
            ("repeats", family.repeats), ("ablations", family.ablations),
            ("controls", family.controls), ("simulations", family.simulations),
            ("failed", family.failed), ("unfinished", family.unfinished),
        ]
        let others = parts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        let apart = others.isEmpty ? "" : " (apart: \(others.joined(separator: ", ")))"
        let simulated =
            family.simulated.isEmpty ? "" : ", \(family.simulated.count) on simulated worlds"
        return "N = \(family.distinct.count) distinct strategies and dates\(simulated)\(apart)"
    }

    /// A trial as JSON.
    static func json(_ trial: Trial, _ book: TrialBook) -> String {
        let (started, finished) = (trial.started, trial.finished)
        let deflated = DeflatedSharpe(trial, in: book.family(started.family))
        var object = JSONObject()
        object.integer("trial", Int(trial.position))
        object.text("run", started.name)
        object.text("family", started.family)
        object.text("kind", "\(started.kind)")
        object.integer("repetition", Int(started.repetition))
        object.text("strategy_digest", "\(started.strategy)")
        object.text("data_seal", "\(started.dataSeal)")
        object.text("from", "\(started.startDay)")
        object.text("to", "\(started.endDay)")
        object.boolean("simulated", started.envelope.flags.contains(.simulated))
        object.text("started_at", "\(started.envelope.recordedAt)")
        object.text("state", trial.state)
        if let finished {
            object.text("finished_at", "\(finished.envelope.recordedAt)")
            object.text("seal", finished.seal.map { "\($0)" })
            object.integer("observations", Int(finished.observations))
            object.integer("closed_trades", Int(finished.closedTrades))
            object.real("information_ratio", finished.shownValue)
            object.real("sharpe", finished.shownSharpe)
            object.real("skewness", finished.skewness)
            object.real("kurtosis", finished.kurtosis)
            if !finished.text.isEmpty {
                object.text("error", String(decoding: finished.text, as: UTF8.self))
            }
        }
        if started.kind != .control {
            object.real("deflated_sharpe", deflated?.probability)
        }
        return object.text
    }

    /// A family as JSON.
    static func json(_ family: TrialFamily) -> String {
        var object = JSONObject()
        object.text("family", family.name)
        object.integer("distinct", family.distinct.count)
        object.integer("repeats", family.repeats)
        object.integer("ablations", family.ablations)
        object.integer("controls", family.controls)
        object.integer("simulations", family.simulations)
        object.integer("failed", family.failed)
        object.integer("unfinished", family.unfinished)
        let variance = DeflatedSharpe.variance(of: TrialFamily.sharpes(family.distinct))
        object.real("sharpe_variance", variance)
        object.real(
            "expected_maximum_sharpe",
            DeflatedSharpe.expectedMaximum(
                trials: max(family.distinct.count, 1), variance: variance))
        return object.text
    }

    private static func decimal(_ value: Double?, _ decimals: Int = 2) -> String {
        value.map { String(format: "%.\(decimals)f", $0) } ?? "n/a"
    }
}
