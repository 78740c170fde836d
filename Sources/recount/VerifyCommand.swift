import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline

/// `recount verify`
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every checksum, seal and position of a log, or the whole chain of proof.",
        discussion: """
            The check runs in a child process, so that a broken page is a finding and not a crash. \
            Where memory, descriptors or permission are lacking the log could not be checked, which \
            is another sentence and another exit status than DAMAGED.

            Seals show that nothing was changed by accident. Who can write the folder can make them \
            anew; --expect holds them against a line that was kept elsewhere: each command that \
            appends prints it (seal POSITION:SEAL), and \
            recount seal signs it. --chain makes each link again from the one \
            before it: facts, timeline, run, artefacts, caches, read models; --backup compares with a \
            backup, and names the first event that differs. It ends with what is proven and what is \
            not.

            Example: recount verify --data DIR --expect 52103:9f3c…
                     recount verify --data DIR --chain --all --retrain --backup /mnt/backup
            """)

    @OptionGroup var log: LogOption
    @Flag(name: .long, help: "Print the result as JSON.") var json = false
    @Flag(name: .long, help: "Check instead that no event of a run knew more than it could.")
    var causality = false
    @Flag(name: .long, help: "Check the chain of proof from the facts to the read models.")
    var chain = false
    @Flag(name: .long, help: "With --chain: of every run, not of one.") var all = false
    @Flag(name: .long, help: "With --chain: train every model again.") var retrain = false
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The log must have had this seal when it ended there; a signed line is checked too.",
            valueName: "position:seal|line"))
    var expect: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --chain: check a backup, and that it has the same past.", valueName: "folder"))
    var backup: String?
    @Flag(name: .long, help: .hidden) var child = false

    func validate() throws {
        guard chain || !(all || retrain || backup != nil) else {
            throw ValidationError("--all, --retrain and --backup go with --chain")
        }
        guard !(all && log.run != nil) else { throw ValidationError("choose --all or --run") }
        if let expect {
            do { _ = try PastCheck.Line(expect) } catch {
                throw ValidationError("--expect \(error)")
            }
        }
    }

    func run() throws {
        if causality { return try CausalityCheck.run(log.data.folder, log.run, json: json) }
        if chain { return try checkChain() }
        let path = try log.path
        if child {
            Swift.print(LogVerifier.childReport(path).json)
            return
        }
        let arguments = Array(CommandLine.arguments.dropFirst())
        var report = try Progress.working("verifying \(path)") {
            try LogVerifier.verifyInChild(
                path, executable: "/proc/self/exe", arguments: arguments + ["--child"])
        }
        var past: PastCheck?
        if report.isSound {
            past = try expect.map {
                try PastCheck(
                    try EventLog.open(at: path), [try PastCheck.Line($0)], signedBy: nil)
            }
            let wrong =
                try LogVerifier.wrongKind(path, kind: log.kind)
                ?? past.flatMap { $0.holds ? nil : $0.sentence }
            if let wrong { (report.sound, report.finding) = (false, wrong) }
        }
        let beside = try report.isSound ? liveTimeline(path, arguments) : nil
        if let beside, !beside.report.isSound {
            (report.sound, report.unchecked) = (false, beside.report.unchecked)
            report.finding = "its timeline, \(beside.path): \(beside.report.finding ?? "unknown")"
        }
        if json {
            let timeline = beside.map { ",\"timeline\":\($0.report.json)}" }
            print(timeline.map { report.json.dropLast() + $0 } ?? report.json)
        } else {
            print(report.sentence(path: path))
            if let beside { print(beside.report.sentence(path: beside.path)) }
            if report.isSound, let past { print(past.proof(events: report.events)) }
        }
        if let code = report.unchecked { throw ExitCode(ExitStatus.system(code).rawValue) }
        if !report.isSound { throw ExitCode(ExitStatus.data.rawValue) }
    }

    /// What is wrong with the timeline of a live run, which stands beside it, and with what each
    /// names of the other and of the data log; nil where the log is no live run's.
    private func liveTimeline(
        _ path: String, _ arguments: [String]
    ) throws -> (path: String, report: LogVerifier.Report)? {
        guard let run = log.run, log.kind == .run,
            try EventLog.open(at: path).identity.kind == .liveRun
        else { return nil }
        let place = try log.data.folder.liveTimeline(run)
        guard EventLog.isLog(place) else { throw RunFolderError.noLiveTimeline(path: path) }
        var report = try Progress.working("verifying \(place)") {
            try LogVerifier.verifyInChild(
                place, executable: "/proc/self/exe",
                arguments: arguments + ["--timeline", "--child"])
        }
        guard report.isSound else { return (place, report) }
        do {
            try LiveRuns.check(
                run, in: log.data.folder, data: try EventLog.open(at: log.data.folder.log))
        } catch let error as LiveRunError {
            (report.sound, report.finding) = (false, "\(error)")
        } catch let error as RunFolderError {
            (report.sound, report.finding) = (false, "\(error)")
        }
        return (place, report)
    }

    private func checkChain() throws {
        var check = ChainCheck(
            log.data, retrains: retrain, expect: try expect.map { try PastCheck.Line($0) },
            backup: backup.map { Backup($0) })
        let runs = all ? log.data.folder.runNames : log.run.map { [$0] } ?? []
        for run in runs { _ = try log.data.folder.existingRun(run) }
        try check.run(runs)
        print(json ? check.json : check.text)
        try check.end()
    }
}
