import EventLog
import Events
import TestKit

/// Data logs of a test's own, whose past can be another.
enum SealedLog {
    static let identity = LogIdentity(
        kind: .data, logID: Digest(w0: 9, w1: 8, w2: 7, w3: 6), schemaVersion: 2)

    /// A log with `commits` commits of three events; in that at `changed` one byte is another.
    static func make(at path: String, commits: Int64, changed: Int64? = nil) throws -> EventLog {
        let log = try EventLog.create(at: path, identity: identity)
        try extend(log, with: 1...commits, changed: changed)
        return log
    }

    /// Appends commits of these numbers.
    static func extend(
        _ log: EventLog, with commits: ClosedRange<Int64>, changed: Int64? = nil
    ) throws {
        for number in commits {
            try log.append(now: Instant(rawValue: number)) { batch in
                for index in 0..<3 as Range<UInt8> {
                    let isOther = number == changed && index == 1
                    let payload = [UInt8(truncatingIfNeeded: number), index, isOther ? 1 : 0]
                    let bytes = message(recordedAt: number, payload: payload)
                    batch.append(encoded: bytes.span.bytes)
                }
            }
        }
    }
}
