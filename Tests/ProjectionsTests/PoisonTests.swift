import EventLog
import Events
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Projections

@Suite("Poison events")
struct PoisonTests {
    /// The projector of disclosures stops before position 401; that of outcomes goes on to `other`.
    private func expectStop(_ log: DataFixture, other: UInt64, words: [String]) throws {
        let reports = try log.group(["disclosures", "performance"]).project(rebuild: false)
        #expect(reports.last?.checkpoint.position.own == other)
        let stopped = try #require(reports.first)
        for word in words + ["disclosures: stopped before position 401", "recount events"] {
            #expect(stopped.failure?.contains(word) == true, "\(stopped.failure ?? "") – \(word)")
        }
        #expect(stopped.checkpoint.position.own == 400, "what came before is kept")
        let status = try ReadModelStatus.read(
            ReadModelFolder(path: "\(log.data.path)/views/data"), "disclosures")
        #expect(status.error == stopped.failure)
        #expect(status.checkpoint.position.own == 400)
        try ReadModelCheck.run(log.data, run: nil, projection: "disclosures")
        let clean = try DataFixture(count: 400)
        #expect(
            try clean.group().project(rebuild: false).first?.checkpoint.digest
                == status.checkpoint.digest)
        // Again: it stops at the same place and loses nothing.
        let again = try log.group().project(rebuild: false).first
        #expect(again?.failure == stopped.failure && again?.checkpoint == stopped.checkpoint)
    }

    @Test("an event of a type that the program does not know stops it with the position")
    func unknownType() throws {
        let log = try DataFixture(count: 400)
        let latest = log.messages[399]
        let time = try Envelope(message: latest.span.bytes).recordedAt
        try log.append([message(recordedAt: time.rawValue, template: 999)])
        try log.append(log.messages[500..<600])
        try expectStop(log, other: 400, words: ["999", "update the program"])
    }

    @Test("a value that the program does not know stops only the projector that reads it")
    func unknownValue() throws {
        let log = try DataFixture(count: 400)
        let found = try log.messages[400...].first {
            try MessageHeader($0.span.bytes).templateID == DisclosureFiled.templateID
        }
        var poison = try #require(found)
        let side = 8 + 126
        #expect(poison[side] == TradeSide.buy.rawValue || poison[side] == TradeSide.sell.rawValue)
        poison[side] = 200
        try log.append([poison])
        try log.append(log.messages[500..<600])
        try expectStop(log, other: 501, words: ["DisclosureFiled", "Side"])
    }
}
