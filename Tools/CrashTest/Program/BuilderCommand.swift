import ArgumentParser
import EventLog
import Events
import Glibc

/// The process that builds a whole log and acknowledges it at the end.
struct BuilderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builder", abstract: "Build a log at once; a child of the tests.",
        shouldDisplay: false)

    @Argument var log: String
    @Option var seed: UInt64
    @Option var events: UInt64
    @Option var acknowledge: String

    func run() throws {
        let head = try BuilderCommand.build(log, seed: seed, events: events)
        let descriptor = open(acknowledge, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        let line = "\(head.position)\n"
        _ = line.withCString { write(descriptor, $0, strlen($0)) }
    }

    /// A run of so many events, a commit each ten.
    @discardableResult
    static func build(_ log: String, seed: UInt64, events: UInt64) throws -> LogHead {
        let identity = LogIdentity(kind: .run, logID: .zero, schemaVersion: 0)
        return try LogBuilder.build(at: log, identity: identity) { builder in
            for position in 1...events {
                let bytes = ExpectedLog.event(at: position, seed: seed)
                try builder.append(bytes.span.bytes)
                if position % 10 == 0 { try builder.commit(recordedAt: Instant(rawValue: 1)) }
            }
            try builder.commit(recordedAt: Instant(rawValue: 1))
        }.head
    }
}
