import ArgumentParser
import Backtest
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import Synchronization

/// `recount backtest`
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Replay the data log through a strategy into a run of its own, and report on it.",
        discussion: """
            --from begins with cash, nothing held and no model, whatever an earlier run had by then: \
            it is no fork. recount fork lets a run live on from a day with all that it had.

            Example: recount backtest --data DIR --strategy feedback --run first --html first.html
            """)

    @OptionGroup var data: DataOption
    @Option(
        name: .long,
        help: ArgumentHelp(
            "feedback, baseline, disclosure-follow, oracle, or a file.", valueName: "name"))
    var strategy = "feedback"
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The strategy, settings and window of a run, in place of --strategy.",
            valueName: "run"))
    var like: String?
    @Option(name: .long, help: ArgumentHelp("Change a setting.", valueName: "key=value"))
    var set: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp(
            "oracle: the truth file of the simulated world, which names the skilled filers.",
            valueName: "file"))
    var truth: String?
    @Option(name: .customLong("run"), help: ArgumentHelp("The run's name.", valueName: "name"))
    var runName: String
    @Option(
        name: .long,
        help: ArgumentHelp(
            "First session; it begins flat, which is no fork.", valueName: "date"))
    var from: String?
    @Option(name: .long, help: ArgumentHelp("Last session.", valueName: "date"))
    var to: String?
    @Option(name: .long, help: "The family of trials that this one counts in.")
    var family = TrialPlan.commonFamily
    @Option(name: .long, help: ArgumentHelp("Write a page to look at.", valueName: "file"))
    var html: String?
    @Flag(name: .long, help: "Print the report as JSON.") var json = false

    mutating func validate() { like = like.map(data.run(named:)) }

    func run() throws {
        try PageFile.check(
            html, inputs: [strategy] + (truth.map { [$0] } ?? []), data.folder)
        var window = ReplayWindow(
            from: try parsed(from, "--from") { Day($0) }, to: try parsed(to, "--to") { Day($0) })
        let built = try built(&window)
        if case .loop(let loop) = built, loop.following?.names.isEmpty == true {
            throw ValidationError(
                "--strategy \(strategy): follows nobody; name the truth file of a simulated world, "
                    + "--truth DIR/truth.json, or write filers: NAME; NAME in a strategy file")
        }
        let path = try data.folder.newRun(runName)
        if FileManager.default.fileExists(atPath: "\(path)/data.mdb") {
            throw LogError.exists(path: path)
        }
        let log = try EventLog.open(at: data.folder.log)
        let derived = try data.timeline(of: log)
        let started = ContinuousClock.now
        switch try built.named(over: EventLog.open(at: derived.path)) {
        case .loop(let loop): try replay(loop, derived.path, path, window, started)
        case .follow(let follow): try replay(follow, derived.path, path, window, started)
        }
        ModelCache.bound(data)
    }

    /// The strategy that is asked for; a run's brings its window where no other is named.
    private func built(_ window: inout ReplayWindow) throws -> BuiltStrategy {
        guard let like else {
            return try StrategyFile.load(strategy, settings: set, truth: truth)
                .following(try data.folder.calendar())
        }
        guard truth == nil else {
            throw ValidationError("--truth goes with --strategy oracle, not with --like")
        }
        if try RunManifest.read(in: try data.folder.existingRun(like))?.parent != nil {
            note("\(like) is a fork: its settings, from the beginning; no past is shared")
        }
        let run = try EventLog.open(at: try data.folder.existingRun(like))
        let origin = try RunOrigin.read(run, settings: try StrategyFile.pairs(set))
        window.from = window.from ?? origin.window.from
        window.to = window.to ?? origin.window.to
        return origin.strategy
    }

    private func replay(
        _ strategy: some Strategy, _ timelinePath: String, _ path: String, _ window: ReplayWindow,
        _ started: ContinuousClock.Instant
    ) throws {
        let timeline = try EventLog.open(at: timelinePath)
        let sessions = try TimelineSessions.required(timeline, window)
        let trials = try TrialRecorder(data.folder)
        let plan = TrialPlan(
            strategy, name: runName, sessions: sessions, kind: .trial,
            family: try checkedFamily(family))
        let (result, report, elapsed) = try trials.see(try trials.start([plan])[0]) {
            var progress = Progress()
            let ahead = Mutex(Progress())
            let trainer = TrainingPrefetch(
                data.trainer, of: strategy, timeline: timeline, window: window
            ) { day in
                ahead.withLock { $0.show("training ahead \(day)") }
            }
            let result = try Run.make(
                strategy, timeline: timeline, at: path, window: window, trainer: trainer
            ) { day in
                progress.show(day, of: sessions)
            }
            progress.clear()
            let elapsed = ContinuousClock.now - started
            let report = try BacktestReport(
                result, run: MergedLog(try EventLog.open(at: path), over: timeline),
                name: runName, strategy: strategy.name, startCash: strategy.startCash)
            return ((result, report, elapsed), TrialResult(report, seal: result.head.seal))
        }
        let option = RunOption.parsed(data: data, run: runName)
        let head = try option.head()
        if let html { try PageFile.write(try option.page(), head, to: html, data.folder) }
        if json {
            print(head.heading(json: report.json()))
        } else {
            print(head.text + report.text(), terminator: "")
            let milliseconds =
                Double(elapsed.components.attoseconds) / 1e15
                + Double(elapsed.components.seconds) * 1_000
            if let html { note("the page is \(html)") }
            EmptyAnswer.note(report)
            print("\nReplayed in \(Int(milliseconds)) ms: \(result.head.position) events")
        }
    }
}
