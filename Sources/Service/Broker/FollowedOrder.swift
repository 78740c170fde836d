import Brokerage
import Events

/// An order that a broker task follows, from its request to its end.
struct FollowedOrder {
    var order: OrderProtocol
    let ticker: Ticker
    let leg: OrderLeg
    /// The session that it is for.
    let day: Day
    /// The client order id of the order that it is to replace.
    let replaces: String?
    /// Why the run's log asks for its cancelling, until that is passed on.
    var wantsCancel: CancelReason?
    var (isWindowOver, isAuctionOver, isSessionOver) = (false, false, false)
    /// Whether a split since its day was told to it.
    var isSplitFollowed = false
    /// What was found when it was looked whether it may be sent.
    var gate = SendingGate()

    /// The client order id.
    var id: String { order.request.id.description }

    /// An order as it is asked for; nil for an id that is none.
    init?(_ event: OrderRequested) {
        guard let id = ClientOrderID(event.clientOrderID) else { return nil }
        let pricing: OrderPricing
        if event.orderType == .stop {
            guard let price = event.level.flatMap({ Price(roundedDown: $0) }) else { return nil }
            pricing = .stop(price)
        } else {
            pricing = .market
        }
        let timeInForce: TimeInForce
        switch event.timeInForce {
        case .opg: timeInForce = .opening
        case .day: timeInForce = .day
        case .gtc: timeInForce = .untilCancelled
        case .unrecognised: return nil
        }
        order = OrderProtocol(
            OrderRequest(
                id: id, symbol: event.ticker, side: event.side, quantity: event.quantity,
                pricing: pricing, timeInForce: timeInForce))
        (ticker, leg, day, replaces) = (event.ticker, event.leg, event.day, nil)
    }

    /// A stop that is to stand in the place of another, by the broker's id of that.
    init?(_ event: ReplaceRequested, of brokerOrderID: String?) {
        guard let id = ClientOrderID(event.clientOrderID),
            let price = Price(roundedDown: event.level)
        else { return nil }
        order = OrderProtocol(
            OrderRequest(
                id: id, symbol: event.ticker, side: .sell, quantity: event.quantity,
                pricing: .stop(price), timeInForce: .untilCancelled),
            origin: .replacing(brokerOrderID ?? ""))
        (ticker, leg, day, replaces) = (event.ticker, id.leg, event.day, event.replaced)
    }

    /// The same, its request durable.
    func requested(at now: Instant) -> FollowedOrder {
        var followed = self
        _ = followed.order.take(.requested, at: now)
        return followed
    }

    /// The same as a start finds it, with what the data log says of it.
    func resumed(_ past: BrokerPast.Order?) -> FollowedOrder {
        var followed = self
        followed.order = .resumed(
            order.request, origin: order.origin, brokerOrderID: past?.brokerOrderID,
            filled: past?.filled ?? .zero, filledValue: past?.value ?? .zero,
            isCancelled: past?.isGivenUp ?? false)
        return followed
    }
}

/// What was found of an order that is about to be sent, so that a broker that shows a position late
/// or does not answer keeps no stop away for long.
struct SendingGate {
    /// Seconds between two looks; after which a position that is too small counts; and after which
    /// a stop is sent without a look, which the broker refuses if it holds too little.
    static let (pause, settling, patience): (Int64, Int64, Int64) = (5, 15, 30)
    /// When it was looked last, since when the broker holds too little, and since when it does not
    /// answer.
    var (lookedAt, shortSince, silentSince): (Instant?, Instant?, Instant?)

    /// Whether it is time to look.
    func isDue(at now: Instant) -> Bool {
        lookedAt.map { now >= $0.adding(seconds: SendingGate.pause) } ?? true
    }
}

extension CancelReason {
    /// Of the reason that a run's log gives.
    init(_ reason: CancellationReason) {
        switch reason {
        case .halted: self = .halted
        case .missedWindow: self = .missedWindow
        case .corporateAction: self = .corporateAction
        case .exitDue: self = .exitDue
        default: self = .requested
        }
    }
}

extension CancellationReason {
    /// As an event says it.
    init(_ reason: CancelReason) {
        switch reason {
        case .halted: self = .halted
        case .missedWindow: self = .missedWindow
        case .gaveUp: self = .gaveUp
        case .notReplaced: self = .replaced
        case .auctionOver: self = .expired
        case .corporateAction: self = .corporateAction
        case .exitDue: self = .exitDue
        case .broker, .notHeld: self = .broker
        case .untradable: self = .untradable
        case .requested: self = .person
        }
    }
}

extension CancelReason {
    /// What an event says beside its reason.
    var words: String {
        switch self {
        case .untradable: "not sent: the broker does not trade it now"
        case .notHeld: "not sent: the broker holds less"
        default: ""
        }
    }
}

extension OrderRejectionReason {
    /// As an event says it.
    init(_ refusal: Refusal) {
        switch refusal.kind {
        case .notUnique: self = .duplicate
        case .washTrade: self = .washTrade
        case .buyingPower: self = .insufficientFunds
        case .sameDaySale: self = .sameDaySale
        case .heldForOrders: self = .heldForOrders
        case .throughPrice: self = .throughPrice
        case .untradable: self = .untradable
        case .state: self = .state
        case .outsideWindow: self = .outsideWindow
        case .other: self = .other
        }
    }
}
