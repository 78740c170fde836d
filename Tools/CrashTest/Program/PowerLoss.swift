import EventLog
import Foundation
import TestKit

/// One recorded process, and the disks that its machine may have been left with.
struct PowerLoss {
    let folder: String
    let shim: String
    let seed: UInt64
    let subsets: Int
    let workload: PowerWorkload

    /// What came of the states.
    struct Outcome {
        var operations = 0
        var flushes = 0
        var prefixes = 0
        var subsets = 0
        var findings: [String] = []

        var summary: String {
            "\(operations) operations, \(flushes) flushes; \(prefixes) states of prefixes and "
                + "\(subsets) of subsets opened; \(findings.count) losses found"
        }
    }

    /// A disk to open: after so many operations, with what is uncertain chosen so.
    private struct Moment {
        let count: Int
        let state: DiskState
        let choice: DiskState.Choice
        let number: UInt64
    }

    /// Records the process, with or without its flushes, and opens every state.
    func check(isFlushed: Bool) throws -> Outcome {
        let root = "\(folder)/\(workload.name)-\(isFlushed)"
        let trace = try record(root, isFlushed: isFlushed)
        var outcome = Outcome()
        outcome.operations = trace.operations.count
        var moments: [Moment] = []
        var state = DiskState()
        var number: UInt64 = 0
        func add(_ count: Int, _ choice: DiskState.Choice, _ state: DiskState) {
            number += 1
            moments.append(Moment(count: count, state: state, choice: choice, number: number))
        }
        for (index, operation) in trace.operations.enumerated() {
            if DiskTrace.isFlush(operation) || (!isFlushed && index % 3 == 0) {
                outcome.flushes += DiskTrace.isFlush(operation) ? 1 : 0
                // The operation that the power interrupts may be half there.
                var during = state
                if case .write(let file, let offset, let bytes, _) = operation {
                    during.apply(
                        .write(file: file, offset: offset, bytes: bytes, isDurable: false))
                }
                for _ in 0..<subsets { add(index, .random, during) }
                outcome.subsets += subsets
            }
            state.apply(operation)
            add(index + 1, .everything, state)
            add(index + 1, .nothing, state)
            outcome.prefixes += 2
        }
        outcome.findings = try open(moments, root: root)
        return outcome
    }

    private func record(_ root: String, isFlushed: Bool) throws -> DiskTrace {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let trace = "\(folder)/\(workload.name)-\(isFlushed).trace"
        var environment = [
            "LD_PRELOAD": shim, "RECOUNT_SHIM_FOLDER": root, "RECOUNT_SHIM_TRACE": trace,
        ]
        if !isFlushed { environment["RECOUNT_SHIM_NO_FLUSH"] = "1" }
        let result = try Child(
            CrashOptions.program,
            workload.arguments(
                log: "\(root)/log", seed: seed, acknowledge: "\(root)/acknowledged"),
            environment: environment
        ).finish()
        guard result.end == .exit(0) else {
            throw CrashTestError("the recorded process ends with \(result.end): \(result.errors)")
        }
        let recorded = try DiskTrace(trace)
        guard recorded.operations.contains(where: { if case .write = $0 { true } else { false } })
        else { throw CrashTestError("the shim saw no write; is LMDB linked dynamically?") }
        return recorded
    }

    /// Opens the states, some at a time, each in a child of its own.
    private func open(_ moments: [Moment], root: String) throws -> [String] {
        let expected = ExpectedLog(seed: seed)
        let whole = try wholeSeal()
        let found = Findings()
        let failed = FailureFlag()
        // The expected log is made before threads read it.
        _ = try expected.head(at: (moments.map(\.state.acknowledged).max() ?? 0) + 20)
        DispatchQueue.concurrentPerform(iterations: 4) { lane in
            for index in stride(from: lane, to: moments.count, by: 4) {
                do {
                    let moment = moments[index]
                    if let text = try objection(moment, root, "\(lane)", expected, whole) {
                        found.add("\(workload.name), \(moment.count) operations: \(text)")
                    }
                } catch {
                    failed.raise(error)
                    return
                }
            }
        }
        if let error = failed.error { throw error }
        return found.all
    }

    /// What is wrong with a state; nil when it is as it should be.
    private func objection(
        _ moment: Moment, _ root: String, _ lane: String, _ expected: ExpectedLog, _ whole: String
    ) throws -> String? {
        let target = "\(folder)/state-\(lane)"
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.createDirectory(
            atPath: target, withIntermediateDirectories: true)
        var random = SeededGenerator(seed: seed &+ moment.number)
        try moment.state.write(
            to: target, root: root, choosing: moment.choice, &random)
        let acknowledged = moment.state.acknowledged
        switch workload {
        case .writer:
            let state = try KillWriters.examine("\(target)/log", appendingWith: seed)
            if state.kind != .sound, acknowledged == 0 {
                return try begin("\(target)/log").map { "\(state.remark), and then: \($0)" }
            }
            return try state.objection(acknowledged: acknowledged, expected: expected)
        case .builder:
            let state = try KillWriters.examine("\(target)/log", appendingWith: nil)
            if state.kind == .absent { return acknowledged == 0 ? nil : "the log is gone" }
            return state.kind == .sound && state.seal == whole
                ? nil : "the log is there, but not whole: \(state.remark)"
        }
    }

    /// Where the power went while a log was made, the next writer makes it.
    private func begin(_ log: String) throws -> String? {
        let result = try Child(
            CrashOptions.program, ["writer", log, "--seed", "\(seed)", "--batches", "1"]
        ).finish()
        return result.end == .exit(0) ? nil : "no log can be made: \(result.errors)"
    }

    /// The seal of the log that the builder builds.
    private func wholeSeal() throws -> String {
        guard case .builder(let events) = workload else { return "" }
        let head = try BuilderCommand.build(
            "\(folder)/whole-\(UUID().uuidString)", seed: seed, events: events)
        return "\(head.seal)"
    }
}

/// Findings of several threads.
final class Findings: @unchecked Sendable {
    // Guarded by `lock`.
    private let lock = NSLock()
    private var texts: [String] = []

    func add(_ text: String) {
        lock.lock()
        defer { lock.unlock() }
        texts.append(text)
    }

    var all: [String] {
        lock.lock()
        defer { lock.unlock() }
        return texts.sorted()
    }
}
