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

/// What a body took.
struct Taken {
    /// On the wall.
    var seconds: Double
    /// Of them, in flushes.
    var flushing: Double
    /// On the processor, of all threads, flushes left out: what a busy machine disturbs least.
    var processor: Double
}

/// Runs `body` and says what it took.
func timed(_ body: () throws -> Void) rethrows -> Taken {
    let flushedBefore = raw_flush_nanoseconds()
    let workedBefore = raw_flush_processor_nanoseconds()
    let processorBefore = clock()
    let started = ContinuousClock.now
    try body()
    let seconds = (ContinuousClock.now - started) / .seconds(1)
    let processor = Double(clock() - processorBefore) / Double(CLOCKS_PER_SEC)
    let worked = Double(raw_flush_processor_nanoseconds() - workedBefore) * 1e-9
    return Taken(
        seconds: seconds, flushing: Double(raw_flush_nanoseconds() - flushedBefore) * 1e-9,
        processor: processor - worked)
}
