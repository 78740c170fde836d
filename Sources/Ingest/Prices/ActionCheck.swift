import Events
import Market

/// Tells what the bars of a file that has splits and dividends beside them are adjusted for, and
/// compares both with its adjusted closes.
///
/// It is lent the bars in order of date. On the day of a split the close either falls with it, or
/// goes on as if there had been none.
struct ActionCheck {
    /// What the bars are.
    enum Bars {
        /// As they were traded.
        case asTraded
        /// Adjusted for splits, dividends stand beside them (Yahoo).
        case adjustedForSplits
        /// Adjusted for all that stands beside them.
        case adjusted
    }

    /// Daily total returns that differ by more are not the same.
    static let tolerance = 1e-3

    /// How far a price moves at most in a session, as a factor, beside a split that it shows.
    private static let largestMove = 2.0

    /// Which action of which row is not taken: its line, and whether it is the split.
    struct Refusal: Hashable, Sendable {
        let line: Int
        let isSplit: Bool
    }

    private var refusals = Lookup<Refusal, Bool>()

    private struct Last {
        var close: Double
        var adjusted: Double
    }

    private var last = Lookup<Ticker, Last>()
    private var asTraded = 0
    private var inPrices = 0
    /// Days on which the adjusted close says another total return than the actions do, for bars as
    /// they were traded and for bars that are adjusted for splits.
    private var differences: [(count: Int, first: Int)] = [(0, 0), (0, 0)]

    /// Takes the next bar of a ticker.
    mutating func take(_ row: PriceRow) {
        let close = row.bar.close
        defer { last[row.ticker] = Last(close: close, adjusted: row.adjusted) }
        guard let before = last[row.ticker] else {
            // A first day has no price that bears a ratio out: one that nobody writes is none.
            if row.split != 1, SplitRatio.kind(row.split) == .split,
                SplitRatio.fraction(row.split) == nil
            {
                refusals[Refusal(line: row.line, isSplit: true)] = true
            }
            return
        }
        refuse(row, before)
        vote(row, before)
        guard !row.adjusted.isNaN, !before.adjusted.isNaN else { return }
        let adjusted = row.adjusted / before.adjusted
        let split = refuses(row, isSplit: true) ? 1 : row.split
        let dividend = refuses(row, isSplit: false) ? 0 : row.dividend
        let plain = (close + dividend) / before.close
        let returns = [plain * split, plain]
        for (place, total) in returns.enumerated()
        where (total - adjusted).magnitude > ActionCheck.tolerance {
            if differences[place].count == 0 { differences[place].first = row.line }
            differences[place].count += 1
        }
    }

    /// Refuses a split that the price does not show, and the dividend that says what a spin-off
    /// beside it says.
    private mutating func refuse(_ row: PriceRow, _ before: Last) {
        guard row.split != 1 else { return }
        let moved = row.bar.close * row.split / before.close
        let most = ActionCheck.largestMove
        if moved > most || moved * most < 1 {
            refusals[Refusal(line: row.line, isSplit: true)] = true
        }
        let value = before.close * (1 - 1 / row.split)
        if SplitRatio.kind(row.split) == .spinOff, row.dividend > 0,
            (row.dividend - value).magnitude < 0.1 * value
        {
            refusals[Refusal(line: row.line, isSplit: false)] = true
        }
    }

    /// Whether an action of a row is not taken.
    func refuses(_ row: PriceRow, isSplit: Bool) -> Bool {
        refusals[Refusal(line: row.line, isSplit: isSplit)] != nil
    }

    private mutating func vote(_ row: PriceRow, _ before: Last) {
        guard row.split != 1 else { return }
        let ratio = row.bar.close / before.close
        // What the price would have done without the split.
        var moved = 1.0
        if !row.adjusted.isNaN, !before.adjusted.isNaN {
            moved = row.adjusted / before.adjusted
        } else if (0.8...1.25).contains(row.split) {
            return
        }
        func distance(_ ratio: Double) -> Double { Elementary.log(ratio / moved).magnitude }
        if distance(ratio * row.split) <= distance(ratio) { asTraded += 1 } else { inPrices += 1 }
    }

    /// What the bars are; `isYahoo` when the columns have the names of yfinance.
    func bars(hasAdjusted: Bool, isYahoo: Bool) -> Bars {
        if inPrices > asTraded { return hasAdjusted ? .adjustedForSplits : .adjusted }
        // yfinance adjusts what it gives without an adjusted close.
        if asTraded == 0, isYahoo, !hasAdjusted { return .adjusted }
        return .asTraded
    }

    /// Days on which the adjusted close and the actions differ, and the line of the first.
    func differences(_ bars: Bars) -> (count: Int, first: Int) {
        switch bars {
        case .asTraded: differences[0]
        case .adjustedForSplits: differences[1]
        case .adjusted: (0, 0)
        }
    }
}
