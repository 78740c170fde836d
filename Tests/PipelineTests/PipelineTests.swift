import EventLog
import Events
import FeedbackLoop
import Foundation
import Ingest
import TestKit
import Testing

@testable import Pipeline

@Suite("Timelines and runs")
struct PipelineTests {
    private let folder = TemporaryFolder()

    private func day(_ number: Int) -> Day { Day(year: 2020, month: 3, day: 2)! + number }

    private func bars(_ tickers: [String], _ days: Range<Int>) -> String {
        var text = "ticker,date,open,high,low,close,volume\n"
        for number in days {
            for (index, ticker) in tickers.enumerated() {
                let price = 50 + Double(index) + Double(number % 7)
                text +=
                    "\(ticker),\(day(number)),\(price),\(price + 1),\(price - 1),\(price),10000\n"
            }
        }
        return text
    }

    private func filings(_ count: Int) -> String {
        var text =
            "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office\n"
        for number in 0..<count {
            let ticker = ["AAA", "BBB", "CCC"][number % 3]
            let traded = day(number % 20)
            text += "\(traded),\(traded + 10),X,\(ticker),P,\"$1,001 - $15,000\","
            text += "Member \(number % 5),H,MI0\(number % 5)\n"
        }
        return text
    }

    /// Ingests files in the given order and returns the data folder.
    private func ingest(_ name: String, _ order: [Int]) throws -> DataFolder {
        let data = DataFolder("\(folder.path)/\(name)")
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: UInt64(name.count), w1: 1, w2: 1, w3: 1),
                schemaVersion: EventSchema.version))
        let writer = IngestWriter(log, clock: { Instant(Day(year: 2026, month: 1, day: 1)!) })
        let prices = PriceImporter(
            writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in })
        let disclosures = DisclosureImporter(
            writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in })
        let files = [
            try folder.write("\(name)-a.csv", bars(["AAA", "BBB"], 0..<60)),
            try folder.write("\(name)-b.csv", bars(["BBB", "CCC"], 0..<60)),
            try folder.write("\(name)-c.csv", filings(60)),
        ]
        for index in order {
            _ = index == 2 ? try disclosures.run(files[index]) : try prices.run(files[index])
        }
        return data
    }

    private func run(_ data: DataFolder, _ name: String, settings: [String] = []) throws
        -> Run.Result
    {
        let derived = try Timeline.ensure(data, log: try EventLog.open(at: data.log))
        guard
            case .loop(let loop) = try StrategyFile.load(
                "feedback",
                settings: [
                    "emit_threshold=0.5", "queue_threshold=0.55", "crowded_confidence=0.5",
                ] + settings)
        else { throw CancellationError() }
        return try Run.make(
            loop, timeline: try EventLog.open(at: derived.path), at: try data.run(name))
    }

    @Test("the seal of a run depends neither on the order of ingest nor on repetition")
    func orderIndependence() throws {
        let first = try ingest("one", [0, 1, 2])
        let second = try ingest("three", [2, 1, 0])
        let results = [
            try run(first, "a"), try run(first, "b"), try run(second, "a"),
        ]
        #expect(results[0].head.position > 50, "something was decided")
        #expect(results.allSatisfy { $0.head == results[0].head })
        #expect(results.allSatisfy { $0.timeline.seal == results[0].timeline.seal })
    }

    @Test("a backtest names no program in its log, and so is written as before there was a name")
    func program() throws {
        let data = try ingest("one", [0, 1, 2])
        _ = try run(data, "a")
        var versions: Set<UInt16> = []
        var first: ConfigurationChanged?
        try EventLog.open(at: try data.run("a")).read { record in
            if record.position == 1 { first = try ConfigurationChanged(message: record.message) }
            versions.insert(try MessageHeader(record.message).version)
            return .proceed
        }
        #expect(try #require(first).program == nil)
        #expect(versions == [0])
    }

    @Test("another setting gives another seal; the same run name is refused")
    func settings() throws {
        let data = try ingest("one", [0, 1, 2])
        let one = try run(data, "a")
        let other = try run(data, "b", settings: ["slippage_bp=50"])
        #expect(one.head.seal != other.head.seal)
        #expect(throws: LogError.self) { try run(data, "a") }
    }

    @Test("a timeline has one session a day, bars ascending by ticker, each ticker once")
    func sessions() throws {
        let data = try ingest("one", [0, 1, 2])
        let derived = try Timeline.ensure(data, log: try EventLog.open(at: data.log))
        let timeline = try EventLog.open(at: derived.path)
        var days: [Day] = []
        var latest = Instant.epoch
        try timeline.read { record in
            let envelope = try Envelope(message: record.message)
            #expect(envelope.knownAt >= latest && envelope.recordedAt == envelope.knownAt)
            latest = envelope.knownAt
            if let session = try? SessionClosed(message: record.message) {
                days.append(session.day)
                #expect(session.bars.map { "\($0.ticker)" } == ["AAA", "BBB", "CCC"])
            }
            return .proceed
        }
        #expect(days == (0..<60).map(day))
        #expect(derived.merged?.conflicts == 60, "BBB stands in both files, at other prices")
        #expect(try Timeline.ensure(data, log: try EventLog.open(at: data.log)).merged == nil)
    }

    @Test("a date on which few tickers have a bar is no session and is counted")
    func strayDate() throws {
        let data = try ingest("one", [0, 1, 2])
        let log = try EventLog.open(at: data.log, access: .write)
        let writer = IngestWriter(log, clock: { Instant(Day(year: 2026, month: 1, day: 1)!) })
        let stray = try folder.write("stray.csv", bars(["ZZZ"], 60..<61))
        _ = try PriceImporter(
            writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
        ).run(stray)
        let derived = try Timeline.ensure(data, log: log)
        #expect(derived.merged?.datesLeftOut == 1)
        #expect(derived.merged?.sessions == 60)
    }
}

@Suite("Strategy files")
struct StrategyFileTests {
    @Test(
        "what is wrong is named with its line and what to write",
        arguments: [
            ("emit_treshold: 0.6", "s.yaml:1", "no setting"),
            ("extends: feedback\nmax_positions: many", "s.yaml:2", "whole number"),
            ("extends: feedback\nemit_threshold: 1.5", "s.yaml:2", "outside"),
            ("extends: nobody", "s.yaml:1", "feedback, baseline"),
            ("- a\n- b", "s.yaml:1", "mapping"),
            ("slippage_bp: 1\nslippage_bp: 2", "s.yaml", "duplicated"),
        ])
    func refusals(text: String, place: String, words: String) {
        do throws(StrategyFileError) {
            _ = try StrategyFile.parse(text, file: "s.yaml").built(place: "s.yaml")
            Issue.record("accepted")
        } catch {
            #expect("\(error)".hasPrefix(place), "\(error)")
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test("a strategy's canonical text is read back as the same strategy")
    func canonical() throws {
        for name in StrategyFile.builtIn {
            let built = try StrategyFile.load(name)
            let text: String
            switch built {
            case .loop(let loop): text = loop.canonicalText
            case .follow(let follow): text = follow.canonicalText
            }
            let again = try StrategyFile.parse(text, file: "x.yaml").built(place: "x.yaml")
            switch again {
            case .loop(let loop): #expect(loop.canonicalText == text)
            case .follow(let follow): #expect(follow.canonicalText == text)
            }
        }
    }
}
