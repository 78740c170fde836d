public import Events
import Learning
public import Market

/// The feedback loop: filings to signals, signals to orders, with exits and regimes.
public struct LoopStrategy: Strategy {
    /// The name that reports show.
    public let name: String
    /// The filers whose purchases alone it reads; nil to read every filing.
    public let following: FollowedFilers?
    private(set) var state: LoopState

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
            $0 + "\($1.key): \($1.text(configuration))\n"
        }
        return settings + (following.map { "filers: \($0.yaml)\n" } ?? "")
    }

    /// The rules by which the market fills its orders.
    public var rules: MarketRules { configuration.marketRules }
    /// Cash at the start.
    public var startCash: Money { Money(dollars: configuration.startCash) }
    /// Net return up to which an outcome is neither win nor loss.
    public var breakeven: Double { configuration.breakevenFraction }
    /// Bars a ticker that it wants remembered.
    public var historySessions: Int {
        max(configuration.atrSessions, configuration.featureHistorySessions) + 1
    }

    /// Remarks that its reports must carry.
    public var notes: [String] {
        let threshold = configuration.queueThreshold
        guard configuration.crowdedConfidence <= threshold,
            configuration.crowdedPositions < configuration.maximumPositions
        else { return [] }
        return [
            "crowded_confidence \(Double(configuration.crowdedConfidence) / 100) is unreachable: "
                + "every queued signal has at least \(Double(threshold) / 100)"
        ]
    }

    /// A filing or a reference became known.
    public mutating func learn(_ message: RawSpan, templateID: UInt16, at position: UInt64)
        throws(DecodingError)
    {
        if templateID == InstrumentClassified.templateID {
            state.desk.sectors.classify(try InstrumentClassifiedView(message))
            return
        }
        if templateID == ModelImported.templateID || templateID == PredictionsImported.templateID {
            guard configuration.train else { return }
            return try ImportToModel.learn(message, templateID: templateID, at: position, &state)
        }
        if let following, try !following.reads(message, templateID: templateID) { return }
        try state.disclosures.learn(
            message, templateID: templateID, at: position,
            delayDays: configuration.publicationDelayDays)
    }

    /// A session before the run's window.
    public mutating func passOver(_ world: borrowing World, at now: Instant) {
        state.disclosures.release(at: now)
        state.disclosures.passOver()
    }

    /// The session's fills and marks are done.
    public mutating func afterClose(_ world: inout World, _ recorder: inout Recorder) {
        state.mature(world)
        RegimeDecider.decide(&state, world, &recorder)
    }

    /// The cycle of the latest session.
    public mutating func cycle(_ world: inout World, _ recorder: inout Recorder) {
        state.disclosures.release(at: recorder.now)
        CalibrationDecider.drop(&state, &recorder)
        TimeoutDecider.decide(state, &world, &recorder)
        DisclosureToSignal.decide(&state, world, &recorder, trigger: .newFiling)
        ThresholdDecider.decide(&state, &recorder)
        SignalToOrder.decide(&state, &world, &recorder)
    }

    /// The weekly pass.
    public mutating func weekly(_ world: inout World, _ recorder: inout Recorder) {
        guard configuration.weeklyScoring else { return }
        DisclosureToSignal.decide(&state, world, &recorder, trigger: .weekly)
        ThresholdDecider.decide(&state, &recorder)
        SignalToOrder.decide(&state, &world, &recorder)
    }

    /// The features that were stored when a signal that became an entry was evaluated.
    public func features(of signal: Reference) -> [Float] {
        state.traded[signal]?.features ?? []
    }

    /// Outcomes were recorded.
    public mutating func learn(_ outcomes: [FillToOutcome.Recorded]) {
        for outcome in outcomes {
            let entered = state.traded[outcome.event.signal]
            state.traded[outcome.event.signal] = nil
            guard configuration.train else { continue }
            state.rows.add(
                outcome.event, outcome.reference, isEvaluated: entered?.features != nil)
            guard let entered, let exitDay = outcome.event.exitDay else { continue }
            state.arms.close(decidedOn: entered.decidedOn, outcome.event.outcome)
            state.performance.close(
                PerformanceBook.Trade(
                    exitDay: exitDay, netReturn: outcome.event.netReturn,
                    confidence: entered.confidence, isWin: outcome.event.outcome == .win),
                under: entered.champion)
        }
    }

    /// The jobs that it runs on a schedule.
    public var jobs: [JobKind] {
        var jobs: [JobKind] = [.signalOutcome, .cycle]
        guard configuration.train else { return jobs }
        jobs += [.modelEvaluation, .featureAnalysis, .training, .feedbackRetraining, .recomparison]
        if configuration.calibration != .none { jobs.append(.calibration) }
        return jobs
    }

    /// A job is due.
    public mutating func run(
        _ job: JobKind, _ context: JobContext, _ world: borrowing World,
        _ recorder: inout Recorder
    ) -> JobAnswer {
        switch job {
        case .modelEvaluation:
            let weighed = OutcomeToBlendWeight.decide(&state, world, &recorder)
            let judged =
                world.day.map { ModelPerformanceDecider.decide(state, day: $0, &recorder) } ?? 0
            return JobAnswer(examined: weighed + judged)
        case .calibration:
            return JobAnswer(examined: CalibrationDecider.decide(context, &state, &recorder))
        case .featureAnalysis:
            return JobAnswer(examined: FeatureAnalysisDecider.decide(context, &state, &recorder))
        case .training, .feedbackRetraining:
            return JobAnswer(
                TrainingSetToModel.request(job, context, &state, world, &recorder))
        case .recomparison:
            if state.models.isWaiting {
                ModelToPromotion.decide(context, &state, world, &recorder)
            }
            return JobAnswer(
                examined: ImportToModel.decide(context, &state, world, &recorder))
        default: return JobAnswer(examined: 0)
        }
    }

    /// What a person did became known.
    public mutating func act(
        _ act: OperatorAct, _ context: ActContext, _ world: borrowing World,
        _ recorder: inout Recorder
    ) {
        switch act {
        case .promote(let act): OperatorToModels.promote(act, context, &state, &recorder)
        case .rollBack(let act): OperatorToModels.rollBack(act, context, &state, &recorder)
        case .trade(let trade):
            TradeToOutcome.record(trade, context.fact, &state, world, &recorder)
        case .retrain: break
        }
    }

    /// A training was answered.
    public mutating func learn(
        _ reply: TrainingReply, to order: TrainingOrder, _ context: JobContext,
        _ world: borrowing World, _ recorder: inout Recorder
    ) {
        guard case .trained(let reference, let event, let model, let predicted) = reply else {
            return
        }
        TrainingSetToModel.take(
            reference, event, model, order.set, wins: predicted.map(\.win), &state, world,
            &recorder)
        ModelToPromotion.decide(context, &state, world, &recorder)
    }
}
