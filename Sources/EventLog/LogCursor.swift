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
    private var taken = 0
    private var deadline: Int64 = 0
    /// Whether `present` is the record that `next()` gives.
    private var isLoaded = false
    /// Whether it was compared with its checksum already.
    private var isChecked = false
    /// Snapshots taken so far.
    private(set) var snapshots = 0

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
        guard try peek() != nil else { return nil }
        (isLoaded, isChecked) = (false, false)
        expected += 1
        let record = try Record(
            stored: RawSpan(_unsafeBytes: present), position: key, expected: expected - 1,
            check: .trust, path: log.path)
        return _overrideLifetime(record, mutating: &self)
    }

    /// The message of the next record, valid until the call after this one; nil at the end.
    mutating func step() throws -> UnsafeRawBufferPointer? {
        guard let message = try peek() else { return nil }
        (isLoaded, isChecked) = (false, false)
        expected += 1
        return message
    }

    /// The message that `step()` gives, valid until the next call; it is checked once.
    mutating func peek() throws -> UnsafeRawBufferPointer? {
        guard try load() else { return nil }
        if !isChecked {
            _ = try Record(
                stored: RawSpan(_unsafeBytes: present), position: key, expected: expected,
                check: check, path: log.path)
            isChecked = true
        }
        return UnsafeRawBufferPointer(rebasing: present.dropLast(4))
    }

    /// Lets go of the snapshot; the next call takes a new one and goes on where this one stands.
    public mutating func release() {
        (isLoaded, isChecked) = (false, false)
        cursor = nil
        transaction = nil
    }

    /// Lets go of a snapshot that was held for as long as one may be: whoever is asked looks at its
    /// own by itself, this one is not asked.
    mutating func releaseIfOld() {
        if cursor != nil, recount_monotonic_clock() >= deadline { release() }
    }

    /// Sees to it that the next record is there; false at the end, where the snapshot is let go.
    private mutating func load() throws -> Bool {
        if isLoaded { return true }
        guard expected <= last else {
            release()
            return false
        }
        isLoaded = try advance()
        return isLoaded
    }

    private mutating func advance() throws -> Bool {
        if cursor != nil, size < EventLog.chunk,
            taken % 64 != 0 || recount_monotonic_clock() < deadline
        {
            if try cursor!.next() {
                take(cursor!.unsafeEntry())
                return true
            }
        }
        release()
        let transaction = try log.environment.beginRead()
        var cursor = try transaction.cursor(log.trees.events)
        guard try cursor.seek(expected) else { return false }
        (size, taken) = (0, 0)
        snapshots += 1
        take(cursor.unsafeEntry())
        deadline = recount_monotonic_clock() + EventLog.chunkNanoseconds
        self.cursor = consume cursor
        self.transaction = consume transaction
        return true
    }

    private mutating func take(_ entry: (key: UInt64, value: UnsafeRawBufferPointer)) {
        (key, present) = entry
        size += present.count
        taken += 1
    }
}
