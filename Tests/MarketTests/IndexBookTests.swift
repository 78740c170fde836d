import Events
import Market
import Testing

@Suite("The index book")
struct IndexBookTests {
    private let start = Day(year: 2020, month: 1, day: 6)!

    /// An index of levels on days after the start; an adjusted close where there is one.
    private func book(_ levels: [(day: Int, open: Double?, close: Double, adjusted: Double?)])
        throws -> IndexBook
    {
        var book = IndexBook()
        for level in levels {
            let now = Instant(start + level.day, hour: 21)
            let event = IndexClosed(
                envelope: Envelope(knownAt: now, recordedAt: now, actor: .timeline), source: .zero,
                open: level.open, close: level.close, adjustedClose: level.adjusted,
                day: start + level.day, series: .market, symbol: "TEST", conflicts: 0)
            let bytes = event.encoded()
            book.close(try IndexClosedView(bytes.span.bytes))
        }
        return book
    }

    private func closes(_ levels: [Double]) throws -> IndexBook {
        try book(levels.enumerated().map { ($0.offset, nil, $0.element, $0.element) })
    }

    @Test("a close is known on its own day only")
    func ownDay() throws {
        let book = try book([(1, nil, 100, 100), (2, nil, 101, 101), (5, nil, 102, 102)])
        let expected: [Double?] = [nil, 100, 101, nil, nil, 102, nil]
        for (day, close) in expected.enumerated() {
            #expect(book.close(of: start + day) == close)
        }
    }

    @Test("a session without a level is a hole: no close, no open after it, no return over it")
    func holes() throws {
        var book = try book([(0, nil, 100, 100), (1, nil, 110, 110)])
        book.end(session: start + 1)
        #expect(book.levels.count == 2, "a session with a level is none")
        book.end(session: start + 2)
        book.end(session: start + 2)
        #expect(book.levels.count == 3 && book.close(of: start + 2) == nil)
        #expect(book.simpleReturn(sessions: 1) == nil && book.simpleReturn(sessions: 2) == nil)
        for (day, close) in [(3, 121.0), (4, 133.1), (5, 146.41)] {
            try add(close, on: day, to: &book)
            book.end(session: start + day)
        }
        #expect(book.open(of: start + 2) == nil, "nothing is known of the day")
        #expect(book.open(of: start + 3) == nil, "the close before is not known")
        #expect(book.open(of: start + 4) == 121)
        #expect(book.simpleReturn(sessions: 3) == nil && book.simpleReturn(sessions: 2) != nil)
        #expect(book.annualisedVolatility(sessions: 2) != nil)
        #expect(book.annualisedVolatility(sessions: 3) == nil, "it reaches over the hole")
        try add(170, on: 5, to: &book)
        #expect(book.close(of: start + 5) == 146.41, "a level that is known stays")
        book.end(session: start + 6)
        try add(150, on: 6, to: &book)
        #expect(book.close(of: start + 6) == 150, "one that comes late fills its hole")
        #expect(book.simpleReturn(sessions: 1) != nil)
        var empty = IndexBook()
        empty.end(session: start)
        #expect(empty.levels.isEmpty, "a series that has not begun has no holes")
    }

    private func add(_ close: Double, on day: Int, to book: inout IndexBook) throws {
        let now = Instant(start + day, hour: 21)
        let bytes = IndexClosed(
            envelope: Envelope(knownAt: now, recordedAt: now, actor: .timeline), source: .zero,
            close: close, adjustedClose: close, day: start + day, series: .market, symbol: "TEST",
            conflicts: 0
        ).encoded()
        book.close(try IndexClosedView(bytes.span.bytes))
    }

    @Test("an open is the day's own where known, else the close of the session before")
    func opens() throws {
        let book = try book([(1, 99, 100, 100), (2, nil, 101, 101), (5, 90, 102, 102)])
        #expect(book.open(of: start) == nil)
        #expect(book.open(of: start + 1) == 99)
        #expect(book.open(of: start + 2) == 100, "the close before")
        #expect(book.open(of: start + 3) == nil, "no level of that day")
        #expect(book.open(of: start + 5) == 90)
        let first = try self.book([(1, nil, 100, 100)])
        #expect(first.open(of: start + 1) == nil)
        #expect(first.session(start + 1) == (nil, 100), "nothing stood before")
        #expect(book.session(start + 5) == (90, 102) && book.session(start) == (nil, nil))
    }

