import Events
import Market
import Testing

@Suite("Fills that come again, and orders that are alike")
struct RepeatedFillTests {
    /// An answer of the market, to be given again.
    private struct Answer {
        var order: Reference
        var ticker: String
        var side: OrderSide
        var shares: Int64
        var remaining: Int64

        func come(to book: inout Book) {
            book.fill(order, ticker, side, shares, at: 100, remaining: remaining)
        }
    }

    /// Numbers from a seed (SplitMix64).
    private struct Draws {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
        }
    }

    /// What a portfolio holds, in one text.
    private func state(_ book: Book) -> String {
        let portfolio = book.portfolio
        let held = portfolio.holdings.map { "\($0.id) \($0.quantity) \($0.cost) \($0.proceeds)" }
        let working = portfolio.orders.map { "\($0.id) \($0.filled)" }
        let closed = portfolio.closed.map { "\($0.holding.id) \($0.exitFill)" }
        return "\(portfolio.cash) \(portfolio.turnover) \(held) \(working) \(closed) "
            + "\(book.refusals.count)"
    }

    @Test(
        "a fill that was booked changes nothing when it comes again, at any moment thereafter",
        arguments: 0..<40 as Range<UInt64>)
    func again(seed: UInt64) {
        var draws = Draws(state: seed)
        var book = Book(cash: 1_000_000)
        let tickers = ["AAA", "BBB", "CCC"]
        book.close(tickers.map { ($0, Bar(100)) })
        var (entries, exits): ([(Reference, String)], [(Reference, String)]) = ([], [])
        var booked: [Answer] = []
        for step in 0..<120 {
            let ticker = tickers[draws.below(tickers.count)]
            let (shares, rest) = (Int64(1 + draws.below(4)), Int64(draws.below(3)))
            var fill: Answer?
            switch draws.below(8) {
            case 0: entries.append((book.buy(ticker, shares), ticker))
            case 1:
                if let held = book.portfolio.holdings.first(where: { "\($0.ticker)" == ticker }) {
                    exits.append((book.sell(ticker, shares, of: held.id), ticker))
                }
            case 2:
                let orders = entries + exits
                if !orders.isEmpty {
                    let (order, ticker) = orders[draws.below(orders.count)]
                    book.cancel(order, ticker)
                }
            case 3:
                if let closed = book.portfolio.closed.first {
                    book.record(closed.holding.id, "\(closed.holding.ticker)", .loop)
                }
            case 4:
                // A resting exit names the entry.
                if let held = book.portfolio.holdings.first {
                    fill = Answer(
                        order: held.id, ticker: "\(held.ticker)", side: .sell, shares: shares,
                        remaining: rest)
                }
            case 5, 6:
                if !entries.isEmpty {
                    let (order, ticker) = entries[draws.below(entries.count)]
                    fill = Answer(
                        order: order, ticker: ticker, side: .buy, shares: shares, remaining: rest)
                }
            default:
                if !exits.isEmpty {
                    let (order, ticker) = exits[draws.below(exits.count)]
                    fill = Answer(
                        order: order, ticker: ticker, side: .sell, shares: shares, remaining: rest)
                }
            }
            if let fill {
                let cash = book.portfolio.cash
                fill.come(to: &book)
                if book.portfolio.cash != cash { booked.append(fill) }
            }
            let before = state(book)
            for (number, fill) in booked.enumerated() {
                var copy = book
                fill.come(to: &copy)
                #expect(state(copy) == before, "seed \(seed), step \(step), fill \(number)")
            }
        }
        #expect(booked.count > 3, "seed \(seed) fills some")
    }

    @Test("a second order of what is held is refused, though it be alike in every word")
    func alike() {
        for isAlike in [true, false] {
            var book = Book()
            book.close([("ACME", Bar(100))])
            let first = book.buy("ACME", 10)
            let second = book.buy("ACME", isAlike ? 10 : 5)
            book.fill(first, "ACME", .buy, 10, at: 100)
            book.fill(second, "ACME", .buy, 5, at: 100, remaining: isAlike ? 5 : 0)
            #expect(book.refusals == [.heldTwice(Ticker("ACME")!, second)])
            #expect(book.portfolio.cash == Money(dollars: 9_000))
            #expect(book.portfolio.holdings.map(\.quantity) == [Quantity(shares: 10)])
            #expect(book.portfolio.order(second)?.filled == .zero, "it goes on working")
        }
    }

    @Test("a fill of all that comes after its cancel, twice, is booked once")
    func lateWhole() {
        var book = Book()
        book.close([("ACME", Bar(100))])
        let id = book.buy("ACME", 10)
        book.cancel(id, "ACME")
        for _ in 0..<2 { book.fill(id, "ACME", .buy, 10, at: 100) }
        #expect(book.refusals.isEmpty && book.portfolio.cash == Money(dollars: 9_000))
        #expect(book.portfolio.holdings.map(\.quantity) == [Quantity(shares: 10)])
    }
}
