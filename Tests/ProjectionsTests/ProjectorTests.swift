import EventLog
import Events
import Foundation
import GRDB
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Projections

@Suite("Projectors")
struct ProjectorTests {
    @Test("a file of another version, a damaged one and one without its state are made anew")
    func rebuilds() throws {
        let run = try RunFixture(sessions: 60)
        let digests = try run.digests()
        try run.tamper("signals", "UPDATE recount_checkpoint SET version = 0")
        try run.tamper("performance", "UPDATE recount_checkpoint SET state = x'01'")
        try run.tamper("model-registry", "UPDATE recount_checkpoint SET version = 0")
        try run.tamper("disclosures", "DROP TABLE recount_checkpoint")
        let folder = ReadModelFolder(path: "\(run.data.path)/views/feedback")
        try Data(repeating: 7, count: 50_000).write(
            to: URL(fileURLWithPath: folder.file("portfolio", generation: 1)))
        let reports = try run.project()
        let reasons = [
            "disclosures": "recount_checkpoint", "model-registry": "version 0",
            "performance": "byte", "portfolio": "not a database", "signals": "version 0",
        ]
        for report in reports {
            guard let reason = reasons[report.projection] else { continue }
            guard case .rebuilding(let why) = report.start else {
                Issue.record("\(report.projection) was not rebuilt")
                continue
            }
            #expect(why.contains(reason), "\(report.projection): \(why)")
        }
        #expect(reports.map { "\($0.checkpoint.digest)" } == digests)
        #expect(try run.project().allSatisfy { $0.start == .resumed && $0.events == 0 })
    }

    @Test("another log in the same place is noticed at the start and everything made anew")
    func otherLog() throws {
        let first = try DataFixture(count: 400)
        _ = try first.group().project(rebuild: false)
        let before = try first.count()
        try FileManager.default.removeItem(atPath: first.data.log)
        try first.append(first.messages[100..<900])
        let report = try #require(try first.group().project(rebuild: false).first)
        guard case .rebuilding(let reason) = report.start else {
            Issue.record("it went on over another log")
            return
        }
        #expect(reason.contains("not the log that was seen"))
        #expect(try first.count() != before)
    }

    @Test(
        "a projector that follows a log that is replaced notices, and ends with the new one's rows")
    func replacedWhileFollowing() throws {
        let log = try DataFixture(count: 300)
        let expected = try DataFixture(count: 0)
        try expected.append(log.messages[200..<800])
        _ = try expected.group().project(rebuild: false)
        var replaced = false
        var step = 0
        let deadline = ContinuousClock.now + .seconds(30)
        let reports = try log.group { happening in
            if case .replaced = happening { replaced = true }
        }.follow(rebuild: false) {
            step += 1
            if step == 1 {
                try? FileManager.default.removeItem(atPath: log.data.log)
                try? log.append(log.messages[200..<800])
            }
            return (!replaced || step < 4) && ContinuousClock.now < deadline
        }
        #expect(replaced)
        #expect(reports.first?.checkpoint.position.own == 600)
        #expect(try log.count() == expected.count())
    }

    @Test("a projector that follows stores what is appended, and stops when asked")
    func following() throws {
        let log = try DataFixture(count: 300)
        let whole = try DataFixture(count: 900)
        let writer = try Peer(["feed", log.data.log, whole.data.log, "200"])
        #expect(writer.line() == "open")
        var steps = 0
        let reports = try log.group().follow(rebuild: false) {
            steps += 1
            guard steps <= 3 else { return false }
            writer.proceed()
            return writer.line() == "\(300 + 200 * steps)"
        }
        writer.finish()
        #expect(reports.first?.checkpoint.position.own == 900)
        let digest = try whole.group().project(rebuild: false).first?.checkpoint.digest
        #expect(reports.first?.checkpoint.digest == digest)
    }

    @Test("a second process may not project into the same file; it says what to do")
    func lock() throws {
        let run = try RunFixture(sessions: 40)
        let first = try Projector<SignalsProjection>(try run.view(), rebuild: false)
        let error = #expect(throws: ReadModelError.self) { try run.project(["signals"]) }
        #expect("\(error!)".contains("another process"))
        #expect(try run.project(["performance"]).count == 1, "others go on")
        try first.close()
    }

    @Test("readers read while the projector writes, and an open reader keeps the generation it has")
    func readers() throws {
        let run = try RunFixture(sessions: 60)
        let digests = try run.digests()
        let link = ReadModelFolder(path: "\(run.data.path)/views/feedback").link("signals")
        var configuration = Configuration()
        configuration.readonly = true
        let reader = try DatabaseQueue(path: link, configuration: configuration)
        let counts = try reader.inDatabase { database -> (Int?, Int?) in
            try database.execute(sql: "BEGIN")
            let before = try Int.fetchOne(database, sql: "SELECT count(*) FROM trading_signals")
            _ = try run.project(["signals"], rebuild: true)
            let after = try Int.fetchOne(database, sql: "SELECT count(*) FROM trading_signals")
            try database.execute(sql: "COMMIT")
            return (before, after)
        }
        #expect(counts.0 == counts.1 && counts.0 ?? 0 > 0)
        #expect(try run.digests() == digests)
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: link)
        #expect(target == "signals.2.sqlite")
    }

    @Test("a reader that holds its snapshot while the log grows is called stuck within a second")
    func stuckReader() throws {
        let log = try DataFixture(count: 100)
        let peer = try Peer(["hold", log.data.log])
        defer { peer.finish() }
        #expect(peer.line() == "holding")
        try log.append(log.messages[100..<200])
        var stuck = StuckReaders()
        let start = ContinuousClock.now
        var found: [Int32] = []
        while found.isEmpty, ContinuousClock.now - start < .seconds(20) {
            stuck.look([try ViewStatus(log.data, run: nil)])
            found = stuck.stuck("data").map { $0.reader.process }
            usleep(50_000)
        }
        #expect(found == [peer.number])
        #expect(StuckReaders.seconds < 1, "the rest of the second is for the look itself")
    }
}