    @Test("opens are on the scale of the adjusted close; without one the index is price-only")
    func adjusted() throws {
        let book = try book([(1, 50, 100, 80)])
        #expect(book.levels == [IndexBook.Level(day: start + 1, open: 40, close: 80)])
        #expect(!book.isPriceOnly)
        let plain = try self.book([(1, 50, 100, 100), (2, 50, 100, nil), (3, 50, 100, 100)])
        #expect(plain.isPriceOnly && plain.levels[1].close == 100 && plain.levels[1].open == 50)
    }

    @Test("a return over n sessions needs n + 1 levels")
    func returns() throws {
        let book = try closes([100, 110, 121])
        #expect(book.simpleReturn(sessions: 0) == 0)
        #expect(((book.simpleReturn(sessions: 1) ?? 0) - 0.1).magnitude < 1e-12)
        #expect(((book.simpleReturn(sessions: 2) ?? 0) - 0.21).magnitude < 1e-12)
        #expect(book.simpleReturn(sessions: 3) == nil)
    }

    @Test("volatility is the sample deviation of log returns, a year of 252 sessions")
    func volatility() throws {
        // Log returns r, −r, r with r = log 1.1: mean r/3, squares 8r²/3, over 2.
        let book = try closes([50, 100, 110, 100, 110])
        let r = Elementary.log(1.1)
        let expected = (8 * r * r / 3 / 2 * 252).squareRoot()
        #expect(((book.annualisedVolatility(sessions: 3) ?? 0) - expected).magnitude < 1e-12)
        #expect(book.annualisedVolatility(sessions: 4) != nil)
        #expect(book.annualisedVolatility(sessions: 5) == nil)
        #expect(book.annualisedVolatility(sessions: 1) == nil)
    }

    @Test("from its last levels it goes on measuring sessions to come")
    func tail() throws {
        let whole = try closes([100, 101, 102])
        let rest = IndexBook(tail: Array(whole.tail))
        #expect(whole.tail.count == 2 && rest.close(of: start + 2) == 102)
        #expect(rest.open(of: start + 2) == 101)
    }
}

@Suite("Costs")
struct CostsTests {
    @Test("slippage goes against the trade on both sides; none leaves the price to the bit")
    func slippage() {
        let costs = Costs(slippageBasisPoints: 2_500, commissionBasisPoints: 0)
        #expect(costs.price(200, side: .buy) == 250 && costs.price(200, side: .sell) == 150)
        let free = Costs(slippageBasisPoints: 0, commissionBasisPoints: 0)
        #expect(free.price(0.1 + 0.2, side: .buy) == 0.1 + 0.2)
    }

    @Test("commission is on the traded amount, rounded once; a share costs its price and that")
    func commission() {
        let costs = Costs(slippageBasisPoints: 0, commissionBasisPoints: 25)
        func paid(_ quantity: Quantity, _ price: Double) -> Money {
            costs.commission(quantity, at: price, side: .buy, on: Day(rawValue: 18_000))
        }
        #expect(paid(Quantity(shares: 3), 33.33) == Money(rawValue: 24_997_500))
        #expect(paid(Quantity(rawValue: 33_333_333), 1) == Money(rawValue: 83_333))
        #expect(paid(.zero, 100) == .zero)
        #expect(costs.cashPerShare(at: 200) == 200.5)
    }
}

@Suite("The world")
struct WorldTests {
    @Test("before the first session there is no day; then the latest, the one before, and a number")
    func days() throws {
        var world = World(
            rules: MarketRules(
                costs: Costs(slippageBasisPoints: 0, commissionBasisPoints: 0), noPriceSessions: 5,
                delistingHaircut: 0, fractionalShares: false, cashRate: 0),
            cash: Money(dollars: 100), historySessions: 1)
        #expect(world.day == nil && world.session == -1 && world.value == Money(dollars: 100))
        let first = Day(year: 2020, month: 1, day: 6)!
        for day in [first, first + 3] {
            let now = Instant(day, hour: 21)
            let bytes = SessionClosed(
                envelope: Envelope(knownAt: now, recordedAt: now, actor: .timeline), source: .zero,
                day: day, part: 0, conflicts: 0, unadjusted: 0, adjustment: .none
            ).encoded()
            world.close(try SessionClosedView(bytes.span.bytes))
        }
        #expect(world.day == first + 3 && world.previousDay == first && world.session == 1)
    }
}
