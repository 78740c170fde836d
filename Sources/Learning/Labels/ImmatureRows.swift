public import Events
public import Market

/// Evaluations and sessions, read back from a log, and the labels that they make mature.
///
/// It sees what the loop saw when it decided, in the same order, and steps the same `LabelBook`;
/// of the prices it keeps as many bars as the average true range needs.
public struct ImmatureRows: Sendable {
    /// Evaluations whose labels are not mature.
    public private(set) var labels: LabelBook
    /// Bars up to the latest session.
    public private(set) var prices: PriceBook
    /// The market index up to the latest session.
    public private(set) var index = IndexBook()
    /// The latest session; nil before the first.
    public private(set) var day: Day?
    /// Bars of the average true range.
    public let rangeSessions: Int

    /// Nothing evaluated yet.
    public init(rules: LabelRules, rangeSessions: Int) {
        self.rangeSessions = rangeSessions
        labels = LabelBook(rules: rules)
        prices = PriceBook(historySessions: rangeSessions + 1)
    }

    /// What a snapshot held.
    public init(
        rules: LabelRules, rangeSessions: Int, prices: PriceBook, index: IndexBook, day: Day?,
        immature: [LabelBook.Immature]
    ) {
        self.init(rules: rules, rangeSessions: rangeSessions)
        self.prices = prices
        self.index = index
        self.day = day
        labels.restore(immature)
    }

    /// Number of the latest session, from 0; −1 before the first.
    public var session: Int { prices.sessions - 1 }

    /// An index closed; only the market's measures labels.
    public mutating func close(_ event: borrowing IndexClosedView) {
        if event.series == .market { index.close(event) }
    }

    /// A corporate action became known.
    public mutating func announce(_ event: borrowing CorporateActionAnnouncedView) {
        prices.announce(AnnouncedAction(event))
    }

    /// A session closed; gives the rows whose labels it made mature, or that it left without one.
    public mutating func close(_ event: borrowing SessionClosedView) -> [TrainingRow] {
        prices.close(event.bars, of: event.day)
        index.end(session: event.day)
        day = event.day
        return labels.close(prices, index, day: event.day)
    }

    /// An evaluation was recorded in the cycle of the latest session.
    ///
    /// - Precondition: the row is of that session.
    public mutating func add(_ row: TrainingRow) {
        precondition(row.decidedOn == day, "an evaluation is of the latest session")
        let slot = prices.slot(of: row.ticker)
        labels.add(
            row,
            averageTrueRange: slot.flatMap {
                prices.averageTrueRange($0, length: rangeSessions)
            },
            slot: slot)
    }
}
