public import Events
import Learning

/// Cuts of a run at random instants, by a seed.
///
/// A third lies anywhere in the run, a third at the very instant of a decision, and a third just
/// before a fact becomes known: what goes wrong goes wrong at such edges.
public enum RandomCuts {
    /// A cut and the seed by which the facts after it are scrambled.
    public struct Cut: Hashable, Sendable {
        /// The last instant whose facts are as they are.
        public var instant: Instant
        /// Seed of the scrambling.
        public var seed: UInt64

        /// A cut at an instant.
        public init(instant: Instant, seed: UInt64) {
            (self.instant, self.seed) = (instant, seed)
        }
    }

    /// So many cuts; empty for a run without events or facts.
    public static func cuts(
        _ count: Int, seed: UInt64, recorded: RecordedRun, tape: FactTape
    ) throws -> [Cut] {
        // The first event is the configuration, which no fact decides.
        guard recorded.count > 1, tape.count > 0 else { return [] }
        let (first, last) = (try recorded.recordedAt(2), try recorded.recordedAt(recorded.count))
        var noise = SplitMix64(seed: seed)
        return try (0..<count).map { index in
            let instant: Instant
            switch index % 3 {
            case 0:
                let share = noise.unit()
                let seconds = Int64(
                    share * Double((last.rawValue - first.rawValue) / 1_000_000_000))
                instant = first.adding(seconds: seconds)
            case 1:
                let event = 2 + noise.below(Int(recorded.count) - 1)
                instant = try recorded.recordedAt(UInt64(event))
            default:
                let fact = 1 + noise.below(tape.count)
                instant = max(first, Instant(rawValue: tape.knownAt(fact).rawValue - 1))
            }
            return Cut(instant: instant, seed: noise.next())
        }
    }
}

extension RecordedRun {
    /// When the event at a position, from 1, was recorded.
    public func recordedAt(_ position: UInt64) throws -> Instant {
        let message = Array(try message(position))
        return try Envelope(message: message.span.bytes).recordedAt
    }
}
