import EventLog
import Events
import Testing

@testable import Ingest

@Suite("Bars")
struct PriceTests {
    static let header = "ticker,date,open,high,low,close,volume\n"
    static let apple = "AAPL,2019-01-02,36.8186,37.7599,36.6617,37.5388,148158800\n"
    static let aaron =
        "ticker,date,open,high,low,close,volume,adj_close\n"
        + "AAN,2012-01-03,27.23,27.37,26.46,26.63,219900,26.1238\n"

    @Test("a date's bars are one session, ascending by ticker, known at 21:00")
    func session() throws {
        let bench = try Bench()
        let text =
            Self.header + "MSFT,2019-01-02,1,2,0.5,1.5,10\n" + Self.apple
            + "AAPL,2019-01-03,1,2,0.5,1.5,0\n"
        let report = try bench.prices(bench.file(text))
        #expect(report.rows == 3 && report.added == 3 && report.rejected == 0)
        let sessions = try bench.events(SessionClosed.self)
        #expect(sessions.map(\.day) == [Day("2019-01-02"), Day("2019-01-03")])
        #expect(sessions[0].bars.map(\.ticker) == [Ticker("AAPL"), Ticker("MSFT")])
        #expect(sessions[0].bars[0].open == 36.8186 && sessions[0].bars[0].volume == 148_158_800)
        #expect(sessions[0].envelope.knownAt == Instant(Day("2019-01-02")!, hour: 21))
        #expect(sessions[1].bars[0].volume == 0)
    }

    @Test("a file by ticker gives the sessions of one by date, however long it is")
    func byTicker() throws {
        let days = (0..<700).map { Day("2015-01-01")! + $0 }
        func line(_ ticker: Int, _ day: Day) -> String {
            "T\(100 + ticker),\(day),\(ticker + 1),\(ticker + 3),\(ticker + 1),"
                + "\(Double(ticker) + 1.5),\(Int(day.rawValue))\n"
        }
        // Twice what is held in memory, and then some.
        let byTicker = (0..<100).flatMap { ticker in days.map { line(ticker, $0) } }
        let byDate = days.reversed().flatMap { day in (0..<100).map { line($0, day) } }
        var read: [[SessionClosed]] = []
        for lines in [byTicker, byDate] {
            let bench = try Bench()
            let report = try bench.prices(bench.file(Self.header + lines.joined()))
            #expect(report.added == 70_000 && report.rejected == 0)
            read.append(try bench.events(SessionClosed.self))
        }
        #expect(read[0].map(\.day) == days && read[1].map(\.day) == days)
        #expect(read[0].map(\.bars) == read[1].map(\.bars))
        #expect(read[0].allSatisfy { $0.bars.map(\.ticker) == $0.bars.map(\.ticker).sorted() })
    }

    @Test("prices are believed to know the future unless the caller says otherwise")
    func adjustment() throws {
        let bench = try Bench()
        let path = try bench.file(Self.header + Self.apple)
        _ = try bench.prices(path)
        var options = PriceImporter.Options()
        options.adjustment = Adjustment.none
        _ = try bench.prices(path, options)
        let sessions = try bench.events(SessionClosed.self)
        #expect(sessions.map(\.adjustment) == [.splitsAndDividends, .none])
        #expect(sessions.map(\.envelope.flags) == [.hindsight, []])
        #expect(sessions.map(\.unadjusted) == [0, 1])
        #expect(sessions[0].source != sessions[1].source)
    }

    @Test("an adjusted close scales all four prices")
    func adjustedClose() throws {
        let bench = try Bench()
        _ = try bench.prices(bench.file(Self.aaron))
        let bar = try #require(try bench.events(SessionClosed.self).first?.bars.first)
        let factor = 26.1238 / 26.63
        #expect(bar.close == 26.1238)
        #expect(bar.open == 27.23 * factor && bar.high == 27.37 * factor)
        #expect(bar.low == 26.46 * factor && bar.volume == 219_900)
    }

