import EventLog
import Events

/// What says of a fact of the data log whether a live run was told of it too late: the one
/// definition, for whoever runs the run and for whoever reads it.
///
/// A fact is late that was moved when the first cycle (05:30) that could have read it was over.
/// Bars are late that came when their session was over for the run: they are never moved. What
/// another file had told before is neither.
struct LateBook {
    private let live: RunManifest.Live
    /// Cycles that were run, ascending.
    private var cycles: [Instant] = []
    /// The last position of the bars of each session; 0 of one that was missed.
    private var closings: [Day: UInt64] = [:]
    /// The last session of the rehearsal, after whose cycle the run begins.
    private let before: Day
    /// When the run was told of each fact, by its position in the data log.
    private(set) var moved: [UInt64: Instant] = [:]
    private var moving: [UInt64] = []
    /// The latest instant that was begun.
    private(set) var instant: Instant

    /// Of a run that was told of nothing yet.
    init(_ live: RunManifest.Live) {
        self.live = live
        instant = live.instant
        before = live.instant.day - 1
    }

    /// Reads an event of the live timeline.
    mutating func read(_ message: RawSpan) throws {
        let envelope = try Envelope(message: message)
        switch try MessageHeader(message).templateID {
        case SessionClosed.templateID:
            closings[try SessionClosedView(message).day] = envelope.through
        case SessionMissed.templateID: closings[try SessionMissedView(message).day] = 0
        // What was moved for an instant is known to the run with it.
        case InstantBegun.templateID:
            for position in moving { moved[position] = envelope.knownAt }
            moving = []
            instant = envelope.knownAt
            if instant == AsOf.cycle(of: instant.day - 1) { cycles.append(instant) }
        default: if envelope.through > 0 { moving.append(envelope.through) }
        }
    }

    /// Whether bars of a day that stand at a position came when it was over.
    func isLate(_ day: Day, at position: UInt64) -> Bool {
        guard day <= before || closings[day] != nil else { return false }
        return position > max(live.position, closings[day] ?? 0)
    }

    /// Whether a fact of a kind that the world knew at one instant and the run at another is late.
    func isLate(_ template: UInt16, knownAt: Instant, movedAt: Instant) -> Bool {
        guard FactIndex.rank(template) != nil, !FactIndex.isOfLiveRun(template) else {
            return false
        }
        let known = max(knownAt, live.instant.adding(nanoseconds: 1))
        // The first cycle at or after it.
        var (low, high) = (0, cycles.count)
        while low < high {
            let middle = (low + high) / 2
            if cycles[middle] < known { low = middle + 1 } else { high = middle }
        }
        return low < cycles.count && cycles[low] < movedAt
    }

    /// Lends the facts of the data log that may be late: those behind the run's beginning, and
    /// those before it that were known later.
    func each(in data: EventLog, _ body: (borrowing Record) throws -> Void) throws {
        for position in moved.keys.filter({ $0 <= live.position }).sorted() {
            _ = try data.record(at: position, body)
        }
        try data.read(from: live.position + 1, through: .max, check: .checksum) { record in
            try body(record)
            return .proceed
        }
    }
}
