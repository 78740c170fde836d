public import Events
import Learning
public import Market

/// What the feedback loop's deciders know beside the shared world: a fold of facts, instants and
/// the loop's own events, and of nothing else.
///
/// Deciders read it. Its only writers are in this file: `learn` for facts, `close` and `begin` for
/// instants, `apply` for events.
public struct LoopState: Sendable {
    let configuration: LoopConfiguration
    /// Whose filings are read; nil where it is everybody's.
    private let filter: FilingFilter?
    private(set) var disclosures = DisclosureBook()
    private(set) var desk: FeatureDesk
    /// Evaluations whose labels are not mature.
    private(set) var labels: LabelBook
    /// Rows whose labels are mature.
    private(set) var rows: RowArchive
    /// Day of the latest feature analysis that measured anything.
    private(set) var analysedOn: Day?
    /// Days of all sessions, the first first.
    private(set) var sessions: [Day] = []
    /// Champion and candidates.
    private(set) var models = ModelBook()
    /// The training that was asked for last; nil before the first.
    private(set) var training: TrainingProgress?
    /// What of the signals that became entries is wanted at their outcomes.
    private(set) var traded = Lookup<Reference, EnteredSignal>()
    /// The champion's weight in confidence, tenths.
    private(set) var blendTenths: Int
    /// Both shadow arms.
    private(set) var arms = ArmBook()
    /// When a model says buy or sell.
    private(set) var thresholds: MachineThresholds
    /// What the champion predicted since the thresholds were last judged.
    private(set) var tally = ThresholdDecider.Tally()
    /// What confidences came to, and the fit in force.
    private(set) var calibration = CalibrationBook()
    /// The record of the champion.
    private(set) var performance = PerformanceBook()
    /// When each ticker was evaluated.
    private(set) var trail = EvaluationTrail()
    /// The index's regime, as of the latest `RegimeChanged`.
    private(set) var regime = Regime.unknown
    /// Generated in this cycle and not yet skipped, ordered, or turned into an exit.
    private(set) var signals: [Signal] = []
    /// The model whose rows are kept when it is folded in, and those rows.
    private var recalled: UInt64?
    private(set) var recalledRows: (artefact: Digest, rows: [[Float]])?
    /// Entry orders submitted after the session `entriesOn`.
    private var entries = 0
    private var entriesOn: Day?

    init(_ configuration: LoopConfiguration) {
        self.configuration = configuration
        filter = configuration.filter.isEverybody ? nil : configuration.filter
        desk = FeatureDesk(configuration)
        labels = LabelBook(rules: configuration.labelRules)
        rows = RowArchive(configuration.labelReturn)
        blendTenths = configuration.blendTenths
        thresholds = MachineThresholds(
            buyHundredths: configuration.buyThreshold, sellHundredths: configuration.sellThreshold)
    }

    /// Whether evaluations carry features.
    var hasFeatures: Bool { configuration.featureHistorySessions > 0 }

    /// The row of an evaluation; nil when it is forgotten.
    func row(_ signal: Reference) -> TrainingRow? {
        labels.immature.last { $0.row.signal == signal }?.row
            ?? rows.mature.rows.last { $0.signal == signal }
    }

    /// Entry orders submitted so far after the session of `day`.
    func entries(on day: Day) -> Int {
        entriesOn == day ? entries : 0
    }

    /// The number of the session of a day, or of the last one before it; 0 before the first.
    func session(of day: Day) -> Int {
        max(0, sessions.partitioningIndex { $0 > day } - 1)
    }
}

/// A training that was asked for, and what became of it.
struct TrainingProgress: Sendable {
    /// Its TrainingRequested.
    let reference: Reference
    let request: TrainingRequested
    /// Whether it was answered.
    var isAnswered = false
    /// Why there is no model; nil when there is one, or no answer.
    var failure: TrainingFailureReason?
}

/// What of a signal that became an entry is wanted when its trade is closed.
struct EnteredSignal: Sendable {
    let decidedOn: Day
    /// The champion that had a say in it; none without.
    let champion: Reference
    let confidence: Double
    /// As stored with its evaluation; nil without features.
    let features: [Float]?
}

// MARK: Facts and instants

