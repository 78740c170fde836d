import Events
import Market
import Testing

@Suite("The price book")
struct PriceBookTests {
    private var book = PriceBook(historySessions: 3)
    private var day = Day(year: 2020, month: 1, day: 5)!

    /// A session in which each ticker trades at a price.
    private mutating func close(_ prices: [(String, Double)]) {
        close(prices.map { ($0.0, Bar($0.1)) })
    }

    private mutating func close(_ bars: [(String, Bar)]) {
        day = day + 1
        let now = Instant(day, hour: 21)
        let event = SessionClosed(
            envelope: Envelope(knownAt: now, recordedAt: now, actor: .timeline), source: .zero,
            day: day, part: 0, conflicts: 0, unadjusted: 0, adjustment: .none,
            bars: bars.map {
                SessionClosed.Bar(
                    ticker: Ticker($0.0)!, open: $0.1.open, high: $0.1.high, low: $0.1.low,
                    close: $0.1.close, volume: $0.1.volume)
            })
        let bytes = event.encoded()
        guard let view = try? SessionClosedView(bytes.span.bytes) else {
            preconditionFailure("what was encoded is decoded")
        }
        book.close(view.bars, of: view.day)
    }

    private func slot(_ ticker: String) throws -> Int {
        try #require(book.slot(of: Ticker(ticker)!))
    }

    @Test("slots are given by first appearance, and stay whatever rows come and go")
    mutating func slots() throws {
        close([("BBB", 2), ("CCC", 3)])
        close([("AAA", 1), ("BBB", 2), ("CCC", 3)])
        close([("CCC", 30), ("DDD", 4)])
        close([("AAA", 10), ("DDD", 40)])
        #expect(book.tickers.map { "\($0)" } == ["BBB", "CCC", "AAA", "DDD"])
        #expect(book.slot(of: Ticker("NONE")!) == nil && book.sessions == 4)
        for (ticker, price) in [("AAA", 10.0), ("BBB", 2), ("CCC", 30), ("DDD", 40)] {
            #expect(book.latestBar(try slot(ticker)).close == price)
        }
    }

    @Test("the bar of a session is there in that session alone; how long ago it was is counted")
    mutating func age() throws {
        close([("AAA", 1), ("BBB", 2)])
        #expect(book.bar(try slot("AAA"))?.close == 1)
        #expect(book.sessionsWithoutBar(try slot("AAA")) == 0)
        close([("BBB", 2)])
        close([("BBB", 2)])
        #expect(book.bar(try slot("AAA")) == nil)
        #expect(book.sessionsWithoutBar(try slot("AAA")) == 2)
        #expect(book.latestBar(try slot("AAA")).close == 1)
    }

    @Test("as many bars are kept as asked for, the youngest first by age, the oldest first in turn")
    mutating func history() throws {
        var expected: [Double] = []
        for price in 1...7 {
            close([("AAA", Double(price))])
            expected = (expected + [Double(price)]).suffix(3)
            let slot = try slot("AAA")
            #expect(book.barCount(slot) == expected.count)
            for age in expected.indices {
                #expect(book.bar(slot, age: age).close == expected[expected.count - 1 - age])
            }
            for count in 0...4 {
                var lent: [Double] = []
                book.forEachBar(slot, latest: count) { lent.append($0.close) }
                #expect(lent == expected.suffix(count), "\(count) of \(price)")
            }
        }
    }

    @Test("a history is of a ticker's own bars: sessions without one leave no hole")
    mutating func gaps() throws {
        close([("AAA", 1), ("BBB", 1)])
        close([("BBB", 1)])
        close([("AAA", 2)])
        var lent: [Double] = []
        book.forEachBar(try slot("AAA"), latest: 3) { lent.append($0.close) }
        #expect(lent == [1, 2])
    }

    @Test("without a history the latest bar is known and no other")
    mutating func none() throws {
        book = PriceBook(historySessions: 0)
        close([("AAA", 1)])
        close([("AAA", 2)])
        #expect(book.barCount(try slot("AAA")) == 0)
        #expect(book.latestBar(try slot("AAA")).close == 2)
    }

    @Test("put away and taken up again it is the same, and goes on the same")
    mutating func kept() throws {
        for price in 1...5 { close([("AAA", Double(price)), ("BBB", 10 * Double(price))]) }
        close([("BBB", 60)])
        let kept = book.tickers.indices.map { book.kept($0) }
        var again = PriceBook(historySessions: 3, sessions: book.sessions, kept: kept)
        let first = book
        close([("AAA", 7), ("CCC", 1)])
        let last = book
        (book, again) = (again, first)
        #expect(again.sessions == book.sessions)
        close([("AAA", 7), ("CCC", 1)])
        #expect(book.tickers == last.tickers && book.sessions == last.sessions)
        for slot in book.tickers.indices {
            #expect(
                book.latestBar(slot) == last.latestBar(slot) && book.bar(slot) == last.bar(slot))
            #expect(book.barCount(slot) == last.barCount(slot))
            #expect(book.sessionsWithoutBar(slot) == last.sessionsWithoutBar(slot))
            for age in 0..<book.barCount(slot) {
                #expect(book.bar(slot, age: age) == last.bar(slot, age: age))
            }
        }
    }

    @Test("the average true range needs one bar more than its length, and counts gaps")
    mutating func averageTrueRange() throws {
        // Ranges: of the second 4; of the third, which gapped up, 12 above the close before; of the
        // fourth, which gapped down, 20 below it.
        close([("AAA", Bar(open: 10, high: 11, low: 9, close: 10, volume: 1))])
        #expect(book.averageTrueRange(try slot("AAA"), length: 1) == nil)
        close([("AAA", Bar(open: 10, high: 12, low: 8, close: 10, volume: 1))])
        #expect(book.averageTrueRange(try slot("AAA"), length: 1) == 4)
        #expect(book.averageTrueRange(try slot("AAA"), length: 2) == nil)
        close([("AAA", Bar(open: 20, high: 22, low: 19, close: 21, volume: 1))])
        #expect(book.averageTrueRange(try slot("AAA"), length: 2) == 8)
        close([("AAA", Bar(open: 3, high: 4, low: 1, close: 2, volume: 1))])
        #expect(book.averageTrueRange(try slot("AAA"), length: 2) == 16)
        #expect(book.averageTrueRange(try slot("AAA"), length: 1) == 20)
        #expect(book.averageTrueRange(try slot("AAA"), length: 0) == nil)
        #expect(book.averageTrueRange(try slot("AAA"), length: 3) == nil, "three bars are kept")
    }
}
