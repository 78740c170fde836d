public import Events
import FeedbackLoop

/// The read model `performance`: the outcome of each position and recorded trade, once, the weekly
/// feature analyses, and the record of each champion.
public struct PerformanceProjection: Projection {
    /// Its name.
    public static let name = "performance"
    /// Raised with every change.
    public static let version = 4
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        ModelTrained.self, ModelImported.self, SignalGenerated.self, SignalQueued.self,
        SignalSkipped.self, OrderSubmitted.self, OrderCancelled.self, OrderFilled.self,
        OutcomeRecorded.self, FeatureImportanceMeasured.self, BlendWeightEvaluated.self,
        ModelPerformanceEvaluated.self, ConfigurationChanged.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable(
            "signal_outcomes", columns: 26,
            history: .versions(
                changing: [
                    "position", "signal_id", "signal_type", "signal_confidence", "entry_price",
                    "model_id", "model_version", "ml_enhanced", "signal_date", "entry_date",
                    "source", "created_at", "updated_at",
                ],
                once: [
                    FirstValue("outcome", .text("open")), FirstValue("exit_price"),
                    FirstValue("return_pct"), FirstValue("return_dollars"),
                    FirstValue("holding_days"), FirstValue("exit_reason"),
                    FirstValue("features", .text("{}")), FirstValue("exit_date"),
                    FirstValue("excess_return_pct"), FirstValue("label_mature_on"),
                ])),
        ProjectionTable(
            "feature_importance_history", columns: 23, keyColumns: 2, history: .since("position")),
        ProjectionTable("model_performance_history", columns: 22, history: .since("position")),
    ]

    /// What an outcome repeats of the signal behind it.
    struct Origin: Sendable {
        var signal: Reference
        var kind: String?
        var confidence: Double?
        var signalDay: Day?
        /// The champion that had a say; none without.
        var model = Reference.none
    }

    /// Closed trades beside the arms of the blend weight, and which return labels have.
    var executed = ExecutedTrades()
    /// The models of the log.
    var models = ModelNumbers()
    /// Champions of the signals that are neither queued nor skipped, by the signal.
    private var generated = SortedMap<Reference, Reference>()
    /// Queued signals that have neither become an order nor been skipped, by their reference.
    private var queued = SortedMap<Reference, Origin>()
    /// Entry orders without an outcome.
    private var entries = SortedMap<Reference, Origin>()

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        models.take(event)
        try executed.take(event)
        switch event.templateID {
        case SignalGenerated.templateID:
            let signal = try SignalGeneratedView(event.message)
            if signal.champion != .none, signal.blendTenths > 0 {
                generated[event.reference] = signal.champion
            }
        case SignalQueued.templateID:
            let signal = try SignalQueuedView(event.message)
            queued[signal.signal] = Origin(
                signal: signal.signal, kind: try Word.signalKind(signal.kind),
                confidence: signal.confidence, signalDay: signal.day,
                model: generated[signal.signal] ?? .none)
        case SignalSkipped.templateID:
            let signal = try SignalSkippedView(event.message).signal
            queued[signal] = nil
            generated[signal] = nil
        case OrderSubmitted.templateID:
            submit(try OrderSubmittedView(event.message), event)
        case OrderCancelled.templateID:
            let order = try OrderCancelledView(event.message)
            if entries[order.order] != nil, !isOpen(order.order) { entries[order.order] = nil }
        case OrderFilled.templateID:
            try open(try OrderFilledView(event.message), event, &rows)
        case OutcomeRecorded.templateID:
            try close(try OutcomeRecorded(message: event.message), event, &rows)
        case ConfigurationChanged.templateID:
            if try ConfigurationChanged(message: event.message).endsRehearsal {
                restart(event, try Envelope(message: event.message), &rows)
            }
        case FeatureImportanceMeasured.templateID:
            try measure(try FeatureImportanceMeasured(message: event.message), event, &rows)
        case BlendWeightEvaluated.templateID:
            weigh(try BlendWeightEvaluated(message: event.message), event, &rows)
        case ModelPerformanceEvaluated.templateID:
            evaluate(try ModelPerformanceEvaluated(message: event.message), event, &rows)
        default: break
        }
    }

    /// Entry orders that were filled, in part or whole.
    private var opened = SortedMap<Reference, Instant>()

    private func isOpen(_ order: Reference) -> Bool { opened[order] != nil }

    private mutating func submit(
        _ order: borrowing OrderSubmittedView, _ event: borrowing ProjectedEvent
    ) {
        generated[order.signal] = nil
        guard order.leg == .entry else { return }
        let origin = queued[order.signal]
        queued[order.signal] = nil
        entries[event.reference] = Origin(
            signal: order.signal, kind: origin?.kind,
            confidence: origin?.confidence ?? order.confidence, signalDay: order.day,
            model: origin?.model ?? .none)
    }

    private mutating func open(
        _ fill: borrowing OrderFilledView, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        guard fill.leg == .entry, !isOpen(fill.order) else { return }
        guard let origin = entries[fill.order] else {
            throw ProjectionRefusal("it fills entry order \(fill.order), which is not in the log")
        }
        let knownAt = fill.envelope.knownAt
        opened[fill.order] = knownAt
        let row = OutcomeRow(
            id: fill.order, position: event.position, origin: origin,
            version: models[origin.model], ticker: fill.ticker,
            entryPrice: fill.price, entryDay: fill.filledOn, createdAt: knownAt, updatedAt: knownAt)
        rows.insert(0, .text(fill.order.description)) { row.encode(into: &$0) }
    }

    private mutating func close(
        _ outcome: OutcomeRecorded, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        try requireKnownFeatures(outcome.featureSchema, outcome.features.count)
        let order = outcome.entryOrder
        if outcome.source == .loop, opened[order] == nil {
            throw ProjectionRefusal("it is the outcome of \(order), which holds no open position")
        }
        let origin = entries[order] ?? Origin(signal: outcome.signal)
        let knownAt = outcome.envelope.knownAt
        var row = OutcomeRow(
            id: order, position: event.position, origin: origin, version: models[origin.model],
            ticker: outcome.ticker,
            entryPrice: outcome.entryPrice, entryDay: outcome.entryDay,
            createdAt: opened[order] ?? knownAt, updatedAt: knownAt)
        row.closed = try OutcomeRow.Closed(outcome)
        rows.put(0, .text(order.description)) { row.encode(into: &$0) }
        entries[order] = nil
        opened[order] = nil
    }

    /// A live run begins: what its rehearsal had open comes to nothing.
    private mutating func restart(
        _ event: borrowing ProjectedEvent, _ envelope: Envelope, _ rows: inout RowChanges
    ) {
        for (order, _) in opened.entries {
            rows.patch(
                0, .text(order.description),
                [
                    (column: 1, value: .integer(Int64(event.position))),
                    (column: 7, value: .text(Word.rehearsalEnded)),
                    (column: 13, value: .text(Word.rehearsalEnded)),
                    (column: 25, value: .text(envelope.knownAt.description)),
                ])
        }
        (generated, queued) = (SortedMap([]), SortedMap([]))
        (entries, opened) = (SortedMap([]), SortedMap([]))
    }

    /// Writes the state in canonical bytes.
    public func snapshot(_ writer: inout SnapshotWriter) {
        models.write(&writer)
        executed.write(&writer)
        writer.list(generated.entries) {
            $0.word($1.key.rawValue)
            $0.word($1.value.rawValue)
        }
        for map in [queued, entries] {
            writer.list(map.entries) { writer, entry in
                writer.word(entry.key.rawValue)
                writer.word(entry.value.signal.rawValue)
                writer.optional(entry.value.kind) { $0.text($1) }
                writer.optional(entry.value.confidence) { $0.real($1) }
                writer.optional(entry.value.signalDay) { $0.integer(Int($1.rawValue)) }
                writer.word(entry.value.model.rawValue)
            }
        }
        writer.list(opened.entries) {
            $0.word($1.key.rawValue)
            $0.integer(Int($1.value.rawValue))
        }
    }

    /// The state as a snapshot says it.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        models = try ModelNumbers(&reader)
        executed = try ExecutedTrades(&reader)
        generated = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                (Reference(rawValue: try reader.word()), Reference(rawValue: try reader.word()))
            })
        queued = SortedMap(try PerformanceProjection.origins(&reader))
        entries = SortedMap(try PerformanceProjection.origins(&reader))
        opened = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                (
                    Reference(rawValue: try reader.word()),
                    Instant(rawValue: Int64(try reader.integer()))
                )
            })
    }

    private static func origins(_ reader: inout SnapshotReader) throws(SnapshotError)
        -> [(key: Reference, value: Origin)]
    {
        try reader.list { reader throws(SnapshotError) in
            let key = Reference(rawValue: try reader.word())
            let signal = Reference(rawValue: try reader.word())
            let kind = try reader.optional { r throws(SnapshotError) in try r.text() }
            let confidence = try reader.optional { r throws(SnapshotError) in try r.real() }
            let day = try reader.optional { r throws(SnapshotError) in
                Day(rawValue: Int32(truncatingIfNeeded: try r.integer()))
            }
            let model = Reference(rawValue: try reader.word())
            return (
                key,
                Origin(
                    signal: signal, kind: kind, confidence: confidence, signalDay: day, model: model
                )
            )
        }
    }
}
