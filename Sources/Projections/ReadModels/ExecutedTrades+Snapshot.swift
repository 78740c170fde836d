import Events
import FeedbackLoop

extension ExecutedTrades {
    /// Takes an event of a projection.
    mutating func take(_ event: borrowing ProjectedEvent) throws {
        try take(event.message, event.reference)
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.optional(measure) { $0.text($1) }
        writer.real(breakeven)
        for entries in [submitted, held] {
            writer.list(entries) {
                $0.word($1.order.rawValue)
                $0.integer(Int($1.decidedOn.rawValue))
            }
        }
        writer.list(closed) {
            $0.integer(Int($1.decidedOn.rawValue))
            $0.optional($1.isWin) { $0.integer($1 ? 1 : 0) }
        }
    }

    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        self.init()
        measure = try reader.optional { r throws(SnapshotError) in try r.text() }
        breakeven = try reader.real()
        submitted = try ExecutedTrades.entries(&reader)
        held = try ExecutedTrades.entries(&reader)
        closed = try reader.list { r throws(SnapshotError) in
            Trade(
                decidedOn: try Day(reading: &r),
                isWin: try r.optional { r throws(SnapshotError) in try r.integer() == 1 })
        }
    }

    private static func entries(_ reader: inout SnapshotReader) throws(SnapshotError) -> [Entry] {
        try reader.list { r throws(SnapshotError) in
            Entry(order: Reference(rawValue: try r.word()), decidedOn: try Day(reading: &r))
        }
    }
}
