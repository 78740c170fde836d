import CPlatform
import Events
import LMDB

extension EventLog {
    /// Bytes after which a read lets go of its snapshot, so that pages can be reused.
    static let chunk = 1 << 20
    /// Time after which it does, looked at every 64 records: well below what the system lets a
    /// thread run at a time, so that a reader on a busy machine is rarely stopped while it holds
    /// one.
    static let chunkNanoseconds: Int64 = 1_000_000

    /// Lends the records from a position on, in order, each compared with its checksum.
    ///
    /// The walk ends at `last`, at the end of the log, or when `body` says stop.
    public func read(
        from first: UInt64 = 1, through last: UInt64 = .max, check: RecordCheck = .checksum,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws {
        var next = max(first, 1)
        while next <= last {
            guard try readChunk(&next, last, check, body) else { return }
        }
    }

    /// Lends one record; false when the log does not reach it.
    @discardableResult
    public func record(at position: UInt64, _ body: (borrowing Record) throws -> Void) throws
        -> Bool
    {
        var found = false
        try read(from: position, through: position) { record in
            found = true
            try body(record)
            return .stop
        }
        return found
    }

    /// Every commit from the one that begins at or after `first`.
    public func commits(from first: UInt64) throws -> [Commit] {
        try commits(from: first, most: .max)
    }

    /// So many commits at most, from the one that begins at or after `first`.
    func commits(from first: UInt64, most: Int) throws -> [Commit] {
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(trees.seals)
        var commits: [Commit] = []
        var found = try cursor.seek(first)
        while found, commits.count < most {
            guard let commit = Commit(first: cursor.integerKey, stored: cursor.bytes) else {
                throw LogError.brokenSeal(path: path, first: cursor.integerKey)
            }
            commits.append(commit)
            found = try cursor.next()
        }
        return commits
    }

    /// The commit that holds a position; nil when the log does not reach it.
    public func commit(holding position: UInt64) throws -> Commit? {
        guard position > 0 else { return nil }
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(trees.seals)
        let isPast = try cursor.seek(position + 1)
        guard try isPast ? cursor.previous() : cursor.last() else { return nil }
        guard let commit = Commit(first: cursor.integerKey, stored: cursor.bytes) else {
            throw LogError.brokenSeal(path: path, first: cursor.integerKey)
        }
        return commit.first <= position && position < commit.first + commit.count ? commit : nil
    }

    /// Reads about one chunk under one snapshot; false at the end.
    private func readChunk(
        _ next: inout UInt64, _ last: UInt64, _ check: RecordCheck,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws -> Bool {
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(trees.events)
        guard try cursor.seek(next) else { return false }
        let deadline = recount_monotonic_clock() + EventLog.chunkNanoseconds
        var (size, lent) = (0, 0)
        while true {
            let (control, length) = try cursor.lend(expected: next, check, path, body)
            guard control == .proceed else { return false }
            size += length
            next += 1
            if next > last { return false }
            if size >= EventLog.chunk { return true }
            lent += 1
            if lent % 64 == 0, recount_monotonic_clock() > deadline { return true }
            guard try cursor.next() else { return false }
        }
    }

    /// Lends records as they are stored, checksum included, after checking them.
    func readStored(
        from first: UInt64, through last: UInt64, _ body: (UInt64, RawSpan) throws -> Void
    ) throws {
        try read(from: first, through: last) { record in
            try record.withStored { try body(record.position, $0) }
            return .proceed
        }
    }
}

extension Cursor {
    /// Checks and lends the record here; returns its stored size too.
    func lend(
        expected: UInt64, _ check: RecordCheck, _ path: String,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws -> (control: ReadControl, size: Int) {
        let stored = bytes
        let record = try Record(
            stored: stored, position: integerKey, expected: expected, check: check, path: path)
        return (try body(record), stored.byteCount)
    }
}
