import ArgumentParser
import EventLog
import Events
import Foundation
import Glibc

/// The process that is killed: it appends and acknowledges what is durable.
struct WriterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "writer", abstract: "Append, and say so; a child of the tests.",
        shouldDisplay: false)

    @Argument var log: String
    @Option var seed: UInt64
    @Option var batches: Int
    @Option var threads = 1
    /// A file to acknowledge in, for the shim to see; else standard output.
    @Option var acknowledge: String?
    /// Tries again, so often, what the log refused.
    @Option var attempts = 1

    func run() throws {
        let log = try openOrCreate()
        let descriptor = acknowledge.map { open($0, O_WRONLY | O_CREAT | O_APPEND, 0o644) } ?? 1
        let (batches, seed) = (batches, seed)
        if threads == 1 {
            for _ in 0..<batches { try appendStubbornly(to: log, telling: descriptor) }
            return
        }
        let failed = FailureFlag()
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            do {
                try WriterCommand.append(batches, to: log, seed: seed, telling: descriptor)
            } catch {
                failed.raise(error)
            }
        }
        if let error = failed.error { throw error }
    }

    private func openOrCreate() throws -> EventLog {
        if FileManager.default.fileExists(atPath: "\(log)/data.mdb") {
            return try EventLog.open(at: log, access: .write)
        }
        return try EventLog.create(at: log, identity: ExpectedLog.identity)
    }

    private func appendStubbornly(to log: EventLog, telling descriptor: Int32) throws {
        var left = attempts
        while true {
            left -= 1
            do {
                return try WriterCommand.append(1, to: log, seed: seed, telling: descriptor)
            } catch  where left > 0 {
                continue
            }
        }
    }

    private static func append(
        _ batches: Int, to log: EventLog, seed: UInt64, telling descriptor: Int32
    ) throws {
        for _ in 0..<batches {
            let line = "\(try ExpectedLog.append(to: log, seed: seed))\n"
            _ = line.withCString { write(descriptor, $0, strlen($0)) }
        }
    }
}

/// The first failure of several threads.
final class FailureFlag: @unchecked Sendable {
    // Guarded by `lock`.
    private let lock = NSLock()
    private var first: (any Error)?

    func raise(_ error: any Error) {
        lock.lock()
        defer { lock.unlock() }
        first = first ?? error
    }

    var error: (any Error)? {
        lock.lock()
        defer { lock.unlock() }
        return first
    }
}

/// The process that opens what a crash left behind.
struct ExamineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "examine", abstract: "Open and verify a log; a child of the tests.",
        shouldDisplay: false)

    @Argument var log: String
    /// Append a batch with this seed.
    @Option var seed: UInt64?

    func run() throws {
        print(LogState.examine(log, appendingWith: seed).line)
    }
}
