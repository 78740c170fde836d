import Events
import FeedbackLoop
import Market
import Testing

@testable import Backtest

@Suite("Studies of a page")
struct StudyTests {
    private static let monday = Day(year: 2020, month: 3, day: 2)!

    /// Facts of consecutive weekdays: closes by ticker, opens at the close before, and an index.
    private func facts(
        _ closes: [(ticker: String, values: [Double?])], index: [Double],
        filings: [(ticker: String, side: TradeSide, filer: String, traded: Day, filed: Day)] = []
    ) throws -> TimelineFacts {
        var facts = TimelineFacts()
        var position: UInt64 = 0
        func take(_ message: [UInt8]) throws {
            position += 1
            try facts.take(message.span.bytes, at: position)
        }
        for (number, filing) in filings.enumerated() {
            try take(SmallFacts.filing(number, filing))
        }
        for (session, level) in index.enumerated() {
            let before = session > 0 ? index[session - 1] : level
            let day = SmallFacts.weekday(session)
            try take(SmallFacts.index(day, open: before, close: level))
            try take(
                SmallFacts.session(
                    day,
                    closes.compactMap { ticker, values in
                        guard let close = values[session] else { return nil }
                        let open = session > 0 ? values[session - 1] ?? close : close
                        return (ticker, open, close)
                    }))
        }
        return facts
    }

    @Test(
        "a filing is first read by the cycle of the session before the morning it is known",
        arguments: [
            ("2020-03-05", 5, 0, "2020-03-04"), ("2020-03-05", 5, 30, "2020-03-04"),
            ("2020-03-05", 5, 31, "2020-03-05"), ("2020-03-05", 21, 0, "2020-03-05"),
            ("2020-03-07", 5, 0, "2020-03-06"), ("2020-03-08", 5, 0, "2020-03-07"),
        ])
    func firstRead(day: String, hour: Int, minute: Int, expected: String) {
        let filing = FilingFact(
            position: 1, knownAt: Instant(Day(day)!, hour: hour, minute: minute),
            filedOn: Day(day)!, tradedOn: Day(day)!, ticker: Ticker("A")!, side: .buy)
        #expect(filing.firstReadDay == Day(expected)!)
    }

    @Test("the event-time curve is close over the first tradable open, less the index, by hand")
    func eventStudy() throws {
        // Filed on Wednesday, known on Thursday 05:00, read after Wednesday, tradable on Thursday.
        let wednesday = StudyTests.monday + 2
        let filings: [(String, TradeSide, String, Day, Day)] = [
            ("A", .buy, "X", StudyTests.monday - 20, wednesday),
            ("A", .buy, "Y", StudyTests.monday - 9, wednesday),
            ("A", .sell, "Y", StudyTests.monday - 9, wednesday + 10),
            ("NONE", .buy, "Y", StudyTests.monday - 9, wednesday),
        ]
        let facts = try facts(
            [("A", [10, 10, 12, 15, 18, 9])], index: [100, 100, 100, 110, 110, 99],
            filings: filings)
        let study = EventStudy(
            facts, from: SmallFacts.weekday(0), to: SmallFacts.weekday(5))
        let buys = study.curves[0]
        // Two rows of one ticker, side and session are one event; a ticker without bars is none.
        #expect(buys.events == 1)
        func mean(_ offset: Int) -> Double? { buys.points.first { $0.offset == offset }?.mean }
        // Thursday opens at 12 (index 100) and closes at 15 (110).
        #expect(agrees(mean(0), 15.0 / 12 - 1.1))
        #expect(agrees(mean(1), 18.0 / 12 - 1.1))
        #expect(agrees(mean(2), 9.0 / 12 - 0.99))
        #expect(agrees(mean(-1), 0))
        #expect(agrees(mean(-3), -(12.0 / 10 - 1)))
        #expect(mean(3) == nil && mean(-4) == nil)
        #expect(buys.points.allSatisfy { $0.standardError == nil })
        #expect(study.curves[1].events == 0)
    }

