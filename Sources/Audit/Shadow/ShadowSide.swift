import EventLog
import Events
import Market
import Pipeline

/// What a live run, or a backtest beside it, decided and traded: folded from its events, one by
/// one, with a book of its own.
final class ShadowSide {
    /// An entry order and what became of it.
    struct Entry {
        var order: OrderSubmitted
        var reference: Reference
        var end: End?
    }

    /// How an order ended without being filled whole.
    enum End {
        case cancelled(CancellationReason, Instant)
        case rejected(OrderRejectionReason, UInt32)
    }

    /// What an evaluation says.
    struct Evaluation {
        var reference: Reference
        var key: ShadowTrade.Key
        var kind: SignalKind
        var confidence: Double
        var suppressed: SuppressionReason?
        /// Positions in the data log of the filings that counted.
        var filings: [UInt64]
    }

    /// When a cycle evaluated which ticker.
    struct Moment: Hashable, Comparable {
        var instant: Instant
        var ticker: Ticker

        static func < (left: Moment, right: Moment) -> Bool {
            (left.instant, left.ticker) < (right.instant, right.ticker)
        }
    }

    private(set) var entries: [ShadowTrade.Key: Entry] = [:]
    private(set) var evaluations: [Moment: Evaluation] = [:]
    private(set) var moments: [Reference: Moment] = [:]
    private(set) var skips: [ShadowTrade.Key: (reason: SkipReason, at: Instant)] = [:]
    private(set) var halts: [(halt: HaltBook.Halt, until: Instant?)] = []
    private(set) var missed: Set<Day> = []
    /// Instants at which filings were scored, ascending.
    private(set) var cycles: [Instant] = []
    /// Cash that moved without an order, by kind.
    private(set) var moved: [CashKind: Money] = [:]
    /// Entry orders that were filled behind the close.
    private(set) var filledLater: Set<Reference> = []
    private var trades: [Reference: ShadowTrade] = [:]
    private var orders: [Reference: (key: ShadowTrade.Key, holding: Reference)] = [:]
    private var triggers: [Reference: ExitTriggered] = [:]
    private var outcomes: [Reference: OutcomeRecorded] = [:]
    private var book = HaltBook()
    private var custody = CustodyBook()
    /// When the run came into custody, and out of it.
    private(set) var custodies: [(custody: CustodyBook.Custody, until: Instant?)] = []
    /// Positions that a person took over.
    private(set) var adopted: Set<ShadowTrade.Key> = []
    /// Positions in the data log of facts, by reference.
    private var positions: [Reference: UInt64] = [:]
    /// Whether the close at which both are compared is past.
    var isPast = false
    /// Cash plus holdings at that close.
    private(set) var value: Money = .zero

    /// Takes a fact that was read.
    func take(fact message: RawSpan, at reference: Reference) throws {
        switch try MessageHeader(message).templateID {
        case DisclosureFiled.templateID, DisclosureAmended.templateID:
            let position = try Envelope(message: message).through
            if position > 0 { positions[reference] = position }
        case SessionMissed.templateID: missed.insert(try SessionMissedView(message).day)
        case CashMoved.templateID where !isPast:
            let event = try CashMoved(message: message)
            moved[event.kind, default: .zero] += event.amount
        case EntriesHalted.templateID, EntriesResumed.templateID:
            try takeHalt(message, reference)
        case CustodyBegan.templateID:
            let before = custody.standing.count
            custody.apply(try CustodyBegan(message: message))
            if custody.standing.count > before, let last = custody.standing.last {
                custodies.append((last, nil))
            }
        case CustodyEnded.templateID:
            let event = try CustodyEnded(message: message)
            custody.apply(event)
            for index in custodies.indices
            where custodies[index].until == nil && custodies[index].custody.cause == event.cause {
                custodies[index].until = event.envelope.knownAt
            }
        default: break
        }
    }

    /// Takes an event that was recorded.
    func take(event message: RawSpan, at reference: Reference) throws {
        switch try MessageHeader(message).templateID {
        case SignalGenerated.templateID:
            let event = try SignalGenerated(message: message)
            try evaluate(
                reference, event.envelope.knownAt,
                Evaluation(
                    reference: reference, key: .init(day: event.day, ticker: event.ticker),
                    kind: event.kind, confidence: event.confidence,
                    filings: event.filings.compactMap { positions[$0.filing] }))
        case SignalSuppressed.templateID:
            let event = try SignalSuppressed(message: message)
            try evaluate(
                reference, event.envelope.knownAt,
                Evaluation(
                    reference: reference, key: .init(day: event.day, ticker: event.ticker),
                    kind: event.kind, confidence: event.confidence, suppressed: event.reason,
                    filings: event.filings.compactMap { positions[$0.filing] }))
        case SignalSkipped.templateID:
            let event = try SignalSkipped(message: message)
            skips[.init(day: event.day, ticker: event.ticker)] =
                (event.reason, event.envelope.knownAt)
        case OrderSubmitted.templateID: submit(try OrderSubmitted(message: message), reference)
        case OrderCancelled.templateID:
            let event = try OrderCancelled(message: message)
            end(event.order, .cancelled(event.reason, event.envelope.knownAt))
        case OrderRejected.templateID:
            let event = try OrderRejected(message: message)
            end(event.order, .rejected(event.reason, event.code))
        case ExitTriggered.templateID:
            triggers[reference] = try ExitTriggered(message: message)
        case OrderFilled.templateID: fill(try OrderFilled(message: message), reference)
        case PositionAdopted.templateID where !isPast:
            adopt(try PositionAdopted(message: message), reference)
        case OutcomeRecorded.templateID:
            let event = try OutcomeRecorded(message: message)
            if event.source == .loop { outcomes[event.entryOrder] = event }
        case EntriesHalted.templateID, EntriesResumed.templateID:
            try takeHalt(message, reference)
        default: break
        }
    }

