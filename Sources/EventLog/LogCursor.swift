import CPlatform
import LMDB

/// Pulls records one by one, for merging two logs: `next()` lends a record until the next call.
///
/// It takes a new snapshot every 1 MiB or 1 ms, but keeps the last one as long as it is not asked:
/// do not let it lie about.
public struct LogCursor: ~Copyable {
    private let log: EventLog
    private let check: RecordCheck
    private let last: UInt64
    private var expected: UInt64
    private var transaction: ReadTransaction?
    private var cursor: Cursor?
    // Valid as long as the snapshot is: until the next call.
    private var present = UnsafeRawBufferPointer(start: nil, count: 0)
    private var key: UInt64 = 0
    private var size = 0
    private var deadline: Int64 = 0

    /// A cursor before the record at `first`, that ends after `last` or with the log.
    public init(
        _ log: EventLog, from first: UInt64 = 1, through last: UInt64 = .max,
        check: RecordCheck = .checksum
    ) {
        self.log = log
        self.check = check
        self.last = last
        expected = max(first, 1)
    }

    /// The position that `next()` gives.
    public var position: UInt64 { expected }

    /// The next record, nil at the end; asked again there, it looks whether the log has grown.
    @_lifetime(&self)
    public mutating func next() throws -> Record? {
        guard expected <= last, try advance() else { return nil }
        expected += 1
        let record = try Record(
            stored: RawSpan(_unsafeBytes: present), position: key, expected: expected - 1,
            check: check, path: log.path)
        return _overrideLifetime(record, mutating: &self)
    }

    /// Goes to the next record; false at the end, where the snapshot is let go.
    private mutating func advance() throws -> Bool {
        if cursor != nil, size < EventLog.chunk, recount_monotonic_clock() < deadline {
            if try cursor!.next() {
                take(cursor!.unsafeEntry())
                return true
            }
        }
        cursor = nil
        transaction = nil
        let transaction = try log.environment.beginRead()
        var cursor = try transaction.cursor(log.trees.events)
        guard try cursor.seek(expected) else { return false }
        size = 0
        take(cursor.unsafeEntry())
        deadline = recount_monotonic_clock() + EventLog.chunkNanoseconds
        self.cursor = consume cursor
        self.transaction = consume transaction
        return true
    }

    private mutating func take(_ entry: (key: UInt64, value: UnsafeRawBufferPointer)) {
        (key, present) = entry
        size += present.count
    }
}
