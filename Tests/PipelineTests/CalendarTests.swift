import EventLog
import Events
import Foundation
import Ingest
import Market
import TestKit
import Testing

@testable import Pipeline

@Suite("Sessions of an exchange's calendar")
struct CalendarTests {
    private let folder = TemporaryFolder()

    /// Bars of two tickers on each date from one on, weekends and holidays among them.
    private func bars(from first: Day, days: Int) -> String {
        var text = "ticker,date,open,high,low,close,volume\n"
        for number in 0..<days {
            for ticker in ["AAA", "BBB"] { text += "\(ticker),\(first + number),10,11,9,10,1000\n" }
        }
        return text
    }

    private func log(_ name: String) throws -> (DataFolder, EventLog) {
        let data = DataFolder("\(folder.path)/\(name)")
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: UInt64(name.count), w1: 2, w2: 1, w3: 1),
                schemaVersion: EventSchema.version))
        return (data, log)
    }

    private let now = Instant(Day(year: 2026, month: 1, day: 1)!)

    private func ingest(_ text: String, into log: EventLog, _ name: String) throws {
        let writer = IngestWriter(log, clock: { now })
        _ = try PriceImporter(
            writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
        ).run(folder.write("\(name).csv", text))
    }

    private func sessions(_ timeline: EventLog) throws -> [Day] {
        var days: [Day] = []
        try timeline.read { record in
            if try MessageHeader(record.message).templateID == SessionClosed.templateID {
                days.append(try SessionClosedView(record.message).day)
            }
            return .proceed
        }
        return days
    }

    @Test("weekends, holidays and closures are no sessions, whatever has bars on them; counted")
    func sessions() throws {
        let (data, log) = try log("xnys")
        try DataSetting.choose(.xnys, in: log, at: now)
        // A Saturday to the Sunday after the hurricane of 2012, and the Christmas of that year.
        let first = Day(year: 2012, month: 10, day: 27)!
        let christmas = Day(year: 2012, month: 12, day: 24)!
        try ingest(bars(from: first, days: 9), into: log, "sandy")
        try ingest(bars(from: christmas, days: 3), into: log, "christmas")
        let derived = try Timeline.ensure(data, log: log)
        let found = try sessions(try EventLog.open(at: derived.path))
        #expect(found == [first + 4, first + 5, first + 6, christmas, christmas + 2])
        #expect(derived.merged?.datesLeftOut == 7 && derived.merged?.barsLeftOut == 14)
        #expect(derived.quality?.sessions?.contains("XNYS: 7 other dates with 14 bars") == true)
        // Kept beside the timeline.
        let again = try Timeline.ensure(data, log: log)
        #expect(again.merged == nil && again.quality == derived.quality)
    }

    @Test("without a choice, and with none, bars alone decide, and both give one timeline")
    func none() throws {
        let text = bars(from: Day(year: 2012, month: 10, day: 27)!, days: 9)
        var seals: [Digest] = []
        for name in ["none", "before"] {
            let (data, log) = try log(name)
            if name == "none" { try DataSetting.choose(.none, in: log, at: now) }
            try ingest(text, into: log, name)
            let derived = try Timeline.ensure(data, log: log)
            #expect(try sessions(try EventLog.open(at: derived.path)).count == 9)
            #expect(derived.quality?.sessions == nil)
            seals.append(derived.head.seal)
        }
        #expect(seals[0] == seals[1])
    }

    @Test("a date outside of the calendar's years is an error that says what to do")
    func outside() throws {
        let (data, log) = try log("outside")
        try DataSetting.choose(.xnys, in: log, at: now)
        try ingest(bars(from: Day(year: 1985, month: 7, day: 1)!, days: 3), into: log, "old")
        let error = #expect(throws: CalendarError.self) { try Timeline.ensure(data, log: log) }
        #expect(error.map { "\($0)".contains("--calendar none") } == true)
    }

    @Test("the choice is made before the first fact, once, and a log with two is refused")
    func once() throws {
        let (data, log) = try log("once")
        try DataSetting.choose(.xnys, in: log, at: now)
        try DataSetting.choose(.xnys, in: log, at: now)
        #expect(try log.head().position == 1 && DataSetting.calendar(of: log) == .xnys)
        #expect(throws: DataSettingError.otherCalendar(.xnys)) {
            try DataSetting.choose(.none, in: log, at: now)
        }
        let (_, other) = try self.log("with facts")
        try ingest(bars(from: Day(year: 2020, month: 1, day: 6)!, days: 3), into: other, "facts")
        #expect(throws: DataSettingError.factsWithout) {
            try DataSetting.choose(.xnys, in: other, at: now)
        }
        let text = Array("none".utf8)
        let second = ConfigurationChanged(
            envelope: Envelope(knownAt: now, recordedAt: now, actor: .importer), digest: .zero,
            scope: .facts, name: "calendar", parent: nil, forkedAt: .none, who: nil, startDay: nil,
            endDay: nil, text: text)
        try log.append(now: now) { (batch: inout AppendBatch) in batch.append(second) }
        #expect(throws: DataSettingError.twoCalendars) { try DataSetting.calendar(of: log) }
        #expect(throws: DataSettingError.twoCalendars) { try Timeline.ensure(data, log: log) }
    }
}
