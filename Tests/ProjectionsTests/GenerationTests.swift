import EventLog
import Events
import Foundation
import GRDB
import TestKit
import Testing

@testable import Projections

@Suite("Generations of read models")
struct GenerationTests {
    private let log: DataFixture
    private var folder: ReadModelFolder { ReadModelFolder(path: "\(log.data.path)/views/data") }

    init() throws { log = try DataFixture(count: 300) }

    private func execute(_ sql: String, generation: Int) throws {
        let queue = try DatabaseQueue(path: folder.file("disclosures", generation: generation))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func project(rebuild: Bool = false) throws -> ProjectorReport {
        try #require(try log.group().project(rebuild: rebuild).first)
    }

    @Test(
        "a rebuild is compared with what it takes the place of, and tells rows that were not the log's"
    )
    func comparison() throws {
        #expect(try project().replaced == nil)
        let same = try #require(try project(rebuild: true).replaced)
        #expect(
            !same.isContradiction && same.sentence.contains("the same digest"), "\(same.sentence)")
        try execute("DELETE FROM disclosures WHERE position < 50", generation: 2)
        let other = try #require(try project(rebuild: true).replaced)
        #expect(other.isContradiction && other.sentence.contains("rows disclosures"))
        #expect(folder.generations("disclosures") == [2, 3], "one before is kept")
    }

    @Test("a rollback gives the generation before, which goes on; before the first there is none")
    func rollback() throws {
        _ = try project()
        #expect(throws: ReadModelError.self) {
            try ReadModelRollback.run(log.data, run: nil, projection: "disclosures")
        }
        try log.append(log.messages[300..<400])
        _ = try project(rebuild: true)
        let outcome = try ReadModelRollback.run(log.data, run: nil, projection: "disclosures")
        #expect(outcome.from == 2 && outcome.to == 1 && outcome.isOfThisVersion)
        #expect(outcome.status.checkpoint.position.own == 300)
        let report = try project()
        #expect(report.start == .resumed && report.events == 100)
        #expect(folder.generation("disclosures") == 1)
        #expect(folder.generations("disclosures") == [1], "what was rolled back is swept")
    }

    @Test("a rollback to another version is served as it stands, until it is rebuilt")
    func held() throws {
        _ = try project()
        try execute("UPDATE recount_checkpoint SET version = 0", generation: 1)
        let upgraded = try project()
        guard case .rebuilding(let reason) = upgraded.start else {
            Issue.record("\(upgraded.start)")
            return
        }
        #expect(reason.contains("version 0"))
        #expect(upgraded.replaced?.sentence.contains("version 0") == true)
        let outcome = try ReadModelRollback.run(log.data, run: nil, projection: "disclosures")
        #expect(!outcome.isOfThisVersion)
        #expect(throws: ReadModelError.self) { try project() }
        #expect(folder.generation("disclosures") == 1, "it is not made anew behind one's back")
        #expect(try project(rebuild: true).replaced != nil)
        #expect(folder.heldGeneration("disclosures") == nil)
        #expect(try project().start == .resumed)
    }

    @Test("a projector that is at work is not rolled back under its hands")
    func locked() throws {
        _ = try project()
        _ = try project(rebuild: true)
        let lock = try ProjectorLock(folder, "disclosures")
        #expect(throws: ReadModelError.self) {
            try ReadModelRollback.run(log.data, run: nil, projection: "disclosures")
        }
        lock.release()
        #expect(folder.generation("disclosures") == 2)
    }

    @Test("what a killed rebuild left is swept by the next start")
    func swept() throws {
        _ = try project()
        try Data("half".utf8).write(
            to: URL(fileURLWithPath: folder.file("disclosures", generation: 2)))
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/.disclosures.link", withDestinationPath: "disclosures.2.sqlite")
        #expect(try project().start == .resumed)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
        #expect(names == ["disclosures.1.sqlite", "disclosures.lock", "disclosures.sqlite"])
    }

    @Test(
        "what stopped can be resumed: it stops again while the event is refused, and skips nothing")
    func resumed() throws {
        _ = try project()
        #expect(throws: ReadModelError.self) {
            try ReadModelResume.run(log.data, run: nil, projection: "disclosures")
        }
        let latest = log.messages[299]
        let time = try Envelope(message: latest.span.bytes).recordedAt
        try log.append([message(recordedAt: time.rawValue, template: 999)])
        #expect(try project().failure != nil)
        let refused = try ReadModelResume.run(log.data, run: nil, projection: "disclosures")
        #expect(refused.report.failure == refused.stoppedFor)
        #expect(refused.report.checkpoint.position.own == 300)
        // A failure that is over: of a disk that was full.
        let clean = try DataFixture(count: 200)
        _ = try clean.group().project(rebuild: false)
        let views = ReadModelFolder(path: "\(clean.data.path)/views/data")
        let queue = try DatabaseQueue(path: views.link("disclosures"))
        try queue.write {
            try $0.execute(sql: "UPDATE recount_checkpoint SET error = 'the disk is full'")
        }
        try queue.close()
        let over = try ReadModelResume.run(clean.data, run: nil, projection: "disclosures")
        #expect(over.stoppedFor == "the disk is full" && over.report.failure == nil)
        #expect(try ReadModelStatus.read(views, "disclosures").error == nil)
    }
}
