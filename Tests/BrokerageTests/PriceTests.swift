import Events
import Testing

@testable import Brokerage

@Suite("Prices of orders")
struct OrderPriceTests {
    @Test(
        "a level is rounded down to the tick: a cent from one dollar, a hundredth of one below",
        arguments: [
            (100.0, "100.00"), (100.699999, "100.69"), (106 * 0.95, "100.70"), (1.0, "1.00"),
            (1.00999, "1.00"), (0.99999, "0.9999"), (0.12345, "0.1234"), (0.0001, "0.0001"),
            (123_456.789, "123456.78"),
        ])
    func ticks(level: Double, text: String) throws {
        let price = try #require(Price(roundedDown: level))
        #expect(price.description == text)
        #expect(price.isOnTick)
    }

    @Test("no price lies below the least one", arguments: [0, -1, 0.00009, .nan, .infinity])
    func none(level: Double) {
        #expect(Price(roundedDown: level) == nil)
    }

    @Test("cents below a dollar are on the tick, their hundredths above are not")
    func onTick() {
        #expect(Price(rawValue: 9_999).isOnTick && Price(rawValue: 10_100).isOnTick)
        #expect(!Price(rawValue: 10_001).isOnTick && !Price(rawValue: 0).isOnTick)
    }

    @Test("a value is exact")
    func value() {
        let price = Price(rawValue: 1_234_567)
        #expect(price.value(of: Quantity(shares: 3)) == Money(rawValue: 37_037_010_000))
        #expect(price.value(of: Quantity(rawValue: 1)) == Money(rawValue: 123))
    }

    @Test("a decimal text is read exactly or not at all")
    func texts() {
        #expect(DecimalText.units("227.426667", decimals: 8) == 22_742_666_700)
        #expect(DecimalText.units("1.63", decimals: 4) == 16_300)
        #expect(DecimalText.units("-0.5", decimals: 1) == -5)
        #expect(DecimalText.units("7", decimals: 2) == 700)
        #expect(DecimalText.units("1.2300", decimals: 2) == 123)
        #expect(DecimalText.rounded("1.005", decimals: 2) == 101)
        #expect(DecimalText.rounded("-1.0049", decimals: 2) == -100)
        for text in ["", ".", "-", "1e3", "1,0", "1.2.3", "+1", " 1", "1.234", "99999999999999999"]
        {
            #expect(DecimalText.units(text, decimals: 2) == nil, "\(text)")
        }
    }

    @Test("a decimal text is written without needless zeros")
    func written() {
        #expect(DecimalText.text(100_000_000, decimals: 8) == "1")
        #expect(DecimalText.text(-150_000_000, decimals: 8) == "-1.5")
        #expect(DecimalText.text(5, decimals: 8) == "0.00000005")
        #expect(DecimalText.text(0, decimals: 4, atLeast: 2) == "0.00")
    }
}
