import CPlatform
import Digests
import Events
import LMDB

/// Puts records and seals into a write transaction, keeping the chain.
///
/// Records are gathered in a buffer too, so that a commit is hashed in few long strokes.
struct RecordWriter: ~Copyable {
    private(set) var head: LogHead
    private let trees: EventLog.Trees
    private var next: UInt64
    private var content = ContentHasher()
    private var cursor: Cursor?

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
        if cursor == nil { cursor = try transaction.cursor(trees.events) }
        let record = content.append(message, at: next)
        try cursor!.reserve(next, size: record.count) { room in
            room.copyMemory(from: record.baseAddress!, byteCount: record.count)
        }
        next += 1
    }

    /// Seals what was appended since the last commit, which must be something.
    @discardableResult
    mutating func commit(recordedAt: Instant, to transaction: borrowing WriteTransaction)
        throws(LMDBError) -> Commit
    {
        precondition(next > head.position + 1, "a commit has events")
        precondition(recordedAt >= head.recordedAt, "commits are recorded in order of time")
        let first = head.position + 1
        let commit = Commit(
            first: first, count: next - first, recordedAt: recordedAt,
            content: content.finish(), previous: head.seal)
        try transaction.append(first, commit.stored, to: trees.seals)
        head = commit.head
        return commit
    }

    /// Lets go of the transaction; to be called before it ends, however it ends.
    mutating func release() { cursor = nil }
}

/// Digests the records of a commit as they are stored.
struct ContentHasher: ~Copyable {
    private var hasher = SHA256()
    private var base: UnsafeMutableRawPointer
    private var capacity = 1 << 16
    private var count = 0

    /// Bytes gathered before they are hashed.
    private static let stroke = 1 << 18

    init() {
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        base.deallocate()
    }

    /// Makes the record of a message, and lends it until the next call.
    mutating func append(_ message: RawSpan, at position: UInt64) -> UnsafeRawBufferPointer {
        let size = message.byteCount + 4
        if count + size > capacity { makeRoom(size) }
        let place = base + count
        message.withUnsafeBytes {
            recount_store_record(position, $0.baseAddress, $0.count, place)
        }
        count += size
        return UnsafeRawBufferPointer(start: place, count: size)
    }

    /// The digest of the records since the last call.
    mutating func finish() -> Digest {
        hasher.update(UnsafeRawBufferPointer(start: base, count: count))
        count = 0
        return hasher.finalize()
    }

    private mutating func makeRoom(_ size: Int) {
        if count > 0, count + size > ContentHasher.stroke {
            hasher.update(UnsafeRawBufferPointer(start: base, count: count))
            count = 0
        }
        guard count + size > capacity else { return }
        let grown = max(capacity * 2, count + size)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 16)
        memory.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = memory
        capacity = grown
    }
}
