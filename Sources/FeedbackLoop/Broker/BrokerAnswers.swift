import Brokerage
import Events
import Market

/// What a fact of a broker does to a run: the fact names an order by its client order id, and what
/// came of it is an event of the run that names its order, as the simulated market's answers do.
///
/// A fact of an order that the run does not know does nothing here: its broker task says so.
enum BrokerAnswers {
    /// Whether a fact is a broker's that names its order by a client order id, or a time that has
    /// come.
    static func isOne(_ message: RawSpan, _ templateID: UInt16) throws(DecodingError) -> Bool {
        switch templateID {
        case OrderAccepted.templateID:
            try OrderAcceptedView(message).clientOrderID != nil
        case OrderFilled.templateID: try OrderFilledView(message).clientOrderID != nil
        case OrderRejected.templateID: try OrderRejectedView(message).clientOrderID != nil
        case OrderCancelled.templateID: try OrderCancelledView(message).clientOrderID != nil
        case OrderExpired.templateID, TimeReached.templateID, PositionAdopted.templateID: true
        default: false
        }
    }

    /// Records what a fact comes to, and asks for what a holding's exit needs then.
    static func answer<Fold: EventFold>(
        _ fact: BrokerFact, at reference: Reference, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        if case .reached(let event) = fact { return look(event, reference, &fold, &desk) }
        guard let ticket = desk.world.broker?.ticket(fact.id) else {
            return late(fact, reference, &fold, &desk)
        }
        let holding = desk.world.holding(of: ticket)
        switch fact {
        case .accepted(var event):
            event.envelope = envelope(reference, ticket, desk)
            event.order = ticket.order
            desk.record(event, &fold)
            if let replaced = ticket.replaces, let old = desk.world.broker?.ticket(replaced) {
                end(old, .replaced, nil, old.rest, reference, &fold, &desk)
            }
        case .filled(let event): fill(event, ticket, reference, &fold, &desk)
        case .rejected(let event) where ticket.isResting:
            end(ticket, nil, event.reason, ticket.rest, reference, &fold, &desk)
        case .rejected(var event):
            event.envelope = envelope(reference, ticket, desk)
            event.order = ticket.order
            desk.record(event, &fold)
        case .ended(let reason, let quantity, _):
            end(ticket, reason, nil, quantity, reference, &fold, &desk)
        case .reached, .adopted: break
        }
        // Of an entry's first fill the holding is there only now.
        let now = holding ?? desk.world.holding(of: ticket)
        guard let now else { return }
        // With its entry over nothing of ours stands against a sale.
        let isEntryOver = ticket.leg == .entry && desk.world.broker?.ticket(ticket.id) == nil
        BrokerRequests.protect(
            now, cause: reference, isLook: isEntryOver, &fold, &desk)
    }

    private static func envelope(
        _ reference: Reference, _ ticket: BrokerTicket, _ desk: borrowing Desk
    ) -> Envelope {
        let order = desk.world.portfolio.order(ticket.order)
        let held = desk.world.portfolio.holdings.first { $0.id == ticket.order }
        return desk.envelope(
            actor: .broker, causation: reference,
            correlation: order?.correlation ?? held?.correlation ?? .none)
    }

    private static func end<Fold: EventFold>(
        _ ticket: BrokerTicket, _ reason: CancellationReason?,
        _ refusal: OrderRejectionReason?, _ quantity: Quantity, _ reference: Reference,
        _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        let day = NewYorkTime.local(desk.now).day
        guard ticket.isResting else {
            desk.record(
                OrderCancelled(
                    envelope: envelope(reference, ticket, desk), order: ticket.order,
                    quantity: quantity, day: day, ticker: ticket.ticker,
                    reason: reason ?? .broker, clientOrderID: ticket.id), &fold)
            return
        }
        desk.record(
            StopEnded(
                envelope: envelope(reference, ticket, desk), request: ticket.request,
                order: ticket.order, quantity: quantity, day: day, ticker: ticket.ticker,
                reason: reason, refusal: refusal, clientOrderID: ticket.id), &fold)
    }

