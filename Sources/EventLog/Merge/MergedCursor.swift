public import Events

/// An event of a merged sequence, lent until the next call.
public struct MergedRecord: ~Escapable {
    /// Its place in the sequence, from 1, without gaps.
    public let position: UInt64
    /// What names it: `t123` of the timeline, `r45` of the run or log.
    public let reference: Reference
    /// The message: header, block, groups, data; without the checksum.
    public let message: RawSpan

    @_lifetime(copy message)
    init(_ message: RawSpan, position: UInt64, reference: Reference) {
        self.position = position
        self.reference = reference
        self.message = message
    }
}

/// Pulls the events of a merged sequence one by one: `next()` lends an event until the next call.
///
/// It gives nothing of the timeline that the run had not read: a timeline event comes once a later
/// event of the run says so. Therefore, over logs that grow, the order stays what it will always
/// be; at the end, asked again, it looks whether they have grown. Both sequences are asserted
/// gapless. Snapshots are held for about 1 MiB or 1 ms of reading, and as long as it is not asked:
/// do not let it lie about, or let it `release()` them.
public struct MergedCursor: ~Copyable {
    private let log: MergedLog
    private let check: RecordCheck
    private let last: UInt64
    private var segment: Int
    /// Where the segment ends; nil for the last.
    private var end: MergedPosition?
    private var own: LogCursor
    private var facts: LogCursor
    /// How far the timeline is due before the next own event; nil until that is known.
    private var due: UInt64?
    /// How far the sequence was read.
    public private(set) var position: MergedPosition

    init(
        _ log: MergedLog, after position: MergedPosition, through last: UInt64, check: RecordCheck
    ) {
        self.log = log
        self.check = check
        self.last = last
        self.position = position
        segment = log.segment(after: position.position)
        end = log.end(of: segment)
        own = log.segments[segment].ownCursor(after: position, check)
        facts = log.segments[segment].timelineCursor(after: position, check)
    }

    /// The next event, nil at the end; asked again there, it looks whether the logs have grown.
    ///
    /// - Throws: `LogError.gap` and `.damaged` with the position, `MergeError` where run and
    ///   timeline do not fit together.
    @_lifetime(&self)
    public mutating func next() throws -> MergedRecord? {
        guard position.position < last, try find() else {
            release()
            return nil
        }
        let isFact = position.timeline < due ?? 0
        let message = isFact ? try nextFact() : try nextOwn()
        let record = MergedRecord(
            RawSpan(_unsafeBytes: message), position: position.position,
            reference: isFact ? .timeline(position.timeline) : .own(position.own))
        return _overrideLifetime(record, mutating: &self)
    }

    /// Snapshots taken so far, of both logs.
    var snapshots: Int { own.snapshots + facts.snapshots }

    /// Lets go of the snapshots; the next call goes on where this one stands.
    public mutating func release() {
        own.release()
        facts.release()
    }

    /// Finds out whether a timeline event or an own one comes next; false at the end.
    private mutating func find() throws -> Bool {
        while due == nil {
            if let end {
                if position == end {
                    enter(segment + 1)
                    continue
                }
                guard position.own < end.own else {
                    // Its own events are all there: what is left is of the timeline.
                    try require(position.timeline < end.timeline)
                    due = end.timeline
                    return true
                }
            }
            guard let message = try peekOwn() else { return false }
            due =
                log.timeline == nil
                ? position.timeline : try through(RawSpan(_unsafeBytes: message))
        }
        return true
    }

    /// How far the timeline had been read when the next own event was recorded.
    private func through(_ message: RawSpan) throws -> UInt64 {
        let through = try Envelope(message: message).through
        guard through >= position.timeline else {
            throw MergeError.readsBack(
                path: log.segments[segment].log.path, event: .own(position.own + 1),
                through: through, before: position.timeline)
        }
        if let end { try require(through <= end.timeline) }
        return through
    }

    private func require(_ isReached: Bool) throws {
        guard !isReached, let end else { return }
        throw MergeError.noForkPosition(
            path: log.segments[segment].log.path, own: end.own, timeline: end.timeline)
    }

    private mutating func enter(_ next: Int) {
        segment = next
        end = log.end(of: next)
        own = log.segments[next].ownCursor(after: position, check)
        facts = log.segments[next].timelineCursor(after: position, check)
    }

    private mutating func nextFact() throws -> UnsafeRawBufferPointer {
        let snapshots = facts.snapshots
        guard let message = try facts.step() else {
            throw MergeError.timelineEnds(
                path: log.segments[segment].timeline?.path ?? "", after: position.timeline,
                event: .own(position.own + 1), through: due ?? 0)
        }
        // Whenever one takes a new snapshot it looks after the other's, which may lie about.
        if facts.snapshots != snapshots { own.releaseIfOld() }
        position.timeline += 1
        if position == end { due = nil }
        return message
    }

    /// The next own event; nil at the end.
    private mutating func peekOwn() throws -> UnsafeRawBufferPointer? {
        let snapshots = own.snapshots
        let message = try own.peek()
        if own.snapshots != snapshots { facts.releaseIfOld() }
        return message
    }

    private mutating func nextOwn() throws -> UnsafeRawBufferPointer {
        guard try peekOwn() != nil, let message = try own.step() else {
            throw LogError.damaged(path: log.segments[segment].log.path, position: own.position)
        }
        position.own += 1
        due = nil
        return message
    }
}

extension MergedLog.Segment {
    fileprivate func ownCursor(after position: MergedPosition, _ check: RecordCheck) -> LogCursor {
        LogCursor(log, from: position.own - ownOffset + 1, check: check)
    }

    /// That of a log alone gives nothing.
    fileprivate func timelineCursor(after position: MergedPosition, _ check: RecordCheck)
        -> LogCursor
    {
        guard let timeline else { return LogCursor(log, through: 0) }
        return LogCursor(timeline, from: position.timeline - timelineOffset + 1, check: check)
    }
}
