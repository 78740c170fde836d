import EventLog
import Events

/// The messages of a log by position: in memory as long as they are few, so that thousands of
/// replays read them without a log, else in the log where they lie.
struct MessageStore: Sendable, Equatable {
    /// Bytes that are held in memory at most.
    static let mostBytes = 128 << 20

    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    /// Where the messages lie, and how many; nil when they are in memory.
    private var log: (log: EventLog, count: Int)?

    /// No messages, in memory.
    init() {}

    /// The messages of a log; each is lent once, in order.
    init(
        _ log: EventLog, mostBytes: Int = mostBytes, _ take: (RawSpan) throws -> Void
    ) throws {
        var size = 0
        var count = 0
        var held: MessageStore? = MessageStore()
        try log.read { record in
            try take(record.message)
            size += record.message.byteCount
            count += 1
            if size > mostBytes { held = nil }
            held?.append(record.message)
            return .proceed
        }
        self = held ?? MessageStore()
        if held == nil { self.log = (log, count) }
    }

    /// Takes a message behind the others.
    ///
    /// - Precondition: the messages are in memory.
    mutating func append(_ message: RawSpan) {
        precondition(log == nil, "a log's own messages are read only")
        message.withUnsafeBytes { bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
    }

    /// Number of messages.
    var count: Int { log?.count ?? ends.count - 1 }

    /// Lends the message at a position, from 1.
    ///
    /// - Precondition: there is one.
    func lend<Result>(_ position: Int, _ body: (RawSpan) throws -> Result) throws -> Result {
        guard let log else {
            return try body(bytes.span.bytes.extracting(ends[position - 1]..<ends[position]))
        }
        var result: Result?
        try log.log.record(at: UInt64(position)) { result = try body($0.message) }
        guard let result else {
            preconditionFailure("a log that was read to position \(log.count) still holds it")
        }
        return result
    }

    /// The message at a position, from 1, copied.
    func message(_ position: Int) throws -> ArraySlice<UInt8> {
        try lend(position) { message in message.withUnsafeBytes { ArraySlice($0) } }
    }

    static func == (left: MessageStore, right: MessageStore) -> Bool {
        left.ends == right.ends && left.bytes == right.bytes
            && left.log?.log.path == right.log?.log.path
    }
}
