import Events

extension PortfolioProjection {
    /// A session closed: its bars of what is held or ordered wait for its fills.
    mutating func close(_ session: borrowing SessionClosedView, knownAt: Instant) throws {
        if let configuration, !configuration.contains(session.day) { return }
        var wanted: [Ticker] = holdings.entries.map(\.value.ticker)
        for order in orders.entries
        where !order.value.isEnded && !wanted.contains(order.value.ticker) {
            wanted.append(order.value.ticker)
        }
        var prices: [PendingSession.Price] = []
        let bars = session.bars
        for ticker in wanted.sorted() {
            if let row = PortfolioProjection.find(ticker, in: bars) {
                prices.append(
                    PendingSession.Price(ticker: ticker, close: bars[row].close))
            }
        }
        pending = PendingSession(day: session.day, knownAt: knownAt, prices: prices)
        ledger.beginSession(session.day)
    }

    /// Bars come ascending by ticker.
    private static func find(_ ticker: Ticker, in bars: borrowing SessionClosedBarsView) -> Int? {
        var (low, high) = (0, bars.count)
        while low < high {
            let middle = (low + high) / 2
            if bars[middle].ticker < ticker { low = middle + 1 } else { high = middle }
        }
        return low < bars.count && bars[low].ticker == ticker ? low : nil
    }

    /// Marks a session whose fills are done: before the event at `position`.
    mutating func mark(_ session: PendingSession, before position: UInt64, _ rows: inout RowChanges)
    {
        guard let configuration else { return }
        let last = position - 1
        var invested = Money.zero
        holdings.forEachValue { order, holding in
            if let price = session.price(of: holding.ticker) {
                holding.close = price
                holding.highestMark = max(holding.highestMark ?? price, price)
            }
            invested += Money(dollars: holding.quantity.shares * holding.close)
            let row = holding
            rows.put(Table.positions, .text(order.description)) {
                row.encode(order, position: last, into: &$0)
            }
        }
        if configuration.cashRate != 0 {
            ledger.cash += Money(dollars: ledger.cash.dollars * configuration.cashRate / 252)
        }
        ledger.mark(invested: invested)
        rows.insert(Table.snapshots, .text(session.day.description)) { row in
            row.day(session.day)
            row.integer(last)
            row.money(ledger.value)
            row.money(ledger.cash)
            row.money(invested)
            row.integer(holdings.count)
            row.real(ledger.latestReturn)
            // Of nothing at the start nothing is made.
            row.real(
                configuration.startCash == .zero
                    ? 0 : ledger.value.dollars / configuration.startCash.dollars - 1)
            row.real(ledger.drawdown)
            row.integer(ledger.entries)
            row.integer(ledger.exits)
        }
        putState(last, &rows)
    }
}

/// A session that has closed, with the closes of what was held or ordered then.
struct PendingSession: Sendable {
    /// One close.
    struct Price: Sendable {
        var ticker: Ticker
        var close: Double
    }

    var day: Day
    var knownAt: Instant
    var prices: [Price]

    func price(of ticker: Ticker) -> Double? {
        prices.first { $0.ticker == ticker }?.close
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.integer(Int(day.rawValue))
        writer.integer(Int(knownAt.rawValue))
        writer.list(prices) {
            $0.word($1.ticker.rawValue)
            $0.real($1.close)
        }
    }

    init(day: Day, knownAt: Instant, prices: [Price]) {
        (self.day, self.knownAt, self.prices) = (day, knownAt, prices)
    }

    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        day = try Day(reading: &reader)
        knownAt = Instant(rawValue: Int64(try reader.integer()))
        prices = try reader.list { r throws(SnapshotError) in
            Price(ticker: Ticker(rawValue: try r.word()), close: try r.real())
        }
    }
}

extension Day {
    /// A day from a snapshot.
    init(reading reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(rawValue: Int32(truncatingIfNeeded: try reader.integer()))
    }
}

extension Money {
    /// An amount from a snapshot.
    init(reading reader: inout SnapshotReader) throws(SnapshotError) {
        self.init(rawValue: Int64(try reader.integer()))
    }
}
