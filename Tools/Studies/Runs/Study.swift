import Backtest
import FeedbackLoop
import Learning
import Pipeline
import Simulation
import XGBoost

/// A study: worlds that were fixed before any was looked at, and what is measured in each.
public struct Study: Sendable {
    /// What is measured.
    enum Measure: Sendable {
        /// The oracle alone, against holding nothing.
        case oracle
        /// `feedback` against `baseline`, the oracle beside them.
        case loop
        /// The oracle under the loop's exits, sizes and limits, against `baseline`.
        case bound
        /// The control of the oracle, in so many permuted worlds.
        case control(worlds: Int)
    }

    /// Its name.
    public private(set) var name: String
    /// Calendar years of a world.
    public let years: Int
    /// Companies of a world.
    public let tickers: Int
    /// The edges, basis points.
    public let edges: [Int]
    /// The seeds of each edge.
    public let seeds: [UInt64]
    private(set) var measure: Measure

    /// Seeds that were added to those without an edge, after the first were looked at.
    public private(set) var addedSeeds: [UInt64] = []

    /// The worlds, edge by edge.
    public var worlds: [WorldKey] {
        edges.flatMap { edge in
            (seeds + (edge == 0 ? addedSeeds : [])).map {
                WorldKey(study: name, edge: edge, seed: $0)
            }
        }
    }

    /// The smallest edge at which the oracle alone is shown in 39 of these 40 seeds is the
    /// reference; the seeds are not those of `power`.
    public static let edge = Study(
        name: "edge", years: 8, tickers: 200, edges: [10, 15, 20, 25, 30, 40, 50],
        seeds: Array(1_001...1_040), measure: .oracle)

    /// The reference edge, and up to four times as much.
    public static func power(reference: Int) -> Study {
        Study(
            name: "power", years: 8, tickers: 200, edges: (1...4).map { $0 * reference },
            seeds: Array(2_001...2_040), measure: .loop)
    }

    /// The worlds of `power`: what a loop could gain that knew from the first day what there is to
    /// be learnt, but left its positions, sized and limited them as `feedback` does.
    public static func ceiling(reference: Int) -> Study {
        var study = power(reference: reference)
        (study.name, study.measure) = ("ceiling", .bound)
        return study
    }

    /// Exits, sizes and limits of `feedback`, for the oracle.
    static let bounds = [
        "stop_atr=1.5", "trailing_stop=0.2", "timeout_days=60", "base_size=0.01",
        "max_trade=0.02", "max_positions=20", "max_entries_per_day=5", "cooldown_sessions=10",
    ]

    /// Nothing to be learnt.
    public static let noEdge = Study(
        name: "no-edge", years: 3, tickers: 100, edges: [0], seeds: Array(3_001...3_200),
        measure: .loop)

    /// Twenty worlds with the reference edge and as many without, each beside 199 permuted ones.
    ///
    /// The first twenty without an edge were a little further from even than one in twenty such
    /// samples is; forty more tell chance from a fault.
    public static func control(reference: Int) -> Study {
        var study = Study(
            name: "control", years: 8, tickers: 200, edges: [0, reference],
            seeds: Array(4_001...4_020), measure: .control(worlds: 199))
        study.addedSeeds = Array(4_021...4_060)
        return study
    }

    /// Measures one world.
    public func line(_ world: WorldKey) throws -> WorldLine {
        let made = try StudyWorld(
            SimulationParameters(
                seed: world.seed, years: years, tickers: tickers, edge: Double(world.edge)))
        var line = WorldLine(world)
        let bounds = if case .bound = measure { Study.bounds } else { [String]() }
        let oracle = try Study.run("oracle", ["filers=\(made.skilled)"] + bounds, made.feed)
        line.oracle = oracle.figures
        switch measure {
        case .oracle: line.compared = try Study.againstNothing(oracle)
        case .bound:
            let baseline = try Study.run("baseline", [], made.feed)
            line.baseline = baseline.figures
            line.compared = try Study.compared(baseline, oracle)
        case .loop:
            let baseline = try Study.run("baseline", [], made.feed)
            let feedback = try Study.run("feedback", [], made.feed)
            line.baseline = baseline.figures
            line.feedback = feedback.figures
            line.compared = try Study.compared(baseline, feedback)
        case .control(let worlds):
            let permutation = try TickerPermutation(made.feed)
            let permuted = try (1...worlds).map { seed in
                try Study.run(
                    "oracle", ["filers=\(made.skilled)"],
                    try permutation.permuted(seed: UInt64(seed))
                ).report.excessRatio
            }
            line.pValue =
                ControlTest(observed: oracle.report.excessRatio, permuted: permuted).pValue
        }
        return line
    }

    /// The primary metric of a run against `baseline`.
    private static func compared(
        _ baseline: ComparedRun, _ other: ComparedRun
    ) throws -> WorldLine.Compared? {
        let comparison = try Comparison(baseline.report, other.report, withSensitivity: false)
        return comparison.primary.map {
            WorldLine.Compared(
                difference: $0.difference, low: $0.interval.low, high: $0.interval.high,
                verdict: comparison.verdict.rawValue)
        }
    }

    /// Replays a built-in strategy; models are trained on one thread and kept nowhere.
    private static func run(
        _ name: String, _ settings: [String], _ feed: TimelineFeed
    ) throws -> ComparedRun {
        try ComparedRun.rehearse(
            try StrategyFile.load(name, settings: settings), name: name, feed: feed,
            window: ReplayWindow(), trainer: XGBoostTrainer(threads: 1))
    }

    /// The primary metric of a run against holding nothing, whose information ratio is 0.
    private static func againstNothing(_ run: ComparedRun) throws -> WorldLine.Compared? {
        var pairs = try ExcessPairs(run.report, run.report)
        pairs.reference = pairs.reference.map { _ in 0 }
        guard let primary = PrimaryDifference(pairs, meanBlock: Comparison.meanBlock) else {
            return nil
        }
        let isEnough =
            run.report.daily.count >= Verdict.fewestSessions
            && run.report.trades.count >= Verdict.fewestTrades
        let verdict: Verdict =
            !isEnough
            ? .insufficient
            : primary.interval.low > 0 ? .shown : primary.interval.high < 0 ? .worse : .notShown
        return WorldLine.Compared(
            difference: primary.difference, low: primary.interval.low,
            high: primary.interval.high, verdict: verdict.rawValue)
    }
}
