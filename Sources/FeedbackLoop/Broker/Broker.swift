public import Events
public import Market

/// Takes orders to a market and gives back what becomes of them, as events, one at a time.
///
/// Answers may come late, twice, in another order, and after a cancel that lost a race; `Portfolio`
/// takes every legal sequence. Whoever calls records each answer before it asks for the next, so
/// that a broker may be lent the portfolio as its answers leave it.
public protocol Broker {
    /// Takes an order.
    mutating func submit(_ order: WorkingOrder)

    /// Puts another level or quantity in the place of a working order. Which of the two is filled
    /// meanwhile, the answers say.
    mutating func replace(_ order: Reference, with other: WorkingOrder)

    /// Asks for an order not to be filled any more; a fill may be faster.
    mutating func cancel(_ order: Reference)

    /// The next answer; nil when there is none now.
    mutating func next(_ world: borrowing World, _ recorder: borrowing Recorder) -> BrokerAnswer?
}

/// What a broker tells of an order.
public enum BrokerAnswer: Sendable {
    /// It took the order.
    case accepted(OrderAccepted)
    /// It executed all or a part of it.
    case filled(OrderFilled)
    /// It will not execute what is left of it.
    case cancelled(OrderCancelled)
    /// It refused it.
    case rejected(OrderRejected)
    /// A level that rests with it was touched, or a holding has no price any more: a holding is to
    /// be closed.
    case triggered(ExitTriggered)
}

extension Desk {
    /// Records a broker's answer.
    mutating func record<Fold: EventFold>(_ answer: BrokerAnswer, _ fold: inout Fold)
    where Fold.Context == World {
        switch answer {
        case .accepted(let event): record(event, &fold)
        case .filled(let event): record(event, &fold)
        case .cancelled(let event): record(event, &fold)
        case .rejected(let event): record(event, &fold)
        case .triggered(let event): record(event, &fold)
        }
    }
}
