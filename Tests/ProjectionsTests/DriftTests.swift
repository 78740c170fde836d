import EventLog
import Events
import Foundation
import GRDB
import TestKit
import Testing

@testable import Projections

@Suite("Drift of read models")
struct DriftTests {
    /// A run's read models, and a copy of their folder.
    private func fixture(_ names: [String]) throws -> (run: RunFixture, copy: String) {
        let run = try RunFixture()
        _ = try run.project(names)
        let copy = "\(run.folder.path)/copy"
        try FileManager.default.copyItem(atPath: "\(run.data.path)/views/feedback", toPath: copy)
        return (run, copy)
    }

    private func find(_ fixture: (run: RunFixture, copy: String), _ name: String) throws
        -> ReadModelDrift.Finding
    {
        try #require(
            try ReadModelDrift.find(
                fixture.run.data, run: "feedback", "\(fixture.run.data.path)/views/feedback",
                fixture.copy, projections: [name]
            ).first)
    }

    private func execute(_ folder: String, _ name: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: ReadModelFolder(path: folder).link(name))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test("equal folders part nowhere")
    func equal() throws {
        let fixture = try fixture(["disclosures", "portfolio"])
        for name in ["disclosures", "portfolio"] {
            let finding = try find(fixture, name)
            #expect(finding.count == 0 && finding.parting == nil, "\(finding.text)")
        }
    }

    @Test("a value that somebody changed is found with its column, at the event that wrote the row")
    func changed() throws {
        let fixture = try fixture(["disclosures"])
        let id = try fixture.run.number("SELECT max(position) FROM disclosures")
        try execute(
            fixture.copy, "disclosures",
            "UPDATE disclosures SET ticker = 'ZZZ' WHERE position = \(id)")
        let finding = try find(fixture, "disclosures")
        #expect(finding.count == 1 && finding.parting == UInt64(id))
        let row = try #require(finding.first)
        #expect(row.different.map(\.name) == ["ticker"])
        #expect(row.different.first?.second == .text("ZZZ"))
        #expect(finding.text.contains("no event gives"), "\(finding.text)")
        #expect(finding.text.contains("views/feedback has what the log gives"))
    }

    @Test("a row that is missing parts at the event that made it, one that no event makes at none")
    func missing() throws {
        let fixture = try fixture(["disclosures"])
        let id = try fixture.run.number("SELECT min(position) FROM disclosures")
        try execute(fixture.copy, "disclosures", "DELETE FROM disclosures WHERE position = \(id)")
        let finding = try find(fixture, "disclosures")
        #expect(finding.parting == UInt64(id) && finding.first?.second == nil, "\(finding.text)")
        try execute(
            "\(fixture.run.data.path)/views/feedback", "disclosures",
            "UPDATE disclosures SET position = 9000000 WHERE position = \(id)")
        let made = try find(fixture, "disclosures")
        #expect(made.count == 1 && made.parting == 0, "\(made.text)")
        #expect(made.text.contains("no event makes this row"))
    }

    @Test("a projector that missed events parts at the first that it missed")
    func missed() throws {
        let log = try DataFixture(count: 300)
        _ = try log.group().project(rebuild: false)
        let copy = "\(log.folder.path)/copy"
        let views = "\(log.data.path)/views/data"
        try FileManager.default.copyItem(atPath: views, toPath: copy)
        try log.append(log.messages[300..<500])
        _ = try log.group().project(rebuild: false)
        // The copy says that it had read what it had not.
        let queue = try DatabaseQueue(path: ReadModelFolder(path: views).link("disclosures"))
        let row = try queue.read {
            try Row.fetchOne(
                $0, sql: "SELECT position, log_position, log_seal FROM recount_checkpoint")
        }
        try queue.close()
        let (place, own, seal) = try #require(
            row.map { ($0[0] as Int64, $0[1] as Int64, $0[2] as String) })
        try execute(
            copy, "disclosures",
            "UPDATE recount_checkpoint SET position = \(place), log_position = \(own), "
                + "log_seal = '\(seal)'")
        let finding = try #require(
            try ReadModelDrift.find(log.data, run: nil, views, copy).first)
        let first = try log.group().project(rebuild: true).count
        #expect(first == 1)
        let filed = try ReadModelQuery.run(
            "SELECT min(position) FROM disclosures WHERE position > 300", data: log.data, run: nil)
        #expect(finding.parting.map { .integer(Int64($0)) } == filed.rows.first?.first)
    }

    @Test("folders that stand at different positions are brought to the end in copies")
    func behind() throws {
        let log = try DataFixture(count: 200)
        _ = try log.group().project(rebuild: false)
        let copy = "\(log.folder.path)/copy"
        let views = "\(log.data.path)/views/data"
        try FileManager.default.copyItem(atPath: views, toPath: copy)
        try log.append(log.messages[200..<400])
        _ = try log.group().project(rebuild: false)
        let finding = try #require(
            try ReadModelDrift.find(log.data, run: nil, views, copy).first)
        #expect(finding.count == 0 && finding.position == 400, "\(finding.text)")
        let untouched = try ReadModelStatus.read(ReadModelFolder(path: copy), "disclosures")
        #expect(untouched.checkpoint.position.own == 200)
    }
}
