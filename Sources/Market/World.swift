public import Events

/// Everything that is shared by all deciders of a run: sessions, prices, indices, portfolio.
public struct World: Sendable {
    /// How orders are filled.
    public private(set) var rules: MarketRules
    /// Prices up to the latest closed session.
    public var prices: PriceBook
    /// The market index.
    public var index = IndexBook()
    /// The volatility index.
    public var volatility = IndexBook()
    /// Cash, holdings, orders.
    public private(set) var portfolio: Portfolio
    /// The first event that the portfolio refused; nil while all were legal.
    public private(set) var refusal: PortfolioError?
    /// The latest closed session, nil before the first.
    public private(set) var day: Day?
    /// The session before it.
    public private(set) var previousDay: Day?
    /// What stands against entries.
    public private(set) var halts = HaltBook()
    /// What the live run is in custody for.
    public private(set) var custody = CustodyBook()
    /// What was asked of a broker of the world; nil at the simulated market.
    public private(set) var broker: BrokerBook?
    private let startCash: Money

    /// A world before its first session.
    public init(rules: MarketRules, cash: Money, historySessions: Int) {
        self.rules = rules
        self.prices = PriceBook(historySessions: historySessions)
        self.portfolio = Portfolio(cash: cash)
        self.startCash = cash
        self.refusal = nil
    }

    /// The number of the latest closed session, from 0; −1 before the first.
    public var session: Int { prices.sessions - 1 }

    /// Cash plus holdings at their latest closes.
    public var value: Money { portfolio.value(prices) }

    /// Takes a session's bars.
    ///
    /// - Precondition: sessions come in ascending order of day.
    public mutating func close(_ event: borrowing SessionClosedView) {
        let closing = event.day
        precondition(day.map { $0 < closing } ?? true, "sessions come in ascending order of day")
        previousDay = day
        day = closing
        prices.close(event.bars, of: closing)
        for change in prices.changes {
            portfolio.apply(
                change, on: closing, fractional: rules.fractionalShares, paysLater: broker != nil)
        }
        index.end(session: closing)
        volatility.end(session: closing)
    }
}

extension World {
    /// A corporate action became known: prices, holdings and orders follow it from its ex-date on.
    public mutating func announce(_ event: borrowing CorporateActionAnnouncedView) {
        prices.announce(AnnouncedAction(event))
    }

    /// A session's market is over: holdings are marked and cash earns its interest.
    public mutating func mark() {
        portfolio.mark(prices, cashRate: rules.cashRate)
        if halts.rules != nil { halts.mark(value, held: portfolio.holdings.map(\.ticker)) }
        broker?.mark(portfolio.holdings, prices)
    }

    /// Instants fell due while nobody ran the live run.
    public mutating func miss(through instant: Instant) { broker?.miss(through: instant) }

    /// A filing became known.
    public mutating func hear(at instant: Instant) { halts.hear(at: instant) }

    /// Orders are filled, and cash earns, by other rules from now on.
    public mutating func change(_ rules: MarketRules) { self.rules = rules }

    /// The same prices and indices with the portfolio of another world.
    public func with(_ portfolio: Portfolio) -> World {
        var world = self
        world.portfolio = portfolio
        return world
    }

    private mutating func change(_ body: (inout Portfolio) throws(PortfolioError) -> Void) {
        do {
            try body(&portfolio)
        } catch {
            refusal = refusal ?? error
        }
    }

    private mutating func fill(_ event: OrderFilled, at reference: Reference) {
        guard let slot = prices.slot(of: event.ticker) else {
            refusal = refusal ?? .unpriced(event.ticker)
            return
        }
        // A broker's fill belongs to the session of its own date, also before that has closed.
        let isOfNext = day.map { event.filledOn > $0 } ?? true
        let number = isOfNext && event.clientOrderID != nil ? session + 1 : session
        do {
            try portfolio.apply(event, at: reference, session: number, slot: slot)
        } catch {
            refusal = refusal ?? error
        }
    }
}

extension World: EventFold {
    /// Templates of the events that move a portfolio.
    public static let consumedEvents: [UInt16] = [
        OrderSubmitted.templateID, OrderAccepted.templateID, OrderRejected.templateID,
        OrderCancelled.templateID, ExitTriggered.templateID, OrderFilled.templateID,
        OutcomeRecorded.templateID, ConfigurationChanged.templateID, EntriesHalted.templateID,
        EntriesResumed.templateID, OrderRequested.templateID, CancelRequested.templateID,
        ReplaceRequested.templateID, StopEnded.templateID, CashMoved.templateID,
        CustodyBegan.templateID, CustodyEnded.templateID, ReconciliationDiffered.templateID,
        TradingModeChanged.templateID, TakenOver.templateID, PositionAdopted.templateID,
    ]

