public import Events

extension MergedLog {
    /// Lends the own events behind a position alone, in order, those of a fork's parents first.
    public func readOwn(
        after own: UInt64 = 0, check: RecordCheck = .checksum,
        _ body: (Reference, RawSpan) throws -> ReadControl
    ) throws {
        for (index, segment) in segments.enumerated() {
            let last = end(of: index).map { $0.own - segment.ownOffset } ?? .max
            let first = max(own, segment.ownOffset) - segment.ownOffset + 1
            let isOver = try MergedLog.read(segment.log, from: first, through: last, check) {
                record in
                try body(.own(record.position + segment.ownOffset), record.message)
            }
            if isOver { return }
        }
    }

    /// Lends the timeline events that the run has read alone, in order, from behind a position;
    /// none of a log alone.
    public func readFacts(
        after timeline: UInt64 = 0, check: RecordCheck = .checksum,
        _ body: (Reference, RawSpan) throws -> ReadControl
    ) throws {
        let end = try end()
        for (index, segment) in segments.enumerated() {
            guard let facts = segment.timeline else { continue }
            let first = max(timeline, segment.start.timeline) - segment.timelineOffset + 1
            let last = (self.end(of: index) ?? end).timeline - segment.timelineOffset
            let isOver = try MergedLog.read(facts, from: first, through: last, check) { record in
                try body(.timeline(record.position + segment.timelineOffset), record.message)
            }
            if isOver { return }
        }
    }

    /// Lends one event; false for one that the sequence does not have.
    @discardableResult
    public func event(_ reference: Reference, _ body: (RawSpan) throws -> Void) throws -> Bool {
        let end = try end()
        let number = reference.position
        guard reference != .none, number <= (reference.isTimeline ? end.timeline : end.own) else {
            return false
        }
        guard let place = place(of: reference) else { return false }
        let isFound = try place.log.record(at: place.position) { try body($0.message) }
        if !isFound {
            throw LogError.gap(
                path: place.log.path, expected: place.position,
                found: try place.log.head().position)
        }
        return true
    }

    /// The log that holds an event, and its position there; nil for a timeline event of a log
    /// alone.
    func place(of reference: Reference) -> (log: EventLog, position: UInt64)? {
        let number = reference.position
        if reference.isTimeline {
            let segment = segments.last { $0.start.timeline < number } ?? segments[0]
            return segment.timeline.map { ($0, number - segment.timelineOffset) }
        }
        let segment = segments.last { $0.start.own < number } ?? segments[0]
        return (segment.log, number - segment.ownOffset)
    }

    /// Reads a part of a log; true when `body` said stop.
    private static func read(
        _ log: EventLog, from first: UInt64 = 1, through last: UInt64, _ check: RecordCheck,
        _ body: (borrowing Record) throws -> ReadControl
    ) throws -> Bool {
        guard first <= last else { return false }
        var isOver = false
        try log.read(from: first, through: last, check: check) { record in
            let control = try body(record)
            isOver = control == .stop
            return control
        }
        return isOver
    }
}
