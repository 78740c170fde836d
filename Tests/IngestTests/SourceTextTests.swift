import Events
import Testing

@testable import Ingest

@Suite("Amounts, symbols, names and securities as sources write them")
struct SourceTextTests {
    @Test(
        "the forms' bands are read in all the ways they are printed",
        arguments: [
            ("1,001 - 15,000", 1_001, 15_000), ("$1,001–$15,000", 1_001, 15_000),
            ("$1,001\u{00A0}-\u{00A0}$15,000", 1_001, 15_000), ("$1,001 to $15,000", 1_001, 15_000),
            ("Spouse/DC over $1,000,000", 1_000_001, nil), ("Over $50,000,000", 50_000_001, nil),
            ("> 50M", 50_000_001, nil), ("50M+", 50_000_001, nil), ("$1001-$15000 ", 1_001, 15_000),
            ("15.001 - 50.000", 15_001, 50_000), ("1K–15K", 1_001, 15_000),
            ("500K–1M", 500_001, 1_000_000), ("< 1K", 1, 1_000), ("$1,000 or less", 1, 1_000),
            ("None (or less than $1,001)", 1, 1_000), ("USD 1,001 - 15,000", 1_001, 15_000),
            ("$250,001 - $500,000\n", 250_001, 500_000), ("$1 001 - $15 000", 1_001, 15_000),
        ] as [(String, Double, Double?)])
    func bands(text: String, low: Double, high: Double?) throws {
        let band = try #require(AmountText.band(text))
        #expect(band.low == Money(dollars: low) && band.high == high.map { Money(dollars: $0) })
        #expect(band.isOfficial)
    }

    @Test(
        "what is no amount is none, and never one a thousand times too small",
        arguments: [
            "$0", "0", "$1,001 - $15,00", "$100,,000", "1,00,000", "1e3 - 1e4", "nan", "Unknown",
            "€1,001 - €15,000", "-$500", "1.234 - 5.678", "15.001", "12.5", "$1,001 -",
            "$1000000000000", "$1,001 - $15,000 (partial)", "over", "<", "to", "K",
        ])
    func noBands(text: String) {
        #expect(AmountText.band(text) == nil)
    }

    @Test("an amount that is no band of the forms is taken and noted")
    func outside() throws {
        #expect(AmountText.band("$1,234.56")?.low == Money(dollars: 1_234.56))
        #expect(AmountText.band("1,001 - 20,000")?.isOfficial == false)
        let bench = try Bench()
        let row = ImportTests.row("AMZN").replacing("15,000", with: "20,000")
        let report = try bench.disclosures(bench.file(ImportTests.header + row))
        #expect(report.added == 1 && report.notes.map(\.remark) == [.amountOutsideBands])
    }

    @Test(
        "a symbol has one spelling",
        arguments: [
            ("$AAPL", "AAPL"), ("Aapl", "AAPL"), ("AAPL\u{00A0}", "AAPL"), ("BRK B", "BRK-B"),
            ("NASDAQ:AAPL", "AAPL"), ("NYSE: F", "F"), ("AAPL:US", "AAPL"), ("AAPL.US", "AAPL"),
            ("AAPL US", "AAPL"), ("T.US", "T"), ("AAPL US Equity", "AAPL"), ("BRK.B.US", "BRK-B"),
            ("CWENa", "CWEN-A"), ("Ma", "MA"), ("Ba", "BA"), ("NAN", "NAN"), ("NA", "NA"),
            ("TRUE", "TRUE"), ("ON", "ON"), ("ALL", "ALL"), ("NYSE:BRK.B", "BRK-B"),
        ])
    func symbols(text: String, ticker: String) {
        #expect(TickerText.ticker(text) == Ticker(ticker))
    }

