public import Events
public import FeedbackLoop
public import Learning
import Pipeline

/// The detector of look-ahead by experiment: scramble every fact known after a cut, replay, and
/// demand that every decision up to the cut is the same to the byte.
public enum PrefixInvariance {
    /// What one cut came to.
    public struct Finding: Sendable {
        /// The cut.
        public var cut: Instant
        /// Events up to the cut that were compared.
        public var compared: UInt64
        /// The first event that differs; nil when none does.
        public var position: UInt64?
        /// When that event was decided.
        public var decidedAt: Instant?
    }

    /// Checks one cut of a run that is recorded in `recorded`.
    ///
    /// The replay reads the facts as `tape` has them up to the cut and scrambled after it, from the
    /// first fact on, and ends with the first event decided after the cut. `strategy` is made for
    /// each cut, from the facts as that replay will read them: one that asks them for the future
    /// gets a scrambled one.
    public static func check<S: Strategy>(
        recorded: RecordedRun, tape: FactTape, cut: Instant,
        window: ReplayWindow = ReplayWindow(), seed: UInt64 = 1, trainer: (any Trainer)? = nil,
        strategy: (ScrambledFacts) throws -> S
    ) throws -> Finding {
        var finding = Finding(cut: cut, compared: 0, position: nil, decidedAt: nil)
        let facts = tape.scrambled(after: cut, seed: seed)
        var replayer = RunReplayer(
            try strategy(facts), window: window, world: tape.world, trainer: trainer)
        var isPast = false
        func compare(_ position: UInt64, _ message: RawSpan) throws {
            let recordedAt = try Envelope(message: message).recordedAt
            guard recordedAt <= cut else {
                isPast = true
                return
            }
            // A run's last event says how the run ended, and is compared by nobody but reproduce.
            guard finding.position == nil,
                try MessageHeader(message).templateID != RunFinished.templateID
            else { return }
            finding.compared += 1
            if try !recorded.equals(message, at: position) {
                finding.position = position
                finding.decidedAt = recordedAt
            }
        }
        var goesOn = true
        var position = 1
        while position <= facts.count, goesOn, !isPast, finding.position == nil {
            goesOn = try facts.lend(position) {
                try replayer.step($0, at: UInt64(position), event: compare)
            }
            position += 1
        }
        if !isPast, finding.position == nil {
            try replayer.finish(timeline: nil, event: compare)
        }
        return try missing(finding, recorded)
    }

    /// An event of the run up to the cut that the scrambled replay did not decide is a finding too.
    private static func missing(_ finding: Finding, _ recorded: RecordedRun) throws -> Finding {
        var finding = finding
        guard finding.position == nil, finding.compared < recorded.count else { return finding }
        let next = finding.compared + 1
        let message = Array(try recorded.message(next))
        let header = try MessageHeader(message.span.bytes)
        let recordedAt = try Envelope(message: message.span.bytes).recordedAt
        if recordedAt <= finding.cut, header.templateID != RunFinished.templateID {
            finding.position = next
            finding.decidedAt = recordedAt
        }
        return finding
    }
}
