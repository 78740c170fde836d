import Events
import Market
import Testing

@Suite("The portfolio")
struct PortfolioTests {
    private let acme = Ticker("ACME")!

    /// Ten shares of ACME at 100 of 10,000 dollars; their order.
    private func held(
        stopDistance: Double? = nil, trailing: Double? = nil, target: Double? = nil
    ) -> (book: Book, id: Reference) {
        var book = Book()
        book.close([("ACME", Bar(100)), ("OTHER", Bar(50))])
        let id = book.buy(
            "ACME", 10, stopDistance: stopDistance, trailing: trailing, target: target)
        book.fill(id, "ACME", .buy, 10, at: 100, commission: 5)
        return (book, id)
    }

    @Test("an order waits, with what it reserves, until it is filled or cancelled")
    func waiting() {
        var book = Book()
        book.close([("ACME", Bar(100)), ("OTHER", Bar(50))])
        let first = book.buy("ACME", 10, reserved: 1_000)
        let second = book.buy("OTHER", 10, reserved: 500)
        #expect(book.portfolio.orders.count == 2 && book.portfolio.pendingEntries == 2)
        #expect(book.portfolio.reserved == Money(dollars: 1_500))
        #expect(book.portfolio.hasOrder(acme) && !book.portfolio.hasOrder(Ticker("NONE")!))
        #expect(book.portfolio.cash == Money(dollars: 10_000), "reserved is not spent")
        book.cancel(second, "OTHER")
        #expect(book.portfolio.reserved == Money(dollars: 1_000))
        #expect(book.portfolio.pendingEntries == 1)
        book.fill(first, "ACME", .buy, 10, at: 100)
        #expect(book.portfolio.orders.isEmpty && book.portfolio.reserved == .zero)
    }

    @Test("an entry takes its cost from cash and is held at what was paid")
    func entry() throws {
        let (book, _) = held()
        let holding = try #require(book.portfolio.holdings.first)
        #expect(book.portfolio.cash == Money(dollars: 10_000 - 1_005))
        #expect(holding.cost == Money(dollars: 1_005) && holding.entryPrice == 100)
        #expect(holding.quantity == Quantity(shares: 10) && holding.entryDay == book.day)
        #expect(holding.entrySession == 0 && holding.exitReason == nil)
        #expect(book.portfolio.turnover == Money(dollars: 1_005))
        #expect(book.portfolio.marketValue(book.prices) == Money(dollars: 1_000))
        #expect(book.portfolio.value(book.prices) == Money(dollars: 9_995))
    }

    @Test("an exit's order is no entry that is pending")
    func pendingExit() {
        var (book, id) = held()
        book.sell("ACME", 10, of: id)
        #expect(book.portfolio.pendingEntries == 0 && book.portfolio.hasOrder(acme))
    }

    @Test("holdings stand in order of ticker, whatever order they come in, and are found")
    func order() {
        var book = Book(cash: 1_000_000)
        let tickers = ["MMM", "AAA", "ZZZ", "CCC", "NNN"]
        book.close(tickers.sorted().map { ($0, Bar(10)) })
        for ticker in tickers {
            let id = book.buy(ticker, 1)
            book.fill(id, ticker, .buy, 1, at: 10)
        }
        #expect(book.portfolio.holdings.map { "\($0.ticker)" } == tickers.sorted())
        for (index, ticker) in tickers.sorted().enumerated() {
            #expect(book.portfolio.holdingIndex(Ticker(ticker)!) == index)
        }
        for ticker in ["A", "BBB", "ZZZZ"] {
            #expect(book.portfolio.holdingIndex(Ticker(ticker)!) == nil)
        }
    }

    @Test("sold in parts, the exit price is the mean by shares, and proceeds add up")
    func parts() throws {
        var (book, id) = held()
        book.trigger(id, "ACME", .timeout)
        let sale = book.sell("ACME", 10, of: id)
        book.fill(sale, "ACME", .sell, 4, at: 110, remaining: 6, commission: 1)
        let holding = try #require(book.portfolio.holdings.first)
        #expect(holding.quantity == Quantity(shares: 6) && holding.sold == Quantity(shares: 4))
        #expect(holding.meanExitPrice == 110 && holding.proceeds == Money(dollars: 439))
        #expect(book.portfolio.orders.count == 1 && book.portfolio.closed.isEmpty)
        book.fill(sale, "ACME", .sell, 6, at: 120, commission: 1)
        #expect(book.portfolio.holdings.isEmpty && book.portfolio.orders.isEmpty)
        let closed = try #require(book.portfolio.closed.first)
        #expect(closed.exitPrice == 116 && closed.reason == .timeout)
        #expect(closed.holding.proceeds == Money(dollars: 439 + 719))
        #expect(closed.holding.sold == Quantity(shares: 10))
        #expect(book.portfolio.cash == Money(dollars: 10_000 - 1_005 + 439 + 719))
        #expect(book.portfolio.turnover == Money(dollars: 1_005 + 439 + 719))
    }

