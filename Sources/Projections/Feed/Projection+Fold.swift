import EventLog
import Events

extension Projection {
    /// Takes the event of a chunk that comes after a position, which moves behind it.
    ///
    /// - Throws: `PoisonEvent`, the position staying where it was.
    mutating func fold(
        _ entry: EventChunk.Entry, of bytes: RawSpan, at position: inout MergedPosition,
        _ changes: inout RowChanges
    ) throws {
        let next = position.position + 1
        var name = "event"
        do {
            let event = try ProjectedEvent(
                position: next, reference: entry.reference,
                message: bytes.extracting(entry.start..<entry.end))
            guard let type = EventSchema.message(id: event.templateID) else {
                throw ProjectionRefusal("this program does not know type \(event.templateID)")
            }
            name = type.name
            try evolve(event, &changes)
        } catch {
            throw PoisonEvent(
                projection: Self.name, position: next, reference: entry.reference, event: name,
                reason: "\(error)")
        }
        if entry.reference.isTimeline { position.timeline += 1 } else { position.own += 1 }
    }
}
