import Events
import Testing

@testable import Ingest

@Suite("CSV formats of filings")
struct CSVFormatTests {
    static let congress =
        "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office\n"
    static let amazon =
        "2019-01-02,2019-01-29,Amazon Inc,AMZN,P,\"$1,001 - $15,000\",Justin Amash,H,MI03\n"
    static let house =
        "transaction_date,disclosure_date,ticker,asset_description,asset_type,type,amount,"
        + "representative,district,owner,filing_id,source_url\n"
        + "05/05/2026,05/08/2026,RRC,Range Resources Corporation Common Stock,Stock,Sale,"
        + "\"$1,001 - $15,000\",Brian Babin,TX36,Self,20034522,"
        + "https://disclosures-clerk.house.gov/public_disc/ptr-pdfs/2026/20034522.pdf\n"
    static let normalized =
        "source,row_id,filing_id,bioguide_id,name,chamber,party,owner,ticker,raw_ticker,asset,"
        + "asset_type,side,raw_type,transaction_date,disclosure_date,lag_days,amount_min,"
        + "amount_max,flags,amends,withdrawn\n"
    static let bench =
        "disclosure_id,politician,ticker,side,transaction_date,disclosure_date,confidence\n"

    @Test("a Congress row names its filer and no id")
    func congressRow() throws {
        let bench = try Bench()
        let row = "2019-06-24,2019-07-03,Aptevo Therapeutics Inc,APVO,S,<$1000,Steve Cohen,H,TN09\n"
        let report = try bench.disclosures(bench.file(Self.congress + Self.amazon + row))
        #expect(report.format == "congress" && report.added == 2)
        let events = try bench.events(DisclosureFiled.self)
        #expect(events.map(\.bioguide) == [nil, nil])
        #expect(events.map(\.filer) == ["Justin Amash", "Steve Cohen"])
        #expect(events.map(\.office) == ["MI03", "TN09"])
        #expect(events.map(\.chamber) == [.house, .house])
        #expect(events.map(\.side) == [.buy, .sell])
        #expect(events.map(\.amountLow) == [Money(dollars: 1_001), Money(dollars: 1)])
        #expect(events.map(\.amountHigh) == [Money(dollars: 15_000), Money(dollars: 1_000)])
        #expect(events.allSatisfy { $0.envelope.flags == [] })
    }

    @Test("House rows are refused unless their dates are accepted, and then flagged")
    func houseRow() throws {
        let bench = try Bench()
        let path = try bench.file(Self.house)
        let refused = try bench.disclosures(path)
        #expect(refused.count(.unreliableFilingDate) == 1 && refused.added == 0)
        let accepted = try bench.disclosures(path, DisclosureOptions(acceptsUnverifiedDates: true))
        #expect(accepted.added == 1)
        let event = try #require(try bench.events(DisclosureFiled.self).first)
        #expect(event.envelope.flags == .unverifiedDate)
        #expect(event.transaction == .sale && event.filingID == "20034522")
    }

    @Test("a normalised row's party is hindsight, and its row id is not what it says")
    func normalizedRow() throws {
        let bench = try Bench()
        func row(_ id: String, _ filed: String) -> String {
            "congress,\(id),,A000367,Justin Amash,H,Republican,,AMZN,AMZN,Amazon Inc,,buy,P,"
                + "2019-01-02,\(filed),27,50000001,,,,\n"
        }
        let report = try bench.disclosures(
            bench.file(Self.normalized + row("C1", "2019-01-29") + row("C2", "")))
        #expect(report.added == 1 && report.count(.missingFilingDate) == 1)
        let event = try #require(try bench.events(DisclosureFiled.self).first)
        #expect(event.party == .republican && event.envelope.flags == .hindsight)
        #expect(event.amountLow == Money(dollars: 50_000_001) && event.amountHigh == nil)
        let again = try bench.disclosures(
            bench.file(Self.normalized + row("C9", "2019-01-29"), name: "again"))
        #expect(again.duplicates == 1)
    }

