import Digests
public import Events
public import FeedbackLoop
import Learning
public import Market

/// The driver over a timeline, with simulated performers: time moves as facts come.
///
/// An instant is run when the first fact known after it arrives, so that it has read every fact
/// known by then and no other.
public struct Replay<S: Strategy>: ~Copyable {
    /// The driver.
    public private(set) var driver: Driver<S>
    private let performer: TrainingPerformer

    /// A replay before its first fact; `performer` answers what jobs ask for.
    public init(
        _ strategy: S, window: ReplayWindow = ReplayWindow(),
        performer: TrainingPerformer = TrainingPerformer(nil)
    ) {
        self.performer = performer
        driver = Driver(
            strategy, window: window, artefacts: performer,
            digest: { SHA256.hash($0) })
    }

    /// A replay that goes on from where a run was folded to: `RunFold.fold` gives the driver. Its
    /// next fact is that behind `read`, and the configuration is recorded already.
    public init(
        resuming driver: consuming Driver<S>, performer: TrainingPerformer = TrainingPerformer(nil)
    ) {
        self.driver = driver
        self.performer = performer
    }

    /// The strategy as it stands.
    public var strategy: S { driver.strategy }
    /// The shared world as it stands.
    public var world: World { driver.world }
    /// What each session of the window ended with.
    public var marks: [SessionMark] { driver.marks }
    /// Facts read whose true knowledge date is unknown.
    public var hindsight: HindsightCounts { driver.hindsight }
    /// Timeline events read.
    public var read: UInt64 { driver.read }
    /// The latest closed session, nil before the first.
    public var day: Day? { driver.day }
    /// What every event is flagged with.
    public var flags: EventFlags { driver.flags }

    /// Records the configuration: the run's first event.
    ///
    /// `digest` is the SHA-256 of the canonical text; `world` is what every event of the run is
    /// flagged with from the start.
    public mutating func begin(digest: Digest, world: EventFlags = []) {
        driver.begin(digest: digest, world: world)
    }

    /// Reads the timeline event at `position`, after running every instant before it.
    ///
    /// `commit` is called after each session's cycle, with the recorder to drain. Returns false
    /// when the window is over and no further event will be read.
    public mutating func step<Failure: Error>(
        _ message: RawSpan, at position: UInt64,
        commit: (inout Recorder) throws(Failure) -> Void
    ) throws -> Bool {
        driver.tick(try Envelope(message: message).knownAt.adding(nanoseconds: -1))
        try perform(commit)
        guard try driver.fact(message, at: position) else { return false }
        try perform(commit)
        return true
    }

    /// Runs every instant up to one, by which all facts were read.
    public mutating func run<Failure: Error>(
        through instant: Instant, commit: (inout Recorder) throws(Failure) -> Void
    ) throws {
        driver.tick(instant)
        try perform(commit)
    }

    /// Runs what is still due, records the run's last event and commits it.
    public mutating func finish<Failure: Error>(
        timeline: Digest?, commit: (inout Recorder) throws(Failure) -> Void
    ) throws {
        driver.finish(timeline: timeline)
        try perform(commit)
    }

    /// Lends what is recorded and not yet committed.
    public mutating func lend(_ body: (inout Recorder) throws -> Void) rethrows {
        try driver.lend(body)
    }

    /// Does what the driver asks for, until nothing is due.
    private mutating func perform<Failure: Error>(
        _ commit: (inout Recorder) throws(Failure) -> Void
    ) throws {
        while let action = try driver.next() {
            switch action {
            case .commit: try driver.lend(commit)
            case .train(let order): driver.reply(performer.perform(order))
            }
        }
    }
}
