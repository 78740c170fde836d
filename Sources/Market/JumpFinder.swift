public import Events

/// A session's price that is about a whole multiple or fraction of the one before, with nothing
/// that explains it.
public struct PriceJump: Hashable, Sendable {
    /// The symbol.
    public var ticker: Ticker
    /// The session.
    public var day: Day
    /// Close of the bar before, dollars.
    public var before: Double
    /// The session's open, dollars, with what actions of the day explain taken out.
    public var after: Double

    /// A jump from its parts.
    public init(ticker: Ticker, day: Day, before: Double, after: Double) {
        (self.ticker, self.day) = (ticker, day)
        (self.before, self.after) = (before, after)
    }

    /// How many times the one price is the other, as `×20.0` or `÷4.00`.
    public var text: String {
        let isRise = after > before
        let hundredths = Int(capped: ((isRise ? after / before : before / after) * 100).rounded())
        let rest = hundredths % 100
        return "\(isRise ? "×" : "÷")\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// Finds jumps that look like splits which nobody told of: a split that is missing, or downloads
/// that are adjusted for different ones.
///
/// A jump is an open near 2, 3, 4, 5, 6, 7, 8, 10, 15 or 20 times the close before, or one of their
/// inverses, or beyond; which the close keeps; and which the market of that session did not make.
public struct JumpFinder: Sendable {
    private static let factors = [2.0, 3, 4, 5, 6, 7, 8, 10, 15, 20]
    /// How far from a factor an open may lie, relatively.
    private static let tolerance = 0.06

    private struct Last {
        var close: Double
        var session: Int
    }

    private var tickers: [Ticker] = []
    private var last: [Last] = []
    private var places = Lookup<Ticker, Int>()
    /// The place of the ticker that each row of a session had, which is nearly always the same.
    private var rowPlaces: [Int] = []
    private var row = 0
    private var sessions = 0
    private var ratios: [Double] = []
    private var candidates: [(jump: PriceJump, ratio: Double)] = []

    /// Before the first session.
    public init() {}

    /// Takes a bar of the session of `day`; `split` and `dividend` are what actions of the day
    /// explain.
    public mutating func take(
        _ ticker: Ticker, _ day: Day, open: Double, close: Double, split: Double = 1,
        dividend: Double = 0
    ) {
        let place = seat(ticker)
        let before = last[place]
        last[place] = Last(close: close, session: sessions)
        guard before.session >= 0, sessions - before.session <= PriceBook.recycledAfterSessions
        else { return }
        let ratio = (open + dividend) * split / before.close
        ratios.append(ratio)
        guard ratio > 1.8 || ratio < 0.56, JumpFinder.isNearFactor(ratio) else { return }
        let kept = (close + dividend) * split / before.close
        let isKept = ratio > 1 ? kept > 0.75 * ratio : kept < ratio / 0.75
        guard isKept else { return }
        let jump = PriceJump(
            ticker: ticker, day: day, before: before.close, after: (open + dividend) * split)
        candidates.append((jump, ratio))
    }

    /// The place of a ticker, which is looked up where another stood in this row before.
    private mutating func seat(_ ticker: Ticker) -> Int {
        defer { row += 1 }
        if row < rowPlaces.count, tickers[rowPlaces[row]] == ticker { return rowPlaces[row] }
        let place = places[ticker] ?? tickers.count
        if place == tickers.count {
            places[ticker] = place
            tickers.append(ticker)
            last.append(Last(close: 0, session: -1))
        }
        if row < rowPlaces.count { rowPlaces[row] = place } else { rowPlaces.append(place) }
        return place
    }

    /// The session is over: the jumps that were its own.
    public mutating func end() -> [PriceJump] {
        defer {
            (sessions, row) = (sessions + 1, 0)
            ratios.removeAll(keepingCapacity: true)
            candidates.removeAll(keepingCapacity: true)
        }
        guard !candidates.isEmpty else { return [] }
        ratios.sort()
        let middle = ratios.count < 4 ? 1 : ratios[ratios.count / 2]
        let market = Elementary.log(middle)
        return candidates.filter { candidate in
            let move = Elementary.log(candidate.ratio)
            return market * move <= 0 || market.magnitude < 0.5 * move.magnitude
        }.map(\.jump)
    }

    private static func isNearFactor(_ ratio: Double) -> Bool {
        let times = ratio > 1 ? ratio : 1 / ratio
        if times > factors[factors.count - 1] { return true }
        return factors.contains { (times / $0 - 1).magnitude < tolerance }
    }
}
