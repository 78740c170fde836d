public import EventLog
public import Events
public import FeedbackLoop
public import Learning

/// Where a run's loop stands at its end, folded from its own events: what `/ml/stats` answers.
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
    /// Trades made elsewhere: they count nowhere else.
    public private(set) var recorded = Tally()
    /// The champion, and those before.
    public private(set) var champions = ChampionHistory()
    /// When a model says buy or sell.
    public private(set) var thresholds: MachineThresholds
    /// The champion's weight, tenths.
    public private(set) var blendTenths: Int
    /// When the latest training succeeded; nil when none did.
    public private(set) var latestTraining: Instant?
    /// When the latest training failed, and why; nil when none did.
    public private(set) var latestFailure: (at: Instant, reason: TrainingFailureReason)?

    /// Reads a run under its configuration.
    public init(_ run: MergedLog, _ configuration: LoopConfiguration) throws {
        thresholds = configuration.startThresholds
        blendTenths = configuration.startBlendTenths
        var folded = self
        try run.readOwn { reference, message in
            try folded.champions.take(message, reference)
            try folded.take(message)
            return .proceed
        }
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
        case ThresholdsEvaluated.templateID:
            let event = try ThresholdsEvaluated(message: message)
            thresholds = MachineThresholds(
                buyHundredths: Int(event.buyHundredths),
                sellHundredths: Int(event.sellHundredths))
        case BlendWeightEvaluated.templateID:
            blendTenths = Int(try BlendWeightEvaluatedView(message).tenths)
        case ModelTrained.templateID: latestTraining = try Envelope(message: message).knownAt
        case TrainingFailed.templateID:
            let event = try TrainingFailed(message: message)
            latestFailure = (event.envelope.knownAt, event.reason)
        default: break
        }
    }
}
