public import Events
import LMDB

/// The events of one commit in the making.
public struct AppendBatch: ~Copyable {
    /// The head that the batch is appended to.
    public let head: LogHead
    /// When the batch is recorded: the clock, or the commit before it if that is later.
    public let now: Instant
    var buffer = EventBuffer(capacity: 1 << 12)
    var ends: [Int] = []
    private var committed: CommittedRecords

    init(head: LogHead, now: Instant, committed: consuming CommittedRecords) {
        self.head = head
        self.now = now
        self.committed = committed
    }

    /// Position that the next event gets.
    public var nextPosition: UInt64 { head.position + UInt64(ends.count) + 1 }

    /// Number of events so far.
    public var count: Int { ends.count }

    /// Bytes so far.
    public var byteCount: Int { buffer.count }

    /// Puts a message that is encoded already behind the others; returns its position.
    @discardableResult
    public mutating func append(encoded message: RawSpan) -> UInt64 {
        let position = nextPosition
        buffer.append(contentsOf: message)
        ends.append(buffer.count)
        return position
    }

    /// Puts an event behind the others; returns its position.
    @discardableResult
    public mutating func append(_ event: some EventMessage) -> UInt64 {
        let position = nextPosition
        event.encode(into: &buffer)
        ends.append(buffer.count)
        return position
    }

    /// Lends the events from a position up to `head`, those of batches that share this one's flush
    /// included: what a decision must have seen.
    public mutating func read(
        from first: UInt64 = 1, check: RecordCheck = .checksum,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws {
        try committed.read(from: max(first, 1), through: head.position, check, body)
    }

    /// Why the batch may not be written, nil when it may.
    func refusal(path: String) -> LogError? {
        var start = 0
        for (index, end) in ends.enumerated() {
            let position = head.position + UInt64(index) + 1
            precondition(end - start >= 56, "a message has a header and an envelope")
            let recordedAt = buffer.bytes.extracting(start..<end).unsafeLoadUnaligned(
                fromByteOffset: 16, as: Int64.self)
            if recordedAt < head.recordedAt.rawValue {
                return .timeRunsBack(path: path, position: position)
            }
            start = end
        }
        return nil
    }
}

/// The records before a batch, wherever they lie.
enum CommittedRecords: ~Copyable {
    /// In the tree of a write transaction.
    case tree(Cursor, path: String)
    /// In memory.
    case arena(RecordArena)
    /// In a log that is not appended to.
    case log(EventLog)

    mutating func read(
        from first: UInt64, through last: UInt64, _ check: RecordCheck,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws {
        guard first <= last else { return }
        switch consume self {
        case .arena(let arena):
            self = .arena(arena)
            try arena.read(from: first, through: last, body)
        case .log(let log):
            self = .log(log)
            try log.read(from: first, through: last, check: check, body)
        case .tree(var cursor, let path):
            do {
                try CommittedRecords.walk(&cursor, path, first, last, check, body)
            } catch {
                self = .tree(cursor, path: path)
                throw error
            }
            self = .tree(cursor, path: path)
        }
    }

    private static func walk(
        _ cursor: inout Cursor, _ path: String, _ first: UInt64, _ last: UInt64,
        _ check: RecordCheck, _ body: (borrowing Record) throws -> ReadControl
    ) throws {
        var next = first
        var found = try cursor.seek(first)
        while found, next <= last {
            let (control, _) = try cursor.lend(expected: next, check, path, body)
            guard control == .proceed else { return }
            next += 1
            found = try cursor.next()
        }
        if next <= last { throw LogError.gap(path: path, expected: next, found: last) }
    }
}
