public import EventLog
import Events
import Market

/// What is wrong with another engine's trades, held against the bars and filings of a timeline.
public struct TradeAudit: Sendable {
    /// What may be wrong with a trade, the gravest for the file first.
    public enum Kind: String, CaseIterable, Sendable {
        /// The same row stands there before.
        case duplicate
        /// No bar of the timeline has this symbol.
        case unknownTicker
        /// The ticker has no bar on that day.
        case unknownSession
        /// It is left before it is entered.
        case exitBeforeEntry
        /// It is filled before it was decided.
        case beforeDecision
        /// The price lies outside the session's low and high.
        case outsideBar
        /// Nothing was traded in that session.
        case noVolume
        /// It was entered before the first filing that could have caused it was known.
        case beforeKnowledge
        /// The profit that is stated is not that of the prices, the quantity and the costs.
        case profitDiffers
    }

    /// Something that is wrong with a trade.
    public struct Finding: Hashable, Sendable {
        /// The line of the file.
        public let line: Int
        /// What it is.
        public let kind: Kind
        /// The symbol.
        public let symbol: String
        /// A sentence with the numbers.
        public let text: String
    }

    /// How trades are judged.
    public struct Options: Sendable {
        /// Basis points by which a price may miss what it is compared with.
        public var toleranceBasisPoints = 1.0
        /// Days before an entry within which a filing may have caused it.
        public var lookbackDays = 90
        /// Seed of the draws.
        public var seed: UInt64 = 1

        /// The defaults.
        public init() {}
    }

    /// Entries that were filled at the close of their own session, and what that was worth.
    public struct Gap: Hashable, Sendable {
        /// Entries whose price is that close.
        public var atClose = 0
        /// Of those, entries whose ticker has a next session.
        public var measured = 0
        /// What filling at the next open would have cost, as a fraction of the entry, on average.
        public var mean: Double?
        /// The same in dollars, of all of them.
        public var dollars = 0.0
        /// Fills, entries and exits, at the best price of the bar: its low for who buys, its high
        /// for who sells.
        public var atBest = 0
        /// Fills that could be compared.
        public var fills = 0
    }

    /// Where a figure lies among random tickers traded at the same times with the same dollars.
    public struct Interval: Hashable, Sendable {
        /// Of the trades.
        public var observed: Double
        /// The middle 95 % of the draws.
        public var low: Double
        /// Its other end.
        public var high: Double
        /// (1 + draws at or above the trades' own) / (draws + 1).
        public var pValue: Double
    }

    /// How the filings of the timeline stand to the entries.
    public struct Knowledge: Hashable, Sendable {
        /// Entries with a filing that could have caused them, known in time.
        public var caused = 0
        /// Entries before such a filing was known.
        public var early = 0
        /// Entries of tickers on which nobody filed around them.
        public var without = 0
    }

    /// Rows that were audited.
    public private(set) var rows = 0
    /// Positions: rows of one entry are one.
    public private(set) var positions = 0
    /// Rows that are still held.
    public private(set) var open = 0
    /// Net profit by the file's own prices and costs, dollars.
    public private(set) var profit = 0.0
    /// What is wrong, by line.
    public internal(set) var findings: [Finding] = []
    /// What fills at the session's own close came to.
    public internal(set) var gap = Gap()
    /// What the filings say; nil where the timeline has none.
    public internal(set) var knowledge: Knowledge?
    /// Positions that were drawn for.
    public internal(set) var drawnFor = 0
    /// Profit in dollars; nil where no position could be drawn for.
    public internal(set) var profitInterval: Interval?
    /// Share of positions with a net gain.
    public internal(set) var winInterval: Interval?
    /// Mean excess over the index a position; nil without an index.
    public internal(set) var excessInterval: Interval?

    /// Audits trades against a timeline.
    public init(
        _ trades: [ForeignTrade], timeline: EventLog, options: Options = Options()
    ) throws {
        var facts = TimelineFacts()
        try timeline.read { record in
            try facts.take(record.message, at: record.position)
            return .proceed
        }
        self.init(trades, facts, options)
    }

    init(_ trades: [ForeignTrade], _ facts: TimelineFacts, _ options: Options) {
        rows = trades.count
        open = trades.count { $0.exit == nil }
        profit = Moments.sum(trades.compactMap(\.ownProfit))
        let check = TradeCheck(facts, options)
        var seen: Set<ForeignTrade> = []
        var sound: [ForeignTrade] = []
        for trade in trades {
            var same = trade
            same.line = 0
            guard seen.insert(same).inserted else {
                findings.append(
                    Finding(
                        line: trade.line, kind: .duplicate, symbol: trade.symbol,
                        text: "says the same as a row before it"))
                continue
            }
            findings += check.findings(trade)
            sound.append(trade)
        }
        let positions = ForeignPosition.all(sound)
        self.positions = positions.count
        measureGap(positions, sound, check)
        measureKnowledge(positions, check)
        draw(positions, check)
        findings.sort { ($0.line, $0.kind.rawValue) < ($1.line, $1.kind.rawValue) }
    }

    /// Whether nothing is wrong.
    public var isSound: Bool { findings.isEmpty }

    /// How many findings there are of a kind.
    public func count(_ kind: Kind) -> Int { findings.count { $0.kind == kind } }
}

/// Rows that share an entry: a position, left in one part or several.
struct ForeignPosition {
    var first: ForeignTrade
    var parts: [ForeignTrade]

    /// The positions of some rows, in order of their first rows.
    static func all(_ trades: [ForeignTrade]) -> [ForeignPosition] {
        struct Key: Hashable {
            let symbol: String
            let isShort: Bool
            let entry: ForeignMoment
            let price: Double
        }
        var places: [Key: Int] = [:]
        var positions: [ForeignPosition] = []
        for trade in trades {
            let key = Key(
                symbol: trade.symbol, isShort: trade.isShort, entry: trade.entry,
                price: trade.entryPrice)
            if let place = places[key] {
                positions[place].parts.append(trade)
            } else {
                places[key] = positions.count
                positions.append(ForeignPosition(first: trade, parts: [trade]))
            }
        }
        return positions
    }
}
