public import Events

/// All that an event led to, in numbers and money.
public struct Effects: Sendable {
    /// A trade that it had a part in.
    public struct Trade: Sendable {
        /// The order that opened it.
        public var entry: Reference
        /// The symbol.
        public var ticker: Ticker
        /// Shares bought.
        public var quantity: Quantity
        /// What was paid, costs included.
        public var cost: Money
        /// Session of the first purchase.
        public var boughtOn: Day
        /// Session of the last sale; nil while it is open.
        public var soldOn: Day?
        /// The outcome's event; none while there is none.
        public var outcome = Reference.none
        /// What it came to after costs; nil while there is no outcome.
        public var result: Money?
        /// The outcome's class; nil while there is no outcome.
        public var outcomeClass: OutcomeClass?
    }

    /// The event.
    public var event: Reference
    /// What it is, in a sentence.
    public var title: String
    /// Evaluations that it had a part in.
    public var evaluations = 0
    /// Evaluations of a model that was asked and had no say.
    public var shadow = 0
    /// Of the evaluations, those that became signals.
    public var signals = 0
    /// Of the evaluations, those that did not, by reason, the most frequent first.
    public var suppressed: [(reason: String, count: Int)] = []
    /// Signals that were not traded on, by reason, the most frequent first.
    public var skipped: [(reason: String, count: Int)] = []
    /// Entry orders.
    public var entries = 0
    /// Exits that it triggered or had a part in.
    public var exits = 0
    /// Orders that were cancelled or refused.
    public var unfilled = 0
    /// Fills.
    public var fills = 0
    /// Trainings that were asked for.
    public var requests = 0
    /// Models that were trained.
    public var models = 0
    /// Models that became the champion.
    public var promotions = 0
    /// Events that it led to, of any kind.
    public var events = 0
    /// The trades, by purchase.
    public var trades: [Trade] = []

    /// Trades with an outcome.
    public var closed: [Trade] { trades.filter { $0.result != nil } }

    /// What the trades with an outcome came to together.
    public var result: Money { closed.reduce(.zero) { $0 + ($1.result ?? .zero) } }

    /// What was paid for the trades without one.
    public var open: Money {
        trades.reduce(.zero) { $1.result == nil ? $0 + $1.cost : $0 }
    }

    /// Trades of a class.
    public func count(_ outcome: OutcomeClass) -> Int {
        trades.count { $0.outcomeClass == outcome }
    }
}
