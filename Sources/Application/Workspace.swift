public import EventLog
public import Events
import Foundation
public import Learning
public import XGBoost

/// A data folder that is asked and told: what commands and HTTP calls work on.
public struct Workspace: Sendable {
    /// The folder.
    public let folder: DataFolder
    private let now: @Sendable () -> Instant

    /// A folder, and the clock by which acts are recorded.
    public init(_ folder: DataFolder, now: @escaping @Sendable () -> Instant = Workspace.wallClock)
    {
        (self.folder, self.now) = (folder, now)
    }

    /// The time at which an act is recorded now.
    public var instant: Instant { now() }

    /// The wall clock.
    public static let wallClock: @Sendable () -> Instant = {
        Instant(rawValue: Int64(Date().timeIntervalSince1970 * 1e9))
    }

    /// The artefacts of models.
    public var models: ModelStore { ModelStore("\(folder.path)/models") }

    /// The trainer whose artefacts lie in the folder; no training is done twice.
    public var trainer: CachedTrainer { CachedTrainer(XGBoostTrainer(), store: models) }

    /// The trees of a model that is kept in the folder.
    public func trees(_ artefact: Digest) throws -> TreeEnsemble {
        try XGBoostTrainer().load(try models.read(artefact))
    }

    /// The data log, for reading.
    ///
    /// - Throws: `ApplicationError.missing` where there is none.
    public func log() throws -> EventLog {
        guard EventLog.isLog(folder.log) else {
            throw ApplicationError.missing(
                "\(folder.path) has no data log; recount ingest prices, index and disclosures make "
                    + "one")
        }
        return try EventLog.open(at: folder.log)
    }

    /// The data log, for acts.
    public func logForActs() throws -> EventLog {
        _ = try log()
        return try EventLog.open(at: folder.log, access: .write)
    }
}

/// Why something that was asked for is not done: what, and what to do.
public enum ApplicationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A value that is not taken. `fields` are its names, as HTTP calls have them; where the text
    /// speaks of one it stands in braces.
    case invalid(fields: [String], String)
    /// What is asked about is not there.
    case missing(String)
    /// What is there stands against it.
    case refused(String)

    /// Of one field: its name stands in front of the text.
    public static func invalid(_ field: String, _ text: String) -> ApplicationError {
        .invalid(fields: [field], "{\(field)} \(text)")
    }

    /// What and what to do, with each field named as a caller knows it.
    public func text(_ named: (String) -> String) -> String {
        switch self {
        case .missing(let text), .refused(let text): return text
        case .invalid(let fields, let text):
            return fields.reduce(text) { text, field in
                text.replacingOccurrences(of: "{\(field)}", with: named(field))
            }
        }
    }

    /// The same, with the names as they are.
    public var description: String { text { $0 } }
}

extension Digest {
    /// A digest by chance: the id of a new log.
    public static func random() -> Digest {
        let words = (0..<4).map { _ in UInt64.random(in: 1 ... .max) }
        return Digest(w0: words[0], w1: words[1], w2: words[2], w3: words[3])
    }
}
