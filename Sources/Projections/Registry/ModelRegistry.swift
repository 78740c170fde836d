public import EventLog
public import Events
import GRDB

/// The models of a log as of a moment, read from its events alone: no projector needs to run.
///
/// Its rows are those of the read model `model-registry`.
public struct ModelRegistry: Sendable {
    /// Own events that were read.
    public private(set) var through: UInt64 = 0
    /// When the latest of them was recorded; nil without any.
    public private(set) var recordedAt: Instant?
    /// Every training and its model, in order of request.
    public let models: [RegistryRow]
    /// Every comparison, in order.
    public let comparisons: [RegistryRow]
    /// Every job that trains.
    public let jobs: [RegistryRow]
    /// Every training that was asked for, and what became of it.
    public let retrainings: [RegistryRow]

    /// Folds a run over its timeline, or a data log, up to a moment.
    ///
    /// - Throws: `PoisonEvent` for what contradicts the log, `AsOfError` for a moment behind its
    ///   end.
    public static func read(_ log: MergedLog, asOf: AsOf = .end) throws -> ModelRegistry {
        let end = try log.position(asOf)
        var projection = ModelRegistryProjection()
        var changes = RowChanges(tables: ModelRegistryProjection.tables)
        // Which event changed a row, by the position that stands in the row.
        var references = Lookup<UInt64, Reference>()
        try log.read(through: end.position) { record in
            let event = try ProjectedEvent(
                position: record.position, reference: record.reference, message: record.message)
            let size = changes.size
            do {
                try projection.evolve(event, &changes)
            } catch {
                throw PoisonEvent(
                    projection: ModelRegistryProjection.name, position: record.position,
                    reference: event.reference,
                    event: EventSchema.message(id: event.templateID)?.name ?? "event",
                    reason: "\(error)")
            }
            if changes.size != size { references[record.position] = record.reference }
            return .proceed
        }
        var recordedAt: Instant?
        try log.event(.own(end.own)) { recordedAt = try Envelope(message: $0).recordedAt }
        return try ModelRegistry(
            changes, references, through: end.own, recordedAt: recordedAt)
    }

    private init(
        _ changes: RowChanges, _ references: Lookup<UInt64, Reference>, through: UInt64,
        recordedAt: Instant?
    ) throws {
        let names = try ModelRegistry.columns()
        func rows(_ table: Int) -> [RegistryRow] {
            changes.withRows { bytes in
                changes.changes.filter { $0.table == table }.map {
                    let row = UnsafeRawBufferPointer(rebasing: bytes[$0.row])
                    return RegistryRow(
                        columns: names[table], values: RowBytes.values(row), references)
                }
            }
        }
        models = rows(ModelRegistryProjection.models)
        comparisons = rows(ModelRegistryProjection.comparisons)
        jobs = rows(ModelRegistryProjection.jobs)
        retrainings = rows(ModelRegistryProjection.retrainings)
        (self.through, self.recordedAt) = (through, recordedAt)
    }

    /// The names of each table's columns, as the DDL has them.
    private static func columns() throws -> [[String]] {
        let ddl = ReadModelDDL.text(of: ModelRegistryProjection.name)
        return try DatabaseQueue().write { database in
            try database.execute(sql: ddl.tables)
            return try ModelRegistryProjection.tables.map {
                try database.columns(in: $0.name).map(\.name)
            }
        }
    }
}

extension ModelRegistry {
    /// The model whose predictions count; nil without one.
    public var champion: RegistryRow? { models.last { $0.text("status") == "active" } }

    /// The latest model that is neither champion nor archived; nil without one.
    public var candidate: RegistryRow? { models.last { $0.text("status") == "candidate" } }

    /// A comparison by its reference.
    public func comparison(_ id: String?) -> RegistryRow? {
        comparisons.first { $0.text("id") == id }
    }

    /// The comparisons in which a model was the challenger, in order.
    public func comparisons(of model: RegistryRow) -> [RegistryRow] {
        comparisons.filter { $0.text("new_model_id") == model.text("id") }
    }

    /// A model by what people call it: `champion`, `candidate`, its reference or its request's
    /// (`r123`), its version, the name it was imported under, or 8 and more digits of its
    /// artefact's SHA-256.
    public func model(_ name: String) throws(ModelRegistryError) -> RegistryRow {
        if name == "champion" || name == "candidate" {
            if let model = name == "champion" ? champion : candidate { return model }
            throw ModelRegistryError(description: "there is no \(name) as of r\(through)")
        }
        let found = models.filter { model in
            model.text("id") == name || model.text("request_id") == name
                || model["model_version"] == .integer(Int64(name) ?? -1)
                || model.text("model_type") == "imported" && model.text("model_name") == name
                || name.utf8.count >= 8
                    && model.text("artifact_sha256")?.hasPrefix(name.lowercased()) == true
        }
        if let model = found.last { return model }
        throw ModelRegistryError(
            description: "there is no model \(name) as of r\(through); name one as champion, "
                + "candidate, its reference (r123), its version (7) or the beginning of its "
                + "artefact's SHA-256; recount models list shows them")
    }
}

/// Why a registry cannot answer.
public struct ModelRegistryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened and what to do.
    public let description: String

    /// An error in words.
    public init(description: String) {
        self.description = description
    }
}
