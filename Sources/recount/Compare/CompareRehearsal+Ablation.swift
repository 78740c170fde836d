import ArgumentParser
import Backtest
import Events
import FeedbackLoop
import Pipeline

extension CompareRehearsal {
    /// In what the first two strategies differ.
    func fixes() throws -> [Ablation.Fix] {
        guard case .loop(let first) = sides[0].built, case .loop(let second) = sides[1].built
        else {
            throw ValidationError(
                "--ablate compares two feedback loops; disclosure-follow has other settings")
        }
        let fixes = Ablation.fixes(first.configuration, second.configuration)
        guard !fixes.isEmpty else {
            throw ValidationError("--ablate: \(sides[0].name) and \(sides[1].name) do not differ")
        }
        return fixes
    }

    /// Two replays a fix: the first strategy with it, the second without.
    func ablations(_ fixes: [Ablation.Fix]) throws -> [Task] {
        try fixes.flatMap { fix in
            [
                Task(
                    side: 0, name: "\(sides[0].name) + \(fix.name)",
                    strategy: try sides[0].with(fix.given), kind: .ablation),
                Task(
                    side: 1, name: "\(sides[1].name) - \(fix.name)",
                    strategy: try sides[1].with(fix.taken), kind: .ablation),
            ]
        }
    }
}
