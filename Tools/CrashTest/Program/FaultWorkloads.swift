import Foundation
import TestKit

/// Folders that processes begin with, and what they come to without failures.
struct FaultBases {
    let facts: SyntheticFacts
    /// A data folder before its last import.
    let started: String
    /// A whole data folder with a run.
    let whole: String
    /// Seals of the timeline and of the run.
    let timeline: String
    let run: String
    /// Digests of the run's projections.
    let digests: String

    init(folder: String, recount: String, facts: SyntheticFacts) throws {
        self.facts = facts
        started = "\(folder)/started"
        whole = "\(folder)/whole"
        for arguments in facts.imports.dropLast() {
            try Child.run(recount, arguments + ["--data", started])
        }
        for arguments in facts.imports { try Child.run(recount, arguments + ["--data", whole]) }
        timeline = try KillImports.seal(whole)
        try Child.run(recount, FaultBases.backtest + ["--data", whole])
        run = try KillWriters.examine("\(whole)/runs/failing", appendingWith: nil).seal
        digests = try KillProjectors.project(recount, whole, run: "failing", ["--rebuild"]).digests
        try FileManager.default.removeItem(atPath: "\(whole)/views")
    }

    static let backtest = ["backtest", "--run", "failing"]

    static func copy(_ from: String, to root: String) throws {
        try FileManager.default.copyItem(atPath: from, toPath: "\(root)/data")
    }
}

/// The writer: nothing is acknowledged that is not durable.
struct WriterFaults: FaultWorkload {
    let name: String
    let seed: UInt64
    /// How often it tries what the log refused: a full disk may have room again, a broken one must
    /// not be believed.
    let attempts: Int
    var tellsTheCause: Bool { attempts == 1 }

    func prepare(_ root: String) throws {}

    func command(_ root: String) -> (program: String, arguments: [String]) {
        (
            CrashOptions.program,
            PowerWorkload.writer(batches: 8, threads: 1).arguments(
                log: "\(root)/log", seed: seed, acknowledge: "\(root)/acknowledged")
                + ["--attempts", "\(attempts)"]
        )
    }

    func objection(_ root: String, trace: DiskTrace, succeeded: Bool) throws -> String? {
        var disk = DiskState()
        for operation in trace.operations { disk.apply(operation) }
        let expected = ExpectedLog(seed: seed)
        // The power goes right after the failure: what was acknowledged is on the disk.
        let flushed = "\(root).flushed"
        try? FileManager.default.removeItem(atPath: flushed)
        try FileManager.default.createDirectory(
            atPath: flushed, withIntermediateDirectories: true)
        var random = SeededGenerator(seed: seed)
        try disk.write(to: flushed, root: root, choosing: .nothing, &random)
        if disk.acknowledged > 0 {
            let state = try KillWriters.examine("\(flushed)/log", appendingWith: nil)
            if let text = try state.objection(acknowledged: disk.acknowledged, expected: expected) {
                return "after a loss of power \(text)"
            }
        }
        // The process is started again: it goes on where the log ends, or begins it.
        let again = try Child(
            CrashOptions.program, ["writer", "\(root)/log", "--seed", "\(seed)", "--batches", "2"]
        ).finish()
        guard again.end == .exit(0) else { return "it cannot be gone on with: \(again.errors)" }
        let state = try KillWriters.examine("\(root)/log", appendingWith: seed)
        return try state.objection(acknowledged: disk.acknowledged, expected: expected)
    }
}

/// An import: run again, it ends with the same facts.
struct ImportFaults: FaultWorkload {
    let name = "import"
    let bases: FaultBases
    let recount: String

    func prepare(_ root: String) throws { try FaultBases.copy(bases.started, to: root) }

    func command(_ root: String) -> (program: String, arguments: [String]) {
        (recount, bases.facts.imports.last! + ["--data", "\(root)/data"])
    }

    func objection(_ root: String, trace: DiskTrace, succeeded: Bool) throws -> String? {
        let state = try KillWriters.examine("\(root)/data/log", appendingWith: nil)
        guard state.kind == .sound else { return state.remark }
        if !succeeded {
            let (program, arguments) = command(root)
            let again = try Child(program, arguments).finish()
            guard again.end == .exit(0) else { return "it cannot be repeated: \(again.errors)" }
        }
        let seal = try KillImports.seal("\(root)/data")
        return seal == bases.timeline ? nil : "the facts are others: \(seal)"
    }
}

/// A backtest: its run is absent or whole.
struct BacktestFaults: FaultWorkload {
    let name = "backtest"
    let bases: FaultBases
    let recount: String

    func prepare(_ root: String) throws {
        try FaultBases.copy(bases.whole, to: root)
        for name in ["runs", "timelines"] {
            try FileManager.default.removeItem(atPath: "\(root)/data/\(name)")
        }
    }

    func command(_ root: String) -> (program: String, arguments: [String]) {
        (recount, FaultBases.backtest + ["--data", "\(root)/data"])
    }

    func objection(_ root: String, trace: DiskTrace, succeeded: Bool) throws -> String? {
        let path = "\(root)/data/runs/failing"
        var state = try KillWriters.examine(path, appendingWith: nil)
        if state.kind == .absent {
            if succeeded { return "it reports success, and there is no run" }
            let (program, arguments) = command(root)
            let again = try Child(program, arguments).finish()
            guard again.end == .exit(0) else { return "it cannot be repeated: \(again.errors)" }
            state = try KillWriters.examine(path, appendingWith: nil)
        }
        return state.seal == bases.run
            ? nil : "the run is neither absent nor whole: \(state.remark)"
    }
}

/// Projectors: started again, they end with the same digests.
struct ProjectorFaults: FaultWorkload {
    let name = "projectors"
    /// SQLite makes thousands of calls.
    let stride = 7
    /// SQLite has words of its own.
    let tellsTheCause = false
    let bases: FaultBases
    let recount: String

    func prepare(_ root: String) throws { try FaultBases.copy(bases.whole, to: root) }

    func command(_ root: String) -> (program: String, arguments: [String]) {
        (recount, ["project", "all", "--run", "failing", "--data", "\(root)/data"])
    }

    func objection(_ root: String, trace: DiskTrace, succeeded: Bool) throws -> String? {
        let found = try KillProjectors.project(recount, "\(root)/data", run: "failing", []).digests
        return found == bases.digests ? nil : "the digests are others: \(found)"
    }
}
