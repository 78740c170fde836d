import ArgumentParser
import Backtest
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// `recount sweep`
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Replay every combination of some settings over one timeline, each a trial.",
        discussion: """
            The variants share one timeline in memory and run side by side; nothing is recorded but \
            the trials. A variant's seal is that of the run that recount backtest would record. The \
            table ends with what the best of so many is worth: its deflated Sharpe ratio, and from \
            ten variants on the probability of backtest overfitting.

            Example: recount sweep disclosure-follow --set min_confidence=0 --vary stop=0.05,0.1 \
            --vary target=0.1,0.2,0.3 --data DIR
            """)

    @Argument(
        help: ArgumentHelp(
            "feedback, baseline, disclosure-follow, oracle, or a file.", valueName: "strategy"))
    var strategy: String
    @Option(
        name: .long,
        help: ArgumentHelp("A setting and its values.", valueName: "key=a,b,c"))
    var vary: [String] = []
    @OptionGroup var data: DataOption
    @Option(name: .long, help: ArgumentHelp("Change a setting of all.", valueName: "key=value"))
    var set: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp("oracle: the truth file of the simulated world.", valueName: "file"))
    var truth: String?
    @Option(name: .long, help: ArgumentHelp("First session.", valueName: "date"))
    var from: String?
    @Option(name: .long, help: ArgumentHelp("Last session.", valueName: "date"))
    var to: String?
    @Option(name: .long, help: "The family of trials that these count in.")
    var family = TrialPlan.commonFamily
    @Option(name: .long, help: "Threads; as many as there are processors unless given.")
    var lanes = Lanes.available
    @Flag(name: .long, help: "Print everything as JSON.") var json = false

    func validate() throws {
        _ = try VariedSettings(vary)
        _ = try checkedFamily(family)
        guard (1...1_024).contains(lanes) else {
            throw ValidationError("--lanes \(lanes): write 1 to 1024")
        }
    }

    func run() throws {
        let window = ReplayWindow(
            from: try parsed(from, "--from") { Day($0) }, to: try parsed(to, "--to") { Day($0) })
        let varied = try VariedSettings(vary)
        let asked = try varied.combinations.map { settings in
            (
                settings,
                try ComparedStrategy(
                    strategy, settings: set + settings, truth: truth, of: data.folder)
            )
        }
        let log = try EventLog.open(at: data.folder.log)
        let timeline = try EventLog.open(at: try data.timeline(of: log).path)
        let variants = try asked.map { settings, side in
            Variant(settings: settings, built: try side.named(over: timeline).built)
        }
        let sessions = try TimelineSessions.required(timeline, window)
        let trials = try TrialRecorder(data.folder)
        let started = try trials.start(
            variants.map {
                TrialPlan(
                    $0.built.strategy, name: "\(strategy) \($0.settings.joined(separator: ","))",
                    sessions: sessions, kind: .trial, family: family)
            })
        let swept = try replay(variants, started, try TimelineFeed(timeline), window, trials)
        let book = try trials.book()
        let table = SweepTable(
            strategy: strategy, keys: varied.keys, sessions: sessions, variants: swept
        ) { best in
            let trial = book.trials.first { $0.position == started[best].position }
            return trial.flatMap { DeflatedSharpe($0, in: book.family(family)) }
        }
        let head = try ReportHead(ReportHead.given, data, timeline: timeline)
        print(
            json ? head.heading(json: table.json()) : head.text + table.text(),
            terminator: json ? "\n" : "")
        ModelCache.bound(data)
    }

    /// A combination and the strategy that it makes.
    private struct Variant: Sendable {
        let settings: [String]
        let built: BuiltStrategy
    }

    private func replay(
        _ variants: [Variant], _ started: [Reference], _ feed: TimelineFeed,
        _ window: ReplayWindow, _ trials: TrialRecorder
    ) throws -> [SweptVariant] {
        let progress = LaneProgress(total: variants.count, "variants")
        defer { progress.clear() }
        let trainer = data.trainer
        return try Lanes.map(variants, lanes: lanes) { place, variant in
            try trials.see(started[place]) {
                let swept = try SweptVariant.rehearse(
                    variant.built, settings: variant.settings, feed: feed, window: window,
                    trainer: trainer)
                progress.finished()
                return (swept, swept.result)
            }
        }
    }
}