extension LoopState {
    /// A filing or a reference became known.
    mutating func learn(_ message: RawSpan, templateID: UInt16, at fact: Reference)
        throws(DecodingError)
    {
        switch templateID {
        case InstrumentClassified.templateID:
            desk.sectors.classify(try InstrumentClassifiedView(message))
        case ModelImported.templateID:
            guard configuration.train else { return }
            models.learn(try ModelImported(message: message), at: fact, sessions: sessions)
        case PredictionsImported.templateID:
            guard configuration.train else { return }
            models.learn(try PredictionsImported(message: message))
        default:
            try disclosures.learn(
                message, templateID: templateID, at: fact,
                delayDays: configuration.publicationDelayDays, filter: filter)
        }
    }

    /// A session closed: labels that it made mature are known from now on. Before the window the
    /// regime is named without an event.
    mutating func close(_ world: borrowing World, isInWindow: Bool) {
        guard let day = world.day else { return }
        sessions.append(day)
        let mature = labels.close(world.prices, world.index, day: day)
        desk.record.mature(mature)
        desk.skill.close(world.prices, world.index, day: day)
        if configuration.train {
            performance.close(
                day, under: models.champion?.reference ?? .none, value: world.value.dollars,
                index: world.index.close(of: day),
                keep: day - ModelPerformanceDecider.windowDays)
            arms.mature(mature)
            calibration.mature(mature)
            performance.mature(mature, on: day)
            rows.add(mature)
        }
        if !isInWindow { regime = RegimeDecider.next(self, world) ?? regime }
    }

    /// The model that is trained at a position will be asked of when the log is folded in.
    mutating func recall(trainedAt position: UInt64) { recalled = position }

    /// The rows of the latest model are those that another state has kept.
    mutating func recall(_ other: LoopState) { recalledRows = other.recalledRows }

    /// A cycle falls due: filings whose delay is over may be used. Before the window they count as
    /// read.
    mutating func begin(cycleAt instant: Instant, isInWindow: Bool) {
        let last = sessions.last.map { $0 - configuration.lookbackDays } ?? Day(rawValue: .min)
        disclosures.release(at: instant, forgetting: last)
        if !isInWindow { disclosures.passOver() }
    }
}

// MARK: Events

extension LoopState: EventFold {
    /// Templates of the events that the loop's state is folded from.
    public static let consumedEvents: [UInt16] = [
        RegimeChanged.templateID, SignalGenerated.templateID, SignalSuppressed.templateID,
        ThresholdsEvaluated.templateID, SignalQueued.templateID, SignalSkipped.templateID,
        ExitTriggered.templateID, OrderSubmitted.templateID, OutcomeRecorded.templateID,
        JobStarted.templateID, BlendWeightEvaluated.templateID,
        ModelPerformanceEvaluated.templateID, FeatureImportanceMeasured.templateID,
        CalibrationFitted.templateID, TrainingRequested.templateID, TrainingFailed.templateID,
        ModelTrained.templateID, ModelCompared.templateID, ModelHeldAsCandidate.templateID,
        ModelPromoted.templateID, ModelRolledBack.templateID, ModelRetired.templateID,
        ConfigurationChanged.templateID,
    ]

    /// Folds in `ConfigurationChanged`: of a rehearsal's signals and entries nothing is left.
    public mutating func apply(
        _ event: ConfigurationChanged, at position: UInt64, _ world: borrowing World
    ) {
        guard event.endsRehearsal else { return }
        (signals, entries, entriesOn) = ([], 0, nil)
        traded = Lookup()
        performance.forgetSessions()
    }

    /// Folds in `RegimeChanged`.
    public mutating func apply(
        _ event: RegimeChanged, at position: UInt64, _ world: borrowing World
    ) {
        regime = event.regime
    }

    /// An evaluation emitted a signal: it waits for its decision.
    public mutating func apply(
        _ event: SignalGenerated, at position: UInt64, _ world: borrowing World
    ) {
        performance.countGenerated()
        signals.append(
            Signal(
                id: position, ticker: event.ticker, kind: event.kind,
                confidence: Int(capped: (event.confidence * 10_000).rounded()),
                netVolume: event.netVolume, champion: event.champion,
                correlation: event.envelope.correlation))
        follow(Evaluation(event, .own(position)), world)
    }

    /// An evaluation emitted nothing.
    public mutating func apply(
        _ event: SignalSuppressed, at position: UInt64, _ world: borrowing World
    ) {
        follow(Evaluation(event, .own(position)), world)
    }

