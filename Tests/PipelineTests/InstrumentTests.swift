import EventLog
import Events
import Foundation
import Ingest
import Market
import TestKit
import Testing

@testable import Pipeline

@Suite("Instruments and their corporate actions in a timeline")
struct InstrumentTests {
    private let folder = TemporaryFolder()

    private func day(_ number: Int) -> Day { Day(year: 2020, month: 3, day: 2)! + number }

    /// Bars of a ticker on the weekdays of a range of days.
    private func bars(_ ticker: String, _ days: Range<Int>, _ price: Double = 50) -> String {
        days.filter { $0 % 7 < 5 }
            .map { "\(ticker),\(day($0)),\(price),\(price),\(price),\(price),10000\n" }.joined()
    }

    private func filing(_ ticker: String, filed: Int) -> String {
        "\(day(filed - 5)),\(day(filed)),X,\(ticker),P,\"$1,001 - $15,000\",Member A,H,MI01\n"
    }

    private enum File {
        case raw(String)
        case adjusted(String)
        case actions(String)
        case filings(String)
    }

    private static let prices = "ticker,date,open,high,low,close,volume\n"
    private static let actions = "ticker,ex_date,kind,ratio,amount,new_ticker,announced\n"
    private static let filings =
        "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office\n"

    /// The timeline of some files, and what was left out of it.
    private func derive(_ name: String, _ files: [File]) throws -> (EventLog, SessionMerge.Counts) {
        let data = DataFolder("\(folder.path)/\(name)")
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: UInt64(name.count), w1: 1, w2: 1, w3: 1),
                schemaVersion: EventSchema.version))
        let writer = IngestWriter(log, clock: { Instant(Day(year: 2026, month: 1, day: 1)!) })
        for (number, file) in files.enumerated() {
            let path = "\(name)-\(number).csv"
            switch file {
            case .raw(let text), .adjusted(let text):
                var options = PriceImporter.Options()
                if case .raw = file { options.adjustment = Adjustment.none }
                _ = try PriceImporter(
                    writer, options: options, onReject: { _ in }, onProgress: { _, _ in }
                ).run(folder.write(path, Self.prices + text))
            case .actions(let text):
                let report = try ActionImporter(writer, onReject: { _ in })
                    .run(folder.write(path, Self.actions + text))
                #expect(report.rejected == 0)
            case .filings(let text):
                _ = try DisclosureImporter(
                    writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
                ).run(folder.write(path, Self.filings + text))
            }
        }
        let derived = try Timeline.ensure(data, log: log)
        return (try EventLog.open(at: derived.path), try #require(derived.merged))
    }

    /// The tickers of the bars of a session.
    private func tickers(_ timeline: EventLog, _ day: Day) throws -> [String] {
        var found: [String] = []
        try timeline.read { record in
            if try MessageHeader(record.message).templateID == SessionClosed.templateID {
                let event = try SessionClosed(message: record.message)
                if event.day == day { found = event.bars.map { $0.ticker.description } }
            }
            return .proceed
        }
        return found
    }

    private func all<Event: EventMessage>(_ timeline: EventLog, _ type: Event.Type) throws
        -> [Event]
    {
        var found: [Event] = []
        try timeline.read { record in
            if try MessageHeader(record.message).templateID == Event.templateID {
                found.append(try Event(message: record.message))
            }
            return .proceed
        }
        return found
    }

    private var change: String { "AAA,\(day(35)),symbol-change,,,ZZZ,\n" }

    @Test("a changed symbol is the same instrument from its ex-date on, and not a day before")
    func changed() throws {
        let (timeline, counts) = try derive(
            "changed",
            [
                .raw(bars("AAA", 0..<35) + bars("ZZZ", 35..<70) + bars("OTHER", 0..<70)),
                .actions(change),
                .filings(
                    filing("ZZZ", filed: 20) + filing("ZZZ", filed: 40) + filing("AAA", filed: 40)),
            ])
        #expect(counts.symbolChanges == 1 && counts.symbolChangesLeftOut == 0)
        #expect(try tickers(timeline, day(32)) == ["AAA", "OTHER"])
        #expect(try tickers(timeline, day(35)) == ["AAA", "OTHER"])
        #expect(try tickers(timeline, day(66)) == ["AAA", "OTHER"])
        #expect(
            try all(timeline, DisclosureFiled.self).map(\.ticker.description).sorted()
                == ["AAA", "AAA", "ZZZ"])
    }

    @Test("a change that bars do not bear out is not followed, and counted")
    func notBorneOut() throws {
        // The source has the new symbol for the whole of its history.
        let (timeline, counts) = try derive(
            "whole", [.raw(bars("ZZZ", 0..<70) + bars("OTHER", 0..<70)), .actions(change)])
        #expect(counts.symbolChanges == 0 && counts.symbolChangesLeftOut == 1)
        #expect(try tickers(timeline, day(66)) == ["OTHER", "ZZZ"])
        // Both are traded.
        let both = try derive(
            "both", [.raw(bars("AAA", 0..<70) + bars("ZZZ", 0..<70)), .actions(change)])
        #expect(both.1.symbolChangesLeftOut == 1)
        #expect(try tickers(both.0, day(66)) == ["AAA", "ZZZ"])
    }

    @Test("a symbol that others use after its change is another instrument")
    func usedAgain() throws {
        let (timeline, _) = try derive(
            "again",
            [
                .raw(
                    bars("AAA", 0..<35) + bars("ZZZ", 35..<70) + bars("AAA", 49..<70, 9)
                        + bars("OTHER", 0..<70)), .actions(change),
                .filings(filing("AAA", filed: 60) + filing("ZZZ", filed: 61)),
            ])
        #expect(try tickers(timeline, day(42)) == ["AAA", "OTHER"])
        #expect(try tickers(timeline, day(63)) == ["AAA", "AAA~2", "OTHER"])
        #expect(
            try all(timeline, DisclosureFiled.self).map(\.ticker.description) == ["AAA~2", "AAA"])
    }

    @Test("an action that becomes known later leaves the timeline before it as it was")
    func later() throws {
        let files: [File] = [
            .raw(bars("AAA", 0..<35) + bars("ZZZ", 35..<70) + bars("OTHER", 0..<70)),
            .filings((1..<14).map { filing("AAA", filed: 2 * $0) }.joined()),
        ]
        let (without, _) = try derive("without", files)
        let (with, _) = try derive(
            "with", files + [.actions(change + "OTHER,\(day(50)),split,3,,,\n")])
        func bytes(_ timeline: EventLog, before day: Day) throws -> [[UInt8]] {
            var found: [[UInt8]] = []
            try timeline.read { record in
                guard try Envelope(message: record.message).knownAt < Instant(day, hour: 5) else {
                    return .stop
                }
                found.append(record.message.withUnsafeBytes { Array($0) })
                return .proceed
            }
            return found
        }
        let before = try bytes(without, before: day(35))
        #expect(before.count > 30)
        #expect(try bytes(with, before: day(35)) == before)
    }

    @Test(
        "of two sources of one action one counts, whatever was ingested first; a difference shows")
    func merged() throws {
        let raw = File.raw(bars("AAA", 0..<30) + bars("OTHER", 0..<30))
        let one = File.actions(
            "AAA,\(day(10)),split,4,,,\nAAA,\(day(15)),dividend,,0.5,,\n"
                + "AAA,\(day(15)),dividend,,2,,\n"
        )
        let other = File.actions(
            "AAA,\(day(10)),split,4.00001,,,\nAAA,\(day(15)),dividend,,0.6,,\n")
        let (first, counts) = try derive("first", [raw, one, other])
        let (second, _) = try derive("second", [other, one, raw])
        #expect(try first.head().seal == second.head().seal)
        let actions = try all(first, CorporateActionAnnounced.self)
        #expect(actions.count == counts.actions && counts.actionConflicts >= 1)
        #expect(actions.filter { $0.kind == .split }.count == 1)
        #expect(actions.allSatisfy { $0.source == .zero && $0.envelope.actor == .timeline })
    }

    @Test("what a timeline shows of its prices by itself is what was found when it was derived")
    func scanned() throws {
        let files: [File] = [
            .raw(bars("AAA", 0..<21) + bars("AAA", 21..<70, 200)), .raw(bars("BBB", 0..<70)),
            .raw(bars("BBB", 60..<70, 51)), .adjusted(bars("CCC", 0..<70)),
            .actions("BBB,\(day(70)),split,3,,,\nAAA,\(day(10)),dividend,,0.5,,\n"),
        ]
        let (timeline, counts) = try derive("scanned", files)
        let kept = try PriceQuality.read(of: timeline)
        let scanned = try PriceQuality.scan(timeline)
        #expect(kept.jumps == 1 && kept.firstJumps.map(\.text) == ["×4.00"])
        #expect(kept.conflictingBars == counts.conflicts && counts.conflicts == 6)
        #expect(scanned.jumps == kept.jumps && scanned.firstJumps == kept.firstJumps)
        #expect(scanned.conflictingBars == kept.conflictingBars)
        #expect(scanned.bars == kept.bars && scanned.unadjustedBars == kept.unadjustedBars)
        #expect(scanned.actions == kept.actions && kept.actions == 2)
        #expect(kept.warnings.count == 2 && scanned.warnings.count == 2)
    }

    @Test("an action that the prices of its instrument are adjusted for is left out, and counted")
    func inPrices() throws {
        let actions = File.actions(
            "AAA,\(day(10)),split,4,,,\nAAA,\(day(15)),dividend,,0.5,,\nBBB,\(day(10)),split,4,,,\n"
        )
        let (timeline, counts) = try derive(
            "inPrices", [.adjusted(bars("AAA", 0..<30)), .raw(bars("BBB", 0..<30)), actions])
        #expect(counts.actionsInPrices == 2 && counts.actions == 1)
        #expect(
            try all(timeline, CorporateActionAnnounced.self).map(\.ticker.description) == ["BBB"])
    }
}