    @Test(
        "a bar that no session can have had is refused",
        arguments: [
            ("AAPL,2019-01-02,1,2,0.5,1.5,x\n", RejectionReason.badNumber),
            ("AAPL,2019-01-02,1,2,0.5,,1\n", .badNumber),
            ("AAPL,2019-02-30,1,2,0.5,1.5,1\n", .badDate),
            (",2019-01-02,1,2,0.5,1.5,1\n", .badTicker),
            ("TOOLONGNAME,2019-01-02,1,2,0.5,1.5,1\n", .badTicker),
            ("AAPL,2019-01-02,1,2,0,1.5,1\n", .badPrice),
            ("AAPL,2019-01-02,1,2,-1,1.5,1\n", .badPrice),
            ("AAPL,2019-01-02,3,2,0.5,1.5,1\n", .badPrice),
            ("AAPL,2019-01-02,1,2,0.5,0.4,1\n", .badPrice),
            ("AAPL,2019-01-02,1,0.4,0.5,1.5,1\n", .badPrice),
            ("AAPL,2019-01-02,1,2,0.5,1.5\n", .malformedRow),
            ("AAPL,2019-01-02,\"1\"2,2,0.5,1.5,1\n", .malformedRow),
        ])
    func refused(row: String, reason: RejectionReason) throws {
        let bench = try Bench()
        let report = try bench.prices(bench.file(Self.header + Self.apple + row))
        #expect(report.rows == 2 && report.added == 1 && report.count(reason) == 1)
        #expect(bench.rejects.map(\.line) == [3])
        let summary = try #require(try bench.events(PricesRejected.self).first)
        #expect(summary.rows == 2 && summary.accepted == 1)
        #expect(summary.reasons.map(\.reason) == [reason])
        #expect(summary.reasons.map(\.firstLine) == [3])
    }

    @Test("an equal row is a duplicate, a differing one a conflict, and the first stays")
    func repeats() throws {
        let bench = try Bench()
        let other = "AAPL,2019-01-02,36.8186,37.7599,36.6617,37.5,148158800\n"
        let report = try bench.prices(
            bench.file(Self.header + Self.apple + Self.apple + other))
        #expect(report.added == 1 && report.duplicates == 1)
        #expect(report.count(.conflictingRow) == 1)
        let sessions = try bench.events(SessionClosed.self)
        #expect(sessions.flatMap(\.bars).map(\.close) == [37.5388])
        let summary = try #require(try bench.events(PricesRejected.self).first)
        #expect(summary.accepted == 1 && summary.duplicates == 1)
    }

    @Test("excluded bars are left out over their days, ends included")
    func exclusions() throws {
        let bench = try Bench()
        let list = try bench.file(
            "ticker,from,to,reason\nFB,,,recycled\nIR,,2020-03-01,Gardner Denver\n", name: "list")
        let rows =
            "FB,2012-05-18,1,2,0.5,1.5,1\nIR,2020-03-01,1,2,0.5,1.5,1\n"
            + "IR,2020-03-02,1,2,0.5,1.5,1\n"
        var options = PriceImporter.Options()
        options.exclusions = try Exclusions(file: list)
        let path = try bench.file(Self.header + rows, name: "bars")
        let report = try bench.prices(path, options)
        #expect(report.count(.excluded) == 2 && report.added == 1)
        let plain = try bench.prices(path)
        #expect(plain.added == 3, "another exclusion list is another import")
    }

    @Test("a share class is spelled as filings spell it")
    func shareClass() throws {
        let bench = try Bench()
        let rows = "BRK.B,2019-01-02,1,2,0.5,1.5,1\nbrk-b,2019-01-03,1,2,0.5,1.5,1\n"
        _ = try bench.prices(bench.file(Self.header + rows))
        let tickers = try bench.events(SessionClosed.self).flatMap(\.bars).map(\.ticker)
        #expect(tickers == [Ticker("BRK-B"), Ticker("BRK-B")])
    }

    @Test("ingesting bars again adds nothing")
    func idempotent() throws {
        let bench = try Bench()
        let path = try bench.file(Self.header + Self.apple + Self.apple)
        _ = try bench.prices(path)
        let head = try bench.log.head()
        let again = try bench.prices(path)
        #expect(again.added == 0 && again.duplicates == 2 && again.events == 0)
        #expect(try bench.log.head() == head)
    }

    @Test("a day of more bars than an event holds is put in parts")
    func manyBars() throws {
        let bench = try Bench()
        let count = 65_534 + 10
        let text =
            Self.header + (0..<count).map { "T\($0),2019-01-02,1,2,0.5,1.5,1\n" }.joined()
        #expect(try bench.prices(bench.file(text)).added == count)
        let sessions = try bench.events(SessionClosed.self)
        #expect(sessions.map(\.bars.count) == [65_534, 10])
        #expect(sessions.map(\.part) == [0, 1])
    }

    @Test("a header without the columns of bars says which are needed")
    func header() throws {
        let bench = try Bench()
        let path = try bench.file("ticker,date,close\nAAPL,2019-01-02,1\n")
        let error = #expect(throws: IngestError.self) { try bench.prices(path) }
        #expect(error?.code == .unknownHeader)
        #expect(error?.description.contains("volume") == true)
    }
}
