import CPlatform
import Events
import LMDB

import struct Crypto.SHA256

/// Puts records and seals into a write transaction, keeping the chain.
struct RecordWriter: ~Copyable {
    private(set) var head: LogHead
    private let trees: EventLog.Trees
    private var next: UInt64
    private var hasher = SHA256()

    init(head: LogHead, trees: EventLog.Trees) {
        self.head = head
        self.trees = trees
        self.next = head.position + 1
    }

    /// Position that the next record gets.
    var nextPosition: UInt64 { next }

    /// Stores a message and its checksum.
    mutating func append(_ message: RawSpan, to transaction: borrowing WriteTransaction)
        throws(LMDBError)
    {
        let position = next
        let size = message.byteCount + 4
        var hasher = self.hasher
        try transaction.reserve(position, size: size, in: trees.events) { room in
            message.withUnsafeBytes {
                recount_store_record(position, $0.baseAddress, $0.count, room)
            }
            hasher.update(bufferPointer: UnsafeRawBufferPointer(start: room, count: size))
        }
        self.hasher = hasher
        next += 1
    }

    /// Seals what was appended since the last commit; nothing when that is nothing.
    mutating func commit(recordedAt: Instant, to transaction: borrowing WriteTransaction)
        throws(LMDBError)
    {
        guard next > head.position + 1 else { return }
        precondition(recordedAt >= head.recordedAt, "commits are recorded in order of time")
        let first = head.position + 1
        let commit = Commit(
            first: first, count: next - first, recordedAt: recordedAt,
            content: Digest(bytes: hasher.finalize()), previous: head.seal)
        try transaction.append(first, commit.stored, to: trees.seals)
        hasher = SHA256()
        head = commit.head
    }
}
