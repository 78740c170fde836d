public import EventLog
import Events

/// Some events of a view, copied out of the log so that no snapshot is held while they are folded.
public final class EventChunk: Sendable {
    struct Entry: Sendable {
        let reference: Reference
        let start: Int
        let end: Int
    }

    /// How far the view was read before these events.
    public let start: MergedPosition
    /// How far with them.
    public let end: MergedPosition
    let bytes: [UInt8]
    let entries: [Entry]

    init(start: MergedPosition, end: MergedPosition, bytes: [UInt8], entries: [Entry]) {
        (self.start, self.end, self.bytes, self.entries) = (start, end, bytes, entries)
    }
}

/// Reads a view in its one order, that of `MergedLog`, a chunk at a time.
///
/// Each chunk is copied, so that nothing that a projector does keeps the log from reusing pages.
public struct EventFeed: Sendable {
    private let view: LogView
    /// What the next chunk begins after.
    public private(set) var position: MergedPosition

    private static let chunkBytes = 2 << 20

    /// A feed that goes on after a position.
    public init(_ view: LogView, after position: MergedPosition) {
        self.view = view
        self.position = position
    }

    /// The next events, nil at the end of the log.
    public mutating func next() throws -> EventChunk? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(EventFeed.chunkBytes + (64 << 10))
        var entries: [EventChunk.Entry] = []
        var cursor = view.merged.cursor(after: position)
        while bytes.count < EventFeed.chunkBytes, let record = try cursor.next() {
            let start = bytes.count
            record.message.withUnsafeBytes { bytes.append(contentsOf: $0) }
            entries.append(
                EventChunk.Entry(reference: record.reference, start: start, end: bytes.count))
        }
        guard !entries.isEmpty else { return nil }
        defer { position = cursor.position }
        return EventChunk(start: position, end: cursor.position, bytes: bytes, entries: entries)
    }
}
