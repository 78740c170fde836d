public import Events

/// The read model `lineage`: which event stands behind which, indexed both ways.
///
/// An edge goes from an event to each that it names. What was in force when it was decided (the
/// settings, the session, the regime, the promotion, weight and thresholds) is named by no field
/// and needs no edge: it is the latest event of its kind before it, which `lineage_subjects` finds.
/// As long as the log and narrow; its state is a few numbers.
public struct LineageProjection: Projection {
    /// Its name.
    public static let name = "lineage"
    /// Raised with every change.
    public static let version = 2
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        DisclosureFiled.self, DisclosureAmended.self, DisclosureWithdrawn.self, SessionClosed.self,
        OrderAccepted.self, OrderFilled.self, OrderRejected.self, OrderCancelled.self,
        TradeRecorded.self, CorporateActionAnnounced.self,
        ModelTrained.self, TrainingFailed.self, ModelImported.self, PredictionsImported.self,
        ConfigurationChanged.self, RegimeChanged.self, SignalGenerated.self,
        SignalSuppressed.self, SignalQueued.self, SignalSkipped.self, OrderSubmitted.self,
        ExitTriggered.self, OutcomeRecorded.self, ModelCompared.self,
        ModelPromoted.self, ModelHeldAsCandidate.self, ModelRetired.self, ModelRolledBack.self,
        BlendWeightEvaluated.self, ThresholdsEvaluated.self, CalibrationFitted.self,
        ModelPerformanceEvaluated.self, JobStarted.self,
        JobFinished.self, JobFailed.self, TradingModeChanged.self, EntriesResumed.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable("lineage", columns: 5, keyColumns: 2, history: .since("effect")),
        ProjectionTable(
            "lineage_subjects", columns: 3, keyColumns: 2, history: .since("position")),
        ProjectionTable("lineage_stretches", columns: 2, history: .since("position")),
    ]

    /// An event that stands behind another, by its position.
    private struct Cause {
        let position: UInt64
        let relation: Relation
    }

    private var stretches = LineageStretches()

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        if let first = stretches.take(event.reference, at: event.position) {
            rows.insert(2, .position(event.position)) { row in
                row.integer(event.position)
                row.integer(first)
            }
        }
        guard event.templateID < LineageProjection.isConsumed.count,
            LineageProjection.isConsumed[Int(event.templateID)]
        else { return }
        let causes = try causes(event)
        for (ordinal, cause) in causes.enumerated() {
            let (effect, template) = (event.position, event.templateID)
            let (position, relation) = (cause.position, cause.relation)
            rows.insert(0, .pair(Int64(effect), Int64(ordinal))) { row in
                row.integer(effect)
                row.integer(ordinal)
                row.integer(position)
                row.integer(relation.rawValue)
                row.integer(template)
            }
        }
        let isFact = event.reference.isTimeline
        let subjects = try LineageSubject.subjects(event.message, event.templateID, isFact: isFact)
        for subject in subjects {
            let (position, template) = (event.position, event.templateID)
            rows.insert(1, .pair(subject, Int64(position))) { row in
                row.integer(subject)
                row.integer(position)
                row.integer(template)
            }
        }
    }

    /// Each event that stands behind this one, once, by the relation that says most.
    private func causes(_ event: borrowing ProjectedEvent) throws -> [Cause] {
        var causes: [Cause] = []
        func add(_ position: UInt64, _ relation: Relation) {
            guard !causes.contains(where: { $0.position == position }) else { return }
            causes.append(Cause(position: position, relation: relation))
        }
        let isFact = event.reference.isTimeline
        let (name, position) = (event.reference, event.position)
        try MessageReferences.forEach(in: event.message) { relation, reference in
            // Within a timeline its own events are named without the bit that says so.
            let named = isFact ? Reference.timeline(reference.position) : reference
            guard let cause = stretches.position(of: named), cause < position else {
                throw ProjectionRefusal("\(name) names \(named), which does not stand before it")
            }
            add(cause, relation)
        }
        return causes
    }

    /// By template id.
    private static let isConsumed: [Bool] = {
        let ids = consumed.map { Int($0.templateID) }
        return (0...ids.reduce(0, max)).map { ids.contains($0) }
    }()

    /// Writes the state in canonical bytes; the stretches are read back from the rows.
    public func snapshot(_ writer: inout SnapshotWriter) {
        stretches.write(&writer)
    }

    /// The state as a snapshot and the rows say it.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        stretches = try LineageStretches(&reader, rows)
    }
}
