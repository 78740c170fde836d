public import Events
public import Market

/// The sessions in which a replay decides; facts before them are read all the same.
public struct ReplayWindow: Hashable, Sendable {
    /// First session, nil for the timeline's first.
    public var from: Day?
    /// Last session, nil for the timeline's last.
    public var to: Day?

    /// A window; nil leaves an end open.
    public init(from: Day? = nil, to: Day? = nil) {
        self.from = from
        self.to = to
    }

    /// Whether `day` lies in the window, ends included.
    public func contains(_ day: Day) -> Bool {
        (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
    }
}

/// What a session ended with.
public struct SessionMark: Hashable, Sendable {
    /// The session.
    public let day: Day
    /// Cash plus holdings at the close.
    public let value: Money
    /// Cash.
    public let cash: Money
    /// Holdings at the close.
    public let invested: Money
    /// Number of holdings.
    public let holdings: Int
    /// The index's close, nil before its first.
    public let index: Double?
    /// Dollars bought and sold since the start.
    public let turnover: Money
    /// Dollars put in less dollars taken out since the start, by the account of a broker.
    public let contributed: Money

    /// The mark of a session whose market is over.
    public init(_ day: Day, _ world: borrowing World) {
        self.day = day
        cash = world.portfolio.cash
        invested = world.portfolio.marketValue(world.prices)
        value = cash + invested + world.portfolio.receivable
        holdings = world.portfolio.holdings.count
        index = world.index.close(of: day)
        turnover = world.portfolio.turnover
        contributed = world.portfolio.contributed
    }
}

/// How many facts of each kind were read whose true knowledge date is unknown.
public struct HindsightCounts: Hashable, Sendable {
    /// Sessions with back-adjusted prices.
    public private(set) var sessions: UInt64 = 0
    /// Filings that carry something of unknown date.
    public private(set) var disclosures: UInt64 = 0
    /// Undated parties and identities.
    public private(set) var politicians: UInt64 = 0
    /// Undated seats on committees.
    public private(set) var committees: UInt64 = 0
    /// Undated sectors.
    public private(set) var instruments: UInt64 = 0
    /// Index closes.
    public private(set) var indices: UInt64 = 0
    /// Models of other tools and their predictions of the past.
    public private(set) var predictions: UInt64 = 0
    /// All others.
    public private(set) var others: UInt64 = 0

    /// All of them.
    public var total: UInt64 {
        sessions + disclosures + politicians + committees + instruments + indices + predictions
            + others
    }

    mutating func count(_ templateID: UInt16) {
        switch templateID {
        case SessionClosed.templateID: sessions += 1
        case DisclosureFiled.templateID, DisclosureAmended.templateID: disclosures += 1
        case PoliticianDescribed.templateID: politicians += 1
        case CommitteeAssigned.templateID: committees += 1
        case InstrumentClassified.templateID: instruments += 1
        case IndexClosed.templateID: indices += 1
        case ModelImported.templateID, PredictionsImported.templateID: predictions += 1
        default: others += 1
        }
    }
}