    @Test("a sale that nobody triggered is a person's")
    func person() throws {
        var (book, id) = held()
        let sale = book.sell("ACME", 10, of: id)
        book.fill(sale, "ACME", .sell, 10, at: 100)
        #expect(try #require(book.portfolio.closed.first).reason == .person)
    }

    @Test(
        "only stops and trailing stops are remembered by ticker",
        arguments: [
            (ExitReason.stop, true), (.trailingStop, true), (.takeProfit, false),
            (.timeout, false), (.oppositeSignal, false), (.noPrice, false), (.target, false),
        ])
    func stoppedOut(reason: ExitReason, isRemembered: Bool) {
        var (book, id) = held()
        book.close([("ACME", Bar(90))])
        book.close([("ACME", Bar(90))])
        book.trigger(id, "ACME", reason)
        book.fill(id, "ACME", .sell, 10, at: 90)
        #expect(book.portfolio.stoppedOut[acme] == (isRemembered ? 2 : nil))
    }

    @Test("a closed holding waits for its own outcome, and not for one of a trade made elsewhere")
    func outcome() {
        var (book, id) = held()
        book.fill(id, "ACME", .sell, 10, at: 100)
        #expect(book.portfolio.closed.count == 1)
        book.record(id, "ACME", .recorded)
        #expect(book.portfolio.closed.count == 1)
        book.record(.own(99), "ACME", .loop)
        #expect(book.portfolio.closed.count == 1)
        book.record(id, "ACME", .loop)
        #expect(book.portfolio.closed.isEmpty)
    }

    @Test("late fills of a cancelled order add up, to what it ordered and no further")
    func lateFills() throws {
        var book = Book()
        book.close([("ACME", Bar(100))])
        let id = book.buy("ACME", 10, stopDistance: 6)
        book.fill(id, "ACME", .buy, 2, at: 100, remaining: 8)
        book.cancel(id, "ACME")
        book.fill(id, "ACME", .buy, 5, at: 100, remaining: 3)
        #expect(book.refusals.isEmpty)
        book.fill(id, "ACME", .buy, 5, at: 100, remaining: 2)
        #expect(
            book.refusals == [
                .overfilled(id, ordered: Quantity(shares: 10), filled: Quantity(shares: 12))
            ])
        let holding = try #require(book.portfolio.holdings.first)
        #expect(holding.quantity == Quantity(shares: 7) && book.portfolio.orders.isEmpty)
    }

    @Test("a fill of a whole order that comes twice is booked once, and another fill is refused")
    func wholeFills() {
        var book = Book()
        book.close([("ACME", Bar(100))])
        let id = book.buy("ACME", 10)
        for _ in 0..<2 { book.fill(id, "ACME", .buy, 10, at: 100) }
        #expect(book.refusals.isEmpty && book.portfolio.cash == Money(dollars: 9_000))
        book.fill(id, "ACME", .buy, 10, at: 100, remaining: 1)
        #expect(
            book.refusals == [
                .overfilled(id, ordered: Quantity(shares: 10), filled: Quantity(shares: 20))
            ])
        let sale = book.sell("ACME", 10, of: id)
        for _ in 0..<2 { book.fill(sale, "ACME", .sell, 10, at: 100) }
        #expect(book.refusals.count == 1 && book.portfolio.cash == Money(dollars: 10_000))
        book.fill(sale, "ACME", .sell, 10, at: 100, remaining: 1)
        #expect(book.refusals.last == .notHeld(acme, sale))
        #expect(book.portfolio.closed.count == 1)
    }

    @Test("a fill of no shares, or for more than a ledger holds, is refused and changes nothing")
    func refusedFills() {
        var book = Book()
        book.close([("ACME", Bar(100))])
        let id = book.buy("ACME", 1_000_000_000)
        book.fill(id, "ACME", .buy, 0, at: 100, remaining: 1_000_000_000)
        book.fill(id, "ACME", .buy, 1_000_000_000, at: 91)
        book.fill(id, "ACME", .buy, 1_000_000_000, at: 1e300)
        #expect(book.refusals == [.emptyFill(id), .beyondLedger(id), .beyondLedger(id)])
        #expect(book.portfolio.cash == Money(dollars: 10_000) && book.portfolio.holdings.isEmpty)
    }

    @Test("closing a holding ends its own orders and no other")
    func otherOrders() {
        var (book, id) = held()
        book.sell("ACME", 10, of: id)
        let entry = book.buy("OTHER", 1)
        book.fill(id, "ACME", .sell, 10, at: 90, leg: .closeOut)
        #expect(book.portfolio.orders.count == 1)
        #expect(book.portfolio.hasOrder(Ticker("OTHER")!) && !book.portfolio.hasOrder(acme))
        book.cancel(entry, "OTHER")
        #expect(book.portfolio.orders.isEmpty)
    }

    @Test("excursions are the highest high and the lowest low since the entry, the exit included")
    func excursions() throws {
        var (book, id) = held()
        book.close([("ACME", Bar(open: 100, high: 112, low: 96, close: 105, volume: 1))])
        book.close([("ACME", Bar(open: 105, high: 108, low: 97, close: 101, volume: 1))])
        let holding = try #require(book.portfolio.holdings.first)
        #expect(holding.highestHigh == 112 && holding.lowestLow == 96)
        book.fill(id, "ACME", .sell, 10, at: 90)
        let closed = try #require(book.portfolio.closed.first).holding
        #expect(closed.lowestLow == 90 && closed.highestHigh == 112)
    }

    @Test("in a session without a bar nothing moves, and the value is that of the latest close")
    func noBar() throws {
        var (book, _) = held()
        book.close([("ACME", Bar(120))])
        book.close([("OTHER", Bar(50))])
        #expect(book.portfolio.marketValue(book.prices) == Money(dollars: 1_200))
        #expect(try #require(book.portfolio.holdings.first).highestHigh == 120)
    }

    @Test("cash earns a 252nd of its rate each session, and owes where the rate is below zero")
    func interest() {
        var book = Book(cash: 25_200)
        book.close([], cashRate: 0.1)
        #expect(book.portfolio.cash == Money(dollars: 25_210))
        var owing = Book(cash: 25_200)
        owing.close([], cashRate: -0.1)
        #expect(owing.portfolio.cash == Money(dollars: 25_190))
        #expect(book.portfolio.turnover == .zero)
    }
}

