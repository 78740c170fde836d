public import Events
public import Learning
public import Market

/// The feedback loop: filings to signals, signals to orders, with exits and regimes.
///
/// It holds the loop's state, a fold, beside what it has at hand and could find again.
public struct LoopStrategy {
    /// The name that reports show.
    public let name: String
    /// The filers whose purchases alone it reads; nil to read every filing.
    public let following: FollowedFilers?
    /// What it has folded.
    public var state: LoopState
    var memo = LoopMemo()

    /// The loop under a configuration.
    public init(
        name: String, configuration: LoopConfiguration, following: FollowedFilers? = nil
    ) {
        self.name = name
        self.following = following
        self.state = LoopState(configuration)
    }

    /// The settings in canonical order.
    public var configuration: LoopConfiguration { state.configuration }

    /// The whole configuration in canonical YAML.
    public var canonicalText: String {
        let kind = following == nil ? "feedback-loop" : "oracle"
        let settings = LoopConfiguration.fields.reduce("strategy: \(kind)\n") {
            $0 + ($1.line(configuration) ?? "")
        }
        return settings + (following.map { "filers: \($0.yaml)\n" } ?? "")
    }

    /// The rules by which the market fills its orders.
    public var rules: MarketRules { configuration.marketRules }
    /// Cash at the start.
    public var startCash: Money { Money(dollars: configuration.startCash) }
    /// Net return up to which an outcome is neither win nor loss.
    public var breakeven: Double { configuration.breakevenFraction }
    /// Whose filings it follows.
    public var filter: FilingFilter { configuration.filter }
    /// What it has followed of the filings that it learnt.
    public var followed: FollowedCounts { state.disclosures.followed }
    /// Whether labels are returns over the index.
    public var measuresExcess: Bool { configuration.labelReturn == .excess }
    /// Bars a ticker that it wants remembered.
    public var historySessions: Int {
        max(configuration.atrSessions, configuration.featureHistorySessions) + 1
    }

    /// Remarks that its reports must carry; none of what a built-in strategy is by default.
    public var notes: [String] {
        let threshold = configuration.queueThreshold
        let isBuiltIn = [LoopConfiguration.feedback, .baseline].contains {
            $0.queueThreshold == threshold
                && $0.crowdedConfidence == configuration.crowdedConfidence
                && $0.crowdedPositions == configuration.crowdedPositions
        }
        guard !isBuiltIn else { return [] }
        guard configuration.crowdedConfidence <= threshold,
            configuration.crowdedPositions < configuration.maximumPositions
        else { return [] }
        return [
            "crowded_confidence \(Double(configuration.crowdedConfidence) / 100) is unreachable: "
                + "every queued signal has at least \(Double(threshold) / 100)"
        ]
    }

    /// A take-profit, fractions of shares, no stop.
    public var brokerObjections: [String] {
        var found: [String] = []
        if configuration.takeProfitFraction > 0 {
            found.append("take_profit: one order protects a holding, and that is its stop; set 0")
        }
        if configuration.fractionalShares {
            found.append("fractional_shares: orders for the open are of whole shares; set false")
        }
        if configuration.stopMultiple == 0, configuration.trailingFraction == 0 {
            found.append("stop_atr and trailing_stop are 0: a holding would have no stop")
        }
        return found
    }

    /// The largest position and the daily limit of its configuration.
    public var entryPlan: EntryPlan {
        EntryPlan(
            largestFraction: configuration.maximumPositionFraction,
            entriesPerDay: configuration.maximumEntriesPerDay)
    }

    /// Those of its configuration.
    public var exitTerms: ExitTerms {
        ExitTerms(
            stopMultiple: configuration.stopMultiple, rangeSessions: configuration.atrSessions,
            trailingFraction: configuration.trailingFraction,
            timeoutDays: UInt16(clamping: configuration.timeoutDays))
    }

    /// The jobs that it runs on a schedule.
    public var jobs: [JobKind] {
        var jobs: [JobKind] = [.signalOutcome, .cycle]
        guard configuration.train else { return jobs }
        jobs += [.modelEvaluation, .featureAnalysis, .training, .feedbackRetraining, .recomparison]
        if configuration.calibration != .none { jobs.append(.calibration) }
        return jobs
    }
}

