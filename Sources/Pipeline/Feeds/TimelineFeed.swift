public import EventLog
public import Events
public import FeedbackLoop
public import Learning
import Market

/// A timeline's events in memory, to be replayed many times at once, and in altered forms.
///
/// What is altered is a counterfactual: it answers a question about a strategy, and is never
/// recorded as a run.
public struct TimelineFeed: Sendable {
    /// Head of the timeline that it was read from.
    public let head: LogHead
    /// Whether the facts are a simulated world's.
    public let isSimulated: Bool
    /// What is strange about the timeline's prices; nil where nobody looked.
    public let prices: PriceQuality?
    /// The encoded events of the timeline, one behind the other; shared by all altered forms.
    private let original: [UInt8]
    /// Events that stand in another's place.
    private var altered: [UInt8] = []
    private var places: [Place] = []

    /// Where an event lies.
    private struct Place: Sendable {
        var start: Int
        var count: Int32
        var isAltered = false
    }

    /// Reads a timeline, each record compared with its checksum.
    public init(_ timeline: EventLog, check: RecordCheck = .checksum) throws {
        let head = try timeline.head()
        var bytes: [UInt8] = []
        var places: [Place] = []
        try timeline.read(through: head.position, check: check) { record in
            let message = record.message
            places.append(Place(start: bytes.count, count: Int32(message.byteCount)))
            message.withUnsafeBytes { bytes.append(contentsOf: $0) }
            return .proceed
        }
        self.head = head
        isSimulated = try Run.world(of: timeline).contains(.simulated)
        prices = try PriceQuality.read(of: timeline)
        original = bytes
        self.places = places
    }

    /// Number of events.
    public var count: Int { places.count }

    /// Lends each event, with its number from 0, until `body` says stop.
    public func each(_ body: (Int, RawSpan) throws -> ReadControl) throws {
        for (number, place) in places.enumerated() {
            let range = place.start..<(place.start + Int(place.count))
            let control =
                place.isAltered
                ? try body(number, altered.span.bytes.extracting(range))
                : try body(number, original.span.bytes.extracting(range))
            if control == .stop { return }
        }
    }

    /// The same with other events in the place of some; `others` ascend by number.
    func replacing(_ others: [(number: Int, message: [UInt8])]) -> TimelineFeed {
        var feed = self
        for (number, message) in others {
            feed.places[number] = Place(
                start: feed.altered.count, count: Int32(message.count), isAltered: true)
            feed.altered += message
        }
        return feed
    }

    /// The same in another order: `order` holds each number once.
    func ordered(_ order: [Int]) -> TimelineFeed {
        precondition(order.count == places.count, "a feed is reordered as a whole")
        var feed = self
        feed.places = order.map { places[$0] }
        return feed
    }
}

extension Run {
    /// Replays a feed through a strategy and lends each event that it would record; no log is
    /// written. The result's head is that of the run's log where it `isSealed`, else empty.
    public static func rehearse(
        _ strategy: some Strategy, feed: TimelineFeed, window: ReplayWindow = ReplayWindow(),
        trainer: (any Trainer)? = nil, isSealed: Bool = false,
        progress: (Day) -> Void = { _ in }, event: (RawSpan) throws -> Void
    ) throws -> Result {
        var seals = SealChain()
        var replay = Replay(strategy, window: window, performer: TrainingPerformer(trainer))
        func lend(_ recorder: inout Recorder) throws {
            var start = 0
            for end in recorder.ends {
                let message = recorder.arena.bytes.extracting(start..<end)
                if isSealed { seals.append(message) }
                try event(message)
                start = end
            }
            seals.commit(recordedAt: recorder.now)
            recorder.drain()
        }
        replay.begin(
            digest: digest(of: strategy), world: feed.isSimulated ? .simulated : [])
        var shown: Day?
        try feed.each { number, message in
            guard try replay.step(message, at: UInt64(number) + 1, commit: lend) else {
                return .stop
            }
            if replay.day != shown, let day = replay.day {
                shown = day
                progress(day)
            }
            return .proceed
        }
        try replay.finish(timeline: feed.head.seal, commit: lend)
        return result(replay, head: seals.head, timeline: feed.head)
    }
}