    @Test("prices without a drift have no drift before the filing, however they scatter")
    func noJensen() throws {
        // Up by a fifth or down by a fifth before the open: a mean of 0, where close / open would
        // have a mean of 4 per cent.
        let filings: [(String, TradeSide, String, Day, Day)] = ["A", "B"].map {
            ($0, .buy, "X", StudyTests.monday - 20, StudyTests.monday + 1)
        }
        let facts = try facts(
            [("A", [100, 120, 120]), ("B", [100, 80, 80])], index: [100, 100, 100],
            filings: filings)
        let points = EventStudy(
            facts, from: SmallFacts.weekday(0), to: SmallFacts.weekday(2)
        ).curves[0].points
        #expect(agrees(points.first { $0.offset == -2 }?.mean, 0))
        #expect(points.first { $0.offset == -2 }?.count == 2)
    }

    @Test("an event outside the window, or whose session is still to come, is left out")
    func eventWindow() throws {
        let filings: [(String, TradeSide, String, Day, Day)] = [
            ("A", .buy, "X", StudyTests.monday - 20, StudyTests.monday),
            ("A", .buy, "X", StudyTests.monday - 20, StudyTests.monday + 3),
        ]
        let facts = try facts(
            [("A", [10, 10, 12, 15])], index: [100, 100, 100, 110], filings: filings)
        func count(_ from: Int, _ to: Int) -> Int {
            EventStudy(facts, from: SmallFacts.weekday(from), to: SmallFacts.weekday(to))
                .curves[0].events
        }
        #expect(count(0, 3) == 1)
        #expect(count(1, 1) == 1)
        #expect(count(0, 0) == 0)
        #expect(count(2, 3) == 0)
    }

    @Test("a standard error clustered by month is the one computed by hand")
    func clustered() {
        // mean 2.5; cluster sums of deviations −2 and 2; √(2/1 · 8) / 4 = 1.
        let error = ClusteredError.ofMean([1, 2, 3, 4], clusters: [1, 1, 2, 2])
        #expect(agrees(error, 1))
        #expect(ClusteredError.ofMean([1, 2], clusters: [1, 1]) == nil)
        #expect(ClusteredError.ofMean([], clusters: []) == nil)
    }

    @Test("the universe is the mean return of tickers with a bar in both sessions")
    func universe() throws {
        let facts = try facts(
            [("A", [10, 11, 11, 22]), ("B", [20, nil, 10, 5]), ("C", [nil, nil, 7, 7])],
            index: [1, 1, 1, 1])
        let returns = Universe.returns(facts.prices, days: (0..<4).map(SmallFacts.weekday))
        #expect(returns[0] == nil)
        #expect(agrees(returns[1], 0.1))
        #expect(agrees(returns[2], 0))
        #expect(agrees(returns[3], (1 - 0.5 + 0) / 3))
    }

    @Test(
        "the histogram counts every trade once, wins apart: what is up by less than half a per cent is none"
    )
    func histogram() {
        let trades = [
            Fixtures.trade("A", 0.9, on: "2020-01-02"), Fixtures.trade("B", -0.4, on: "2020-01-02"),
            Fixtures.trade("C", 0.049, on: "2020-01-02"),
            Fixtures.trade("D", 0.005, on: "2020-01-02"),
        ]
        let returns = Histogram.returns(trades).bins
        #expect(returns.last == Histogram.Bin(label: "50+", wins: 1, others: 0))
        #expect(returns.first == Histogram.Bin(label: "<−25", wins: 0, others: 1))
        #expect(returns[6] == Histogram.Bin(label: "0", wins: 1, others: 1))
        let holding = Histogram.holding(trades).bins
        #expect(holding == [Histogram.Bin(label: "0–4", wins: 2, others: 2)])
        #expect(Histogram.holding([]).bins.isEmpty)
    }
}
