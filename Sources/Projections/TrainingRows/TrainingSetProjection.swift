public import Events
import FeedbackLoop
import Learning

/// The read model `training-set`: evaluations and outcomes as rows for training, with the labels
/// that are mature, through the very `LabelBook` of the loop.
public struct TrainingSetProjection: Projection {
    /// Its name.
    public static let name = "training-set"
    /// Raised with every change.
    public static let version = 4
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        ConfigurationChanged.self, IndexClosed.self, SessionClosed.self, SignalGenerated.self,
        SignalSuppressed.self, OutcomeRecorded.self, CorporateActionAnnounced.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable(
            "training_rows", columns: 19,
            history: .since(
                "position",
                once: [
                    FirstValue("label"), FirstValue("return_pct"),
                    FirstValue("label_from"), FirstValue("label_to"),
                    FirstValue("eligible", .integer(0)),
                    FirstValue("reason", .text(immature)),
                    FirstValue("from_position"), FirstValue("to_position"),
                    FirstValue("outcome"),
                ]))
    ]

    /// The columns that change.
    enum Column {
        static let label = 10
        static let returnPercent = 11
        static let labelFrom = 12
        static let labelTo = 13
        static let eligible = 14
        static let reason = 15
        static let fromPosition = 16
        static let toPosition = 17
        static let outcome = 18
    }

    /// The settings of the run, as they were recorded.
    struct Settings: Sendable {
        let name: String
        let text: String
        let outcomeWeight: Double
    }

    /// Nil before the run's configuration, and for a strategy that learns nothing.
    var settings: Settings?
    var immature: ImmatureRows?
    /// Every evaluation so far.
    var evaluations = EvaluatedRows()
    /// Outcomes whose evaluation's label is not mature, by evaluation.
    var waiting = SortedMap<Reference, WaitingOutcome>()

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        switch event.templateID {
        case ConfigurationChanged.templateID:
            try configure(try ConfigurationChanged(message: event.message))
        case IndexClosed.templateID:
            immature?.close(try IndexClosedView(event.message))
        case CorporateActionAnnounced.templateID:
            immature?.announce(try CorporateActionAnnouncedView(event.message))
        case SessionClosed.templateID:
            guard immature != nil else { return }
            let closed = immature?.close(try SessionClosedView(event.message)) ?? []
            for row in closed { try mature(row, event.position, &rows) }
        case SignalGenerated.templateID:
            let view = try SignalGeneratedView(event.message)
            try requireKnownFeatures(view.featureSchema, view.features.count)
            let row = TrainingRow(view, event.reference, session: immature?.session ?? -1)
            try evaluate(row, view.envelope.knownAt, event, &rows)
        case SignalSuppressed.templateID:
            let view = try SignalSuppressedView(event.message)
            try requireKnownFeatures(view.featureSchema, view.features.count)
            let row = TrainingRow(view, event.reference, session: immature?.session ?? -1)
            try evaluate(row, view.envelope.knownAt, event, &rows)
        case OutcomeRecorded.templateID:
            try record(try OutcomeRecorded(message: event.message), event, &rows)
        default: break
        }
    }

    /// A strategy's settings begin the labels; later ones may change anything but their rules.
    private mutating func configure(_ change: ConfigurationChanged) throws {
        guard change.scope == .strategy else { return }
        let text = String(decoding: change.text, as: UTF8.self)
        guard let loop = try LoopConfiguration.recorded(text) else { return }
        if let immature {
            guard immature.labels.rules == loop.labelRules,
                immature.rangeSessions == loop.rangeSessions
            else {
                throw ProjectionRefusal(
                    "it changes the rules of the labels, and there are rows under other rules; "
                        + "recount training-set computes them all under the rules that hold, and "
                        + "recount backtest --like begins a run of its own under them")
            }
        } else {
            immature = ImmatureRows(rules: loop.labelRules, rangeSessions: loop.rangeSessions)
        }
        settings = Settings(
            name: change.name, text: text, outcomeWeight: loop.trainingRules.outcomeWeight)
    }

    /// An evaluation: a market row, immature.
    private mutating func evaluate(
        _ row: TrainingRow, _ decidedAt: Instant, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        guard immature?.day == row.decidedOn else {
            throw ProjectionRefusal(
                "it evaluates \(row.decidedOn), and the latest session is "
                    + (immature?.day.map { "\($0)" } ?? "not known"))
        }
        immature?.add(row)
        evaluations.add(
            Evaluated(
                decidedAt: decidedAt, day: row.decidedOn, session: row.session,
                hasFeatures: !row.features.isEmpty), row.signal)
        let position = event.position
        rows.insert(0, .position(row.signal.position)) { encoder in
            encoder.integer(row.signal.position)
            encoder.integer(position)
            encoder.reference(row.signal)
            encoder.ticker(row.ticker)
            encoder.instant(decidedAt)
            encoder.day(row.decidedOn)
            encoder.integer(row.session)
            encoder.features(row.features)
            encoder.text("market")
            encoder.real(1)
            for _ in 0..<4 { encoder.null() }
            encoder.boolean(false)
            encoder.text(Self.immature)
            for _ in 0..<3 { encoder.null() }
        }
    }

    static let immature = "immature"
}