    /// An evaluation was recorded: its label begins to grow, and what models predicted of it waits
    /// for that.
    private mutating func follow(_ evaluation: Evaluation, _ world: borrowing World) {
        let first = evaluation.day - configuration.lookbackDays
        let filings = disclosures.apply(
            evaluated: evaluation.ticker, on: evaluation.day, forgetting: first)
        if hasFeatures {
            let slot = world.prices.slot(of: evaluation.ticker)
            let range = slot.flatMap {
                world.prices.averageTrueRange($0, length: configuration.atrSessions)
            }
            let row = evaluation.row(session: world.session)
            desk.record.expect(filings.map { ($0.filer, $0.isBuy) }, row.signal)
            desk.skill.expect(
                FilerSkill.trades(filings), row, averageTrueRange: range,
                close: slot.flatMap { world.prices.bar($0)?.close }, slot: slot)
            labels.add(row, averageTrueRange: range, slot: slot)
            trail.add(evaluation.ticker, evaluation.signal, at: evaluation.recordedAt)
        }
        guard !evaluation.predictions.isEmpty else { return }
        if let champion = evaluation.champion {
            tally.add(champion.side)
            if configuration.weighsArms { arms.expect(evaluation.arms, evaluation.signal) }
            performance.expect(
                PerformanceBook.Prediction(
                    model: champion.model, probabilities: champion.probabilities),
                evaluation.signal)
        }
        guard configuration.calibration != .none, evaluation.isCounted(configuration) else {
            return
        }
        calibration.expect(evaluation.emitting(configuration), evaluation.signal)
    }

    /// Folds in `ThresholdsEvaluated`.
    public mutating func apply(
        _ event: ThresholdsEvaluated, at position: UInt64, _ world: borrowing World
    ) {
        thresholds = MachineThresholds(
            buyHundredths: Int(event.buyHundredths), sellHundredths: Int(event.sellHundredths))
        tally = ThresholdDecider.Tally()
    }

    /// Folds in `SignalQueued`.
    public mutating func apply(_ event: SignalQueued, at position: UInt64, _ world: borrowing World)
    {
        for index in signals.indices where .own(signals[index].id) == event.signal {
            signals[index].isQueued = true
        }
    }

    /// Folds in `SignalSkipped`.
    public mutating func apply(
        _ event: SignalSkipped, at position: UInt64, _ world: borrowing World
    ) {
        performance.countSkipped()
        end(event.signal)
    }

    /// Folds in `ExitTriggered`.
    public mutating func apply(
        _ event: ExitTriggered, at position: UInt64, _ world: borrowing World
    ) {
        if event.signal != .none { end(event.signal) }
    }

    /// Folds in `OrderSubmitted`.
    public mutating func apply(
        _ event: OrderSubmitted, at position: UInt64, _ world: borrowing World
    ) {
        guard event.leg == .entry else { return }
        entries = entries(on: event.day) + 1
        entriesOn = event.day
        performance.countTraded()
        traded[event.signal] = EnteredSignal(
            decidedOn: event.day,
            champion: signals.first { .own($0.id) == event.signal }?.champion ?? .none,
            confidence: event.confidence ?? 0,
            features: labels.immature.last { $0.row.signal == event.signal }?.row.features)
        end(event.signal)
    }

    /// A signal was decided on.
    private mutating func end(_ signal: Reference) {
        signals.removeAll { .own($0.id) == signal }
    }

    /// Folds in `OutcomeRecorded`.
    public mutating func apply(
        _ event: OutcomeRecorded, at position: UInt64, _ world: borrowing World
    ) {
        let reference = Reference.own(position)
        guard event.source == .loop else {
            guard configuration.train else { return }
            rows.add(event, reference, isEvaluated: !event.features.isEmpty)
            return
        }
        let entered = traded[event.signal]
        traded[event.signal] = nil
        guard configuration.train else { return }
        rows.add(event, reference, isEvaluated: entered?.features != nil)
        guard let entered, let exitDay = event.exitDay else { return }
        if configuration.weighsArms {
            arms.close(decidedOn: entered.decidedOn, event.outcome)
        }
        performance.close(
            PerformanceBook.Trade(
                exitDay: exitDay, netReturn: event.netReturn, confidence: entered.confidence,
                isWin: event.outcome == .win),
            under: entered.champion)
    }

    /// Folds in `JobStarted`.
    public mutating func apply(_ event: JobStarted, at position: UInt64, _ world: borrowing World) {
        switch event.job {
        case .training, .feedbackRetraining:
            rows.prune(
                configuration.trainingRules, labelSessions: configuration.labelSessions,
                session: world.session)
        case .calibration:
            if models.champion != nil { calibration.keep(models.present) }
        default: break
        }
    }

