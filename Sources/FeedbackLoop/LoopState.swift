import Events
import Learning
import Market

/// What the feedback loop's deciders know beside the shared world.
struct LoopState: Sendable {
    let configuration: LoopConfiguration
    var disclosures = DisclosureBook()
    var desk = FeatureDesk()
    /// Evaluations whose labels ripen.
    var labels: LabelBook
    /// Rows whose labels are mature.
    var rows = RowArchive()
    /// Day of the latest feature analysis that measured anything.
    var analysedOn: Day?
    /// Champion and candidate.
    var models = ModelBook()
    /// Features of the signals that became entries, until their outcomes.
    var traded = Lookup<Reference, [Float]>()
    /// The index's regime, as of the latest `RegimeChanged`.
    var regime = Regime.unknown
    /// Generated in this cycle and not yet queued, skipped, or turned into an exit.
    var signals: [Signal] = []
    /// Entry orders submitted after the session `entriesOn`.
    var entries = 0
    var entriesOn: Day?

    init(_ configuration: LoopConfiguration) {
        self.configuration = configuration
        labels = LabelBook(rules: configuration.labelRules)
    }

    /// Whether evaluations carry features.
    var hasFeatures: Bool { configuration.featureHistorySessions > 0 }

    /// An evaluation was recorded: its label begins to ripen.
    mutating func evolve(
        evaluated row: TrainingRow, newFilings: [(number: Int, isBuy: Bool)],
        averageTrueRange: Double?, slot: Int?
    ) {
        desk.record.expect(newFilings, row.signal)
        labels.add(row, averageTrueRange: averageTrueRange, slot: slot)
    }

    /// A session closed: labels that it made mature are known from now on.
    mutating func ripen(_ world: borrowing World) {
        guard let day = world.day else { return }
        let ripe = labels.close(world.prices, day: day)
        desk.record.ripen(ripe)
        if configuration.train { rows.add(ripe) }
    }

    /// Entry orders submitted so far after the session of `day`.
    func entries(on day: Day) -> Int {
        entriesOn == day ? entries : 0
    }

    mutating func evolve(_ event: RegimeChanged) {
        regime = event.regime
    }

    mutating func evolve(_ event: SignalGenerated, at position: UInt64) {
        signals.append(
            Signal(
                id: position, ticker: event.ticker, kind: event.kind,
                confidence: Int((event.confidence * 100).rounded()), netVolume: event.netVolume,
                correlation: event.envelope.correlation))
    }

    mutating func evolve(entry event: OrderSubmitted) {
        entries = entries(on: event.day) + 1
        entriesOn = event.day
        signals.removeAll { $0.id == event.signal.position }
        traded[event.signal] = labels.growing.last { $0.row.signal == event.signal }?.row.features
    }

    mutating func evolve(_ event: SignalSkipped) {
        signals.removeAll { $0.id == event.signal.position }
    }
}
