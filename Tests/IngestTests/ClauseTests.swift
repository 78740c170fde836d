import Events
import Testing

@testable import Ingest

/// What files mean, a table for each clause of `Documentation/formats.md`.
@Suite("What cells mean")
struct ClauseTests {
    @Test(
        "the forms' bands in all the ways they are printed",
        arguments: [
            ("$1,001 - $15,000", 1_001, 15_000), ("$1,001-$15,000", 1_001, 15_000),
            ("$1,001 – $15,000", 1_001, 15_000), ("$1,001 — $15,000", 1_001, 15_000),
            ("$1,001\u{00A0}-\u{00A0}$15,000", 1_001, 15_000), ("1,001 to 15,000", 1_001, 15_000),
            ("$1,000 - $15,000", 1_001, 15_000), ("$15,000 - $50,000", 15_001, 50_000),
            ("1001-15000", 1_001, 15_000), ("1K–15K", 1_001, 15_000), ("$1k - $15k", 1_001, 15_000),
            ("$1,001.00 - $15,000.00", 1_001, 15_000), ("1001.0 - 15000.0", 1_001, 15_000),
            ("USD 1,001 - 15,000", 1_001, 15_000), ("15.001 - 50.000", 15_001, 50_000),
            ("$50,001 - $100,000", 50_001, 100_000), ("100K–250K", 100_001, 250_000),
            ("$250,001 - $500,000", 250_001, 500_000),
            ("$500,001 - $1,000,000", 500_001, 1_000_000),
            ("1M–5M", 1_000_001, 5_000_000), ("$5,000,001 - $25,000,000", 5_000_001, 25_000_000),
            ("25M-50M", 25_000_001, 50_000_000), ("Over $50,000,000", 50_000_001, nil),
            ("$50,000,001 +", 50_000_001, nil), ("$50,000,000 +", 50_000_001, nil),
            ("> $50,000,000", 50_000_001, nil), ("50M+", 50_000_001, nil),
            ("$1,000,000 +", 1_000_001, nil), ("Spouse/DC over $1,000,000", 1_000_001, nil),
            ("SP/DC Over $1,000,000", 1_000_001, nil), ("Over $1,000,000", 1_000_001, nil),
            ("None (or less than $1,001)", 1, 1_000), ("<$1000", 1, 1_000), ("< 1K", 1, 1_000),
            ("Less than $1,001", 1, 1_000), ("$1 - $1,000", 1, 1_000),
            ("$1,000 or less", 1, 1_000), ("Under $1,000", 1, 1_000),
        ] as [(String, Int, Int?)])
    func official(_ text: String, _ low: Int, _ high: Int?) throws {
        let band = try #require(AmountText.band(text), "\(text)")
        #expect(band.low == Money(dollars: Double(low)))
        #expect(band.high == high.map { Money(dollars: Double($0)) })
        #expect(band.isOfficial)
    }

    @Test(
        "another amount is taken and flagged; what is none is refused",
        arguments: [
            ("$2,000 - $3,000", true), ("12,345", true), ("1001.0", true),
            ("$1,001 - $15,001", true),
            ("$15,001 -", false), ("- $15,000", false), ("$1,001 - $15,00", false), ("$0", false),
            ("$100,,000", false), ("1,00 - 15,000", false), ("Unknown", false),
            ("$15.5 - 3", false),
            ("1e5", false), ("$", false), ("--", false),
        ])
    func others(_ text: String, _ isTaken: Bool) {
        let band = AmountText.band(text)
        #expect((band != nil) == isTaken, "\(text)")
        #expect(band?.isOfficial != true)
    }

    @Test(
        "symbols have one spelling, exchange, country and class apart",
        arguments: [
            ("AAPL", "AAPL"), ("$AAPL", "AAPL"), ("aapl", "AAPL"), (" AAPL ", "AAPL"),
            ("NASDAQ:AAPL", "AAPL"), ("NYSE:BRK.B", "BRK-B"), ("nyse: ge", "GE"),
            ("AAPL:US", "AAPL"), ("AAPL.US", "AAPL"), ("AAPL US", "AAPL"),
            ("AAPL US Equity", "AAPL"), ("BRK.B", "BRK-B"), ("BRK/B", "BRK-B"), ("BRK-B", "BRK-B"),
            ("BRK B", "BRK-B"), ("BRKb", "BRK-B"), ("BFa", "BF-A"), ("BRK_B", "BRK-B"),
            ("TRUE", "TRUE"), ("NA", "NA"), ("NAN", "NAN"), ("ON", "ON"), ("ALL", "ALL"),
            ("A", "A"), ("V", "V"), ("NULL", ""), ("GOOGl", ""), ("Ma", "MA"), ("TSm", ""),
            ("FBHs", ""), ("ACIpA", ""), ("Aapl", "AAPL"), ("nan", ""), ("NaN", ""), ("None", ""),
            ("none", ""), ("null", ""), ("N/A", ""), ("n/a", ""), ("#N/A", ""), ("--", ""),
            ("", ""), ("^GSPC", ""), ("6701", ""), ("IBM.MX", ""), ("VOD.L", ""), ("VOD:LN", ""),
            ("BTC-USD", ""), ("ES=F", ""), ("EURUSD=X", ""), ("AAPL,MSFT", ""), ("A&P", ""),
            ("APPLE INC", ""), ("AAPL 01/20/23 C150", ""), ("АAPL", ""),
        ])
    func symbols(_ text: String, _ spelled: String) {
        #expect(TickerText.ticker(text) == Ticker(spelled), "\(text)")
    }

