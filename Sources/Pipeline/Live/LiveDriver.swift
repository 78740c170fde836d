import Digests
import EventLog
import Events
import FeedbackLoop
import Learning

/// The driver of a live run: reads its timeline event by event and decides what each makes due, by
/// whoever runs it and by whoever decides it again.
struct LiveDriver<S: Strategy>: ~Copyable {
    private(set) var driver: Driver<S>
    private let performer: TrainingPerformer

    /// A driver that stands where a run was folded to. What the rehearsal ran last is over; of it
    /// nothing is due.
    init(
        _ driver: consuming Driver<S>, behind instant: Instant, performer: TrainingPerformer
    ) throws {
        self.driver = driver
        self.performer = performer
        guard self.driver.desk.now <= instant else { return }
        self.driver.tick(instant)
        while try self.driver.next() != nil {}
    }

    /// The first events: the rehearsal is over.
    mutating func begin(_ beginning: LiveBeginning) {
        let text = driver.strategy.canonicalText
        driver.goLive(
            beginning, serviceDigest: SHA256.hash(beginning.service), digest: SHA256.hash(text))
    }

    /// Reads an event of the live timeline, and decides what it makes due; `commit` is lent what is
    /// to be written, as one commit, before a training and at the end of an instant.
    mutating func read(
        _ message: RawSpan, at position: UInt64, commit: (inout Recorder) throws -> Void
    ) throws {
        let knownAt = try Envelope(message: message).knownAt
        driver.tick(knownAt.adding(nanoseconds: -1))
        try perform(commit)
        _ = try driver.fact(message, at: position)
        try perform(commit)
        guard try MessageHeader(message).templateID == InstantBegun.templateID else { return }
        driver.tick(knownAt)
        try perform(commit)
        try driver.lend(commit)
    }

    /// Decides to its end what was begun.
    mutating func goOn(commit: (inout Recorder) throws -> Void) throws {
        try perform(commit)
        try driver.lend(commit)
    }

    /// Passes over an event of the live timeline.
    mutating func skip(at position: UInt64) { driver.skip(at: position) }

    /// Moves cash from outside, once what is due before is decided.
    mutating func move(_ event: CashMoved, commit: (inout Recorder) throws -> Void) throws {
        driver.tick(event.envelope.knownAt.adding(nanoseconds: -1))
        try perform(commit)
        try driver.move(event)
    }

    /// Decides what is due by an instant by which all facts were read.
    mutating func run(
        through instant: Instant, commit: (inout Recorder) throws -> Void
    ) throws {
        driver.tick(instant)
        try goOn(commit: commit)
    }

    /// Does what the driver asks for, until nothing is due. What asks for a training is durable
    /// before it begins.
    private mutating func perform(_ commit: (inout Recorder) throws -> Void) throws {
        while let action = try driver.next() {
            guard case .train(let order) = action else { continue }
            try driver.lend(commit)
            driver.reply(performer.perform(order))
        }
    }
}
