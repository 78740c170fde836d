import EventLog
import Events

/// Some events of a view, copied out of the log so that no snapshot is held while they are folded.
public final class EventChunk: Sendable {
    struct Entry: Sendable {
        let reference: Reference
        let start: Int
        let end: Int
    }

    /// How far the view was read before these events.
    public let start: FeedPosition
    /// How far with them.
    public let end: FeedPosition
    let bytes: [UInt8]
    let entries: [Entry]

    init(start: FeedPosition, end: FeedPosition, bytes: [UInt8], entries: [Entry]) {
        (self.start, self.end, self.bytes, self.entries) = (start, end, bytes, entries)
    }
}

/// Reads a view in its one order: timeline event t, then the log's events with `through` = t.
///
/// Each chunk is read under snapshots of about 1 MiB or 1 ms at most and copied, so that nothing
/// that a projector does keeps the log from reusing pages. Both sequences are asserted gapless.
public struct EventFeed: Sendable {
    private let view: LogView
    /// What the next chunk begins after.
    public private(set) var position: FeedPosition

    private static let chunkBytes = 2 << 20

    /// A feed that goes on after a position.
    public init(_ view: LogView, after position: FeedPosition) {
        self.view = view
        self.position = position
    }

    /// The next events, nil at the end of the log.
    public mutating func next() throws -> EventChunk? {
        var chunk = Draft(position)
        if let timeline = view.timeline {
            try merge(&chunk, timeline)
        } else {
            try view.log.read(from: position.own + 1) { record in
                chunk.append(record.message, .own(record.position))
                return chunk.bytes.count < EventFeed.chunkBytes ? .proceed : .stop
            }
        }
        guard !chunk.entries.isEmpty else { return nil }
        let result = EventChunk(
            start: position, end: chunk.position, bytes: chunk.bytes, entries: chunk.entries)
        position = chunk.position
        return result
    }

    private func merge(_ chunk: inout Draft, _ timeline: EventLog) throws {
        var own = LogCursor(view.log, from: chunk.position.own + 1)
        var facts = LogCursor(timeline, from: chunk.position.timeline + 1)
        while chunk.bytes.count < EventFeed.chunkBytes, let record = try own.next() {
            let through = try Envelope(message: record.message).through
            while chunk.position.timeline < through {
                guard let fact = try facts.next() else {
                    throw LogViewError(
                        path: timeline.path,
                        what: "ends before position \(through), which the run has read; "
                            + "make the run again")
                }
                chunk.append(fact.message, .timeline(fact.position))
                if chunk.bytes.count >= EventFeed.chunkBytes { break }
            }
            // Full before its turn: it is read again for the next chunk.
            guard chunk.position.timeline >= through else { return }
            guard chunk.position.timeline == through else {
                throw LogViewError(
                    path: view.log.path,
                    what: "event \(record.position) was recorded before the one before it")
            }
            chunk.append(record.message, .own(record.position))
        }
    }

    private struct Draft {
        var position: FeedPosition
        var bytes: [UInt8] = []
        var entries: [EventChunk.Entry] = []

        init(_ position: FeedPosition) {
            self.position = position
            bytes.reserveCapacity(EventFeed.chunkBytes + (64 << 10))
        }

        mutating func append(_ message: RawSpan, _ reference: Reference) {
            let start = bytes.count
            message.withUnsafeBytes { bytes.append(contentsOf: $0) }
            entries.append(EventChunk.Entry(reference: reference, start: start, end: bytes.count))
            if reference.isTimeline {
                precondition(reference.position == position.timeline + 1, "no event is skipped")
                position.timeline += 1
            } else {
                precondition(reference.position == position.own + 1, "no event is skipped")
                position.own += 1
            }
        }
    }
}
