import EventLog
import Events
import Testing

@testable import Ingest

@Suite("Shapes of files of filings")
struct FilingShapeTests {
    static let capitol =
        "Politician,Party,Issuer,Ticker,Published,Traded,FiledAfter,Owner,Type,Size,Price\n"
    static let houseObject =
        #"{"disclosure_year":2021,"disclosure_date":"10/04/2021","transaction_date":"2021-09-27","#
        + #""owner":"joint","ticker":"AAA","asset_description":"A plc","type":"purchase","#
        + #""amount":"$1,001 - $15,000","representative":"Hon. Ann A. Roe","district":"NC05","#
        + #""ptr_link":"https://example.org/20019557.pdf"}"#
    static let senateObject =
        #"{"transaction_date":"11/10/2020","owner":"Spouse","ticker":"AAA","#
        + #""asset_description":"A","asset_type":"Stock","type":"Sale (Full)","#
        + #""amount":"$50,001 - $100,000","comment":"--","senator":"Ann Roe","#
        + #""ptr_link":"https://example.org/ptr/aaa/","#
        + #""disclosure_date":"12/08/2020"}"#

    /// The filings of a file.
    private func filings(
        _ text: String, _ options: DisclosureOptions = .init()
    ) throws -> (filed: [DisclosureFiled], report: FileReport) {
        let bench = try Bench()
        let report = try bench.disclosures(bench.file(text), options)
        return (try bench.events(DisclosureFiled.self), report)
    }