    @Test(
        "shares and funds on the exchange are told from what is neither, by type, code and words",
        arguments: [
            ("Stock", "A Corp", true), ("", "A Corp", true), ("ST", "A", true), ("ETF", "A", true),
            ("", "A Corp (A) [ST]", true), ("", "A Fund [EF]", true), ("", "A Corp [OP]", false),
            ("", "A Corp [CS]", false), ("", "A Corp [GS]", false), ("", "A LP [HE]", false),
            ("Stock Option", "A", false), ("OP", "A", false), ("Corporate Bond", "A", false),
            ("Municipal Security", "A", false), ("Cryptocurrency", "A", false),
            ("Mutual Fund", "A", false), ("", "A Corp call option", false),
            ("", "A Corp warrants", false), ("", "A 5% Notes Rate/Coupon: 5%", false),
            ("", "Option Type: Call Strike price: $5", false), ("", "Stock options of A", false),
            ("", "Options Clearing Bank", true), ("Other Securities", "A ETF", true),
            ("Other Securities", "A Private Fund LP", false), ("PS", "A", false),
        ])
    func securities(_ type: String, _ asset: String, _ isShare: Bool) {
        #expect(SecurityText.isEquity(type: type, asset: asset) == isShare, "\(type) \(asset)")
    }

    @Test(
        "seats are told in one way",
        arguments: [
            ("CA11", "", "", "CA11"), ("", "CA", "11", "CA11"), ("", "California", "3", "CA03"),
            ("", "", "NC05", "NC05"), ("", "RI", "", "RI"), ("", "Rhode Island", "", "RI"),
            ("Ann Roe", "", "TX10", "TX10"), ("Roe, Ann", "", "", nil), ("", "", "", nil),
            ("N/A", "nan", "--", nil), ("", "", "7", "7"),
        ] as [(String, String, String, String?)])
    func seats(_ office: String, _ state: String, _ district: String, _ seat: String?) {
        let found = OfficeText.office(office, state: state, district: district, filer: "Ann Roe")
        #expect(found == seat)
    }

    @Test(
        "chambers are told by their words",
        arguments: [
            ("House Representative", Chamber.house), ("Rep", .house), ("H", .house),
            ("Representatives", .house), ("US House of Representatives", .house),
            ("Senator", .senate), ("U.S. Senate", .senate), ("S", .senate), ("", nil), ("x", nil),
        ] as [(String, Chamber?)])
    func chambers(_ text: String, _ chamber: Chamber?) {
        #expect(Chamber(text: text) == chamber, "\(text)")
    }

    @Test("bars of minutes are refused, whatever says so, and of a week by its word")
    func minutes() throws {
        let texts = [
            "symbol,timestamp,open,high,low,close,volume\n"
                + "F,2020-01-02 14:30:00+00:00,10,11,9,10,1\n"
                + "F,2020-01-02 14:31:00+00:00,10,11,9,10.5,1\n",
            #"{"symbol":"F","bars":[{"t":"2020-01-02T14:30:00Z","o":10,"h":11,"l":9,"c":10,"v":1},"#
                + #"{"t":"2020-01-02T15:30:00Z","o":10,"h":11,"l":9,"c":10.5,"v":1}]}"#,
            "ticker,t,o,h,l,c,v\nF,1577975400000,10,11,9,10,1\nF,1577975460000,10,11,9,10.5,1\n",
        ]
        for text in texts {
            let bench = try Bench()
            let error = #expect(throws: IngestError.self) { try bench.prices(bench.file(text)) }
            #expect(error?.description.contains("daily bars") == true, "\(text.prefix(20))")
            #expect(try bench.events(SessionClosed.self).isEmpty, "nothing of it is taken")
        }
        for period in ["5", "60", "W", "M", "1h"] {
            let report = try Bench.prices(
                of: "<TICKER>,<PER>,<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n"
                    + "F.US,\(period),20200102,10,11,9,10,1\n")
            #expect(report.added == 0 && report.reasons.first?.field == "period")
            #expect(report.refusal(limit: 0.5)?.contains("bars of days") == true)
        }
    }

    @Test("an index is one of several tickers by its symbol, or the file is refused")
    func indexSymbol() throws {
        func read(_ symbol: String) throws -> [Double] {
            let bench = try Bench()
            let text = "symbol,date,close\n^SPX,2020-01-02,10\nQQQ,2020-01-02,20\n"
            let report = try IndexImporter(
                bench.writer(), series: .market, symbol: symbol, onReject: { _ in }
            ).run(bench.file(text))
            #expect(report.count(.excluded) == 1)
            return try bench.events(IndexClosed.self).map(\.close)
        }
        #expect(try read("QQQ") == [20])
        #expect(try read("SPX") == [10])
        let error = #expect(throws: IngestError.self) { try read("DIA") }
        #expect(error?.description.contains("^SPX, QQQ") == true)
    }
}

extension Bench {
    /// The report on a file of bars.
    fileprivate static func prices(of text: String) throws -> FileReport {
        let bench = try Bench()
        return try bench.prices(bench.file(text))
    }
}
