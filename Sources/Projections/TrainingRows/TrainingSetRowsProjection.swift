import Digests
public import Events
import FeedbackLoop
import Learning

/// The read model `training-set-rows`: which rows each training took, through the very code that
/// cut them.
public struct TrainingSetRowsProjection: Projection {
    /// Its name.
    public static let name = "training-set-rows"
    /// Raised with every change.
    public static let version = 3
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        ConfigurationChanged.self, IndexClosed.self, SessionClosed.self, SignalGenerated.self,
        SignalSuppressed.self, OutcomeRecorded.self, CorporateActionAnnounced.self,
        TrainingRequested.self, ModelTrained.self, TrainingFailed.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable(
            "training_sets", columns: 13,
            history: .since(
                "position", once: [FirstValue("model_id"), FirstValue("failure")])),
        ProjectionTable(
            "training_set_rows", columns: 7, keyColumns: 2, history: .alongside("training_sets")),
    ]
    /// Millions of rows in ten years: whoever asks for them names it.
    public static let isOfAll = false

    private enum Column {
        static let model = 11
        static let failure = 12
    }

    /// The recorded text of the settings; nil before them, and for a strategy that learns nothing.
    private var settings: String?
    private var history: TrainingHistory?
    /// The training that was asked for and not answered yet, and the digest of its rows.
    private var open: (request: Reference, digest: Digest)?

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        switch event.templateID {
        case ConfigurationChanged.templateID:
            try configure(try ConfigurationChanged(message: event.message))
        case IndexClosed.templateID:
            history?.close(try IndexClosedView(event.message))
        case CorporateActionAnnounced.templateID:
            history?.announce(try CorporateActionAnnouncedView(event.message))
        case SessionClosed.templateID:
            history?.close(try SessionClosedView(event.message))
        case SignalGenerated.templateID:
            let view = try SignalGeneratedView(event.message)
            try requireKnownFeatures(view.featureSchema, view.features.count)
            try evaluate(TrainingRow(view, event.reference, session: session))
        case SignalSuppressed.templateID:
            let view = try SignalSuppressedView(event.message)
            try requireKnownFeatures(view.featureSchema, view.features.count)
            try evaluate(TrainingRow(view, event.reference, session: session))
        case OutcomeRecorded.templateID:
            history?.add(try OutcomeRecorded(message: event.message), event.reference)
        case TrainingRequested.templateID:
            try request(try TrainingRequested(message: event.message), event, &rows)
        case ModelTrained.templateID:
            try close(try ModelTrainedView(event.message), event, &rows)
        case TrainingFailed.templateID:
            try fail(try TrainingFailedView(event.message), &rows)
        default: break
        }
    }

    private var session: Int { history?.immature.session ?? -1 }

    /// A strategy's settings begin the rows; later ones may change anything but the labels' rules.
    private mutating func configure(_ change: ConfigurationChanged) throws {
        guard change.scope == .strategy else { return }
        let text = String(decoding: change.text, as: UTF8.self)
        guard let loop = try LoopConfiguration.recorded(text) else { return }
        if let history {
            guard history.immature.labels.rules == loop.labelRules,
                history.immature.rangeSessions == loop.rangeSessions
            else {
                throw ProjectionRefusal(
                    "it changes the rules of the labels, and there are rows under other rules; "
                        + "begin a run of its own")
            }
            self.history = TrainingHistory(loop, immature: history.immature, kept: history.kept)
        } else {
            history = TrainingHistory(loop)
        }
        settings = text
    }

    private mutating func evaluate(_ row: TrainingRow) throws {
        guard let history else { return }
        guard history.immature.day == row.decidedOn else {
            throw ProjectionRefusal(
                "it evaluates \(row.decidedOn), and the latest session is "
                    + (history.immature.day.map { "\($0)" } ?? "not known"))
        }
        self.history?.add(row)
    }

    /// A training was asked for: its rows are cut as the loop cut them.
    private mutating func request(
        _ request: TrainingRequested, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        guard let set = history?.trainingSet(request) else { return }
        let reference = event.reference
        let digest = TrainingSetRowsProjection.digest(of: set)
        open = (reference, digest)
        let position = event.position
        let job: String = try Word.job(request.job)
        rows.insert(0, .position(reference.position)) { row in
            row.integer(reference.position)
            row.integer(position)
            row.reference(reference)
            row.instant(request.envelope.knownAt)
            row.day(request.asOf)
            row.text(job)
            row.boolean(request.useOutcomes)
            row.integer(set.training.count)
            row.integer(set.earlyStopping.count)
            row.integer(set.holdout.count)
            row.digest(digest)
            row.null()
            row.null()
        }
        try add(set.training, "training", to: reference, &rows)
        try add(set.earlyStopping, "early_stopping", to: reference, &rows)
        try add(set.holdout, "holdout", to: reference, &rows)
    }

    private func add(
        _ part: TrainingSet.Part, _ name: String, to request: Reference, _ rows: inout RowChanges
    ) throws {
        for used in part {
            let label: String = try Word.outcome(used.outcome)
            let event = used.row.signal.position
            rows.insert(1, .pair(Int64(request.position), Int64(event))) { row in
                row.integer(request.position)
                row.integer(event)
                row.text(name)
                row.text(used.source == .market ? "market" : "outcome")
                row.real(Double(used.weight))
                row.text(label)
                row.real(used.netReturn * 100)
            }
        }
    }

    /// A model was made: of these very rows, or the projector stops.
    private mutating func close(
        _ model: borrowing ModelTrainedView, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        guard let open, open.request == model.request else { return }
        guard open.digest == model.trainingSet else {
            throw ProjectionRefusal(
                "it names the training set \(model.trainingSet), and the rows that were to be had "
                    + "at its request \(open.request) give \(open.digest); see recount verify "
                    + "--causality")
        }
        rows.patch(
            0, .position(open.request.position), [(Column.model, .text("\(event.reference)"))])
        self.open = nil
    }

    private mutating func fail(
        _ failure: borrowing TrainingFailedView, _ rows: inout RowChanges
    ) throws {
        guard let open, open.request == failure.request else { return }
        let reason: String = try Word.trainingFailure(failure.reason)
        rows.patch(0, .position(open.request.position), [(Column.failure, .text(reason))])
        self.open = nil
    }

    /// The digest that `ModelTrained.trainingSet` must have: of the canonical rows to train on,
    /// then of those that stop it.
    private static func digest(of set: TrainingSet) -> Digest {
        var hasher = SHA256()
        for part in [set.training, set.earlyStopping] {
            TrainingSet.matrix(part).forEachPart { hasher.update($0) }
        }
        return hasher.finalize()
    }
}

