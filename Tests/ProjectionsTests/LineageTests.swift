import EventLog
import Events
import Foundation
import TestKit
import TestWorlds
import Testing

@testable import Projections

@Suite("Lineage")
struct LineageTests {
    @Test("every reference of every event is an edge, found from both ends")
    func complete() throws {
        let run = try RunFixture.learning()
        let lineage = try CurrentLineage.open(run.data, run: "feedback") { _, _ in }
        let consumed = LineageProjection.consumed.map { $0.templateID }
        var edges = 0
        var cursor = lineage.view.merged.cursor()
        while let record = try cursor.next() {
            let (event, position) = (record.reference, record.position)
            #expect(try lineage.reader.position(of: event) == position)
            guard consumed.contains(try MessageHeader(record.message).templateID) else { continue }
            var named: [Reference] = []
            try MessageReferences.forEach(in: record.message) { named.append($1) }
            // Each is looked up a few times; a sample is enough, and all of the rarer ones.
            guard position % 7 == 0 || event.isTimeline == false && position % 3 == 0 else {
                continue
            }
            let causes = try lineage.reader.causes(of: event)
            for reference in named {
                #expect(causes.contains { $0.event == reference }, "\(event) names \(reference)")
            }
            for cause in causes.prefix(3) {
                for kinds in [nil, [cause.kind]] {
                    let effects = try lineage.reader.effects(
                        of: cause.event, kinds, through: position)
                    #expect(effects.last?.event == event)
                    #expect(effects.last?.relation == cause.relation)
                }
                let before = try lineage.reader.effects(
                    of: cause.event, nil, through: position - 1)
                #expect(!before.contains { $0.event == event })
            }
            #expect(causes.allSatisfy { $0.event != event })
            edges += causes.count
        }
        #expect(edges > 1_000)
    }

    @Test("the last of a ticker, and the next ones, as of any position")
    func subjects() throws {
        let run = try RunFixture()
        let lineage = try CurrentLineage.open(run.data, run: "feedback") { _, _ in }
        let kinds = [SignalGenerated.templateID, SignalSuppressed.templateID]
        for ticker in SmallWorld.tickers {
            var found: [(position: UInt64, event: Reference)] = []
            try lineage.view.merged.read { record in
                let message = record.message
                switch try MessageHeader(message).templateID {
                case SignalGenerated.templateID:
                    guard try SignalGeneratedView(message).ticker == ticker else { break }
                    found.append((record.position, record.reference))
                case SignalSuppressed.templateID:
                    guard try SignalSuppressedView(message).ticker == ticker else { break }
                    found.append((record.position, record.reference))
                default: break
                }
                return .proceed
            }
            #expect(found.count > 5)
            let middle = found[found.count / 2]
            let reader = lineage.reader
            #expect(
                try reader.latest(kinds, of: ticker, through: middle.position) == middle.event)
            #expect(
                try reader.latest(kinds, of: ticker, through: middle.position - 1)
                    == found[found.count / 2 - 1].event)
            #expect(
                try reader.next(kinds, of: ticker, after: middle.position - 1, limit: 3)
                    == found[(found.count / 2)...].prefix(3).map(\.event))
        }
    }

    @Test("a view that grew is caught up before it is asked, and one that did not is left alone")
    func caughtUp() throws {
        let fixture = try DataFixture(count: 50)
        func remark() throws -> String? {
            try CurrentLineage.open(fixture.data, run: nil) { _, _ in }.remark
        }
        #expect(try remark() == "made the read model lineage from 50 events first")
        #expect(try remark() == nil)
        try fixture.append(fixture.messages[50..<80])
        #expect(try remark() == "caught the read model lineage up with 30 events first")
        #expect(try remark() == nil)
    }

    @Test("while another process is at it a lineage of its own answers, and leaves nothing")
    func locked() throws {
        let run = try RunFixture()
        let held = try Projector<LineageProjection>(run.view(), rebuild: true)
        let place = FileManager.default.temporaryDirectory.path
        func left() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: place)
                .filter { $0.hasPrefix("recount-lineage-\(getpid())-") }
        }
        do {
            let lineage = try CurrentLineage.open(run.data, run: "feedback") { _, _ in }
            #expect(lineage.remark?.hasPrefix("made a lineage of its own") == true)
            #expect(try lineage.reader.position(of: .own(1)) != nil)
            #expect(try !left().isEmpty)
        }
        #expect(try left().isEmpty)
        try held.close()
    }

    @Test("an event that names one behind it is refused, with both names")
    func refused() throws {
        var projection = LineageProjection()
        var rows = RowChanges(tables: LineageProjection.tables)
        let skip = SignalSkipped(
            envelope: Envelope(knownAt: .epoch, recordedAt: .epoch, actor: .loop),
            signal: .own(7), day: Day(year: 2020, month: 1, day: 1)!, ticker: Ticker("AAPL")!,
            reason: .cooldown
        ).encoded()
        #expect {
            try projection.evolve(
                ProjectedEvent(position: 1, reference: .own(1), message: skip.span.bytes), &rows)
        } throws: { "\($0)" == "r1 names r7, which does not stand before it" }
    }

    @Test("every field of the schema that names an event has a relation of its name")
    func relations() {
        for message in EventSchema.messages {
            for field in message.fields + message.groups.flatMap(\.fields) {
                guard case .reference = field.kind else { continue }
                #expect(
                    Relation.allCases.contains { "\($0)" == field.name },
                    "\(message.name).\(field.name)")
            }
        }
    }
}
