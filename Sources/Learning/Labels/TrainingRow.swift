public import Events

/// One evaluation as a row for training: what was known when it was decided, and, once mature, what
/// came of it.
public struct TrainingRow: Hashable, Sendable {
    /// The label of the ticker's prices alone.
    public struct Label: Hashable, Sendable {
        /// Net return of the long, a fraction.
        public var netReturn: Double
        /// Its class.
        public var outcome: OutcomeClass
        /// Session in which the trade was bought.
        public var from: Day
        /// Session from whose close on the label may be used.
        public var to: Day
        /// Number of that session.
        public var toSession: Int

        /// A label from its parts.
        public init(
            netReturn: Double, outcome: OutcomeClass, from: Day, to: Day, toSession: Int
        ) {
            self.netReturn = netReturn
            self.outcome = outcome
            self.from = from
            self.to = to
            self.toSession = toSession
        }
    }

    /// The evaluation.
    public var signal: Reference
    /// The symbol.
    public var ticker: Ticker
    /// The session that was decided on.
    public var decidedOn: Day
    /// Number of that session.
    public var session: Int
    /// Features as they were stored, in catalogue order.
    public var features: [Float]
    /// Confidence of the heuristic, hundredths.
    public var heuristic: Int
    /// Which shadow arms would have entered.
    public var arms: ShadowArms
    /// The label; nil before it is mature, and for ever when the trade could not be bought, or
    /// measured by the index as the rules ask.
    public var label: Label?
    /// Session in which it became known that there is no label; nil while there may be one.
    public var voidOn: Day?
    /// Whether there is none because the index lacks a level that the trade is measured by.
    public var isUnmeasured = false

    /// A row without a label.
    public init(
        signal: Reference, ticker: Ticker, decidedOn: Day, session: Int, features: [Float],
        heuristic: Int, arms: ShadowArms
    ) {
        self.signal = signal
        self.ticker = ticker
        self.decidedOn = decidedOn
        self.session = session
        self.features = features
        self.heuristic = heuristic
        self.arms = arms
    }

    /// Takes the label of a mature trade.
    mutating func take(_ trade: HypotheticalTrade, _ rules: borrowing LabelRules) {
        guard let day = trade.matureOn, let session = trade.matureSession else { return }
        if let exit = trade.exit, let from = trade.entryDay, !exit.netReturn.isNaN {
            label = Label(
                netReturn: exit.netReturn, outcome: rules.outcome(exit.netReturn), from: from,
                to: day, toSession: session)
        } else {
            voidOn = day
            isUnmeasured = trade.exit != nil
        }
    }
}
