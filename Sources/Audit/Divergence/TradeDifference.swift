public import Events

/// A trade of a run, closed or still held at its end.
public struct TradeFacts: Hashable, Sendable {
    /// What was held.
    public var ticker: Ticker
    /// The session of the entry.
    public var entryDay: Day
    /// The session of the exit; nil while it is held.
    public var exitDay: Day?
    /// Shares.
    public var quantity: Quantity
    /// Dollars a share paid.
    public var entryPrice: Double
    /// Dollars a share received, or the latest close.
    public var exitPrice: Double
    /// Profit net of costs; of what is held as marked at the end.
    public var profit: Money
    /// Why it was closed, as the log names it; `open` while it is held.
    public var reason: String
}

/// A trade that only one of two runs made, or that came to something else.
public struct TradeDifference: Hashable, Sendable {
    /// As the first made it; nil where it did not.
    public let left: TradeFacts?
    /// As the second did.
    public let right: TradeFacts?

    /// What was held.
    public var ticker: Ticker { (left ?? right)!.ticker }
    /// The session of the entry.
    public var entryDay: Day { (left ?? right)!.entryDay }
    /// What the second gained over the first by it.
    public var gain: Money { (right?.profit ?? .zero) - (left?.profit ?? .zero) }

    /// Pairs the trades of two runs by ticker and entry session; what is equal is left out. In the
    /// order of entries, then of tickers.
    public static func all(_ left: [TradeFacts], _ right: [TradeFacts]) -> [TradeDifference] {
        var theirs: [Key: [TradeFacts]] = [:]
        for trade in right.reversed() { theirs[Key(trade), default: []].append(trade) }
        var differences: [TradeDifference] = []
        for trade in left {
            let other = theirs[Key(trade)]?.popLast()
            if other != trade { differences.append(TradeDifference(left: trade, right: other)) }
        }
        for trade in right where theirs[Key(trade)]?.popLast() != nil {
            differences.append(TradeDifference(left: nil, right: trade))
        }
        return differences.sorted { ($0.entryDay, $0.ticker) < ($1.entryDay, $1.ticker) }
    }

    private struct Key: Hashable {
        let ticker: Ticker
        let entryDay: Day

        init(_ trade: TradeFacts) { (ticker, entryDay) = (trade.ticker, trade.entryDay) }
    }
}