@Suite("Resting levels")
struct HoldingTests {
    private func level(
        stopDistance: Double?, trailing: Double?, closes: [Double] = []
    ) throws -> (level: Double, reason: ExitReason)? {
        var book = Book()
        book.close([("ACME", Bar(100))])
        let id = book.buy("ACME", 10, stopDistance: stopDistance, trailing: trailing)
        book.fill(id, "ACME", .buy, 10, at: 100)
        for close in closes { book.close([("ACME", Bar(close))]) }
        return try #require(book.portfolio.holdings.first).restingLevel
    }

    @Test("neither, one of both, and the higher of both, which names the reason")
    func higher() throws {
        #expect(try level(stopDistance: nil, trailing: nil) == nil)
        #expect(try level(stopDistance: 6, trailing: nil)! == (94, .stop))
        #expect(try level(stopDistance: nil, trailing: 0.25)! == (75, .trailingStop))
        #expect(try level(stopDistance: 6, trailing: 0.25)! == (94, .stop))
        #expect(try level(stopDistance: 30, trailing: 0.25)! == (75, .trailingStop))
        #expect(try level(stopDistance: 25, trailing: 0.25)! == (75, .stop), "of equals the stop")
    }

    @Test("the trailing stop follows the highest close, never below the entry; the stop stays")
    func follows() throws {
        #expect(
            try level(stopDistance: nil, trailing: 0.25, closes: [120, 90])! == (90, .trailingStop))
        #expect(
            try level(stopDistance: nil, trailing: 0.25, closes: [80, 60])! == (75, .trailingStop))
        #expect(try level(stopDistance: 6, trailing: nil, closes: [200])! == (94, .stop))
    }

    @Test("stop and target are measured from the price paid")
    func levels() throws {
        var book = Book()
        book.close([("ACME", Bar(100))])
        let id = book.buy("ACME", 10, stopDistance: 8, target: 0.5)
        book.fill(id, "ACME", .buy, 10, at: 104)
        let holding = try #require(book.portfolio.holdings.first)
        #expect(holding.stopLevel == 96 && holding.targetLevel == 156)
    }
}
