import ArgumentParser
import Foundation
import TestKit

/// A disk that fails.
struct FaultCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Fail the first, second, … write or flush with EIO or ENOSPC.",
        discussion: """
            Each process is run again and again; the k-th call that changes its files fails, once or \
            (ENOSPC) from then on, until k is beyond its last. It must say what happened and leave \
            nothing that cannot be gone on with.

            Example: crash-test faults --shim crash-shim.so --recount .build/release/recount
            """)

    @OptionGroup var options: CrashOptions
    @Option(name: .long, help: "The shim, as Tools/crash-test builds it.") var shim: String
    @Option(name: .long, help: "The program recount.") var recount: String
    @Option(name: .long, help: "Fail every so many calls only; 1 fails each.") var step = 1
    @Option(name: .long, help: "writer, import, backtest or projectors alone.") var only: String?
    @Flag(name: .long, help: "Print each distinct message that a failure gave.") var messages =
        false

    func run() throws {
        let folder = TemporaryFolder()
        let facts = try SyntheticFacts(
            folder: folder.path + "/facts", seed: options.seed, filings: options.filings)
        let bases = try FaultBases(folder: folder.path, recount: recount, facts: facts)
        let workloads: [any FaultWorkload] = [
            WriterFaults(name: "writer", seed: options.seed, attempts: 1),
            WriterFaults(name: "stubborn writer", seed: options.seed, attempts: 3),
            ImportFaults(bases: bases, recount: recount),
            BacktestFaults(bases: bases, recount: recount),
            ProjectorFaults(bases: bases, recount: recount),
        ]
        var findings: [String] = []
        for workload in workloads where only == nil || only == workload.name {
            for fault in Fault.all {
                let run = FaultRun(
                    root: folder.path + "/root", shim: shim, fault: fault,
                    step: max(1, step * workload.stride))
                let outcome = try run.check(workload)
                tell("\(workload.name), \(fault.name): \(outcome.summary)")
                if messages { for text in outcome.messages.sorted() { tell("    \(text)") } }
                for finding in outcome.findings {
                    tell("    \(finding)")
                    findings.append("\(workload.name), \(fault.name), \(finding)")
                }
            }
        }
        try CrashOptions.report(findings, seed: options.seed)
    }
}

/// How calls fail.
struct Fault {
    let name: String
    let code: Int32
    /// Whether writes go on failing: a disk that is full stays full.
    let stays: Bool

    static let all = [
        Fault(name: "EIO", code: EIO, stays: false),
        Fault(name: "ENOSPC", code: ENOSPC, stays: false),
        Fault(name: "ENOSPC from then on", code: ENOSPC, stays: true),
    ]
}

/// A process whose calls fail.
protocol FaultWorkload {
    var name: String { get }
    /// Calls from one failure to the next, for processes that make very many.
    var stride: Int { get }
    /// Whether the first failure ends it, so that its last words name the system's error.
    var tellsTheCause: Bool { get }
    /// Lays out the folder that it works in.
    func prepare(_ root: String) throws
    /// Program and arguments.
    func command(_ root: String) -> (program: String, arguments: [String])
    /// What is wrong with what it left behind; nil when its work can be gone on with.
    func objection(_ root: String, trace: DiskTrace, succeeded: Bool) throws -> String?
}

extension FaultWorkload {
    var stride: Int { 1 }
    var tellsTheCause: Bool { true }
}

/// One process, one kind of failure, every k.
struct FaultRun {
    let root: String
    let shim: String
    let fault: Fault
    let step: Int

    struct Outcome {
        var calls = 0
        var refusals = 0
        var survived = 0
        var messages: Set<String> = []
        var findings: [String] = []

        var summary: String {
            "k to \(calls): \(refusals) ended with an error, \(survived) went on without harm; "
                + "\(findings.count) findings"
        }
    }

    func check(_ workload: some FaultWorkload) throws -> Outcome {
        var outcome = Outcome()
        var call = 1
        while true {
            try? FileManager.default.removeItem(atPath: root)
            for name in ["trace", "fired"] { unlink("\(root).\(name)") }
            try FileManager.default.createDirectory(
                atPath: root, withIntermediateDirectories: true)
            try workload.prepare(root)
            let (program, arguments) = workload.command(root)
            let result = try Child(program, arguments, environment: environment(call)).finish()
            guard let fired = FileManager.default.contents(atPath: "\(root).fired") else {
                guard result.end == .exit(0) else {
                    throw CrashTestError("\(arguments): \(result.end): \(result.errors)")
                }
                return outcome
            }
            let place = "k \(call) (\(String(decoding: fired, as: UTF8.self)))"
            if let objection = judge(result, workload.tellsTheCause, &outcome) {
                outcome.findings.append("\(place): \(objection)")
            }
            let trace = try DiskTrace("\(root).trace")
            if let objection = try workload.objection(
                root, trace: trace, succeeded: result.end == .exit(0))
            {
                outcome.findings.append("\(place): \(objection); it said: \(result.errors)")
            }
            outcome.calls = call
            call += step
        }
    }

    /// A failure is told in words, or it did no harm.
    private func judge(
        _ result: Child.Result, _ tellsTheCause: Bool, _ outcome: inout Outcome
    ) -> String? {
        switch result.end {
        case .signal: return "it died: \(result.end): \(result.errors)"
        case .exit(0):
            outcome.survived += 1
            return nil
        case .exit:
            outcome.refusals += 1
            let text = result.errors.split(separator: "\n").last.map(String.init) ?? ""
            outcome.messages.insert(
                text.replacingOccurrences(of: root, with: "DIR")
                    .replacingOccurrences(
                        of: "building-[0-9-]*", with: "building", options: .regularExpression))
            if text.contains("Error Domain") { return "it ends in a library's words: \(text)" }
            if tellsTheCause, !text.contains(String(cString: strerror(fault.code))) {
                return "it does not name the cause: \(result.errors)"
            }
            // Where, what, and after a semicolon what to do.
            return text.contains(":") && text.contains("; ")
                ? nil : "it does not say what to do: \(result.errors)"
        }
    }

    private func environment(_ call: Int) -> [String: String] {
        [
            "LD_PRELOAD": shim, "RECOUNT_SHIM_FOLDER": root, "RECOUNT_SHIM_TRACE": "\(root).trace",
            "RECOUNT_SHIM_FAIL": "\(call)\(fault.stays ? "+" : ""):\(fault.code)",
            "RECOUNT_SHIM_FIRED": "\(root).fired",
        ]
    }
}
