import ArgumentParser
import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline
import Synchronization

/// `recount check-lookahead`
struct CheckLookaheadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-lookahead",
        abstract: "Scramble every fact after a date, replay, and demand the same decisions before.",
        discussion: """
            Each date is a replay from the first fact on. --cuts takes random instants instead of \
            dates spread evenly: a third anywhere in the run, a third at the instant of a decision, \
            a third just before a fact becomes known, each with a scrambling of its own. \
            A fork is not replayed from the first fact on: check the run that it left.

            Example: recount check-lookahead --data DIR --run first --cuts 10000 --seed 7
            """)

    @OptionGroup var option: RunOption
    @Option(name: .long, help: "Number of dates, spread evenly over the run.") var dates = 20
    @Option(name: .long, help: "Number of random instants, in place of dates.") var cuts: Int?
    @Option(name: .long, help: "Seed of the scrambling, and of the random instants.")
    var seed: UInt64 = 1
    @Option(name: .long, help: "Replays at a time, 1 to 64.")
    var threads = min(64, ProcessInfo.processInfo.activeProcessorCount)
    @Flag(name: .long, help: "Print the result as JSON.") var json = false

    func validate() throws {
        guard dates > 0 else { throw ValidationError("--dates \(dates): write 1 or more") }
        if let cuts, cuts <= 0 { throw ValidationError("--cuts \(cuts): write 1 or more") }
        guard (1...64).contains(threads) else {
            throw ValidationError("--threads \(threads): write 1 to 64")
        }
    }

    func run() throws {
        let (run, origin) = try option.open()
        if let parent = run.manifest?.parent {
            throw ValidationError(
                "\(run.name) is a fork, which no replay from the first fact on gives; check "
                    + "\(parent.run), and recount verify --causality --run \(run.name)")
        }
        var search = LookaheadSearch(
            recorded: try RecordedRun(run.log), tape: try FactTape(run.timeline),
            window: origin.window,
            trainer: option.data.trainer)
        search.threads = threads
        let wanted =
            try cuts.map {
                try RandomCuts.cuts(
                    $0, seed: seed, recorded: search.recorded, tape: search.tape)
            } ?? (try evenly(search.recorded))
        let shown = Mutex(Progress())
        let report: LookaheadSearch.Report
        let progress: @Sendable (Int) -> Void = { done in
            shown.withLock {
                $0.show(
                    "\(done) of \(wanted.count) replays",
                    done: Double(done) / Double(max(wanted.count, 1)))
            }
        }
        switch origin.strategy {
        case .loop(let loop):
            report = try search.check(wanted, progress: progress) { _ in loop }
        case .follow(let follow):
            report = try search.check(wanted, progress: progress) { _ in follow }
        }
        shown.withLock { $0.clear() }
        print(json ? jsonText(report) : text(report))
        ModelCache.bound(option.data)
        if !report.isSound { throw ExitCode(65) }
    }

    /// Dates at equal shares of the run's events.
    private func evenly(_ recorded: RecordedRun) throws -> [RandomCuts.Cut] {
        try (1...dates).map { index in
            let position = max(1, recorded.count * UInt64(index) / UInt64(dates + 1))
            return RandomCuts.Cut(instant: try recorded.recordedAt(position), seed: seed)
        }
    }

    private func text(_ report: LookaheadSearch.Report) -> String {
        guard let finding = report.finding, let position = finding.position else {
            let what = cuts == nil ? "dates" : "random cuts"
            return "no look-ahead: \(report.cuts) \(what), \(report.compared) decisions compared, "
                + "all equal to the byte"
        }
        return "LOOK-AHEAD: with facts after \(finding.cut) scrambled, r\(position), decided at "
            + "\(finding.decidedAt.map { "\($0)" } ?? "?"), differs"
    }

    private func jsonText(_ report: LookaheadSearch.Report) -> String {
        var object = JSONObject()
        object.integer("cuts", report.cuts)
        object.integer("compared", report.compared)
        if let found = report.finding, let position = found.position {
            var finding = JSONObject()
            finding.text("cut", "\(found.cut)")
            finding.text("position", "r\(position)")
            object.json("finding", finding.text)
        }
        return object.text
    }
}