    @Test("House Stock Watcher: objects, dates in two forms, the chamber by its column's name")
    func house() throws {
        let bad = Self.houseObject.replacing("2021-09-27", with: "0009-06-09")
        let none = Self.houseObject.replacing(#""AAA""#, with: #""--""#)
        let found = try filings("[\(Self.houseObject),\n\(bad),\(none)]")
        #expect(found.report.count(.badDate) == 1 && found.report.count(.noTicker) == 1)
        let filed = try #require(found.filed.first)
        #expect(filed.filer == "Ann A. Roe" && filed.chamber == .house && filed.owner == .joint)
        #expect(filed.filedOn == Day("2021-10-04") && filed.tradedOn == Day("2021-09-27"))
        #expect(filed.filingID == "20019557" && filed.office == "NC05" && filed.format == .columns)
        #expect(found.report.reasons.first?.value == "0009-06-09")
        let csv =
            "disclosure_year,disclosure_date,transaction_date,owner,ticker,asset_description,type,"
            + "amount,representative,district,ptr_link\n2021,10/04/2021,2021-09-27,joint,AAA,A plc,"
            + "purchase,\"$1,001 - $15,000\",Hon. Ann A. Roe,NC05,"
            + "https://example.org/20019557.pdf\n"
        let bench = try Bench()
        #expect(try bench.disclosures(bench.file("[\(Self.houseObject)]")).added == 1)
        #expect(try bench.disclosures(bench.file(csv, name: "csv")).duplicates == 1, "the same row")
    }

    @Test(
        "Senate Stock Watcher: flat objects, scanned filings, rows without a filing date; lines too"
    )
    func senate() throws {
        let undated = Self.senateObject.replacing(#","disclosure_date":"12/08/2020""#, with: "")
        let paper =
            #"{"transaction_date":"N/A","ticker":"N/A","asset_type":"PDF Disclosed Filing","#
            + #""type":"N/A","amount":"Unknown","senator":"Ann Roe","#
            + #""ptr_link":"https://example.org/paper/3/","disclosure_date":"12/02/2020"}"#
        let option = Self.senateObject.replacing(#""Stock""#, with: #""Stock Option""#)
        let objects = [Self.senateObject, undated, paper, option]
        for text in ["[\(objects.joined(separator: ","))]", objects.joined(separator: "\n")] {
            let found = try filings(text)
            #expect(found.report.rows == 4 && found.report.added == 1)
            #expect(found.report.count(.missingFilingDate) == 1)
            #expect(found.report.count(.noTransactions) == 1)
            #expect(found.report.count(.notAnEquity) == 1)
            let filed = try #require(found.filed.first)
            #expect(filed.chamber == .senate && filed.filedOn == Day("2020-12-08"))
            #expect(filed.transaction == .saleFull && filed.filingID == "aaa")
        }
    }

    @Test("the Senate's nested filings are read from lines and from a wrapping object")
    func nested() throws {
        for text in [
            "\(SenateRows.filing)\n\(SenateRows.paper)\n", "{\"d\":[\(SenateRows.filing)]}",
        ] {
            let found = try filings(text)
            #expect(found.report.format == "senate" && found.report.added == 1, "\(text.prefix(9))")
        }
    }

    @Test("Quiver: the range and not its lower end, the chamber by the column House")
    func quiver() throws {
        let text =
            #"[{"Representative":"Ann Roe","BioGuideID":"R000001","ReportDate":"2020-02-01","#
            + #""TransactionDate":"2020-01-02","Ticker":"AAA","Transaction":"Purchase","#
            + #""Range":"$1,001 - $15,000","House":"Senate","Amount":"1001.0","Party":"R","#
            + #""last_modified":"2020-02-03","TickerType":"ST","Description":null}]"#
        let filed = try #require(try filings(text).filed.first)
        #expect(filed.filedOn == Day("2020-02-01") && filed.chamber == .senate)
        #expect(filed.amountHigh == Money(dollars: 15_000) && filed.side == .buy)
        #expect(filed.bioguide == "R000001" && filed.party == .republican)
    }

    @Test("Financial Modeling Prep: a name in two parts, the chamber by the district")
    func fmp() throws {
        let text =
            #"[{"symbol":"AAA","disclosureDate":"2020-02-14","transactionDate":"2020-01-21","#
            + #""firstName":"Ann","lastName":"Roe","office":"Ann Roe","district":"TX10","#
            + #""owner":"Joint","assetDescription":"A Corp","assetType":"Stock","type":"Sale","#
            + #""amount":"$100,001 - $250,000","capitalGainsOver200USD":"False","comment":"","#
            + #""link":"https://example.org/20020055.pdf"}]"#
        let filed = try #require(try filings(text).filed.first)
        #expect(filed.filer == "Ann Roe" && filed.office == "TX10" && filed.chamber == .house)
        #expect(filed.side == .sell && filed.amountLow == Money(dollars: 100_001))
    }

    @Test("Finnhub: an object around the rows, two ends of an amount")
    func finnhub() throws {
        let text =
            #"{"data":[{"amountFrom":15001,"amountTo":50000,"assetName":"A Inc","#
            + #""filingDate":"2021-04-12","name":"Ann Roe","ownerType":"Spouse","#
            + #""position":"representative","symbol":"AAA","transactionDate":"2021-03-16","#
            + #""transactionType":"Purchase"}],"symbol":"AAA"}"#
        let filed = try #require(try filings(text).filed.first)
        #expect(filed.amountLow == Money(dollars: 15_001) && filed.owner == .spouse)
        #expect(filed.amountHigh == Money(dollars: 50_000) && filed.chamber == .house)
    }

    @Test("Capitol Trades: sizes in thousands and millions, months as words, a country behind")
    func capitolTrades() throws {
        let text =
            Self.capitol + "Ann Roe,Democrat,A Corp,AAA:US,13 Feb 2023,11 Jan 2023,32,Spouse,buy,"
            + "1M–5M,$160.01\nAnn Roe,Democrat,B Inc,BBB:US,13 Feb 2023,9 Jan 2023,34,"
            + "Undisclosed,sell,< 1K,N/A\n"
        let found = try filings(text).filed
        #expect(found.map(\.ticker) == [Ticker("AAA"), Ticker("BBB")])
        #expect(found.map(\.filedOn) == [Day("2023-02-13"), Day("2023-02-13")])
        #expect(found.map(\.amountLow) == [Money(dollars: 1_000_001), Money(dollars: 1)])
        #expect(found.map(\.amountHigh) == [Money(dollars: 5_000_000), Money(dollars: 1_000)])
    }

    @Test(
        "an unknown source's day and month are told by the whole file, also by filed after traded")
    func dateOrder() throws {
        func text(_ pairs: (String, String)...) -> String {
            "filing_date,trade_date,symbol,transaction,member\n"
                + pairs.map { "\($0),\($1),AAA,buy,Ann Roe\n" }.joined()
        }
        #expect(
            try filings(text(("28/02/2019", "04/02/2019"))).filed[0].tradedOn == Day("2019-02-04"))
        #expect(
            try filings(text(("03/01/2019", "02/05/2019"))).filed[0].filedOn == Day("2019-03-01"))
        let byOrder = try filings(text(("05/02/2019", "03/04/2019"))).filed[0]
        #expect(
            byOrder.filedOn == Day("2019-05-02"), "the other way it were filed before the trade")
        let mixed = try filings(text(("28/02/2019", "02/13/2019"))).filed[0]
        #expect(mixed.filedOn == Day("2019-02-28") && mixed.tradedOn == Day("2019-02-13"))
        #expect(throws: IngestError.self, "one can be read both ways") {
            try filings(text(("28/02/2019", "02/13/2019"), ("05/06/2019", "02/13/2019")))
        }
        let error = #expect(throws: IngestError.self) {
            try filings(text(("05/06/2019", "04/03/2019")))
        }
        #expect(error?.description.contains("--dates") == true)
    }

    @Test("objects that say no filing are refused with what is missing")
    func unknown() throws {
        for text in [#"[{"a":1,"b":2}]"#, #"{"a":1}"#, "a;b\n1;2\n"] {
            let error = #expect(throws: IngestError.self) { try filings(text) }
            #expect(error?.code == .unknownHeader)
            #expect(error?.description.contains("disclosure_date") == true)
        }
        let conflict = #expect(throws: IngestError.self) {
            try filings("filed,traded,ticker,symbol,side,name\n")
        }
        #expect(conflict?.description.contains("both say ticker") == true)
    }

    @Test("the audit finds the filing date that the importer found, by another way")
    func carriesItsReading() throws {
        let found = try filings(
            Self.capitol + "Ann Roe,D,A,AAA,13 Feb 2023,11 Jan 2023,32,Self,buy,1M–5M,1\n"
        ).filed
        let row = String(decoding: try #require(found.first).row, as: UTF8.self)
        #expect(row.hasPrefix("#filed=Published;dates=month-first\nPolitician,Party,"))
        #expect(row.hasSuffix("buy,1M–5M,1"))
    }

    @Test("a flag is yes or no, or its row is rejected")
    func flags() throws {
        let rows = ["true", "TRUE ", "1", "yes", "false", "0", "no", "", "X", "y"].enumerated().map
        {
            "s,\($0),A\($0),Ann Roe,AAA,buy,2019-02-20,2019-03-04,1001,15000,,\($1)\n"
        }
        let header =
            "source,row_id,filing_id,name,ticker,side,transaction_date,disclosure_date,amount_min,"
            + "amount_max,amends,withdrawn\n"
        let found = try filings(header + rows.joined())
        #expect(found.filed.count == 4 && found.report.added == 8)
        #expect(found.report.count(.badFlag) == 2 && found.report.reasons.first?.value == "X")
    }

    @Test("an amendment or withdrawal that meets no filing is counted, whatever the order of files")
    func amendsNothing() throws {
        let header =
            "source,row_id,filing_id,name,ticker,side,transaction_date,disclosure_date,amount_min,"
            + "amount_max,amends,withdrawn\n"
        func row(_ id: String, _ amends: String, _ withdrawn: String) -> String {
            "s,1,\(id),Ann Roe,AAA,buy,2019-02-20,2019-03-04,1001,15000,\(amends),\(withdrawn)\n"
        }
        let bench = try Bench()
        let first = try bench.disclosures(
            bench.file(
                header + row("A2", "A1", "") + row("A1", "", "") + row("A3", "NOPE", "")
                    + row("GONE", "", "yes")))
        #expect(first.notes.map(\.remark) == [.amendsNothing, .withdrawsNothing])
        #expect(first.notes.map(\.count) == [1, 1] && first.notes.map(\.firstLine) == [4, 5])
        let second = try bench.disclosures(
            bench.file(header + row("A4", "A3", "") + row("A2", "", "1"), name: "second"))
        #expect(second.notes.isEmpty, "the log has them")
        let early = row("A2", "", "yes").replacing("2019-03-04", with: "2019-03-03")
        let third = try bench.disclosures(bench.file(header + early, name: "third"))
        #expect(third.notes.map(\.remark) == [.withdrawsNothing], "it was not filed then")
    }

    @Test("an object may lack what later ones have, and --dates holds for named columns too")
    func lateMembers() throws {
        let undated = Self.senateObject.replacing(#","disclosure_date":"12/08/2020""#, with: "")
        let many = String(repeating: undated + "\n", count: 300) + Self.senateObject
        let found = try filings(many).report
        #expect(found.added == 1 && found.count(.missingFilingDate) == 300)
        let row = ImportTests.row("AMZN")
            .replacing("2019-01-02,2019-01-29", with: "02/01/2019,04/02/2019")
        let dayFirst = try filings(ImportTests.header + row, DisclosureOptions(dates: .dayFirst))
        #expect(dayFirst.filed.map(\.filedOn) == [Day("2019-02-04")])
        #expect(dayFirst.filed.map(\.format) == [.columns])
    }
}