extension LoopStrategy: Strategy {
    /// A session's close may change the regime.
    public static var closingEvents: [UInt16] { [RegimeChanged.templateID] }

    /// A filing or a reference became known.
    public mutating func learn(_ message: RawSpan, templateID: UInt16, at fact: Reference)
        throws(DecodingError)
    {
        if let following, try !following.reads(message, templateID: templateID) { return }
        try state.learn(message, templateID: templateID, at: fact)
    }

    /// The session's fills and marks are done.
    public mutating func close(_ world: borrowing World, isInWindow: Bool) {
        state.close(world, isInWindow: isInWindow)
    }

    /// A cycle falls due.
    public mutating func begin(cycleAt instant: Instant, isInWindow: Bool) {
        state.begin(cycleAt: instant, isInWindow: isInWindow)
    }

    /// A stage is due.
    public mutating func decide(_ stage: Stage, _ desk: inout Desk) throws(LoopError) -> StageAnswer
    {
        switch stage {
        case .close: RegimeDecider.decide(&state, &desk)
        case .cycle:
            CalibrationDecider.drop(&state, &desk)
            TimeoutDecider.decide(&state, &desk)
            try score(.newFiling, &desk)
        case .weekly:
            if configuration.weeklyScoring { try score(.weekly, &desk) }
        case .job(let call): return try run(call, &desk)
        case .act, .answered, .guarded, .halted, .missed, .outcomes, .requests: break
        }
        return StageAnswer()
    }

    private mutating func score(_ trigger: EvaluationTrigger, _ desk: inout Desk) throws(LoopError)
    {
        try DisclosureToSignal.decide(&state, &memo, &desk, trigger: trigger)
        ThresholdDecider.decide(&state, &desk)
        SignalToOrder.decide(&state, &desk)
    }

    private mutating func run(_ call: JobCall, _ desk: inout Desk) throws(LoopError) -> StageAnswer
    {
        switch call.kind {
        case .modelEvaluation:
            OutcomeToBlendWeight.decide(&state, &desk)
            let judged =
                desk.world.day.map { ModelPerformanceDecider.decide(&state, day: $0, &desk) } ?? 0
            return StageAnswer(examined: (desk.journal.latest?.examined ?? 0) + judged)
        case .calibration:
            return StageAnswer(examined: CalibrationDecider.decide(&state, &desk))
        case .featureAnalysis:
            return StageAnswer(examined: FeatureAnalysisDecider.decide(&state, &desk))
        case .training, .feedbackRetraining:
            return try TrainingSetToModel.decide(call, &state, &memo, &desk)
        case .recomparison:
            ModelToPromotion.settle(&state, &desk)
            if state.models.isWaiting, let candidate = state.models.candidate {
                try ModelToPromotion.decide(candidate, &state, &memo, &desk)
            }
            return StageAnswer(examined: try ImportToModel.decide(&state, &memo, &desk))
        default: return StageAnswer()
        }
    }

    /// What a person did became known.
    public mutating func act(
        _ act: OperatorAct, _ fact: Reference, isAnswered: Bool, _ desk: inout Desk
    ) throws(LoopError) {
        guard !isAnswered else { return ModelToPromotion.retire(&state, &desk) }
        switch act {
        case .promote(let act): OperatorToModels.promote(act, fact, &state, &memo, &desk)
        case .rollBack(let act): OperatorToModels.rollBack(act, fact, &state, &memo, &desk)
        case .trade(let trade): TradeToOutcome.record(trade, fact, &state, &desk)
        case .retrain: break
        }
    }

    /// The features that were stored when a signal that became an entry was evaluated.
    public func features(of signal: Reference) -> [Float] {
        state.traded[signal]?.features ?? []
    }

    /// The trees of a model that was trained now.
    public mutating func lend(
        _ trees: TreeEnsemble, _ artefact: Digest, predictions: [TreeEnsemble.Probabilities]
    ) {
        memo.lend(trees, artefact, wins: predictions.map(\.win))
    }

    /// Keeps what the model of a position was made from.
    public mutating func recall(trainedAt position: UInt64) {
        state.recall(trainedAt: position)
    }

    /// Takes what another has kept of the model it recalled.
    public mutating func recall(_ other: LoopStrategy) {
        state.recall(other.state)
    }
}
