import Digests
public import Events

/// The read model `signals`: every evaluation and every prediction.
///
/// An evaluation is active until the next one of its ticker.
public struct SignalsProjection: Projection {
    /// Its name.
    public static let name = "signals"
    /// Raised with every change.
    public static let version = 2
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        ModelTrained.self, ModelImported.self, SignalGenerated.self, SignalSuppressed.self,
        InstrumentClassified.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable(
            "trading_signals", columns: 24,
            history: .since(
                "position",
                once: [
                    FirstValue("is_active", .integer(1)), FirstValue("to_position"),
                ])),
        ProjectionTable("predictions", columns: 13, keyColumns: 2, history: .since("position")),
    ]

    private static let isActiveColumn = 12
    private static let toPositionColumn = 23

    /// Position of each ticker's active evaluation.
    private var active = SortedMap<Ticker, UInt64>()
    /// The models of the log.
    private var models = ModelNumbers()
    /// The latest known name behind each ticker.
    private var names = SortedMap<Ticker, String>()

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        models.take(event)
        switch event.templateID {
        case SignalGenerated.templateID:
            try evaluate(Evaluation(try SignalGeneratedView(event.message)), event, &rows)
            try predict(try SignalGeneratedView(event.message), event, &rows)
        case SignalSuppressed.templateID:
            try evaluate(Evaluation(try SignalSuppressedView(event.message)), event, &rows)
            try predict(try SignalSuppressedView(event.message), event, &rows)
        case InstrumentClassified.templateID:
            let instrument = try InstrumentClassifiedView(event.message)
            if let name = instrument.name, !name.isEmpty { names[instrument.ticker] = name }
        default: break
        }
    }

    private mutating func evaluate(
        _ evaluation: Evaluation, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        if let previous = active[evaluation.ticker] {
            rows.patch(
                0, .position(previous),
                [
                    (SignalsProjection.isActiveColumn, .integer(0)),
                    (SignalsProjection.toPositionColumn, .integer(Int64(event.position))),
                ])
        }
        active[evaluation.ticker] = event.position
        let hash = SHA256.hash(event.message)
        let (position, reference) = (event.position, event.reference)
        let name = names[evaluation.ticker]
        let version = models[evaluation.champion]
        rows.insert(0, .position(position)) {
            evaluation.encode(
                position, reference, name: name, version: version, hash: hash, into: &$0)
        }
    }

    /// Writes the state in canonical bytes.
    public func snapshot(_ writer: inout SnapshotWriter) {
        models.write(&writer)
        writer.list(active.entries) {
            $0.word($1.key.rawValue)
            $0.word($1.value)
        }
        writer.list(names.entries) {
            $0.word($1.key.rawValue)
            $0.text($1.value)
        }
    }

    /// The state as a snapshot says it.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        models = try ModelNumbers(&reader)
        active = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                (Ticker(rawValue: try reader.word()), try reader.word())
            })
        names = SortedMap(
            try reader.list { reader throws(SnapshotError) in
                (Ticker(rawValue: try reader.word()), try reader.text())
            })
    }
}
