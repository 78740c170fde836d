import CPlatform
import Events
import LMDB

extension EventLog {
    /// Bytes after which a read lets go of its snapshot, so that pages can be reused.
    private static let chunk = 4 << 20

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
    public func commits(from first: UInt64 = 1) throws -> [Commit] {
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(trees.seals)
        var commits: [Commit] = []
        var found = try cursor.seek(first)
        while found {
            guard let commit = Commit(first: cursor.integerKey, stored: cursor.bytes) else {
                throw LogError.brokenSeal(path: path, first: cursor.integerKey)
            }
            commits.append(commit)
            found = try cursor.next()
        }
        return commits
    }

    /// Reads about one chunk under one snapshot; false at the end.
    private func readChunk(
        _ next: inout UInt64, _ last: UInt64, _ check: RecordCheck,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws -> Bool {
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(trees.events)
        guard try cursor.seek(next) else { return false }
        var size = 0
        while true {
            let position = cursor.integerKey
            guard position == next else {
                throw LogError.gap(path: path, expected: next, found: position)
            }
            let (control, length) = try lend(cursor, position, check, body)
            if control == .stop { return false }
            next += 1
            size += length
            if next > last { return false }
            if size >= EventLog.chunk { return true }
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

    /// Checks and lends the record that a cursor stands on; returns its stored size too.
    private func lend(
        _ cursor: borrowing Cursor, _ position: UInt64, _ check: RecordCheck,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws -> (ReadControl, Int) {
        let stored = cursor.bytes
        guard stored.byteCount > 4 else {
            throw LogError.damaged(path: path, position: position)
        }
        if check == .checksum {
            let length = stored.byteCount - 4
            let matches = stored.withUnsafeBytes { bytes in
                recount_record_crc(position, bytes.baseAddress, length)
                    == bytes.loadUnaligned(fromByteOffset: length, as: UInt32.self)
            }
            guard matches else { throw LogError.damaged(path: path, position: position) }
        }
        let record = Record(
            position: position, message: stored.extracting(droppingLast: 4), stored: stored)
        return (try body(record), stored.byteCount)
    }
}
