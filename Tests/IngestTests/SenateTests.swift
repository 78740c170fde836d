import Events
import Testing

@testable import Ingest

/// Rows of the Senate's aggregate, pasted from it.
enum SenateRows {
    static let header =
        "first_name,last_name,office,bioguide,ptr_link,date_received,transaction_date,owner,"
        + "ticker,asset_description,asset_type,type,amount,comment\n"
    static let penn =
        #"Patrick J,Toomey,"Toomey, Pat (Senator)",T000461,https://efdsearch.senate.gov/search/view/ptr/b5a212bb-ad2c-48e4-9d21-db8d13f8ee78/,03/09/2021,02/09/2021,Child,"<a href=""https://finance.yahoo.com/q?s=PENN"" target=""_blank"">PENN</a>","Penn National Gaming, Inc.",Stock,Purchase,"$1,001 - $15,000",Child #2"#
        + "\n"
    static let twoAnchors =
        #"Thomas R,Carper,"Carper, Thomas R. (Senator)",C000174,https://efdsearch.senate.gov/search/view/ptr/32f5972d-f18a-4bd7-be67-4a856a5b9ff7/,03/03/2021,02/05/2021,Spouse,"<a href=""https://finance.yahoo.com/q?s=DD"" target=""_blank"">DD</a>       <br>        <a href=""https://finance.yahoo.com/q?s=IFF"" target=""_blank"">IFF</a>","DuPont de Nemours, Inc. (Exchanged) <br> International Flavors &amp; Fragrances Inc. (Received)",Stock,Exchange,"$1,001 - $15,000",--"#
        + "\n"
    static let bond =
        #"Susan M,Collins,"Collins, Susan M. (Senator)",C001035,https://efdsearch.senate.gov/search/view/ptr/32550a8f-923e-416f-84f3-e19ab4f148b1/,03/10/2021,02/11/2021,Spouse,--,"LII - Lennox International Inc. 526107AF4 <div class=""text-muted""><em>Rate/Coupon:</em> 1.700%<br> <em>Matures:</em> 08/01/27</div>",Corporate Bond,Purchase,"$50,001 - $100,000",--"#
        + "\n"
    static let beforeTrade =
        #"Pat,Roberts,"Roberts, Pat (Senator)",R000307,https://efdsearch.senate.gov/search/view/ptr/994b4308-c6c7-4e7f-a958-1da19b71e00a/,05/07/2015,05/28/2015,Spouse,"<a href=""https://finance.yahoo.com/q?s=AAPL"" target=""_blank"">AAPL</a>",Apple Inc. (NASDAQ),Stock,Purchase,"$1,001 - $15,000",--"#
        + "\n"
    static let wrongBioguide =
        #"John F,Reed,"Reed, John F. (Senator)",R000120,https://efdsearch.senate.gov/search/view/ptr/e52c1eb3-b5cc-496b-8719-ba27adf517b2/,05/13/2015,05/04/2015,Self,"<a href=""https://finance.yahoo.com/q?s=TBF"" target=""_blank"">TBF</a>",ProShares Short 20+ Year Treasury (NYSEArca),Stock,Purchase,"$1,001 - $15,000",--"#
        + "\n"
    static let option =
        #"Patrick J,Toomey,"Toomey, Pat (Senator)",T000461,https://efdsearch.senate.gov/search/view/ptr/945dc22a-c776-4beb-aa83-184abaeb4f87/,05/19/2017,05/09/2017,Self,"<a href=""https://finance.yahoo.com/q?s=SPY"" target=""_blank"">SPY</a>","SPDR S&amp;P 500 ETF <div class=""text-muted"">Option Type: Put <br><em>Strike price:</em> $210.00</div>",Stock Option,Purchase,"$1,001 - $15,000",--"#
        + "\n"

    static let filing =
        #"{"first_name": "Patrick J", "last_name": "Toomey", "office": "Toomey, Pat (Senator)", "ptr_link": "https://efdsearch.senate.gov/search/view/ptr/b5a212bb-ad2c-48e4-9d21-db8d13f8ee78/", "date_recieved": "03/09/2021", "transactions": [{"transaction_date": "02/09/2021", "owner": "Child", "ticker": "<a href=\"https://finance.yahoo.com/q?s=PENN\" target=\"_blank\">PENN</a>", "asset_description": "Penn National Gaming, Inc.", "asset_type": "Stock", "type": "Purchase", "amount": "$1,001 - $15,000", "comment": "Child #2"}, {"transaction_date": "02/10/2021", "owner": "Self", "ticker": "--", "asset_description": "x", "asset_type": "Stock", "type": "Sale (Full)", "amount": "$1,001 - $15,000", "comment": "--"}], "bioguide": "T000461"}"#
    static let paper =
        #"{"first_name": "RICHARD ", "last_name": "BLUMENTHAL", "office": "Senator", "ptr_link": "https://efdsearch.senate.gov/search/view/paper/2a123633-1454-49ff-8c3b-c4028372a119/", "date_recieved": "12/02/2020", "transactions": [], "bioguide": "B001277"}"#
}

