import Events
import Market
import Testing

@Suite("Jumps of a price that nothing explains")
struct JumpFinderTests {
    private let day = Day(year: 2020, month: 3, day: 2)!

    /// The jumps of a ticker that goes from 100 to some price, among others that move together.
    private func jumps(
        to open: Double, close: Double? = nil, market: Double = 1, others: Int = 9,
        split: Double = 1, dividend: Double = 0, gap: Int = 1
    ) -> [String] {
        var finder = JumpFinder()
        func session(_ number: Int, _ price: Double?, _ factor: Double) -> [String] {
            if let price {
                finder.take(
                    Ticker("ACME")!, day + number, open: price,
                    close: number > 0 ? close ?? price : price, split: number > 0 ? split : 1,
                    dividend: number > 0 ? dividend : 0)
            }
            for other in 0..<others {
                let price = (20 + Double(other)) * factor
                finder.take(Ticker("T\(other)")!, day + number, open: price, close: price)
            }
            return finder.end().map { "\($0.ticker) \($0.text)" }
        }
        _ = session(0, 100, 1)
        for number in 1..<gap { _ = session(number, nil, 1) }
        return session(gap, open, market)
    }

    @Test(
        "near a whole factor or its inverse, up or down",
        arguments: [2.0, 3, 4, 5, 7, 10, 20].flatMap { [$0, 1 / $0, $0 * 1.05, 0.96 / $0] })
    func found(_ factor: Double) {
        #expect(jumps(to: 100 * factor).count == 1)
    }

    @Test(
        "moves that markets make are none", arguments: [1.0, 1.3, 0.7, 1.6, 0.6, 2.4, 1 / 2.4, 13])
    func none(_ factor: Double) {
        #expect(jumps(to: 100 * factor).isEmpty)
    }

    @Test("beyond any split it is one whatever the factor")
    func beyond() {
        #expect(jumps(to: 6_700) == ["ACME ×67.00"])
        #expect(jumps(to: 1.5) == ["ACME ÷66.67"])
    }

    @Test("what a split or a dividend of the day explains is none")
    func explained() {
        #expect(jumps(to: 25, split: 4).isEmpty)
        #expect(jumps(to: 2_000, split: 0.05).isEmpty)
        #expect(jumps(to: 50, dividend: 50).isEmpty)
        #expect(jumps(to: 25, split: 2).count == 1, "the other half is not")
    }

    @Test("what the whole market does is none; of a ticker alone it is one")
    func market() {
        #expect(jumps(to: 50, market: 0.5).isEmpty)
        #expect(jumps(to: 50, market: 1.4).count == 1)
        #expect(jumps(to: 50, others: 0).count == 1)
    }

    @Test("an open that the close does not keep is a print, and a quarter's gap is another share")
    func kept() {
        #expect(jumps(to: 200, close: 101).isEmpty)
        #expect(jumps(to: 200, gap: 63).count == 1)
        #expect(jumps(to: 200, gap: 64).isEmpty)
    }
}
