import Audit
import EventLog
import Events
import FeedbackLoop
import Ingest
import Pipeline
import TestKit
import Testing

@Suite("Late facts")
struct LateFactsTests {
    private let temporary = TemporaryFolder()

    private func day(_ number: Int) -> Day { Day(year: 2020, month: 3, day: 2)! + number }

    @Test("are those that the first cycle that could have read them had not")
    func deadlines() {
        let five = Instant(day(3), hour: 5)
        #expect(LateFacts.deadline(five) == Instant(day(3), hour: 5, minute: 30))
        let cycle = Instant(day(3), hour: 5, minute: 30)
        #expect(LateFacts.deadline(cycle) == cycle)
        #expect(
            LateFacts.deadline(Instant(day(3), hour: 21))
                == Instant(day(4), hour: 5, minute: 30))
    }

    private func bars(_ days: Range<Int>) -> String {
        var text = "ticker,date,open,high,low,close,volume\n"
        for number in days {
            for (index, ticker) in ["AAA", "BBB", "CCC"].enumerated() {
                let price = 50 + Double(index) + Double(number % 7)
                text +=
                    "\(ticker),\(day(number)),\(price),\(price + 1),\(price - 1),\(price),10000\n"
            }
        }
        return text
    }

    private func filings(_ days: Range<Int>) -> String {
        days.reduce(
            "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office\n"
        ) {
            $0 + "\(day($1 - 9)),\(day($1)),X,\(["AAA", "BBB", "CCC"][$1 % 3]),P,"
                + "\"$1,001 - $15,000\",Member \($1 % 5),H,MI0\($1 % 5)\n"
        }
    }

    /// A log that took its history on day 20 and later facts as they came, but for the filings of
    /// three days, which it took on day 60.
    private func log() throws -> (DataFolder, EventLog) {
        let data = DataFolder("\(temporary.path)/data")
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: 1, w1: 1, w2: 1, w3: 1),
                schemaVersion: EventSchema.version))
        func take(_ name: String, at instant: Instant, _ bars: Range<Int>, _ filed: Range<Int>)
            throws
        {
            let writer = IngestWriter(log, clock: { instant })
            if !bars.isEmpty {
                _ = try PriceImporter(
                    writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
                ).run(try temporary.write("\(name)-bars.csv", self.bars(bars)))
            }
            if !filed.isEmpty {
                _ = try DisclosureImporter(
                    writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
                ).run(try temporary.write("\(name)-filings.csv", filings(filed)))
            }
        }
        try take("history", at: Instant(day(20), hour: 22), 0..<20, 0..<20)
        for number in 20..<60 {
            try take(
                "day\(number)", at: Instant(day(number), hour: 22), number..<(number + 1),
                (30..<33).contains(number) ? 0..<0 : number..<(number + 1))
        }
        try take("late", at: Instant(day(60), hour: 22), 60..<61, 30..<33)
        return (data, log)
    }

    @Test("are listed with both times; what a log began with is its history")
    func listed() throws {
        let (_, log) = try log()
        let late = try LateFacts(log)
        #expect(late.since == Instant(day(21), hour: 22))
        #expect(late.late.map(\.kind) == ["DisclosureFiled", "DisclosureFiled", "DisclosureFiled"])
        #expect(
            late.late.map(\.knownAt) == [31, 32, 33].map { Instant(day($0), hour: 5) })
        #expect(late.late.allSatisfy { $0.recordedAt == Instant(day(60), hour: 22) })
        #expect(late.late[0].delay == Int64(29 * 86_400 + 59_400))
        let filed = try #require(late.counts.first { $0.kind == "DisclosureFiled" })
        #expect(filed.late == 3 && filed.undated == 0 && filed.history + filed.inTime == 57)
        // With another end of the history everything before it is none of our business.
        let none = try LateFacts(log, since: Instant(day(61)))
        #expect(none.late.isEmpty && none.counts.allSatisfy { $0.inTime == 0 && $0.late == 0 })
    }

    @Test("left out, a strategy decides otherwise from the first of them on, and not before")
    func otherwise() throws {
        let (data, log) = try log()
        let late = try LateFacts(log)
        let whole = try EventLog.open(at: try Timeline.ensure(data, log: log).path)
        let strategy = try StrategyFile.load(
            "feedback",
            settings: [
                "emit_threshold=0.5", "queue_threshold=0.5", "crowded_confidence=0.5",
                "min_transactions=1", "train=false",
            ])
        try Timeline.aside(log, through: late.end, late.edit) { without in
            let difference = try RunDifference(
                strategy, window: ReplayWindow(), trainer: nil, left: ("without", without),
                right: ("in time", whole))
            #expect(difference.facts?.without.count == 0 && difference.facts?.with.count == 3)
            let parting = try #require(difference.search.parting)
            #expect(parting.instant == Instant(day(31), hour: 5, minute: 30))
            #expect(difference.search.equal > 20)
            // The replay without them is that of a log that never had them.
            let empty = try RunDifference(
                strategy, window: ReplayWindow(), trainer: nil, left: ("one", without),
                right: ("two", without))
            #expect(empty.search.parting == nil && empty.trades.isEmpty)
        }
    }
}