    /// Folds in `BlendWeightEvaluated`.
    public mutating func apply(
        _ event: BlendWeightEvaluated, at position: UInt64, _ world: borrowing World
    ) {
        blendTenths = Int(event.tenths)
        let session = labels.latestMatureSession(decidedThrough: world.session)
        if OutcomeToBlendWeight.isJudged(event.reason) {
            arms.use(through: session)
        } else {
            arms.see(through: session)
        }
    }

    /// Folds in `ModelPerformanceEvaluated`.
    public mutating func apply(
        _ event: ModelPerformanceEvaluated, at position: UInt64, _ world: borrowing World
    ) {
        performance.apply(event)
    }

    /// Folds in `FeatureImportanceMeasured`.
    public mutating func apply(
        _ event: FeatureImportanceMeasured, at position: UInt64, _ world: borrowing World
    ) {
        analysedOn = event.day
    }

    /// Folds in `CalibrationFitted`.
    public mutating func apply(
        _ event: CalibrationFitted, at position: UInt64, _ world: borrowing World
    ) {
        calibration.apply(event, at: .own(position))
    }
}

// MARK: Models

extension LoopState {
    /// Folds in `TrainingRequested`.
    public mutating func apply(
        _ event: TrainingRequested, at position: UInt64, _ world: borrowing World
    ) {
        training = TrainingProgress(reference: .own(position), request: event)
    }

    /// Folds in `TrainingFailed`.
    public mutating func apply(
        _ event: TrainingFailed, at position: UInt64, _ world: borrowing World
    ) {
        guard training?.reference == event.request else { return }
        training?.isAnswered = true
        training?.failure = event.reason
    }

    /// Folds in `ModelTrained`.
    public mutating func apply(_ event: ModelTrained, at position: UInt64, _ world: borrowing World)
    {
        if training?.reference == event.request { training?.isAnswered = true }
        if recalled == position, let training {
            let set = OutcomeToTrainingSet.decide(
                self, session: world.session, TrainingTerms(training.request),
                training.request.job)
            recalledRows = (event.artefact, set.training.map(\.row.features))
        }
        var majority = OutcomeClass.loss
        var most = event.losses
        if event.breakevens > most { (majority, most) = (.breakeven, event.breakevens) }
        if event.wins > most { majority = .win }
        models.apply(
            trained: ModelBook.Model(
                reference: .own(position), isImported: false, artefact: event.artefact,
                labelsThrough: event.labelsThrough,
                labelsThroughSession: session(of: event.labelsThrough), majority: majority,
                map: QuantileMap(
                    points: event.quantileMap.map {
                        QuantileMap.Point(probability: $0.probability, confidence: $0.confidence)
                    }), trainedSession: world.session))
    }

    /// Folds in `ModelCompared`.
    public mutating func apply(
        _ event: ModelCompared, at position: UInt64, _ world: borrowing World
    ) {
        guard let known = models.candidate(event.challenger) else { return }
        let model = known.isImported ? ImportToModel.completed(known, self) : known
        var sessions = 0...0
        if let from = event.holdoutFrom, let through = event.holdoutThrough, from <= through {
            sessions = session(of: from)...session(of: through)
        }
        models.apply(event, at: .own(position), sessions: sessions, of: model)
    }

    /// Folds in `ModelHeldAsCandidate`.
    public mutating func apply(
        _ event: ModelHeldAsCandidate, at position: UInt64, _ world: borrowing World
    ) {
        models.apply(event, at: .own(position))
    }

    /// Folds in `ModelPromoted`.
    public mutating func apply(
        _ event: ModelPromoted, at position: UInt64, _ world: borrowing World
    ) {
        guard let known = models.candidate(event.model) ?? models.known(event.artefact) else {
            return
        }
        let model = known.isImported ? ImportToModel.completed(known, self) : known
        models.apply(event, at: .own(position), of: model)
    }

    /// Folds in `ModelRolledBack`.
    public mutating func apply(
        _ event: ModelRolledBack, at position: UInt64, _ world: borrowing World
    ) {
        let before = models.championBefore.map {
            $0.isImported ? ImportToModel.completed($0, self) : $0
        }
        models.apply(
            event, at: .own(position), to: event.model == .none ? nil : before)
    }

    /// Folds in `ModelRetired`.
    public mutating func apply(_ event: ModelRetired, at position: UInt64, _ world: borrowing World)
    {
        models.apply(event)
    }
}
