import ArgumentParser
import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline
import XGBoost

/// A finished run of a data folder.
struct RunOption: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(name: .long, help: ArgumentHelp("The run.", valueName: "name")) var run: String

    mutating func validate() { run = data.run(named: run) }

    /// Opens the run, its timeline, and what it was made with.
    func open() throws -> (run: OpenedRun, origin: RunOrigin) {
        let run = try data.folder.openRun(run)
        return (run, try RunOrigin.read(run.log))
    }
}

/// `recount reproduce`
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Decide a run again from its facts and report the first event that differs.",
        discussion: """
            Models are taken from DIR/models where equal rows were trained on before; --retrain \
            trains each again. Of a fork what it decided itself is decided again, on the past that it \
            shares: reproduce its parent too, or recount verify --chain both.

            Example: recount reproduce --data DIR --run first --retrain
            """)

    @OptionGroup var option: RunOption
    @Flag(name: .long, help: "Train every model again.") var retrain = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let run = try option.data.folder.openRun(option.run)
        let report = try Progress.working("deciding \(run.name) again") {
            try Reproduction.check(
                run, trainer: retrain ? option.data.retrainer : option.data.trainer)
        }
        let parent = run.manifest?.parent
        if json {
            var object = JSONObject()
            object.text("run", run.name)
            object.boolean("reproduced", report.position == nil)
            object.integer("equal", report.equal)
            object.text(
                "differs_at",
                report.position.map { "\(Reference.own(run.merged.sharedOwn + $0))" })
            object.text("finding", report.finding)
            object.text("parent", parent?.run)
            print(object.text)
            if report.position != nil { throw ExitCode(65) }
            return
        }
        guard let position = report.position else {
            let past = parent.map { "; its past is that of \($0.run) through r\($0.position.own)" }
            print("reproduced: \(report.equal) events are equal to the byte\(past ?? "")")
            return
        }
        print(
            "DIFFERS at \(Reference.own(run.merged.sharedOwn + position)): "
                + "\(report.finding ?? "?"); \(report.equal) events before it are equal")
        throw ExitCode(65)
    }
}

/// `recount verify --causality`
enum CausalityCheck {
    static func run(_ folder: DataFolder, _ name: String?, json: Bool) throws {
        guard let name else {
            throw ValidationError("--causality inspects a run; add --run NAME")
        }
        let run = try folder.openRun(name)
        let origin = try RunOrigin.read(run.log)
        var configuration: LoopConfiguration?
        if case .loop(let loop) = origin.strategy { configuration = loop.configuration }
        let report = try Progress.working("checking \(run.name)") {
            try Causality.check(
                run.merged, timeline: run.timeline, configuration: configuration,
                calendar: try folder.calendar()?.table)
        }
        if json {
            print(object(report, run.name))
            if !report.isSound { throw ExitCode(65) }
            return
        }
        for finding in report.findings where !finding.isDeclared {
            print("\(finding.reference): \(finding.text)")
        }
        if report.declared > 0 {
            print("\(report.declared) fills trade the close that decided them, as same_close says")
        }
        guard report.isSound else { throw ExitCode(65) }
        print(
            "causal: \(report.events) events, \(report.filings) filings' dates recomputed from "
                + "their source rows")
        if report.trainingSets > 0 {
            print(
                "learnt in time: \(report.trainingSets) training sets and \(report.holdouts) "
                    + "holdouts computed again, \(report.rows) labels mature when used, "
                    + "\(report.predictions) predictions by models that were allowed to")
        }
    }

    private static func object(_ report: Causality.Report, _ run: String) -> String {
        var object = JSONObject()
        object.text("run", run)
        object.boolean("causal", report.isSound)
        object.integer("events", report.events)
        object.integer("filings", report.filings)
        object.integer("declared", report.declared)
        object.integer("training_sets", report.trainingSets)
        object.integer("holdouts", report.holdouts)
        object.integer("rows", report.rows)
        object.integer("predictions", report.predictions)
        object.json(
            "findings",
            JSONObject.list(
                report.findings.filter { !$0.isDeclared }.map { finding in
                    var object = JSONObject()
                    object.text("event", "\(finding.reference)")
                    object.text("finding", finding.text)
                    return object.text
                }))
        return object.text
    }
}
