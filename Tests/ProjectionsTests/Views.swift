import EventLog
import Events
import Foundation
import GRDB
import Pipeline
import TestKit
import TestWorlds

@testable import Projections

/// A finished run in a data folder of a test's own.
struct RunFixture {
    let folder = TemporaryFolder()
    let data: DataFolder
    let result: Run.Result

    init(seed: UInt64 = 5, sessions: Int = 160) throws {
        let world = SmallWorld(seed: seed, sessions: sessions)
        (data, result) = try SmallWorld.data(world.facts, at: "\(folder.path)/data")
    }

    /// A run whose loop trains, some trainings failing, and promotes every model.
    static func learning(gate: String = "always") throws -> RunFixture {
        try RunFixture(
            facts: SmallWorld(sessions: 420).facts,
            settings: SmallWorld.learning + ["gate=\(gate)"], trainer: StumpTrainer(failing: 3..<6))
    }

    init(facts: [[UInt8]], settings: [String], trainer: StumpTrainer) throws {
        (data, result) = try SmallWorld.data(
            facts, at: "\(folder.path)/data", settings: settings, trainer: trainer)
    }

    func view() throws -> LogView { try LogView.open(data, run: "feedback") }

    func project(_ names: [String] = ProjectionCatalogue.names, rebuild: Bool = false) throws
        -> [ProjectorReport]
    {
        try ProjectorGroup(names, data: data, run: "feedback") { _ in }.project(rebuild: rebuild)
    }

    /// The digests by projection, in the order of the catalogue.
    func digests() throws -> [String] {
        try project().map { "\($0.checkpoint.digest)" }
    }

    func rows(_ query: String) throws -> [[RowValue]] {
        try ReadModelQuery.run(query, data: data, run: "feedback").rows
    }

    func number(_ query: String) throws -> Int64 {
        guard case .integer(let value)? = try rows(query).first?.first else { return -1 }
        return value
    }

    /// Changes a published file as another program would.
    func tamper(_ name: String, _ sql: String) throws {
        let queue = try DatabaseQueue(
            path: ReadModelFolder(path: "\(data.path)/views/feedback").link(name))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }
}

/// A data log with filings, that grows.
struct DataFixture {
    let folder = TemporaryFolder()
    let data: DataFolder
    let messages: [[UInt8]]

    /// Facts of a small world; `count` of them are in the log.
    init(count: Int) throws {
        data = DataFolder("\(folder.path)/data")
        messages = SmallWorld().facts
        try append(messages.prefix(count))
    }

    /// One commit.
    func append(_ some: some Collection<[UInt8]>) throws {
        let log: EventLog
        if FileManager.default.fileExists(atPath: "\(data.log)/data.mdb") {
            log = try EventLog.open(at: data.log, access: .write)
        } else {
            log = try EventLog.create(
                at: data.log, identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: 0))
        }
        guard let last = Array(some).last else { return }
        let time = try Envelope(message: last.span.bytes).recordedAt
        try log.append(now: time) { batch in
            for message in some { batch.append(encoded: message.span.bytes) }
        }
    }

    func group(
        _ names: [String] = ["disclosures"],
        tell: @escaping (ProjectorGroup.Happening) -> Void = { _ in }
    ) -> ProjectorGroup { ProjectorGroup(names, data: data, run: nil, tell: tell) }

    func count() throws -> Int64 {
        let answer = try ReadModelQuery.run(
            "SELECT count(*) FROM disclosures", data: data, run: nil)
        guard case .integer(let value)? = answer.rows.first?.first else { return -1 }
        return value
    }
}
