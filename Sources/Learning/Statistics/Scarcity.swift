/// Why a ratio, its interval and its deflated Sharpe ratio are not shown (`n/a`, in JSON `null`).
///
/// A handful of trades or of days gives a ratio of any size. Counts, shares of counts, returns and
/// drawdowns are what they are and stay.
public enum Scarcity: Hashable, Sendable, CustomStringConvertible {
    /// Fewest closed trades of a ratio.
    public static let fewestTrades = 30
    /// Fewest sessions of a ratio whose return is not 0: days in cash say nothing.
    public static let fewestReturns = 30

    /// So few closed trades.
    case trades(Int)
    /// So few sessions with a return other than 0.
    case returns(Int)

    /// What is scarce; nil where there is enough. Without trades to count only returns are asked.
    public init?(trades: Int?, returns: [Double]) {
        self.init(trades: trades, moving: returns.count { $0 != 0 })
    }

    /// The same of returns that are counted: `moving` are not 0.
    public init?(trades: Int?, moving: Int) {
        if let trades, trades < Scarcity.fewestTrades {
            self = .trades(trades)
            return
        }
        guard moving < Scarcity.fewestReturns else { return nil }
        self = .returns(moving)
    }

    /// How many there are, as it stands behind "n/a: ".
    public var description: String {
        switch self {
        case .trades(let count): "\(count) closed \(count == 1 ? "trade" : "trades")"
        case .returns(let count): "\(count) \(count == 1 ? "session" : "sessions") with a return"
        }
    }

    /// How many there are, and how many a ratio needs.
    public var reason: String {
        switch self {
        case .trades: "\(self), under the \(Scarcity.fewestTrades) of a ratio"
        case .returns: "\(self) other than 0, under the \(Scarcity.fewestReturns) of a ratio"
        }
    }
}
