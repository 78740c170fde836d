import EventLog
import Events
import Testing

@testable import Ingest

@Suite("Shapes of files of bars")
struct PriceShapeTests {
    /// The bars of a file, as `TICKER DAY CLOSE`.
    private func bars(
        _ text: String, name: String = "input.csv", _ options: PriceImporter.Options = .init()
    ) throws -> (bars: [String], report: FileReport) {
        let bench = try Bench()
        let report = try bench.prices(bench.file(text, name: name), options)
        let bars = try bench.events(SessionClosed.self).flatMap { session in
            session.bars.map { "\($0.ticker) \(session.day) \($0.close)" }
        }
        return (bars, report)
    }

    @Test("Yahoo: one ticker a file, by its name, and the adjusted close applied")
    func yahoo() throws {
        let text =
            "Date,Open,High,Low,Close,Adj Close,Volume\n2019-03-04,10,12,9,11,5.5,100\n"
            + "2019-03-05,11,12,10,12,6,200\n"
        let found = try bars(text, name: "prices_yahoo_QQQQ.csv")
        #expect(found.bars == ["QQQQ 2019-03-04 5.5", "QQQQ 2019-03-05 6.0"])
    }

    @Test("yfinance: three header lines, one ticker or many, an empty cell is no bar")
    func yfinance() throws {
        let one =
            "Price,Close,High,Low,Open,Volume\nTicker,AAA,AAA,AAA,AAA,AAA\nDate,,,,,\n"
            + "2019-03-04,11,12,9,10,100\n"
        #expect(try bars(one).bars == ["AAA 2019-03-04 11.0"])
        let many =
            "Price,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume\n"
            + "Ticker,BBB,AAA,BBB,AAA,BBB,AAA,BBB,AAA,BBB,AAA\nDate,,,,,,,,,,\n"
            + "2019-03-04,21,11,22,12,19,9,20,10,100,200\n2019-03-05,,11,,12,,9,,10,,200\n"
        let found = try bars(many)
        #expect(
            found.bars == ["AAA 2019-03-04 11.0", "BBB 2019-03-04 21.0", "AAA 2019-03-05 11.0"])
        #expect(found.report.rows == 3 && found.report.rejected == 0)
        let broken = try bars(many + "2019-03-06,1,2\n")
        #expect(broken.report.rows == 4 && broken.report.count(.malformedRow) == 1)
        let history =
            "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
            + "2019-03-04 00:00:00-05:00,10,12,9,11,100,0.0,0.0\n"
        #expect(try bars(history, name: "AAA.csv").bars == ["AAA 2019-03-04 11.0"])
    }

    @Test("Stooq: names in brackets, a country behind the symbol, days without hyphens")
    func stooq() throws {
        let text =
            "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
            + "AAA.US,D,20190304,000000,10,12,9,11,100,0\n"
        #expect(try bars(text).bars == ["AAA 2019-03-04 11.0"])
        let single = "Date,Open,High,Low,Close,Volume\n2019-03-04,10,12,9,11,100\n"
        #expect(try bars(single, name: "aaa_us_d.csv").bars == ["AAA 2019-03-04 11.0"])
    }

    @Test("Nasdaq: dollars, month first without another sign of it, newest first")
    func nasdaq() throws {
        let text =
            "Date,Close/Last,Volume,Open,High,Low\n"
            + "03/05/2019,$1112.00,200,$1111.00,\"$1,112.50\",$1110\n"
            + "03/04/2019,$11.00,\"1,100\",$10.00,$12.00,$9.00\n"
        let found = try bars(text, name: "prices_nasdaq_AAA.csv")
        #expect(found.bars == ["AAA 2019-03-04 11.0", "AAA 2019-03-05 1112.0"])
    }

    @Test(
        "Alpaca, Polygon, Tiingo, Alpha Vantage: objects, by ticker or date or with it beside them",
        arguments: [
            #"{"bars":{"AAA":[{"t":"2019-03-04T05:00:00Z","o":10,"h":12,"l":9,"c":11,"v":100}]}}"#,
            #"{"bars":[{"t":"2019-07-04T04:00:00Z","o":10,"h":12,"l":9,"c":11,"v":1}],"#
                + #""symbol":"AAA"}"#,
            #"{"ticker":"AAA","results":[{"v":100,"o":10,"c":11,"h":12,"l":9,"t":1551675600000}]}"#,
            #"{"Meta Data":{"1. Information":"x","2. Symbol":"AAA"},"Time Series (Daily)":{"#
                + #""2019-03-04":{"1. open":"10","2. high":"12","3. low":"9","4. close":"11","#
                + #""5. volume":"100"}}}"#,
            #"{"symbol":"AAA","historical":[{"date":"2019-03-04","open":10,"high":12,"low":9,"#
                + #""close":11,"volume":100}]}"#,
            #"[{"ticker":"AAA","date":"2019-03-04T00:00:00.000Z","close":11,"high":12,"low":9,"#
                + #""open":10,"volume":100}]"#,
            #"{"S":"AAA","date":"2019-03-04","o":10,"h":12,"l":9,"c":11,"v":100}"# + "\n"
                + #"{"S":"AAA","date":"2019-03-05","o":10,"h":12,"l":9,"c":11,"v":100,"x":[1,2]}"#,
        ])
    func objects(text: String) throws {
        let found = try bars(text).bars
        #expect(found.first?.hasPrefix("AAA 2019-0") == true, "\(found)")
        #expect(found.first?.hasSuffix("-04 11.0") == true, "\(found)")
        #expect(found.count == text.split(separator: "\n").count)
    }

    @Test("Polygon's flat files: nanoseconds, the day is New York's, also in the evening")
    func nanoseconds() throws {
        let text =
            "ticker,volume,open,close,high,low,window_start,transactions\n"
            + "AAA,100,10,11,12,9,1551675600000000000,7\n"
            + "BBB,100,10,11,12,9,1562212800000000000,7\n"
            + "CCC,100,10,11,12,9,1551744000000000000,7\n"
        #expect(
            try bars(text).bars == [
                "AAA 2019-03-04 11.0", "CCC 2019-03-05 11.0", "BBB 2019-07-04 11.0",
            ])
    }

    @Test("a moment with a zone is New York's day, midnight its own")
    func moments() {
        let reading = DateReading()
        #expect(reading.day("2019-03-04T00:00:00.000Z") == Day("2019-03-04"))
        #expect(reading.day("2019-03-05T03:00:00Z") == Day("2019-03-04"))
        #expect(reading.day("2019-03-04 16:00:00-05:00") == Day("2019-03-04"))
        #expect(reading.day("2019-03-04 23:30") == Day("2019-03-04"))
        #expect(reading.day("2019-07-05T03:59:00Z") == Day("2019-07-04"))
        #expect(reading.day("2019-07-05T04:00:00Z") == Day("2019-07-05"))
        #expect(reading.day("2006-03-20T04:30:00Z") == Day("2006-03-19"), "standard time then")
        #expect(reading.day("13 Feb 2023") == Day("2023-02-13"))
        #expect(reading.day("February 13, 2023") == Day("2023-02-13"))
        #expect(reading.day("13-Feb-2023") == Day("2023-02-13"))
        #expect(reading.day("31.01.2020") == Day("2020-01-31"))
        #expect(reading.day("2020/01/31") == Day("2020-01-31"))
        for text in ["2020-13-01", "20201301", "25:00", "44256", "Foo 1, 2020", "1/2/2020", ""] {
            #expect(reading.day(text) == nil, "\(text)")
        }
    }

    @Test("semicolons, tabs, decimal commas, thousands, UTF-16 and byte-order marks")
    func texts() throws {
        let german =
            "Date;Ticker;Open;High;Low;Close;Volume\n"
            + "04.03.2019;AAA;1.010,5;1.012,25;1.009;1.011,75;1.000.000\n"
        #expect(try bars(german).bars == ["AAA 2019-03-04 1011.75"])
        let scaled = PriceTests.header + "AAA,2019-03-04,10,12,9,11,1.5M\n"
        #expect(try bars(scaled).bars == ["AAA 2019-03-04 11.0"])
        let prices = scaled.replacing("11,1.5M", with: "0.011K,7")
        #expect(try bars(prices).report.count(.badNumber) == 1, "no price is abbreviated")
        let tabs =
            "date\tticker\topen\thigh\tlow\tclose\tvolume\n2019-03-04\tAAA\t10\t12\t9\t11\t1\n"
        #expect(try bars(tabs).bars == ["AAA 2019-03-04 11.0"])
        for isBig in [false, true] {
            var bytes: [UInt8] = isBig ? [0xFE, 0xFF] : [0xFF, 0xFE]
            for unit in (PriceTests.header + PriceTests.apple).utf16 {
                let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
                bytes += isBig ? [high, low] : [low, high]
            }
            let bench = try Bench()
            #expect(try bench.prices(bench.file(bytes: bytes)).added == 1)
        }
        #expect(try bars("\u{FEFF}" + german).bars.count == 1)
        let open = german.replacing(
            "1.010,5;1.012,25;1.009;1.011,75", with: "1,010;1,012;1,009;1,011")
        let error = #expect(throws: IngestError.self) { try bars(open) }
        #expect(error?.description.contains("decimal: comma") == true)
    }

    @Test("day and month are told by the whole file, or it is refused")
    func dateOrder() throws {
        func file(_ dates: String...) -> String {
            PriceTests.header
                + dates.map { "AAA,\($0),10,12,9,11,1\n" }.joined()
        }
        #expect(
            try bars(file("04/03/2019", "28/02/2019")).bars == [
                "AAA 2019-02-28 11.0", "AAA 2019-03-04 11.0",
            ])
        #expect(try bars(file("03/04/2019", "02/28/2019")).bars.first == "AAA 2019-02-28 11.0")
        #expect(
            try bars(file("13/04/2019", "03/28/2019")).bars == [
                "AAA 2019-03-28 11.0", "AAA 2019-04-13 11.0",
            ], "of mixed kinds each says one day")
        for dates in [["03/04/2019"], ["13/04/2019", "03/28/2019", "03/04/2019"]] {
            let text = PriceTests.header + dates.map { "AAA,\($0),10,12,9,11,1\n" }.joined()
            let error = #expect(throws: IngestError.self) { try bars(text) }
            #expect(error?.description.contains("--dates") == true)
        }
        var options = PriceImporter.Options()
        options.dates = .dayFirst
        #expect(try bars(file("03/04/2019"), options).bars == ["AAA 2019-04-03 11.0"])
    }

    @Test("two columns for one field, and an adjustment that is not understood, are refused")
    func refused() throws {
        for (header, word) in [
            ("ticker,symbol,date,open,high,low,close,volume", "both say ticker"),
            ("ticker,date,open,high,low,close,close,volume", "both say close"),
            ("ticker,date,open,high,low,close,volume,adj_factor", "adj_factor"),
            ("ticker,date,open,high,low,close,volume,adjOpen", "adjOpen"),
            ("date,open,high,low,close,volume", "--symbol"),
        ] {
            let error = #expect(throws: IngestError.self) { try bars(header + "\n1,2\n") }
            #expect(error?.code == .unknownHeader)
            #expect(error?.description.contains(word) == true, "\(error.debugDescription)")
        }
    }

    @Test(
        "an adjusted close is known under each of its names",
        arguments: [
            "Adj Close", "adjClose", "adjusted_close", "ADJ_CLOSE", "Adj. Close",
        ])
    func adjusted(name: String) throws {
        let text =
            "date,ticker,open,high,low,close,\(name),volume\n2019-03-04,AAA,10,12,9,11,5.5,1\n"
        #expect(try bars(text).bars == ["AAA 2019-03-04 5.5"])
    }

    @Test("a file's name is a ticker when it looks like one")
    func names() {
        for (name, ticker) in [
            ("AAPL.csv", "AAPL"), ("dir/prices_BRK-B.csv.gz", "BRK-B"), ("BRK.B.csv", "BRK-B"),
            ("ibm.us.txt", "IBM"), ("ibm_us_d.csv", "IBM"), ("x/T.json", "T"),
        ] {
            #expect(SymbolName.ticker(name) == Ticker(ticker), "\(name)")
        }
        for name in [
            "prices.csv", "input", "daily_2020.csv", "a/b_c.csv", "SPY Historical.csv", "",
        ] {
            #expect(SymbolName.ticker(name) == nil, "\(name)")
        }
    }

    @Test("what is no text is told by its first bytes, with what to do")
    func foreign() throws {
        let bench = try Bench()
        let kinds: [([UInt8], String)] = [
            (
                [0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0, count: 26) + Array("a.csv".utf8),
                "unzip"
            ),
            (
                [0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0, count: 26)
                    + Array("[Content_Types].xml".utf8), "Excel"
            ),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 1], "xz -dk"), (Array("PAR1xx".utf8), "duckdb"),
            ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), (Array("BZh91AY".utf8), "bzip2"),
            (Array("  <!DOCTYPE html><html>".utf8), "web page"), (Array("%PDF-1.4".utf8), "PDF"),
        ]
        for (bytes, word) in kinds {
            let path = try bench.file(bytes: bytes)
            for read in [bench.anyPrices, bench.disclosures] {
                let error = #expect(throws: IngestError.self) { try read(path, .init()) }
                #expect(error?.code == .wrongFormat)
                #expect(error?.description.contains(word) == true, "\(error.debugDescription)")
            }
        }
    }

    @Test("prices refuse the symbols that filings refuse, and none is a ticker of nothing")
    func symbols() throws {
        let rows = ["$AAA", "NASDAQ:BBB", "CCC.US", "DDDb", "nan", "NAN", "^GSPC", "GGGGl", "N/A"]
            .map { "\($0),2019-03-04,10,12,9,11,1\n" }.joined()
        let found = try bars(PriceTests.header + rows)
        #expect(
            found.bars.map { $0.prefix { $0 != " " } } == ["AAA", "BBB", "CCC", "DDD-B", "NAN"])
        #expect(found.report.count(.badTicker) == 4)
    }

    @Test("a bar after today is refused, in a simulated world it is not")
    func future() throws {
        let row = "2121-01-04,10,12,9,11,1\n"
        let found = try bars(PriceTests.header + "AAA," + row)
        #expect(found.report.count(.badDate) == 1)
        #expect(found.report.reasons.first?.value.contains("lies in the future") == true)
        #expect(try bars(PriceTests.header + "SIM0001," + row).report.added == 1)
    }
}