extension TrainingSetRowsProjection {
    /// Writes the state in canonical bytes: settings, prices, rows, trades, the open request.
    public func snapshot(_ writer: inout SnapshotWriter) {
        writer.optional(settings) { $0.text($1) }
        guard let history else { return }
        writer.immatureRows(history.immature)
        let kept = history.kept
        writer.list(kept.mature) {
            $0.trainingRow($1)
            $0.optional($1.label) {
                $0.real($1.netReturn)
                $0.integer(Int($1.outcome.rawValue))
                $0.integer(Int($1.from.rawValue))
                $0.integer(Int($1.to.rawValue))
                $0.integer($1.toSession)
            }
            $0.optional($1.voidOn) { $0.integer(Int($1.rawValue)) }
            $0.integer($1.isUnmeasured ? 1 : 0)
        }
        writer.list(kept.traded) {
            $0.word($1.signal.rawValue)
            $0.word($1.outcome.outcome.rawValue)
            $0.real($1.outcome.longReturn)
            $0.real($1.outcome.dollars)
            $0.integer(Int($1.outcome.entryDay.rawValue))
            $0.optional($1.outcome.exitDay) { $0.integer(Int($1.rawValue)) }
        }
        writer.list(kept.unjoined) { $0.integer(Int($1.rawValue)) }
        writer.integer(kept.forgotten)
        writer.list(kept.evaluated) { $0.word($1) }
        writer.optional(open) {
            $0.word($1.request.rawValue)
            for word in [$1.digest.w0, $1.digest.w1, $1.digest.w2, $1.digest.w3] { $0.word(word) }
        }
    }

    /// The state as a snapshot says it.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        settings = try reader.optional { r throws(SnapshotError) in try r.text() }
        guard let settings, let loop = try LoopConfiguration.recorded(settings) else { return }
        let immature = try ImmatureRows(reading: &reader, loop)
        let kept = TrainingHistory.Kept(
            mature: try reader.list { r throws(SnapshotError) in try TrainingRow(mature: &r) },
            traded: try reader.list { r throws(SnapshotError) in
                (
                    Reference(rawValue: try r.word()),
                    TradedOutcome(
                        outcome: Reference(rawValue: try r.word()), longReturn: try r.real(),
                        dollars: try r.real(), entryDay: try Day(reading: &r),
                        exitDay: try r.optional { r throws(SnapshotError) in
                            try Day(reading: &r)
                        })
                )
            },
            unjoined: try reader.list { r throws(SnapshotError) in
                try UnusedRowReason(reading: &r)
            }, forgotten: try reader.integer(),
            evaluated: try reader.list { r throws(SnapshotError) in try r.word() })
        history = TrainingHistory(loop, immature: immature, kept: kept)
        open = try reader.optional { r throws(SnapshotError) in
            (
                Reference(rawValue: try r.word()),
                Digest(w0: try r.word(), w1: try r.word(), w2: try r.word(), w3: try r.word())
            )
        }
    }
}

extension TrainingRow {
    /// A row with its label, from a snapshot.
    fileprivate init(mature reader: inout SnapshotReader) throws(SnapshotError) {
        try self.init(reading: &reader)
        label = try reader.optional { r throws(SnapshotError) in
            Label(
                netReturn: try r.real(), outcome: try OutcomeClass(reading: &r),
                from: try Day(reading: &r), to: try Day(reading: &r), toSession: try r.integer())
        }
        voidOn = try reader.optional { r throws(SnapshotError) in try Day(reading: &r) }
        isUnmeasured = try reader.integer() == 1
    }
}

extension RawRepresentable where RawValue == UInt8 {
    /// A value from a snapshot.
    fileprivate init(reading reader: inout SnapshotReader) throws(SnapshotError) {
        guard let value = Self(rawValue: UInt8(truncatingIfNeeded: try reader.integer())) else {
            throw SnapshotError(offset: 0)
        }
        self = value
    }
}
