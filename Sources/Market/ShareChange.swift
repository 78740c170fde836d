public import Events

/// What the corporate actions of one ex-date do to one instrument, before that session's fills.
public struct ShareChange: Hashable, Sendable {
    /// The ticker's slot among the prices.
    public let slot: Int
    /// The symbol.
    public let ticker: Ticker
    /// New shares for one old share; 1 without a split.
    public var split = 1.0
    /// Dollars of cash that each new share gets.
    public var dividend = 0.0
    /// What a holder gets for a share that is traded no more, dollars; nil when nobody said.
    public var payout: Double?
    /// Close of the latest bar before, dollars a share as it was traded.
    public let previousClose: Double

    /// No change of a slot whose latest close is `previousClose`.
    public init(slot: Int, ticker: Ticker, previousClose: Double) {
        (self.slot, self.ticker, self.previousClose) = (slot, ticker, previousClose)
    }

    /// What the split multiplies earlier prices with.
    public var splitFactor: Double { 1 / split }

    /// What the dividend multiplies earlier prices with, so that the return over the ex-date is the
    /// holder's: 1 − dividend / close before, the close on the new share's scale (CRSP, "Data
    /// Definitions: factor to adjust price").
    public var dividendFactor: Double { 1 - dividend / (previousClose / split) }

    /// Whether it changes anything, and nothing beyond what a price may be: no share pays as much
    /// as it is worth, and no split takes a price out of `InputRange.price`. What is not plausible
    /// is not applied.
    public var isPlausible: Bool {
        guard split != 1 || dividend != 0 || payout != nil else { return false }
        return dividend < previousClose / split && InputRange.price.contains(previousClose / split)
            && InputRange.price.contains(previousClose * priceFactor)
            && payout.map { InputRange.price.contains($0) } ?? true
    }

    /// What both multiply earlier prices with; volumes are multiplied with `split`.
    public var priceFactor: Double { splitFactor * dividendFactor }

    /// A number of shares after the split: whole ones, and the dollars that the rest is paid with
    /// at the close before. Where not one whole share would be left, or fractions are traded, the
    /// fraction stays.
    public func shares(_ old: Quantity, fractional: Bool) -> (new: Quantity, inLieu: Money) {
        guard split != 1 else { return (old, .zero) }
        // A ratio such as 1/3 stands rounded in a file: what it makes of whole lots is whole.
        let exact = old.shares * split
        let nearest = exact.rounded()
        let shares = (exact - nearest).magnitude < 1e-6 * max(1, exact) ? nearest : exact
        let whole = Quantity(shares: shares, fractional: fractional)
        guard whole > .zero else { return (Quantity(shares: shares, fractional: true), .zero) }
        let rest = max(0, shares - whole.shares)
        return (whole, fractional ? .zero : Money(dollars: rest * previousClose / split))
    }
}

/// Corporate actions that are known and whose ex-date has not come.
struct AnnouncedActions: Sendable {
    private(set) var waiting: [AnnouncedAction] = []

    init(_ waiting: [AnnouncedAction] = []) { self.waiting = waiting }

    mutating func announce(_ action: AnnouncedAction) { waiting.append(action) }

    /// Those whose ex-date is `day` or was before, in the order in which they became known.
    mutating func due(_ day: Day) -> [AnnouncedAction] {
        let due = waiting.filter { $0.exDay <= day }
        if !due.isEmpty { waiting.removeAll { $0.exDay <= day } }
        return due
    }
}

/// A corporate action as far as prices and holdings follow it.
public struct AnnouncedAction: Hashable, Sendable {
    /// The symbol.
    public var ticker: Ticker
    /// The first session without the entitlement.
    public var exDay: Day
    /// What happens.
    public var kind: CorporateActionKind
    /// New shares for one old share; nil where it is none.
    public var ratio: Double?
    /// Dollars a share; nil where it is none.
    public var amount: Double?

    /// An action from its parts.
    public init(
        ticker: Ticker, exDay: Day, kind: CorporateActionKind, ratio: Double?, amount: Double?
    ) {
        (self.ticker, self.exDay, self.kind) = (ticker, exDay, kind)
        (self.ratio, self.amount) = (ratio, amount)
    }

    /// An action as it became known.
    public init(_ event: CorporateActionAnnounced) {
        self.init(
            ticker: event.ticker, exDay: event.exDay, kind: event.kind, ratio: event.ratio,
            amount: event.amount)
    }

    /// An action as it became known.
    public init(_ event: borrowing CorporateActionAnnouncedView) {
        self.init(
            ticker: event.ticker, exDay: event.exDay, kind: event.kind, ratio: event.ratio,
            amount: event.amount)
    }

    /// Adds what it does to a share's change.
    public func add(to change: inout ShareChange) {
        let ratio = ratio.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        let amount = amount.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        switch kind {
        case .split:
            if let ratio { change.split *= ratio }
        case .spinOff:
            // Said as new shares for one, or as the value of what is spun off.
            if let ratio { change.split *= ratio } else { change.dividend += amount ?? 0 }
        case .dividend:
            change.dividend += amount ?? 0
        case .delisting, .merger:
            change.payout = amount
        case .symbolChange, .unrecognised:
            break
        }
    }
}
