import EventLog
import Events
import Market

extension Why {
    /// What corporate actions made of a holding's shares.
    struct HeldShares {
        /// Shares on the scale of today.
        var held = Quantity.zero
        /// What each action did, in order.
        var sentences: [String] = []
        /// The actions, in order.
        var actions: [Reference] = []
    }

    /// The shares that fills of one holding leave after the corporate actions between them, as far
    /// as sessions have closed by the moment that was asked for.
    func shares(
        _ fills: [(event: Reference, fill: OrderFilled)], of ticker: Ticker, through day: Day?
    ) throws -> HeldShares {
        var shares = HeldShares()
        guard let first = fills.first else { return shares }
        // Fractions are traded where a fill has one.
        let isFractional = fills.contains { $0.fill.quantity.rawValue % 100_000_000 != 0 }
        var waiting = try actions(of: ticker).filter { event, action in
            action.exDay > first.fill.filledOn && day.map { action.exDay <= $0 } ?? false
        }.sorted { ($0.action.exDay, $0.event) < ($1.action.exDay, $1.event) }
        for (_, fill) in fills {
            while let (event, action) = waiting.first, action.exDay <= fill.filledOn {
                waiting.removeFirst()
                follow(event, action, isFractional, &shares)
            }
            if fill.side == .buy {
                shares.held = shares.held + fill.quantity
            } else {
                shares.held = shares.held - fill.quantity
            }
        }
        for (event, action) in waiting { follow(event, action, isFractional, &shares) }
        return shares
    }

    private func follow(
        _ event: Reference, _ action: CorporateActionAnnounced, _ isFractional: Bool,
        _ shares: inout HeldShares
    ) {
        guard shares.held > .zero else { return }
        var change = ShareChange(slot: 0, ticker: action.ticker, previousClose: 1)
        AnnouncedAction(action).add(to: &change)
        let before = shares.held
        shares.held = change.shares(before, fractional: isFractional).new
        shares.actions.append(event)
        if change.split != 1 {
            shares.sentences.append(
                "On \(action.exDay) \(WhyNumbers.shares(before)) became "
                    + "\(WhyNumbers.shares(shares.held)): "
                    + "\(WhyNumbers.short(change.split, 6)) new for one old.")
        }
        if change.dividend > 0 {
            let paid = Money(dollars: shares.held.shares * change.dividend)
            shares.sentences.append(
                "On \(action.exDay) a dividend of \(WhyNumbers.dollars(change.dividend, 4)) a share "
                    + "brought \(WhyNumbers.dollars(paid)).")
        }
    }

    /// A corporate action: what it does to a share, and since when it was known.
    func action(_ event: Reference) throws -> WhyNode {
        let action = try read(CorporateActionAnnounced.self, event)
        let (ticker, day) = (action.ticker, action.exDay)
        let ratio = action.ratio.map { WhyNumbers.short($0, 6) }
        let amount = action.amount.map { WhyNumbers.dollars($0, 4) }
        let what =
            switch action.kind {
            case .split: "\(ratio ?? "?") new shares of \(ticker) for one old from \(day) on"
            case .dividend: "\(ticker) paid \(amount ?? "?") a share to holders before \(day)"
            case .spinOff:
                "\(ticker) gave a part of itself away on \(day): "
                    + (ratio.map { "worth \($0) shares for one" } ?? "\(amount ?? "?") a share")
            case .symbolChange:
                "\(ticker) has the symbol \(action.newTicker?.description ?? "?") from \(day) on"
            case .delisting, .merger:
                "\(ticker) is traded no more from \(day) on"
                    + (amount.map { ", and pays \($0) a share" } ?? "")
            case .unrecognised: "A corporate action of \(ticker) on \(day)"
            }
        var node = WhyNode(
            event, type: CorporateActionAnnounced.messageName, knownAt: action.envelope.knownAt,
            what)
        node.sentences.append("Known to the market from \(action.envelope.knownAt.words) on.")
        return node
    }

    private func actions(of ticker: Ticker) throws
        -> [(event: Reference, action: CorporateActionAnnounced)]
    {
        var found: [(event: Reference, action: CorporateActionAnnounced)] = []
        let events = try lineage.next(
            [CorporateActionAnnounced.templateID], of: ticker, after: 0, limit: .max)
        for event in events where try isKnown(event) {
            found.append((event, try read(CorporateActionAnnounced.self, event)))
        }
        return found
    }
}
