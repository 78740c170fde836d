import Events

/// Where in a view the events of its two logs stand: a stretch is a row of events of one log that
/// follow each other.
struct LineageStretches: Sendable {
    private struct Stretch: Sendable {
        let first: UInt64
        let position: UInt64
    }

    private var own: [Stretch] = []
    private var facts: [Stretch] = []
    /// The event before.
    private var latest = Reference.none
    /// The last numbers seen.
    private var lastOwn: UInt64 = 0
    private var lastFact: UInt64 = 0

    /// Before the first event.
    init() {}

    /// Takes the next event; gives its signed number when a stretch begins with it.
    mutating func take(_ reference: Reference, at position: UInt64) -> Int64? {
        defer { latest = reference }
        if reference.isTimeline {
            lastFact = reference.position
        } else {
            lastOwn = reference.position
        }
        guard latest == .none || reference.rawValue != latest.rawValue + 1 else { return nil }
        return begin(
            reference.isTimeline ? -Int64(reference.position) : Int64(reference.position),
            at: position)
    }

    private mutating func begin(_ first: Int64, at position: UInt64) -> Int64 {
        let stretch = Stretch(first: first.magnitude, position: position)
        if first < 0 { facts.append(stretch) } else { own.append(stretch) }
        return first
    }

    /// Where an event stands; nil for one that was not seen.
    func position(of reference: Reference) -> UInt64? {
        let stretches = reference.isTimeline ? facts : own
        let number = reference.position
        guard number <= (reference.isTimeline ? lastFact : lastOwn) else { return nil }
        // The last stretch that begins at or before it.
        var (low, high) = (0, stretches.count)
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].first <= number { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        return stretches[low - 1].position + (number - stretches[low - 1].first)
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.word(latest.rawValue)
        writer.word(lastOwn)
        writer.word(lastFact)
    }

    init(_ reader: inout SnapshotReader, _ rows: some RowSource) throws {
        latest = Reference(rawValue: try reader.word())
        lastOwn = try reader.word()
        lastFact = try reader.word()
        var found = LineageStretches()
        try rows.forEach("SELECT first, position FROM lineage_stretches ORDER BY position") { row in
            guard case .integer(let first) = row[0], case .integer(let position) = row[1],
                let position = UInt64(exactly: position)
            else { throw SnapshotError(offset: 0) }
            _ = found.begin(first, at: position)
        }
        (own, facts) = (found.own, found.facts)
    }
}
