import EventLog
import Events
import Foundation
import RawLoops

/// Logs that rows write and read.
enum Logs {
    /// Builds a run's log of messages, sealed every `batch`, without flushes before its end.
    static func build(_ messages: TradingMessages, at path: String, batch: Int) throws {
        let identity = LogIdentity(
            kind: .run, logID: .zero, schemaVersion: EventSchema.version)
        _ = try LogBuilder.build(at: path, identity: identity) { builder in
            for index in 0..<messages.count {
                try builder.append(messages[index])
                if (index + 1) % batch == 0 || index + 1 == messages.count {
                    try builder.commit(recordedAt: TradingMessages.instant)
                }
            }
        }
    }

    /// A new data log.
    static func data(at path: String) throws -> EventLog {
        try EventLog.create(
            at: path,
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
    }

    /// Appends messages durably, `batch` a commit.
    static func append(
        _ messages: TradingMessages, _ range: Range<Int>, batch: Int, to log: EventLog
    ) throws {
        var first = range.lowerBound
        while first < range.upperBound {
            let end = min(first + batch, range.upperBound)
            try log.append(now: TradingMessages.instant) { appended in
                for index in first..<end { appended.append(encoded: messages[index]) }
            }
            first = end
        }
    }
}

/// Seconds that `body` takes, and those of them that flushes took.
func timed(_ body: () throws -> Void) rethrows -> (seconds: Double, flushing: Double) {
    let flushedBefore = raw_flush_nanoseconds()
    let started = ContinuousClock.now
    try body()
    let seconds = (ContinuousClock.now - started) / .seconds(1)
    return (seconds, Double(raw_flush_nanoseconds() - flushedBefore) * 1e-9)
}
