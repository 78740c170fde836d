import ArgumentParser
import Backtest
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// `recount fork`
struct ForkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fork",
        abstract:
            "Let a run live on from a moment under other settings: another future of one past.",
        discussion: """
            Holdings, orders, models, weights and thresholds are as they were then, and the past is \
            shared, not copied: the fork's log holds what it decides from there on, and the run that \
            it left must stay. With --without and --with it lives on over other facts, and leaves \
            the run just before the first of them is known, unless --as-of names an earlier moment. \
            Labels of trainings are computed under the fork's own rules. recount \
            diff says where both part and what it came to. (recount backtest --from is no fork: it \
            begins with cash and without models.)

            \(EventArgument.explained)

            Example: recount fork --data DIR --run first --as-of 2013-06-10 --set trailing_stop=0.1 \
            --as tight
                     recount fork --data DIR --run first --without t1712 --as unfiled
            """)

    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"), help: ArgumentHelp("The run that is left.", valueName: "name"))
    var parentName: String
    @Option(
        name: .long,
        help: ArgumentHelp(
            "When: a date (after its cycle), an instant, an event (r45, t123) or a position.",
            valueName: "when"))
    var asOf: String?
    @Option(name: .long, help: ArgumentHelp("Change a setting.", valueName: "key=value"))
    var set: [String] = []
    @OptionGroup var facts: ForkFacts
    @Option(name: .customLong("as"), help: ArgumentHelp("The fork's name.", valueName: "name"))
    var name: String
    @Option(
        name: .long,
        help: ArgumentHelp("Who; the name of the account otherwise.", valueName: "name"))
    var who: String?
    @Option(name: .long, help: "The family of trials that this one counts in.")
    var family = TrialPlan.commonFamily
    @Option(name: .long, help: ArgumentHelp("Write a page to look at.", valueName: "file"))
    var html: String?
    @Flag(name: .long, help: "Print the report as JSON.") var json = false

    mutating func validate() throws {
        try Person.check(who)
        parentName = data.run(named: parentName)
    }

    func run() throws {
        try PageFile.check(html, data.folder)
        let path = try data.folder.newRun(name)
        if FileManager.default.fileExists(atPath: "\(path)/data.mdb") {
            throw LogError.exists(path: path)
        }
        let parent = try data.folder.openRun(parentName)
        let plan = try ForkPlan(
            of: parent, asOf: try asOf.map { try AsOf($0) },
            settings: try StrategyFile.pairs(set), facts: try facts.made(parent, data))
        let report =
            switch plan.strategy {
            case .loop(let loop): try make(loop, plan, path)
            case .follow(let follow): try make(follow, plan, path)
            }
        let option = RunOption.parsed(data: data, run: name)
        let head = try option.head()
        if let html { try PageFile.write(try option.page(), head, to: html, data.folder) }
        print(
            json ? head.heading(json: report.json()) : head.text + report.text(),
            terminator: json ? "\n" : "")
    }

    private func make(_ strategy: some Strategy, _ plan: ForkPlan, _ path: String) throws
        -> BacktestReport
    {
        let sessions = try TimelineSessions.required(plan.timeline, plan.decides)
        let trials = try TrialRecorder(data.folder)
        let trial = TrialPlan(
            strategy, name: name, sessions: sessions, kind: .trial,
            family: try checkedFamily(family))
        return try trials.see(try trials.start([trial])[0]) {
            var progress = Progress()
            let result = try Run.fork(
                strategy, plan, who: Person.name(who), at: path, trainer: data.trainer
            ) { day in progress.show(day, of: sessions) }
            progress.clear()
            let run = try data.folder.openRun(name)
            let report = try BacktestReport(run, origin: try RunOrigin.read(run.log))
            return (report, TrialResult(report, seal: result.head.seal))
        }
    }
}
