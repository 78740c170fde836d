public import EventLog
public import Events
public import Market

/// What a data log says of a live run's account: which one it trades with, what it is in custody
/// for, and what differs from it, unexplained.
///
/// All of it are facts of the data log, so that whoever asks sees it before the run has read it.
public struct AccountHistory: Sendable {
    /// A change of the account, or of the run's hold of it.
    public enum Change: Sendable {
        /// Paper to live, or back.
        case mode(TradingModeChanged)
        /// The account was taken over from a copy of the folder.
        case takeover(TakenOver)
    }

    /// Which account it trades with, and under which ids; nil at the simulated market.
    public private(set) var terms: BrokerTerms?
    /// What it is in custody for.
    public private(set) var custody = CustodyBook()
    /// Changes by their positions in the data log, in order.
    public private(set) var changes: [(position: UInt64, change: Change)] = []
    /// What differs and was neither adopted nor resumed from, by position; each ticker once, and
    /// the cash.
    public private(set) var differences: [(position: UInt64, event: ReconciliationDiffered)] = []
    /// Shares that are left alone, and why.
    public private(set) var leftAlone: [ReconciliationDiffered] = []
    /// The ids of earlier times began with these bits.
    public private(set) var earlierPrefixes: [UInt64] = []
    /// Whether what the account is worth was questioned since the latest change of mode.
    public private(set) var wasQuestioned = false
    private let live: RunManifest.Live
    private var readThrough: UInt64 = 0

    /// The history of a live run, read from a data log.
    public init(_ live: RunManifest.Live, _ data: some Log) throws {
        self.live = live
        // What was recorded before the run began is another's.
        readThrough = live.position
        if live.broker != RunManifest.Live.simulated { terms = live.brokerTerms }
        try look(data)
    }

    /// Reads what the log has more than before.
    public mutating func look(_ data: some Log) throws {
        let head = try data.head().position
        guard head > readThrough else { return }
        var next = self
        try data.read(from: readThrough + 1, through: head, check: .checksum) { record in
            try next.take(record.message, at: record.position)
            return .proceed
        }
        next.readThrough = head
        self = next
    }

    /// The latest takeover behind which no custody for a doubled folder has ended: what the broker
    /// shows is not booked yet.
    public var takingOver: (position: UInt64, event: TakenOver)? {
        guard case .takeover(let event)? = changes.last?.change,
            let position = changes.last?.position,
            custody.custody(.doubledFolder) != nil
        else { return nil }
        return (position, event)
    }

    /// The latest change of mode; nil where there was none.
    public var latestMode: (position: UInt64, event: TradingModeChanged)? {
        for (position, change) in changes.reversed() {
            if case .mode(let event) = change { return (position, event) }
        }
        return nil
    }

    /// The account of a mode, as it was traded with last; nil where it never was.
    public func account(isLive: Bool) -> String? {
        var found =
            live.broker == BrokerTerms.live
            ? (isLive ? live.account : nil)
            : (isLive ? nil : live.account)
        for case (_, .mode(let event)) in changes where (event.mode == .live) == isLive {
            found = event.account ?? found
        }
        return found
    }

    private mutating func take(_ message: RawSpan, at position: UInt64) throws {
        let template = try MessageHeader(message).templateID
        guard AccountHistory.templates.contains(template) else { return }
        switch template {
        case CustodyBegan.templateID:
            let event = try CustodyBegan(message: message)
            custody.apply(event)
            if event.cause == .otherEquity { wasQuestioned = true }
        case CustodyEnded.templateID: custody.apply(try CustodyEnded(message: message))
        case TradingModeChanged.templateID:
            let event = try TradingModeChanged(message: message)
            guard let before = terms else { return }
            changes.append((position, .mode(event)))
            terms = before.with(event)
            (differences, leftAlone, wasQuestioned) = ([], [], false)
        case TakenOver.templateID:
            let event = try TakenOver(message: message)
            guard var after = terms else { return }
            changes.append((position, .takeover(event)))
            earlierPrefixes.append(after.prefix)
            after.prefix = event.prefix
            terms = after
        case ReconciliationDiffered.templateID:
            let event = try ReconciliationDiffered(message: message)
            if event.leftAlone == true {
                leftAlone.append(event)
            } else if event.leftAlone == nil {
                differences.removeAll { $0.event.ticker == event.ticker }
                differences.append((position, event))
            }
        case PositionAdopted.templateID:
            let event = try PositionAdopted(message: message)
            differences.removeAll { $0.event.ticker == event.ticker }
            leftAlone.removeAll { $0.ticker == event.ticker }
        case EntriesResumed.templateID:
            let event = try EntriesResumed(message: message)
            if event.cause == .reconciliation || event.cause == nil && event.halt == .none {
                differences = []
            }
        default: break
        }
    }

    private static let templates: Set<UInt16> = [
        CustodyBegan.templateID, CustodyEnded.templateID, TradingModeChanged.templateID,
        TakenOver.templateID, ReconciliationDiffered.templateID, PositionAdopted.templateID,
        EntriesResumed.templateID,
    ]
}
