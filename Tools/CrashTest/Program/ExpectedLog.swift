import EventLog
import Events
import TestKit

/// The log that the test's writers make: what follows a position depends on it and the seed alone,
/// so that every head has one lawful seal, however often its writer was killed.
struct ExpectedLog {
    /// Decides every length and byte.
    let seed: UInt64
    private let log = MemoryLog(identity: ExpectedLog.identity)

    static let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)

    init(seed: UInt64) {
        self.seed = seed
    }

    /// Appends the batch that follows the head of `log`; returns the position it reaches.
    static func append(to log: some Log, seed: UInt64) throws -> UInt64 {
        try log.append(now: Instant(rawValue: 1)) { (batch: inout AppendBatch) -> UInt64 in
            var count = batchCount(after: batch.head.position, seed: seed)
            while count > 0 {
                let bytes = event(at: batch.nextPosition, seed: seed)
                batch.append(encoded: bytes.span.bytes)
                count -= 1
            }
            return batch.nextPosition - 1
        }
    }

    /// One to six events, most often one.
    static func batchCount(after position: UInt64, seed: UInt64) -> Int {
        var random = SeededGenerator(seed: seed &* 31 &+ position)
        return max(1, Int.random(in: -4...6, using: &random))
    }

    /// An event of up to some pages.
    static func event(at position: UInt64, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed &+ position &* 0x1_0001)
        let isLarge = Int.random(in: 0..<8, using: &random) == 0
        let count = Int.random(in: 0...(isLarge ? 12_000 : 300), using: &random)
        let payload = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return message(recordedAt: 1, payload: payload)
    }

    /// The head at a position; nil where no commit ends.
    func head(at position: UInt64) throws -> LogHead? {
        while log.head().position < position { _ = try ExpectedLog.append(to: log, seed: seed) }
        if position == 0 { return .empty }
        let commits = log.commits()
        // Commits are in order; the one that ends there, if any, is found by halving.
        var (low, high) = (0, commits.count)
        while low < high {
            let middle = (low + high) / 2
            if commits[middle].head.position < position { low = middle + 1 } else { high = middle }
        }
        guard low < commits.count, commits[low].head.position == position else { return nil }
        return commits[low].head
    }
}
