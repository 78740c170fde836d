public import Events
public import Pipeline

/// Something that a live run and a backtest beside it have apart, with what it cost the live run.
public struct ShadowDifference: Hashable, Sendable {
    /// What is apart.
    public enum Kind: String, CaseIterable, Sendable {
        /// Both were filled in the same session, at other prices.
        case slippage
        /// Both entered, with other quantities.
        case size
        /// The backtest entered and the live run did not.
        case entryMissed = "entry_missed"
        /// The live run entered and the backtest did not.
        case entryExtra = "entry_extra"
        /// Both leave for one reason, in other sessions or at another level.
        case exitLagged = "exit_lagged"
        /// Both left, for other reasons.
        case exitReason = "exit_reason"
        /// An entry or a fill that is apart because the live run knew a fact late.
        case lateFact = "late_fact"
        /// Cash that a backtest has not: fees, interest, what a broker paid of dividends.
        case cash
        /// A signal that one of both alone has, or another; its money stands in entries.
        case decision
        /// The class of an outcome; its money stands in fills.
        case outcome
    }

    /// What one of both has.
    public struct Figure: Hashable, Sendable {
        /// The session of its fill.
        public var session: Day?
        /// Dollars a share.
        public var price: Double?
        /// Shares.
        public var quantity: Quantity?
        /// A reason, a signal, a class.
        public var label: String?
        /// The event that says so; none without.
        public var event = Reference.none
    }

    /// What is apart.
    public var kind: Kind
    /// The symbol; nil of cash.
    public let ticker: Ticker?
    /// The session after which the position, or the signal, was decided; nil of cash.
    public let decidedOn: Day?
    /// As the live run has it; nil where it has nothing.
    public let live: Figure?
    /// As the backtest has it.
    public let shadow: Figure?
    /// What it cost the live run against the backtest: negative where the live run gained.
    public let cost: Money
    /// What the cost is a part of: the value of the position, or of the fill; zero without.
    public let value: Money
    /// Why, where it can be told.
    public var why: String?
    /// The late fact behind it.
    public var fact: LateMove?

    /// The cost in basis points of its value; nil where it has none.
    public var basisPoints: Double? {
        value == .zero ? nil : 10_000 * cost.dollars / value.dollars
    }

    init(
        _ kind: Kind, _ key: ShadowTrade.Key?, live: Figure?, shadow: Figure?,
        cost: Money = .zero, of value: Money = .zero, why: String? = nil, fact: LateMove? = nil
    ) {
        self.kind = fact == nil || kind == .decision ? kind : .lateFact
        (ticker, decidedOn) = (key?.ticker, key?.day)
        (self.live, self.shadow, self.cost, self.value) = (live, shadow, cost, value)
        (self.why, self.fact) = (fact.map(ShadowDifference.words) ?? why, fact)
    }

    /// A late fact in words.
    static func words(_ fact: LateMove) -> String {
        let what = fact.session.map { "bars of \($0)" } ?? fact.kind
        let read = fact.movedAt.map { "read by the run at \($0)" } ?? "never read by the run"
        return "\(what) r\(fact.position) known at \(fact.knownAt), recorded at "
            + "\(fact.recordedAt), \(read)"
    }
}

extension ShadowDifference.Figure {
    /// An entry.
    static func entry(_ trade: ShadowTrade, quantity: Bool = true) -> Self {
        Self(
            session: trade.entryDay, price: trade.entryPrice,
            quantity: quantity ? trade.bought : nil, event: trade.fill)
    }

    /// An exit, or what is held at its latest close.
    static func exit(_ trade: ShadowTrade, reason: Bool) -> Self {
        Self(
            session: trade.exitDay, price: trade.exitPrice,
            label: trade.exitDay == nil ? "held" : reason ? trade.reason.map { "\($0)" } : nil,
            event: trade.exitFill)
    }
}