@Suite("Senate filings")
struct SenateTests {
    @Test("a ticker inside an anchor becomes an event that says all the row says")
    func anchor() throws {
        let bench = try Bench()
        let report = try bench.disclosures(bench.file(SenateRows.header + SenateRows.penn))
        #expect(report.added == 1)
        let event = try #require(try bench.events(DisclosureFiled.self).first)
        #expect(event.ticker == Ticker("PENN"))
        #expect(event.side == .buy && event.transaction == .purchase && event.owner == .child)
        #expect(event.filedOn == Day("2021-03-09") && event.tradedOn == Day("2021-02-09"))
        #expect(event.envelope.knownAt == Instant(Day("2021-03-10")!, hour: 5))
        #expect(event.amountLow == Money(dollars: 1_001))
        #expect(event.amountHigh == Money(dollars: 15_000))
        #expect(event.bioguide == "T000461" && event.filer == "Patrick J Toomey")
        #expect(event.chamber == .senate && event.format == .senateJSON)
        #expect(event.filingID == "b5a212bb-ad2c-48e4-9d21-db8d13f8ee78")
        let row = String(decoding: event.row, as: UTF8.self)
        #expect(row == SenateRows.header + SenateRows.penn.dropLast())
    }

    @Test(
        "what cannot be a trade in a share is rejected for its own reason",
        arguments: [
            (SenateRows.twoAnchors, RejectionReason.ambiguousTicker, "ticker"),
            (SenateRows.bond, .noTicker, "ticker"),
            (SenateRows.beforeTrade, .receivedBeforeTrade, "date_received"),
            (SenateRows.option, .notAnEquity, "asset_type"),
        ])
    func rejected(row: String, reason: RejectionReason, field: String) throws {
        let bench = try Bench()
        let report = try bench.disclosures(bench.file(SenateRows.header + row))
        #expect(report.rows == 1 && report.rejected == 1 && report.count(reason) == 1)
        let event = try #require(try bench.events(DisclosureRejected.self).first)
        #expect(event.reason == reason && event.field == field && event.line == 2)
        #expect(bench.rejects.map { String(decoding: $0.row, as: UTF8.self) + "\n" } == [row])
    }

    @Test("a wrong id of the source is corrected")
    func bioguide() throws {
        let bench = try Bench()
        _ = try bench.disclosures(bench.file(SenateRows.header + SenateRows.wrongBioguide))
        #expect(try bench.events(DisclosureFiled.self).map(\.bioguide) == ["R000122"])
        #expect(SourceLayout.correctedBioguide("M000357") == "M000355")
        #expect(SourceLayout.correctedBioguide("S001209") == "S001209")
    }

    @Test("the JSON and its flattened CSV say the same row under the same digest")
    func sibling() throws {
        let bench = try Bench()
        let json = try bench.disclosures(bench.file("[\(SenateRows.filing)]", name: "json"))
        #expect(json.rows == 2 && json.added == 1 && json.count(.noTicker) == 1)
        let csv = try bench.disclosures(
            bench.file(SenateRows.header + SenateRows.penn, name: "csv"))
        #expect(csv.duplicates == 1 && csv.added == 0)
    }

    @Test("an event carries the filing verbatim with its own transaction alone")
    func verbatim() throws {
        let bench = try Bench()
        _ = try bench.disclosures(bench.file("[\(SenateRows.filing)]"))
        let event = try #require(try bench.events(DisclosureFiled.self).first)
        let text = String(decoding: event.row, as: UTF8.self)
        let value = try JSONParser.parse(event.row)
        guard case .array(let list) = value["transactions"]?.content else {
            Issue.record("the row carries its transactions")
            return
        }
        #expect(list.count == 1)
        #expect(value["bioguide"]?.text == "T000461")
        #expect(text.hasPrefix(#"{"first_name": "Patrick J", "last_name""#))
        #expect(!text.contains("Sale (Full)"))
    }

    @Test("a filing without transactions is one rejected row")
    func paper() throws {
        let bench = try Bench()
        let report = try bench.disclosures(
            bench.file("[\(SenateRows.paper), \(SenateRows.filing)]"))
        #expect(report.rows == 3 && report.count(.noTransactions) == 1 && report.added == 1)
    }

    @Test("what is no filing is a rejected row and the next filing is read")
    func garbage() throws {
        let bench = try Bench()
        let report = try bench.disclosures(
            bench.file(#"[{"a": tru}, 17, \#(SenateRows.filing)]"#))
        #expect(report.count(.malformedRow) == 2)
        #expect(report.added == 1)
    }
}