    @Test(
        "what cannot be an American symbol is none",
        arguments: [
            "GOOGl", "TSm", "FBHs", "nan", "NaN", "None", "null", "N/A", "-", "BTC-USD", "BTC/USD",
            "AAPL,MSFT", "AAPL/MSFT", "AAPL (old)", "BAC.PRL", "VOD.L", "SHOP.TO", "LON:VOD",
            "GOOGLEINC", "$", "$$A", ":", "US:", ".US",
        ])
    func noSymbols(text: String) {
        #expect(TickerText.ticker(text) == nil)
    }

    @Test("one person's name in its spellings is one")
    func names() {
        for name in [
            "Ben Ray Núñez", "Ben Ray Nu\u{0301}n\u{0303}ez", "Núñez, Ben Ray",
            "Hon. Ben Ray Núñez",
        ] {
            #expect(FilerName.plain(name).lowercased() == "ben ray nunez")
        }
        for (name, cased) in [
            ("BEN RAY O'NUNEZ-ROE", "Ben Ray O'Nunez-Roe"), ("KIM MCTAVISH", "Kim McTavish"),
            ("Kim McTAVISH", "Kim McTavish"), ("kim mctavish, jr.", "Kim McTavish, Jr."),
            ("JOE ROE III", "Joe Roe III"), ("II ROE", "Ii Roe"), ("ANN MCI", "Ann Mci"),
            ("ANN ROE'S", "Ann Roe's"),
        ] {
            #expect(FilerName.cased(name) == cased)
        }
        for name in ["Ann Roe", "P001", "AL", "F 12", "McNeil ROE"] {
            #expect(FilerName.cased(name) == name)
        }
        #expect(FilerName.plain("Joe Kennedy, III") == "Joe Kennedy, III")
        #expect(FilerName.plain("Neal Pat MD, Facs Roe") == "Neal Pat MD Facs Roe")
        #expect(asciiText("Łukasz Straße", limit: 48) == "Lukasz Strasse")
        #expect(asciiText("Жанна Щукина", limit: 48) == "Zhanna Shchukina")
        #expect(asciiText("Σωκράτης Ω", limit: 48) == "Sokratis O")
        #expect(asciiText("Ａｎｎ ﬁ ™", limit: 48) == "Ann fi TM")
        #expect(asciiText("李 Ann 🙂 Roe", limit: 48) == "Ann Roe" && asciiText("李", limit: 8) == "")
        #expect(asciiText("O\u{2019}Neil", limit: 48) == "O'Neil")
    }

    @Test(
        "options, warrants, bonds and funds off the exchange are told by code and by words",
        arguments: [
            ("", "Apple Inc. (AAPL) [ST]", true), ("", "SPDR S&P 500 (SPY) [EF]", true),
            ("", "Apple Inc. (AAPL) [OP]", false), ("", "US Treasury Note [GS]", false),
            ("", "Acme Mutual Fund [MF]", false), ("", "Acme Corp Warrants", false),
            ("", "Apple call options, strike 150", false), ("", "Amazon Inc", true),
            ("", "Options Clearing Holdings Inc", true), ("", "Call Now Inc", true),
            ("Stock", "x [OP]", true), ("Stock Option", "x", false), ("ST", "x", true),
        ])
    func securities(type: String, asset: String, isEquity: Bool) {
        #expect(SecurityText.isEquity(type: type, asset: asset) == isEquity)
    }

    @Test("a filing after today, a trade before the Act and a filing years later are counted")
    func days() throws {
        let bench = try Bench()
        func row(_ traded: String, _ filed: String) -> String {
            ImportTests.row("AMZN").replacing("2019-01-02,2019-01-29", with: "\(traded),\(filed)")
        }
        let report = try bench.disclosures(
            bench.file(
                ImportTests.header + row("2021-03-01", "2121-03-20")
                    + row("2011-03-01", "2012-04-09")
                    + row("2013-03-01", "2019-03-01") + row("2021-03-20", "2021-03-20T17:30:00")))
        #expect(report.added == 3 && report.count(.badDate) == 1)
        #expect(report.notes.map(\.remark) == [.tradedBeforeAct, .filedYearsLater])
        #expect(report.notes.map(\.firstLine) == [3, 4])
    }
}
