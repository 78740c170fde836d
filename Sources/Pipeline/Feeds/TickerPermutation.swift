import EventLog
import Events
import Learning

/// The control: the tickers of filings are permuted within their week and sector.
///
/// In each calendar week, and each sector of it, the tickers that were filed and had a bar in the
/// latest session are dealt out anew among themselves: all rows of one ticker that became known in
/// the week go to another. So filers, dates, sides, amounts and how rows cluster in a week stay as
/// they were, as do prices, and only the connection between both is cut. Under the hypothesis that
/// filings say nothing of their tickers a permuted world is as good as the true one.
public struct TickerPermutation: Sendable {
    private let feed: TimelineFeed
    private var groups: [Group] = []

    /// The filings of one week and sector that may be permuted.
    fileprivate struct Group: Sendable {
        let week: Day
        let sector: String
        var tickers: [Ticker] = []
        var rows: [(number: Int, ticker: Int)] = []
    }

    /// Filings that are in a group of two or more tickers: those that a permutation can move.
    public private(set) var movable = 0
    /// All filings.
    public private(set) var filings = 0

    /// Reads which filings may take each other's place.
    public init(_ feed: TimelineFeed) throws {
        self.feed = feed
        var sectors = Lookup<Ticker, String>()
        var latest = Lookup<Ticker, Int>()
        var session = 0
        var numbers = Lookup<GroupKey, Int>()
        var groups: [Group] = []
        var count = 0
        try feed.each { number, message in
            switch try MessageHeader(message).templateID {
            case InstrumentClassified.templateID:
                let event = try InstrumentClassifiedView(message)
                sectors[event.ticker] = event.sector
            case SessionClosed.templateID:
                session += 1
                let bars = try SessionClosedView(message).bars
                for row in 0..<bars.count { latest[bars[row].ticker] = session }
            case DisclosureFiled.templateID:
                count += 1
                let event = try DisclosureFiledView(message)
                let ticker = event.ticker
                guard session > 0, latest[ticker] == session else { break }
                let key = GroupKey(
                    week: event.envelope.knownAt.day.mondayOfWeek, sector: sectors[ticker] ?? "")
                let place = numbers[key] ?? groups.count
                if place == groups.count {
                    numbers[key] = place
                    groups.append(Group(week: key.week, sector: key.sector))
                }
                groups[place].add(number, ticker)
            default: break
            }
            return .proceed
        }
        self.groups = groups.filter { $0.tickers.count > 1 }
        filings = count
        movable = self.groups.reduce(0) { $0 + $1.rows.count }
    }

    private struct GroupKey: Hashable {
        let week: Day
        let sector: String
    }

    /// The feed under the permutation of a seed.
    public func permuted(seed: UInt64) throws -> TimelineFeed {
        var draws = SplitMix64(seed: seed)
        var taken: [(number: Int, ticker: Ticker)] = []
        taken.reserveCapacity(movable)
        for group in groups {
            var dealt = group.tickers
            // Fisher and Yates.
            for place in stride(from: dealt.count - 1, to: 0, by: -1) {
                dealt.swapAt(place, draws.below(place + 1))
            }
            for row in group.rows where dealt[row.ticker] != group.tickers[row.ticker] {
                taken.append((row.number, dealt[row.ticker]))
            }
        }
        taken.sort { $0.number < $1.number }
        var others: [(number: Int, message: [UInt8])] = []
        others.reserveCapacity(taken.count)
        var next = 0
        try feed.each { number, message in
            guard next < taken.count else { return .stop }
            guard taken[next].number == number else { return .proceed }
            var event = try DisclosureFiled(message: message)
            event.ticker = taken[next].ticker
            others.append((number, event.encoded()))
            next += 1
            return .proceed
        }
        return feed.replacing(others)
    }
}

extension TickerPermutation.Group {
    fileprivate mutating func add(_ number: Int, _ ticker: Ticker) {
        let place = tickers.firstIndex(of: ticker) ?? tickers.count
        if place == tickers.count { tickers.append(ticker) }
        rows.append((number, place))
    }
}
