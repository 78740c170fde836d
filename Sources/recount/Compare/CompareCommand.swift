import ArgumentParser
import Backtest
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// `recount compare`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Compare strategies over one timeline by one metric, with a verdict that can say no.",
        discussion: """
            A strategy is feedback, baseline, disclosure-follow, oracle or a file, with settings \
            behind a colon: feedback:timeout_days=30,use_regime=false. The first is what the others \
            are compared with. Each replay is a trial, written down before it runs.

            The metric is the difference of the annualised information ratio of the return less \
            the index at equal exposure, net of costs. The verdict is shown, worse, not shown or \
            insufficient, by a 95 % interval of the paired stationary bootstrap; every other figure \
            is secondary and has none.

            Example: recount compare baseline feedback --data DIR --control 99
            """)

    @Argument(
        help: ArgumentHelp(
            "Two strategies or more, NAME or NAME:KEY=VALUE,KEY=VALUE.", valueName: "strategy"))
    var strategies: [String]
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
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Replay in so many worlds whose filings have their tickers permuted.",
            valueName: "worlds"))
    var control = 0
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Give the verdict under so many seeds of the bootstrap's draws as well.",
            valueName: "count"))
    var seeds = 0
    @Option(
        name: .long,
        help: ArgumentHelp("Hold each against a ticker beside the index.", valueName: "ticker"))
    var benchmark: String?
    @Flag(
        name: .long,
        help: "Add each difference alone to the first strategy, take each alone from the second.")
    var ablate = false
    @Flag(
        name: .long,
        help:
            "The strategies and what they are held against alone: no other costs, no retraining cycles."
    )
    var plain = false
    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Decide anew at other costs and delays, and with filings known when they were traded: "
                + "six replays a strategy, each with models of its own."))
    var variants = false
    @Option(name: .long, help: "The family of trials that these count in.")
    var family = TrialPlan.commonFamily
    @Option(name: .long, help: "Threads; as many as there are processors unless given.")
    var lanes = Lanes.available
    @Option(name: .long, help: ArgumentHelp("Write a page to look at.", valueName: "file"))
    var html: String?
    @Flag(name: .long, help: "Print everything as JSON.") var json = false

    func validate() throws {
        guard strategies.count >= 2 else {
            throw ValidationError(
                "a comparison takes two strategies or more; recount compare baseline feedback")
        }
        for (place, name) in strategies.enumerated() where strategies[..<place].contains(name) {
            throw ValidationError("\(name) is named twice; change a setting of one of them")
        }
        guard !ablate || strategies.count == 2 else {
            throw ValidationError("--ablate takes two strategies; \(strategies.count) are named")
        }
        guard !(plain && variants) else { throw ValidationError("choose --plain or --variants") }
        guard (0...100_000).contains(control) else {
            throw ValidationError("--control \(control): write 0 to 100000 worlds")
        }
        guard (0...10_000).contains(seeds) else {
            throw ValidationError("--seeds \(seeds): write 0 to 10000")
        }
        guard (1...1_024).contains(lanes) else {
            throw ValidationError("--lanes \(lanes): write 1 to 1024")
        }
        _ = try checkedFamily(family)
    }

    func run() throws {
        try PageFile.check(
            html, inputs: strategies + (truth.map { [$0] } ?? []), data.folder)
        let window = ReplayWindow(
            from: try parsed(from, "--from") { Day($0) }, to: try parsed(to, "--to") { Day($0) })
        let asked = try strategies.map {
            try ComparedStrategy($0, settings: set, truth: truth, of: data.folder)
        }
        let log = try EventLog.open(at: data.folder.log)
        let timeline = try EventLog.open(at: try data.timeline(of: log).path)
        let sides = try asked.map { try $0.named(over: timeline) }
        let rehearsal = CompareRehearsal(
            sides: sides, window: window,
            sessions: try TimelineSessions.required(timeline, window),
            feed: try TimelineFeed(timeline), trials: try TrialRecorder(data.folder),
            family: family, lanes: lanes, isPlain: plain, replays: variants, ablates: ablate,
            trainer: data.trainer,
            worlds: control, seeds: seeds, benchmark: benchmark)
        let page = try rehearsal.page()
        let head = try ReportHead(ReportHead.given, data, timeline: timeline)
        if let html {
            let text = head.heading(html: page.html(try ChartLibrary.load()))
            try PageFile.write(text: text, to: html, data.folder)
        }
        print(
            json ? head.heading(json: page.json()) : head.text + page.text(),
            terminator: json ? "\n" : "")
        ModelCache.bound(data)
    }
}

/// A strategy as it was named on the command line.
struct ComparedStrategy: Sendable {
    /// As it was written.
    let name: String
    /// What it names, before the colon.
    let base: String
    /// Its settings, those of all first.
    let settings: [String]
    /// The truth file that an oracle reads.
    let truth: String?
    /// The calendar that the data folder follows.
    private let calendar: DataSetting.Calendar?
    /// The strategy.
    private(set) var built: BuiltStrategy
    /// The setting that names the members it follows; nil where it follows all.
    private var members: String?

    init(
        _ text: String, settings common: [String], truth: String?, of folder: DataFolder
    ) throws {
        name = text
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        base = String(parts[0])
        let own = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
        settings = common + own
        self.truth = base == "oracle" ? truth : nil
        let loaded = try StrategyFile.load(base, settings: settings, truth: self.truth)
        calendar = try folder.calendar()
        built = loaded.following(calendar)
        if case .loop(let loop) = built, loop.following?.names.isEmpty == true {
            throw ValidationError(
                "\(text): follows nobody; name the truth file of a simulated world, "
                    + "--truth DIR/truth.json")
        }
    }

    /// The same with the members that it follows named as the filings of a timeline name them.
    func named(over timeline: EventLog) throws -> ComparedStrategy {
        var named = self
        named.built = try built.named(over: timeline)
        let members = named.built.strategy.filter.members
        if !members.isEmpty { named.members = "follow_members=\(members.text)" }
        return named
    }

    /// The strategy with some settings changed.
    func with(_ changed: [String]) throws -> BuiltStrategy {
        let members = members.map { [$0] } ?? []
        return try StrategyFile.load(base, settings: settings + members + changed, truth: truth)
            .following(calendar)
    }

    /// The strategy with one setting more; nil when it has none of this name.
    func with(_ setting: String) throws -> BuiltStrategy? {
        let key = String(setting.prefix { $0 != "=" })
        guard built.strategy.canonicalText.contains("\n\(key): ") else { return nil }
        return try with([setting])
    }
}