    private func evaluate(
        _ reference: Reference, _ instant: Instant, _ evaluation: Evaluation
    ) throws {
        let moment = Moment(instant: instant, ticker: evaluation.key.ticker)
        if cycles.last.map({ $0 < instant }) ?? true { cycles.append(instant) }
        evaluations[moment] = evaluation
        moments[reference] = moment
    }

    private func submit(_ event: OrderSubmitted, _ reference: Reference) {
        let key = ShadowTrade.Key(day: event.day, ticker: event.ticker)
        orders[reference] = (key, event.leg == .entry ? reference : event.holding)
        guard event.leg == .entry else { return }
        entries[key] = Entry(order: event, reference: reference)
    }

    private func end(_ order: Reference, _ end: End) {
        guard let key = orders[order]?.key, entries[key]?.reference == order else { return }
        entries[key]?.end = end
    }

    private func fill(_ event: OrderFilled, _ reference: Reference) {
        guard let order = orders[event.order] else { return }
        guard !isPast else {
            if event.side == .buy { filledLater.insert(event.order) }
            return
        }
        if event.side == .buy {
            let fresh = ShadowTrade(
                order.key, order: event.order, fill: reference, entryDay: event.filledOn)
            trades[event.order, default: fresh].enter(event)
        } else {
            trades[order.holding]?.exit(event, at: reference, triggers[event.trigger])
        }
    }

    /// A position that a person took over: it came at its last close, as if it was bought there
    /// with cash that was put in.
    private func adopt(_ event: PositionAdopted, _ reference: Reference) {
        guard let close = event.close, event.before == .zero else { return }
        let key = ShadowTrade.Key(day: event.day, ticker: event.ticker)
        let value = Money(dollars: event.quantity.shares * close)
        var trade = ShadowTrade(key, order: reference, fill: reference, entryDay: event.day)
        (trade.bought, trade.entryPrice, trade.cost) = (event.quantity, close, value)
        trade.bookedAbove =
            Money(dollars: event.quantity.shares * event.averagePrice) - value
        trades[reference] = trade
        orders[reference] = (key, reference)
        adopted.insert(key)
        moved[.deposit, default: .zero] += value
    }

    private func takeHalt(_ message: RawSpan, _ reference: Reference) throws {
        let known = try Envelope(message: message).knownAt
        if try MessageHeader(message).templateID == EntriesHalted.templateID {
            book.apply(try EntriesHalted(message: message), at: reference)
            if let halt = book.standing.last { halts.append((halt, nil)) }
            return
        }
        book.apply(try EntriesResumed(message: message), held: [])
        for index in halts.indices
        where halts[index].until == nil && !book.standing.contains(halts[index].halt) {
            halts[index].until = known
        }
    }

    /// Takes the world at the close at which both are compared.
    func close(_ world: borrowing World) {
        isPast = true
        value = world.value
        for holding in world.portfolio.holdings {
            let close = world.prices.latestBar(holding.slot).close
            let profit =
                holding.proceeds + holding.income
                + Money(dollars: holding.quantity.shares * close) - holding.cost
            trades[holding.id]?.hold(at: close, profit: profit)
        }
        for closed in world.portfolio.closed {
            let holding = closed.holding
            trades[holding.id]?.profit = holding.proceeds + holding.income - holding.cost
        }
        let held = Set(world.portfolio.holdings.map(\.id))
        for (order, outcome) in outcomes where !held.contains(order) {
            trades[order]?.profit = outcome.returnDollars
        }
        // A book counts what was adopted from the price that its owner paid.
        for trade in trades.values where trade.bookedAbove != .zero {
            trades[trade.order]?.profit += trade.bookedAbove
        }
    }

    /// The positions, by what names them in both.
    func positionsByKey() -> [ShadowTrade.Key: ShadowTrade] {
        var found: [ShadowTrade.Key: ShadowTrade] = [:]
        for var trade in trades.values {
            if trade.exitDay != nil { trade.outcome = outcomes[trade.order]?.outcome }
            found[trade.key] = trade
        }
        return found
    }

    /// What the run was in custody for at an instant; nil for nothing.
    func custody(at instant: Instant) -> CustodyBook.Custody? {
        custodies.first { span in
            span.custody.since <= instant && (span.until.map { instant <= $0 } ?? true)
        }?.custody
    }

    /// The halt that stood at an instant, the first of several.
    func halt(at instant: Instant, where isOne: (HaltBook.Halt) -> Bool = { _ in true })
        -> HaltBook.Halt?
    {
        halts.first { span in
            span.halt.since <= instant && (span.until.map { instant <= $0 } ?? true)
                && isOne(span.halt)
        }?.halt
    }
}