    @Test("a later filing amends an earlier one, and a withdrawal names what it withdraws")
    func amendments() throws {
        let bench = try Bench()
        let rows =
            "x,1,F2,A000367,Justin Amash,H,,,AMZN,,,,sell,S,2019-01-02,2019-02-01,,1001,15000,,F1,\n"
            + "x,2,F3,A000367,Justin Amash,H,,,AMZN,,,,sell,S,2019-01-02,2019-02-02,,,,,,yes\n"
            + "x,3,,A000367,Justin Amash,H,,,AMZN,,,,sell,S,2019-01-02,2019-02-03,,,,,F1,\n"
        let report = try bench.disclosures(bench.file(Self.normalized + rows))
        #expect(report.added == 2 && report.count(.missingField) == 1)
        let amended = try #require(try bench.events(DisclosureAmended.self).first)
        #expect(amended.amends == "F1" && amended.filingID == "F2" && amended.side == .sell)
        let withdrawn = try #require(try bench.events(DisclosureWithdrawn.self).first)
        #expect(withdrawn.filingID == "F3" && withdrawn.filedOn == Day("2019-02-02"))
    }

    @Test("a confidence outside 0...1 is refused, one inside is kept")
    func benchRow() throws {
        let bench = try Bench()
        let rows =
            "D1,P001,AAPL,buy,2019-01-02,2019-01-20,0.8125\n"
            + "D2,P001,AAPL,buy,2019-01-02,2019-01-20,1.5\n"
            + "D3,P001,AAPL,hold,2019-01-02,2019-01-20,0.5\n"
        let report = try bench.disclosures(
            bench.file(Self.bench + rows), DisclosureOptions(knownAt: ClockTime("21:00")))
        #expect(report.count(.badConfidence) == 1 && report.count(.badSide) == 1)
        let event = try #require(try bench.events(DisclosureFiled.self).first)
        #expect(event.confidence == 0.8125 && event.filer == "P001")
        #expect(event.envelope.knownAt == Instant(Day("2019-01-20")!, hour: 21))
        #expect(event.knownMinute == 1_260)
    }

    @Test("rows outside the asked trade dates are counted and not recorded")
    func range() throws {
        let bench = try Bench()
        let path = try bench.file(Self.congress + Self.amazon)
        let before = try bench.disclosures(
            path, DisclosureOptions(tradedBefore: Day("2019-01-02")))
        #expect(before.count(.outsideRange) == 1 && before.events == 0)
        let from = try bench.disclosures(path, DisclosureOptions(tradedFrom: Day("2019-01-02")))
        #expect(from.added == 1)
    }

    @Test("a row with bad quoting costs itself and not the file")
    func quoting() throws {
        let bench = try Bench()
        let broken = "2019-01-02,2019-01-29,\"Amazon\" Inc,AMZN,P,x,Justin Amash,H,MI03\n"
        let short = "2019-01-02,2019-01-29\n"
        let report = try bench.disclosures(
            bench.file(Self.congress + broken + short + Self.amazon))
        #expect(report.count(.malformedRow) == 2 && report.added == 1)
        #expect(bench.rejects.map(\.line) == [2, 3])
    }

    @Test("columns may stand in any order, behind a byte-order mark, with CRLF")
    func order() throws {
        let bench = try Bench()
        let text =
            "\u{FEFF}name,ticker,type,amount_range,disclosure_date,transaction_date\r\n"
            + "Justin Amash,BRKb,P,\"$1,001 - $15,000\",2019-01-29,2019-01-02\r\n"
        let report = try bench.disclosures(bench.file(text))
        #expect(report.added == 1)
        #expect(try bench.events(DisclosureFiled.self).map(\.ticker) == [Ticker("BRK-B")])
    }

    @Test("an unknown header is refused with what is needed and what was found")
    func header() throws {
        let bench = try Bench()
        let path = try bench.file("a,b,c\n1,2,3\n")
        let error = #expect(throws: IngestError.self) { try bench.disclosures(path) }
        #expect(error?.code == .unknownHeader)
        #expect(error?.description.contains("a,b,c") == true)
        #expect(error?.description.contains("disclosure_date") == true)
    }
}
