import ArgumentParser
import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// `recount shadow`
struct ShadowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow",
        abstract: "Hold a live run against a backtest over its own facts, and price what differs.",
        discussion: """
            The backtest begins where the live run begins: with the models, rows and weights of its \
            rehearsal and the cash that it was given. It reads the live run's facts as that was \
            told of them, without a broker's answers, halts and modes, decides by the same strategy \
            and trades at the simulated market. With --derived it reads the data log in order of \
            knowledge instead, so that facts that came late show. Both are compared at the close of \
            the latest session.

            Positions are matched by the session after which they were decided, and ticker. What is \
            listed: slippage against the model, entries that one of both alone made (and why not the \
            other), sizes, exits in another session, at another level or for another reason, cash \
            that a backtest has not, signals and classes of outcomes. A cost is what the live run \
            lacks, in basis points of the position; all costs and the rest are the difference of \
            both values. Nothing is written; the live run may go on meanwhile.

            Example: recount shadow live --data DIR
                     recount shadow live --derived --kind late_fact --data DIR --json
            """)

    @Argument(help: ArgumentHelp("The live run; live unless another is named.", valueName: "run"))
    var runName = "live"
    @OptionGroup var data: DataOption
    @Flag(name: .long, help: "Read the facts in order of knowledge, as if none had come late.")
    var derived = false
    @Option(
        name: .long,
        help: ArgumentHelp(
            "List this kind alone, more than once for several: "
                + ShadowDifference.Kind.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "kind"))
    var kind: [String] = []
    @Option(name: .long, help: "Most differences to list, the dearest first where some are left.")
    var limit = 50
    @Flag(name: .long, help: "End with 65 where anything differs.") var check = false
    @Flag(name: .long, help: "One JSON object, with all differences.") var json = false

    mutating func validate() throws {
        runName = data.run(named: runName)
        guard limit >= 0 else { throw ValidationError("--limit \(limit): takes 0 or more") }
        for name in kind { _ = try ShadowCommand.kind(name) }
    }

    private static func kind(_ name: String) throws -> ShadowDifference.Kind {
        if let kind = ShadowDifference.Kind(rawValue: name) { return kind }
        let known = ShadowDifference.Kind.allCases.map(\.rawValue)
        throw ValidationError(
            "--kind \(name): there is no such kind\(Suggestion.question(name, known)); there are "
                + known.joined(separator: ", "))
    }

    func run() throws {
        let run = try data.folder.openRun(runName)
        guard run.manifest?.live != nil else {
            throw ValidationError(
                "\(runName) is a backtest: only a live run has one beside it; recount diff --run "
                    + "\(runName) --run OTHER compares backtests")
        }
        let log = try EventLog.open(at: data.folder.log)
        let line = ProgressLine()
        let trainer = AsideTrainer(data)
        defer { trainer.clear() }
        let found = try ShadowComparison(
            run, data: log, order: derived ? .derived : .live, trainer: trainer,
            progress: { line.progress.show($0, done: $1) })
        line.progress.clear()
        guard let found else {
            note("\(runName) has closed no session yet; there is nothing to compare")
            if json { print(ShadowJSON.empty(runName)) }
            return
        }
        let kinds = try kind.map(ShadowCommand.kind)
        print(
            json
                ? ShadowJSON.text(found, kinds: kinds)
                : ShadowText.text(found, kinds: kinds, limit: limit))
        if check, !found.differences.isEmpty { throw ExitCode(ExitStatus.data.rawValue) }
    }
}

/// The line of progress, for a closure that is kept.
private final class ProgressLine {
    var progress = Progress()
}
