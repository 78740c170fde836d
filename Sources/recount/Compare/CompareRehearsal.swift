import Backtest
import Events
import FeedbackLoop
import Learning
import Pipeline
import XGBoost

/// Replays all that a comparison needs, on several threads, each replay a trial.
struct CompareRehearsal: Sendable {
    let sides: [ComparedStrategy]
    let window: ReplayWindow
    let sessions: TimelineSessions
    let feed: TimelineFeed
    let trials: TrialRecorder
    let family: String
    let lanes: Int
    let isPlain: Bool
    let replays: Bool
    let ablates: Bool
    let trainer: CachedTrainer
    let worlds: Int
    let seeds: Int
    let benchmark: String?

    /// One replay.
    struct Task: Sendable {
        var side: Int
        var name: String
        var strategy: BuiltStrategy
        var kind: TrialKind
        var counterfactual: Counterfactual?
        var isTraded = false
    }

    /// Everything that is shown.
    func page() throws -> ComparePage {
        let fixes = try ablates ? fixes() : []
        // Before what takes long: a ticker that is none is told at once.
        let facts = try CycleFacts(feed, sides[0].built)
        let ticker = try benchmark.map { try facts.ticker($0) }
        let tasks = try tasks()
        let ablations = try self.ablations(fixes)
        let progress = LaneProgress(
            total: tasks.count + ablations.count + worlds * sides.count, "replays")
        let all = try replay(tasks + ablations, progress)
        let (runs, ablated) = (all.prefix(tasks.count), Array(all.dropFirst(tasks.count)))
        let control = try worlds > 0 ? permuted(progress) : nil
        progress.clear()
        var made: [ComparePage.Side] = []
        for (place, side) in sides.enumerated() {
            var shown = ComparePage.Side(name: side.name, run: runs[place])
            if !isPlain { shown.price() }
            for (task, run) in zip(tasks, runs).dropFirst(sides.count) where task.side == place {
                guard let kind = task.counterfactual else { continue }
                shown.counterfactuals.append((kind, run.report))
            }
            if let control, runs[place].report.scarcity == nil {
                let observed = runs[place].report.excessRatio
                shown.control = ControlTest(observed: observed, permuted: control.ratios[place])
            }
            made.append(shown)
        }
        for place in made.indices {
            try made[place].measureBeside(facts, feed, sides[place].built, benchmark: ticker)
        }
        if !isPlain { made = try withCycles(made, facts) }
        var page = try ComparePage(
            made, family: try trials.book().family(family), isSimulated: feed.isSimulated)
        page.movable = control?.movable
        for place in page.contests.indices {
            page.contests[place].seeds = try page.contests[place].comparison
                .tally(seeds: seeds, lanes: lanes)
        }
        if ablates {
            page.ablation = try Ablation(
                runs[0].report, runs[1].report,
                fixes.enumerated().map { place, fix in
                    (fix, ablated[2 * place].report, ablated[2 * place + 1].report)
                })
        }
        return page
    }

    /// The replays: each side's own first, then what it comes to under other assumptions.
    private func tasks() throws -> [Task] {
        var tasks = sides.enumerated().map { place, side in
            Task(side: place, name: side.name, strategy: side.built, kind: .trial)
        }
        guard replays else { return tasks }
        for (place, side) in sides.enumerated() {
            for kind in Counterfactual.replays {
                let strategy = try kind.setting.map { try side.with($0) } ?? side.built
                guard let strategy else { continue }
                tasks.append(
                    Task(
                        side: place, name: "\(side.name) \(kind.key)", strategy: strategy,
                        kind: .control, counterfactual: kind,
                        isTraded: kind == .knownWhenTraded))
            }
        }
        return tasks
    }

    private func replay(_ tasks: [Task], _ progress: LaneProgress) throws -> [ComparedRun] {
        let started = try trials.start(
            tasks.map {
                TrialPlan(
                    $0.strategy.strategy, name: $0.name, sessions: sessions, kind: $0.kind,
                    family: family)
            })
        let traded = try tasks.contains { $0.isTraded } ? feed.knownWhenTraded() : feed
        return try trials.seeAll(started) {
            try Lanes.map(tasks, lanes: lanes) { place, task in
                try trials.see(started[place]) {
                    let run = try ComparedRun.rehearse(
                        task.strategy, name: task.name, feed: task.isTraded ? traded : feed,
                        window: window, trainer: trainer,
                        keepsRows: !isPlain && task.kind == .trial)
                    progress.finished()
                    return (run, TrialResult(run.report, seal: nil))
                }
            }
        }
    }

    /// Each side's information ratio in permuted worlds, by side and world.
    private func permuted(_ progress: LaneProgress) throws
        -> (ratios: [[Double]], movable: (Int, Int))
    {
        let permutation = try TickerPermutation(feed)
        let names = sides.map { side in
            (1...worlds).map { "\(side.name) permuted \($0)" }
        }
        let started = try trials.start(
            sides.indices.flatMap { side in
                names[side].map {
                    TrialPlan(
                        sides[side].built.strategy, name: $0, sessions: sessions, kind: .control,
                        family: family)
                }
            })
        // Models of permuted worlds are of use to nobody else: none is kept.
        let unkept = XGBoostTrainer(threads: 1)
        let made = try trials.seeAll(started) {
            try Lanes.map(Array(1...worlds), lanes: lanes) { place, world in
                let permuted = try permutation.permuted(seed: UInt64(world))
                return try sides.indices.map { side in
                    try trials.see(started[side * worlds + place]) {
                        let run = try ComparedRun.rehearse(
                            sides[side].built, name: names[side][place], feed: permuted,
                            window: window, trainer: unkept)
                        progress.finished()
                        return (run.report.excessRatio, TrialResult(run.report, seal: nil))
                    }
                }
            }
        }
        let ratios = sides.indices.map { side in made.map { $0[side] } }
        return (ratios, (permutation.movable, permutation.filings))
    }

    private func withCycles(_ made: [ComparePage.Side], _ facts: CycleFacts) throws
        -> [ComparePage.Side]
    {
        return try Lanes.map(made, lanes: lanes) { place, side in
            var side = side
            side.measureCycles(facts, sides[place].built)
            try side.judgePromotions(feed, sides[place].built) {
                try trainer.load(try trainer.stored($0))
            }
            return side
        }
    }
}