    /// A live run begins: of its rehearsal's portfolio nothing is left.
    public mutating func apply(
        _ event: ConfigurationChanged, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        guard event.endsRehearsal else { return }
        portfolio = Portfolio(cash: startCash)
        let text = String(decoding: event.text, as: UTF8.self)
        halts = HaltBook(HaltRules(recorded: text), cash: startCash, behind: halts)
        guard let terms = BrokerTerms(recorded: text) else { return }
        broker = BrokerBook(terms)
        // Cash is the account's, as its opening says.
        portfolio = Portfolio(cash: .zero)
    }

    /// An order is asked of the broker.
    public mutating func apply(
        _ event: OrderRequested, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        broker?.apply(event, at: context.reference(position))
    }

    /// An order's cancelling is asked of the broker.
    public mutating func apply(
        _ event: CancelRequested, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        broker?.apply(event)
    }

    /// Another order is asked of the broker in the place of one.
    public mutating func apply(
        _ event: ReplaceRequested, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        broker?.apply(event, at: context.reference(position))
    }

    /// Cash came or went without an order.
    public mutating func apply(
        _ event: CashMoved, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        change { portfolio throws(PortfolioError) in try portfolio.apply(event) }
        if event.kind == .opening { halts.open(portfolio.cash) }
        if event.kind == .deposit || event.kind == .withdrawal { halts.move(event.amount) }
    }

    /// A stop that was asked of the broker is over.
    public mutating func apply(
        _ event: StopEnded, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        broker?.apply(event)
    }

    /// Entries are halted.
    public mutating func apply(
        _ event: EntriesHalted, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        halts.apply(event, at: context.reference(position))
    }

    /// A halt has ended.
    public mutating func apply(
        _ event: EntriesResumed, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        halts.apply(event, held: portfolio.holdings.map(\.ticker))
    }

    /// An order was submitted.
    public mutating func apply(
        _ event: OrderSubmitted, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        let reference = context.reference(position)
        change { portfolio throws(PortfolioError) in try portfolio.apply(event, at: reference) }
        halts.count(event)
    }

    /// The market took an order.
    public mutating func apply(
        _ event: OrderAccepted, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        change { portfolio throws(PortfolioError) in try portfolio.apply(event) }
        broker?.apply(event)
    }

    /// The market refused an order.
    public mutating func apply(
        _ event: OrderRejected, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        let holding = portfolio.order(event.order)?.request.holding ?? .none
        change { portfolio throws(PortfolioError) in try portfolio.apply(event) }
        broker?.apply(event, of: holding)
    }

    /// An order will not be filled.
    public mutating func apply(
        _ event: OrderCancelled, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        change { portfolio throws(PortfolioError) in try portfolio.apply(event) }
        broker?.end(event.clientOrderID)
    }

    /// A holding is to be closed.
    public mutating func apply(
        _ event: ExitTriggered, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        portfolio.apply(event, at: context.reference(position))
    }

    /// An order was filled.
    public mutating func apply(
        _ event: OrderFilled, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        fill(event, at: context.reference(position))
        broker?.apply(event)
    }

    /// The outcome of a closed holding was recorded.
    public mutating func apply(
        _ event: OutcomeRecorded, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        portfolio.apply(event)
    }
}

extension World {
    /// The live run decides nothing from now on but what guards exits.
    public mutating func apply(
        _ event: CustodyBegan, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        custody.apply(event)
    }

    /// A cause of custody is over.
    public mutating func apply(
        _ event: CustodyEnded, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        custody.apply(event)
    }

    /// The broker's account differs from the log's.
    public mutating func apply(
        _ event: ReconciliationDiffered, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        halts.apply(event)
        if event.leftAlone == false { broker?.apply(event) }
    }

    /// The run trades with another account from now on, and begins there with what that holds.
    public mutating func apply(
        _ event: TradingModeChanged, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        guard let terms = broker?.terms else { return }
        broker = BrokerBook(terms.with(event))
        portfolio.contribute(-value)
        portfolio.leave()
        halts.leave()
    }

    /// What the run asks for has other client order ids from now on.
    public mutating func apply(
        _ event: TakenOver, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        guard var terms = broker?.terms else { return }
        terms.prefix = event.prefix
        broker = BrokerBook(terms)
    }

    /// Shares at the broker hold from now on: of the run's event alone, which answers the fact.
    public mutating func apply(
        _ event: PositionAdopted, at position: UInt64, _ context: borrowing EventOrigin
    ) {
        guard let close = event.close, let slot = prices.slot(of: event.ticker) else { return }
        let before = value
        broker?.forget(event.ticker)
        portfolio.adopt(event, close, at: context.reference(position), session: session, slot: slot)
        portfolio.contribute(value - before)
        halts.move(value - before)
        halts.adopt(event.ticker)
    }
}

/// Which log an event stands in: the run's own, or the timeline under it.
public enum EventOrigin: Sendable {
    /// The run's own: orders and all that the loop decides; with the simulated market its answers.
    case own
    /// The timeline: facts, a broker's answers among them.
    case timeline

    /// The reference of a position of this log.
    @inlinable
    public func reference(_ position: UInt64) -> Reference {
        switch self {
        case .own: .own(position)
        case .timeline: .timeline(position)
        }
    }
}
