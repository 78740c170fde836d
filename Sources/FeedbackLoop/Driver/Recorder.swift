public import Events

/// Where deciders put their events: an arena that the shell writes to the log at each commit.
///
/// Positions are known at once because there is one writer and the log is gapless. The recorder
/// stamps each envelope with the simulated now and with how far the timeline has been read.
public struct Recorder: ~Copyable {
    /// Position of the latest recorded event.
    public private(set) var position: UInt64
    /// The scheduled instant that decides now.
    public private(set) var now: Instant = .epoch
    /// The timeline position that has been read.
    public private(set) var through: UInt64 = 0
    /// Flags set on every event, `simulated` for a simulated world.
    public var flags: EventFlags
    /// Recorded and not yet drained: messages back to back.
    public private(set) var arena = EventBuffer()
    /// End of each message in the arena.
    public private(set) var ends: [Int] = []

    private var ordinal: UInt16 = 0

    /// A recorder that goes on behind `position`.
    public init(position: UInt64 = 0, flags: EventFlags = []) {
        self.position = position
        self.flags = flags
    }

    /// Moves the simulated clock.
    ///
    /// - Precondition: time does not run backwards.
    public mutating func advance(to instant: Instant, through: UInt64) {
        precondition(instant >= now, "the simulated clock does not run backwards")
        precondition(through >= self.through, "a timeline is read forwards")
        if instant > now { ordinal = 0 }
        now = instant
        self.through = through
    }

    /// An envelope for an event of this instant.
    public func envelope(
        actor: Actor = .loop, causation: Reference = .none, correlation: Reference = .none,
        flags: EventFlags = []
    ) -> Envelope {
        Envelope(
            knownAt: now, recordedAt: now, causation: causation, correlation: correlation,
            through: through, ordinal: ordinal, actor: actor, flags: self.flags.union(flags))
    }

    /// Templates of the events that are not drained, but for the first `count`.
    func templates(behind count: Int) -> [UInt16] {
        (count..<ends.count).map { index in
            let message = arena.bytes.extracting((index == 0 ? 0 : ends[index - 1])..<ends[index])
            return (try? MessageHeader(message).templateID) ?? 0
        }
    }

    /// Records an event and returns the reference that names it.
    ///
    /// - Precondition: its envelope is of this instant.
    @discardableResult
    public mutating func record(_ event: some EventMessage) -> Reference {
        precondition(event.envelope.recordedAt == now, "an event is recorded at its own instant")
        event.encode(into: &arena)
        ends.append(arena.count)
        position += 1
        ordinal &+= 1
        return .own(position)
    }

    /// Goes on behind an event that stands in the log already.
    public mutating func follow(_ envelope: Envelope) {
        position += 1
        now = envelope.recordedAt
        through = envelope.through
        ordinal = envelope.ordinal &+ 1
    }

    /// Lends each recorded event that is not drained, in order.
    public func each(_ body: (RawSpan) throws -> Void) rethrows {
        var start = 0
        for end in ends {
            try body(arena.bytes.extracting(start..<end))
            start = end
        }
    }

    /// Forgets what has been written to the log.
    public mutating func drain() {
        arena.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}
