import Events
import Learning
import Market

/// What the feedback loop's deciders know beside the shared world.
struct LoopState: Sendable {
    let configuration: LoopConfiguration
    var disclosures = DisclosureBook()
    var desk: FeatureDesk
    /// Evaluations whose labels mature.
    var labels: LabelBook
    /// Rows whose labels are mature.
    var rows: RowArchive
    /// Day of the latest feature analysis that measured anything.
    var analysedOn: Day?
    /// Days of all sessions, the first first.
    var sessions: [Day] = []
    /// Champion and candidates.
    var models = ModelBook()
    /// What of the signals that became entries is wanted at their outcomes.
    var traded = Lookup<Reference, EnteredSignal>()
    /// The champion's weight in confidence, tenths.
    var blendTenths: Int
    /// Both shadow arms.
    var arms = ArmBook()
    /// When a model says buy or sell.
    var thresholds: MachineThresholds
    /// What the champion said since the thresholds were last judged.
    var tally = ThresholdDecider.Tally()
    /// What confidences came to, and the fit in force.
    var calibration = CalibrationBook()
    /// The record of the champion.
    var performance = PerformanceBook()
    /// When each ticker was evaluated.
    var trail = EvaluationTrail()
    /// The index's regime, as of the latest `RegimeChanged`.
    var regime = Regime.unknown
    /// Generated in this cycle and not yet queued, skipped, or turned into an exit.
    var signals: [Signal] = []
    /// Entry orders submitted after the session `entriesOn`.
    var entries = 0
    var entriesOn: Day?

    init(_ configuration: LoopConfiguration) {
        self.configuration = configuration
        desk = FeatureDesk(configuration)
        labels = LabelBook(rules: configuration.labelRules)
        rows = RowArchive(configuration.labelReturn)
        blendTenths = configuration.blendTenths
        thresholds = MachineThresholds(
            buyHundredths: configuration.buyThreshold, sellHundredths: configuration.sellThreshold)
    }

    /// Whether evaluations carry features.
    var hasFeatures: Bool { configuration.featureHistorySessions > 0 }

    /// An evaluation was recorded: its label begins to mature.
    mutating func evolve(
        evaluated row: TrainingRow, newFilings: [DisclosureBook.Row],
        averageTrueRange: Double?, close: Double?, slot: Int?
    ) {
        desk.record.expect(newFilings.map { ($0.filer, $0.isBuy) }, row.signal)
        desk.skill.expect(
            FilerSkill.trades(newFilings), row, averageTrueRange: averageTrueRange, close: close,
            slot: slot)
        labels.add(row, averageTrueRange: averageTrueRange, slot: slot)
    }

    /// The row of an evaluation; nil when it is forgotten.
    func row(_ signal: Reference) -> TrainingRow? {
        labels.immature.last { $0.row.signal == signal }?.row
            ?? rows.mature.rows.last { $0.signal == signal }
    }

    /// A session closed: labels that it made mature are known from now on.
    mutating func mature(_ world: borrowing World) {
        guard let day = world.day else { return }
        sessions.append(day)
        let mature = labels.close(world.prices, world.index, day: day)
        desk.record.mature(mature)
        desk.skill.close(world.prices, world.index, day: day)
        guard configuration.train else { return }
        performance.close(
            day, under: models.champion?.reference ?? .none, value: world.value.dollars,
            index: world.index.close(asOf: day),
            keep: day - ModelPerformanceDecider.windowDays)
        arms.mature(mature)
        calibration.mature(mature)
        performance.mature(mature, on: day)
        rows.add(mature)
    }

    /// Entry orders submitted so far after the session of `day`.
    func entries(on day: Day) -> Int {
        entriesOn == day ? entries : 0
    }

    mutating func evolve(_ event: RegimeChanged) {
        regime = event.regime
    }

    mutating func evolve(_ event: SignalGenerated, at position: UInt64) {
        performance.countGenerated()
        signals.append(
            Signal(
                id: position, ticker: event.ticker, kind: event.kind,
                confidence: Int((event.confidence * 10_000).rounded()),
                netVolume: event.netVolume, champion: event.champion,
                correlation: event.envelope.correlation))
    }

    mutating func evolve(entry event: OrderSubmitted) {
        entries = entries(on: event.day) + 1
        entriesOn = event.day
        performance.countTraded()
        traded[event.signal] = EnteredSignal(
            decidedOn: event.day,
            champion: signals.first { $0.id == event.signal.position }?.champion ?? .none,
            confidence: event.confidence ?? 0,
            features: labels.immature.last { $0.row.signal == event.signal }?.row.features)
        signals.removeAll { $0.id == event.signal.position }
    }

    mutating func evolve(_ event: SignalSkipped) {
        performance.countSkipped()
        signals.removeAll { $0.id == event.signal.position }
    }
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
