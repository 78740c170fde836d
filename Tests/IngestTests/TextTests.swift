import Events
import Glibc
import Testing

@testable import Ingest

@Suite("Text of the sources")
struct TextTests {
    @Test(
        "dollar bands are read as the sources write them",
        arguments: [
            ("$1,001 - $15,000", 1_001.0, 15_000.0), ("<$1000", 1, 1_000),
            ("$50,000,001 +", 50_000_001, nil), ("Over $50,000,000", 50_000_001, nil),
            ("$1,001 -\n$15,000", 1_001, 15_000), ("250", 250, 250),
        ] as [(String, Double, Double?)])
    func bands(text: String, low: Double, high: Double?) {
        let band = AmountText.band(text)
        #expect(band?.low == Money(dollars: low))
        #expect(band?.high == high.map { Money(dollars: $0) })
    }

    @Test(
        "what is no band is none",
        arguments: ["", "--", "$15,001 -", "$15,000 - $1,001", "-5", "1e300", "$"])
    func noBands(text: String) {
        #expect(AmountText.band(text) == nil)
    }

    @Test(
        "symbols have one spelling",
        arguments: [
            ("AAPL", "AAPL"), ("aapl", "AAPL"), ("BRK.B", "BRK-B"), ("BRKb", "BRK-B"),
            ("BRK-B", "BRK-B"), ("CAP_u", "CAP-U"), ("brk/b", "BRK-B"),
        ])
    func tickers(symbol: String, spelled: String) {
        #expect(TickerText.ticker(symbol) == Ticker(spelled))
    }

    @Test(
        "what is not shaped like an American symbol is none",
        arguments: ["", "--", "6701", "IBM.MX", "^GSPC", "TOOLONGNAME", "A B", "ADT.F", "é"])
    func noTickers(symbol: String) {
        #expect(TickerText.ticker(symbol) == nil)
    }

    @Test(
        "dates that are none are refused",
        arguments: [
            "2019-02-29", "13/01/2019", "2019-1-2", "", "2019-00-10", "01/02/19", "////////",
        ]
    )
    func noDates(text: String) {
        #expect(DateText.day(text) == nil)
    }

    @Test("both spellings of a date are one day")
    func dates() {
        #expect(DateText.day("02/05/2021") == Day("2021-02-05"))
        #expect(DateText.day("2/5/2021") == Day("2021-02-05"))
        #expect(DateText.day(" 2021-02-05 ") == Day("2021-02-05"))
    }

    @Test("HTML goes, its entities and lines stay")
    func html() {
        #expect(HTMLText.plain("AT&amp;T <div class=\"x\">Inc.</div>") == "AT&T  Inc.")
        #expect(HTMLText.lines("<a href=\"q\">DD</a>   <br>  <a>IFF</a>") == ["DD", "IFF"])
        #expect(HTMLText.plain("a < b") == "a < b")
    }

    @Test("text of an event is ASCII within its field")
    func ascii() {
        #expect(asciiText("  Nydia  M. Velázquez ", limit: 48) == "Nydia M. Velazquez")
        #expect(asciiText("abc def", limit: 4) == "abc")
        #expect(optionalText("   ", limit: 4) == nil)
    }

    @Test("random decimals are read as the C library reads them")
    func decimals() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(state: seed)
        for _ in 0..<100_000 {
            let whole = random.next() >> random.next(upperBound: UInt64(64))
            let fraction = String(random.next() >> random.next(upperBound: UInt64(64)))
            let text =
                switch random.next() % 4 {
                case 0: "\(whole)"
                case 1: "-\(whole).\(fraction)"
                case 2: "\(whole % 100_000).\(fraction.prefix(8))"
                default: "\(whole).\(fraction)e\(Int(random.next() % 60) - 30)"
                }
            let read = DecimalText.double(text)
            #expect(read == strtod(text, nil), "\(text), seed \(seed)")
        }
    }

    @Test(
        "what is no decimal is none",
        arguments: ["", ".", "-", "1.2.3", "0x10", "nan", "inf", "1e999", "1 2", "12a", "1e"])
    func noDecimals(text: String) {
        #expect(DecimalText.double(text) == nil)
    }
}
