import Events
import Testing

@testable import Ingest

@Suite("Indices and reference files")
struct ReferenceTests {
    private func index(
        _ bench: Bench, _ series: IndexSeries, _ symbol: String, _ text: String
    ) throws -> FileReport {
        try IndexImporter(
            bench.writer(), series: series, symbol: symbol, onReject: { bench.rejects.append($0) }
        ).run(try bench.file(text))
    }

    private func reference(_ bench: Bench, _ text: String) throws -> FileReport {
        try ReferenceImporter(bench.writer(), onReject: { bench.rejects.append($0) }).run(
            try bench.file(text))
    }

    @Test("a series with an adjusted close keeps both closes and is hindsight")
    func adjusted() throws {
        let bench = try Bench()
        let text =
            "date,open,high,low,close,adj_close,volume,dividend_amount,split_coefficient\n"
            + "2012-01-03,127.76,128.38,127.43,127.5,105.19945972,193309527,0.0,1.0\n"
        #expect(try index(bench, .market, "SPY", text).added == 1)
        let event = try #require(try bench.events(IndexClosed.self).first)
        #expect(event.close == 127.5 && event.adjustedClose == 105.19945972)
        #expect(event.symbol == "SPY" && event.series == .market && event.open == 127.76)
        #expect(event.envelope.flags == .hindsight)
        #expect(event.envelope.knownAt == Instant(Day("2012-01-03")!, hour: 21))
    }

    @Test("a price-only series has no adjusted close")
    func priceOnly() throws {
        let bench = try Bench()
        #expect(try index(bench, .market, "GSPC", "date,close\n2012-01-03,1277.06\n").added == 1)
        let event = try #require(try bench.events(IndexClosed.self).first)
        #expect(event.adjustedClose == nil && event.open == nil && event.envelope.flags == [])
    }

    @Test("an index file's bad rows are counted, told and summed up")
    func badRows() throws {
        let bench = try Bench()
        let text =
            "date,open,high,low,close\n2012-01-03,22.95,23.1,22.54,22.97\n"
            + "2012-01-03,22.95,23.1,22.54,22.97\n2012-01-03,22.95,23.1,22.54,23\n"
            + "2012-01-04,1,1,1,-1\n2012-01-32,1,1,1,1\n"
        let report = try index(bench, .volatility, "VIX", text)
        #expect(report.rows == 5 && report.added == 1 && report.duplicates == 1)
        #expect(report.count(.conflictingRow) == 1 && report.count(.badPrice) == 1)
        #expect(report.count(.badDate) == 1)
        let summary = try #require(try bench.events(PricesRejected.self).first)
        #expect(summary.rows == 5 && summary.accepted == 1 && summary.duplicates == 1)
        #expect(try index(bench, .volatility, "VIX", text).events == 0)
    }

    @Test("members of Congress have a chamber, a party and the office that filings write")
    func legislators() throws {
        let bench = try Bench()
        let text =
            "bioguide_id,last_name,first_name,middle_name,suffix,nickname,full_name,type,state,"
            + "district,party,birthday,status\n"
            + "C000127,Cantwell,Maria,,,,Maria Cantwell,sen,WA,,Democrat,1958-10-13,current\n"
            + "A000367,Amash,Justin,,,,Justin Amash,rep,MI,3,Libertarian,1980-04-18,former\n"
        #expect(try reference(bench, text).added == 2)
        let events = try bench.events(PoliticianDescribed.self)
        #expect(events.map(\.chamber) == [.senate, .house])
        #expect(events.map(\.party) == [.democrat, .other])
        #expect(events.map(\.office) == ["WA", "MI03"])
        #expect(events.map(\.name) == ["Maria Cantwell", "Justin Amash"])
        #expect(events.allSatisfy { $0.envelope.flags == .hindsight })
        #expect(events.allSatisfy { $0.envelope.knownAt == .epoch && $0.validFrom == nil })
        #expect(try reference(bench, text).duplicates == 2)
    }

    @Test("filers are described by the name they file under")
    func filers() throws {
        let bench = try Bench()
        let text =
            "name,chamber,office,trades,bioguide_id,party\n"
            + "Abigail Spanberger,H,VA07,1,S001209,Democrat\nAda Norah Henriquez,H,PR00,3,,\n"
        let report = try reference(bench, text)
        #expect(report.added == 1 && report.count(.missingField) == 1)
        let event = try #require(try bench.events(PoliticianDescribed.self).first)
        #expect(event.bioguide == "S001209" && event.office == "VA07")
    }

    @Test("sectors are hindsight unless dated, and then known the morning after")
    func sectors() throws {
        let bench = try Bench()
        #expect(
            try reference(bench, "Symbol,Name,Sector\nMMM,3M Company,Industrials\n").added == 1)
        #expect(
            try reference(
                bench, "symbol,sector,valid_from\nBRK.B,Financials,2019-03-01\n"
            ).added == 1)
        let events = try bench.events(InstrumentClassified.self)
        #expect(events.map(\.ticker) == [Ticker("MMM"), Ticker("BRK-B")])
        #expect(events.map(\.envelope.flags) == [.hindsight, []])
        #expect(
            events.map(\.envelope.knownAt) == [.epoch, Instant(Day("2019-03-02")!, hour: 5)])
        #expect(events.map(\.name) == ["3M Company", nil])
    }
}
