public import EventLog
public import Events
public import FeedbackLoop
import Learning

/// Where a run's loop stands at its end: the loop's own state folded, and what its events came to.
/// It is what `/ml/stats` answers.
public struct LoopStatistics: Sendable {
    /// Wins and outcomes of one source.
    public struct Tally: Hashable, Sendable {
        /// Outcomes.
        public var outcomes = 0
        /// Of those, wins.
        public var wins = 0
        /// Of those, losses.
        public var losses = 0

        /// Wins over outcomes; nil without any.
        public var winRate: Double? { outcomes == 0 ? nil : Double(wins) / Double(outcomes) }

        mutating func count(_ outcome: OutcomeClass) {
            outcomes += 1
            if outcome == .win { wins += 1 }
            if outcome == .loss { losses += 1 }
        }
    }

    /// The loop's own trades.
    public private(set) var own = Tally()
    /// Trades of a live run's rehearsal: the loop has learnt from them, and nobody made them.
    public private(set) var rehearsed = Tally()
    /// Trades made elsewhere: they count nowhere else.
    public private(set) var recorded = Tally()
    /// The champion, its weight, and when a model says buy or sell.
    public private(set) var standing: LoopStanding
    /// When the latest training succeeded; nil when none did.
    public private(set) var latestTraining: Instant?
    /// When the latest training failed, and why; nil when none did.
    public private(set) var latestFailure: (at: Instant, reason: TrainingFailureReason)?

    /// Folds a run through the loop that made it, to its end.
    ///
    /// - Throws: what `RunFold.fold` throws.
    public init(_ run: MergedLog, _ loop: LoopStrategy, window: ReplayWindow) throws {
        standing = loop.standing
        var folded = self
        let driver = try RunFold.fold(loop, window: window, run: run) { reference, message in
            if !reference.isTimeline { try folded.take(message) }
        }
        folded.standing = driver.strategy.standing
        self = folded
    }

    private mutating func take(_ message: RawSpan) throws {
        switch try MessageHeader(message).templateID {
        case OutcomeRecorded.templateID:
            let event = try OutcomeRecordedView(message)
            if event.source == .loop {
                own.count(event.outcome)
            } else {
                recorded.count(event.outcome)
            }
        case ConfigurationChanged.templateID:
            if try ConfigurationChanged(message: message).endsRehearsal {
                (rehearsed, own) = (own, Tally())
            }
        case ModelTrained.templateID: latestTraining = try Envelope(message: message).knownAt
        case TrainingFailed.templateID:
            let event = try TrainingFailed(message: message)
            latestFailure = (event.envelope.knownAt, event.reason)
        default: break
        }
    }
}
