import EventLog
import Events

/// A projection folded event by event into a store that sees each event's changes apart.
struct HistoryFold<P: Projection> {
    private var projection: P
    private(set) var position: MergedPosition
    private var changes = RowChanges(tables: P.tables)

    /// Before the first event, or where a file stands.
    init(_ projection: P = P(), after position: MergedPosition = .start) {
        (self.projection, self.position) = (projection, position)
    }

    /// The state in canonical bytes.
    var state: [UInt8] {
        var writer = SnapshotWriter()
        projection.snapshot(&writer)
        return writer.bytes
    }

    /// Folds the events of a chunk that begins where this stands, up to a merged ordinal.
    mutating func fold(
        _ chunk: EventChunk, through last: UInt64, into store: inout some RowStore
    ) throws {
        let array = chunk.bytes
        let bytes = array.span.bytes
        for entry in chunk.entries {
            guard position.position < last else { return }
            try projection.fold(entry, of: bytes, at: &position, &changes)
            if changes.count > 0 {
                try store.apply(changes, at: position.position)
                changes.removeAll()
            }
        }
    }

    /// The rows of a view at a merged ordinal, folded from the first event on.
    static func rows(of view: LogView, at last: UInt64) throws -> MemoryRows {
        var (fold, rows) = (HistoryFold(), MemoryRows(P.self))
        var feed = EventFeed(view, after: .start)
        while fold.position.position < last, let chunk = try feed.next() {
            try fold.fold(chunk, through: last, into: &rows)
        }
        return rows
    }
}