    private static func fill<Fold: EventFold>(
        _ event: OrderFilled, _ ticket: BrokerTicket, _ reference: Reference,
        _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        var event = event
        event.envelope = envelope(reference, ticket, desk)
        (event.order, event.leg) = (ticket.order, ticket.leg)
        let before =
            event.filledOn > desk.world.day ?? event.filledOn - 1
            ? desk.world.day : desk.world.previousDay
        switch ticket.leg {
        case .entry:
            event.timing = .nextOpen
            event.decidedOn =
                desk.world.portfolio.order(ticket.order)?.request.day ?? event.decidedOn
        case .exit:
            let order = desk.world.portfolio.order(ticket.order)
            event.trigger = order?.request.trigger ?? .none
            event.timing = order?.request.timing ?? .nextOpen
            event.decidedOn = order?.request.day ?? event.decidedOn
        default:
            guard let held = desk.world.portfolio.holdings.first(where: { $0.id == ticket.order }),
                event.quantity <= held.quantity
            else { return }
            event.timing = .resting
            event.decidedOn =
                held.entryDay == event.filledOn ? held.terms.day : before ?? held.terms.day
            event.trigger = desk.record(
                ExitTriggered(
                    envelope: envelope(reference, ticket, desk), holding: held.id, signal: .none,
                    level: ticket.level, observed: event.price, day: event.filledOn,
                    decidedOn: event.decidedOn, ticker: held.ticker,
                    reason: ticket.leg == .stop ? .stop : .trailingStop), &fold)
        }
        desk.record(event, &fold)
    }

    /// A fact of an order that is over by what the run knew: a fill that won is booked.
    private static func late<Fold: EventFold>(
        _ fact: BrokerFact, _ reference: Reference, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard case .filled(let event) = fact,
            let ticket = desk.world.broker?.ended.last(where: { $0.id == fact.id }),
            event.quantity <= ticket.rest
        else { return }
        fill(event, ticket, reference, &fold, &desk)
        if let holding = desk.world.holding(of: ticket) {
            BrokerRequests.protect(holding, cause: reference, &fold, &desk)
        }
    }

    /// A time has come at which a resting stop is looked at.
    private static func look<Fold: EventFold>(
        _ event: TimeReached, _ reference: Reference, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard let index = desk.world.portfolio.holdingIndex(event.ticker) else { return }
        let holding = desk.world.portfolio.holdings[index].id
        BrokerRequests.protect(
            holding, cause: reference, shown: (event.stopPrice, event.lastTrade), isLook: true,
            &fold, &desk)
    }
}

/// A fact of a broker as a run reads it.
enum BrokerFact: Sendable {
    case accepted(OrderAccepted)
    case filled(OrderFilled)
    case rejected(OrderRejected)
    case ended(CancellationReason, Quantity, id: String)
    case reached(TimeReached)
    case adopted(PositionAdopted)

    init?(_ message: RawSpan, _ templateID: UInt16) throws(DecodingError) {
        switch templateID {
        case OrderAccepted.templateID: self = .accepted(try OrderAccepted(message: message))
        case OrderFilled.templateID: self = .filled(try OrderFilled(message: message))
        case OrderRejected.templateID: self = .rejected(try OrderRejected(message: message))
        case OrderCancelled.templateID:
            let event = try OrderCancelled(message: message)
            self = .ended(event.reason, event.quantity, id: event.clientOrderID ?? "")
        case OrderExpired.templateID:
            let event = try OrderExpired(message: message)
            self = .ended(.expired, event.quantity, id: event.clientOrderID)
        case TimeReached.templateID: self = .reached(try TimeReached(message: message))
        case PositionAdopted.templateID: self = .adopted(try PositionAdopted(message: message))
        default: return nil
        }
    }

    /// The client order id.
    var id: String {
        switch self {
        case .accepted(let event): event.clientOrderID ?? ""
        case .filled(let event): event.clientOrderID ?? ""
        case .rejected(let event): event.clientOrderID ?? ""
        case .ended(_, _, let id): id
        case .reached, .adopted: ""
        }
    }
}

extension World {
    /// The holding that an order is of: its entry order's, or the one that it is to sell.
    func holding(of ticket: BrokerTicket) -> Reference? {
        switch ticket.leg {
        case .exit: portfolio.order(ticket.order)?.request.holding
        case .entry: portfolio.holdings.first { $0.terms.order == ticket.order }?.id
        default: ticket.order
        }
    }
}
