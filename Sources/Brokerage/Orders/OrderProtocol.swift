public import Events

/// What is to be done about one order, and what is to be written down of it: a state machine
/// without I/O. It is told what happened by `take`, and asked for the next step by `step`.
///
/// Rules. One attempt has one id for ever. After a doubt comes a look-up, never a second sending;
/// an order is believed missing after two misses with the settling time between them, and is then
/// sent again under the same id while its window is open. Fills are booked by what exceeds the
/// cumulative quantity and value that are known: reports may come late, twice and in any order.
/// Whatever is recorded as ended is recorded so once; a fill that won is booked behind it.
public struct OrderProtocol: Hashable, Sendable {
    /// Spans of time, seconds.
    public struct Rules: Hashable, Sendable {
        /// Between the two misses after which an order is missing.
        public var settling: Int64 = 30
        /// Between two look-ups of an order that works, or that is watched.
        public var polling: Int64 = 60
        /// Between two tries of what failed.
        public var retrying: Int64 = 5

        /// The rules.
        public init() {}
    }

    /// Where an order stands.
    public enum State: Hashable, Sendable, CaseIterable {
        /// Wanted; its request is not durable yet.
        case decided
        /// To be sent.
        case requested
        /// Sent; no answer yet.
        case sent
        /// Sent, and nobody knows whether it arrived; or known before, and in doubt since a
        /// replacement.
        case unknown
        /// At the broker, nothing filled.
        case accepted
        /// At the broker, a part filled.
        case partiallyFilled
        /// Filled whole.
        case filled
        /// Ended by a cancel, or never sent.
        case cancelled
        /// Ended by time.
        case expired
        /// Refused.
        case rejected
        /// Ended by another order in its place.
        case replaced
        /// Recorded as cancelled without the broker's word; looked for until its session ends.
        case givenUp
        /// The broker shows something else. Only a person goes on from here.
        case mismatched
    }

    /// How an order comes to the broker.
    public enum Origin: Hashable, Sendable {
        /// By itself.
        case new
        /// In place of another, by the broker's id of that.
        case replacing(String)
    }

    /// What is to be done next.
    public enum Step: Hashable, Sendable {
        /// Nothing; something else must happen first.
        case none
        /// Send it.
        case send(OrderRequest)
        /// Put it in the place of an order, by the broker's id of that.
        case replace(String, OrderRequest)
        /// Look it up by its id.
        case lookUp
        /// Ask for its cancelling, by the broker's id.
        case cancel(String)
        /// Ask again at an instant.
        case wait(until: Instant)
    }

    enum Cancelling: Hashable, Sendable {
        case no
        /// To be asked for.
        case wanted(CancelReason)
        /// Asked for; it is looked for what became of it.
        case asked(CancelReason)

        var reason: CancelReason? {
            switch self {
            case .no: nil
            case .wanted(let reason), .asked(let reason): reason
            }
        }
    }

    /// What was asked, in shares of today.
    public internal(set) var request: OrderRequest
    /// How it comes to the broker.
    public let origin: Origin
    /// Where it stands.
    public internal(set) var state = State.decided
    /// The broker's id, once it is known.
    public internal(set) var brokerOrderID: String?
    /// The order as the broker last showed it: its level is the broker's own.
    public internal(set) var shown: BrokerOrder?
    /// Shares booked so far.
    public internal(set) var filled = Quantity.zero
    /// What was paid or got for them, dollars.
    public internal(set) var filledValue = Money.zero
    /// New shares for one of those that were asked for, of splits since: a broker may have changed
    /// the order with them. Nil without.
    public var split: Double?
    /// What the share was called when it was asked for.
    var formerSymbol: Ticker?
    let rules: Rules
    var cancelling = Cancelling.no
    /// Whether it may ever have left, and whether it may have before it was last sent.
    var (wasSent, wasSentBefore) = (false, false)
    var isWindowOver = false
    /// How a replacement was refused for the state of the order that it was to replace: with it
    /// seen nowhere, that is how it ended.
    var stateRefusal: Refusal?
    /// Whether a replacement of it was asked for and not answered.
    var isBeingReplaced = false
    /// Whether the facts that are recorded once are.
    var (isAcceptanceRecorded, isEndRecorded) = (false, false)
    /// Whether it was at work at the broker: a doubt about it is resolved by a look-up alone.
    var wasKnown = false
    var misses = 0
    var firstMissAt: Instant?
    /// When it is to be looked up, or anything else tried again.
    var askAt: Instant?
    var notBefore: Instant?

    /// An order that is decided.
    public init(_ request: OrderRequest, origin: Origin = .new, rules: Rules = Rules()) {
        (self.request, self.origin, self.rules) = (request, origin, rules)
    }

    /// An order of which a log holds the request, as a restart finds it: it is looked up before
    /// anything else, whatever is known of it.
    ///
    /// - Parameter isCancelled: whether the log has it as ended without the broker's word: then it
    ///   is watched.
    public static func resumed(
        _ request: OrderRequest, origin: Origin = .new, brokerOrderID: String?, filled: Quantity,
        filledValue: Money, isCancelled: Bool = false, rules: Rules = Rules()
    ) -> OrderProtocol {
        var order = OrderProtocol(request, origin: origin, rules: rules)
        order.state = isCancelled ? .givenUp : .unknown
        order.isEndRecorded = isCancelled
        order.brokerOrderID = brokerOrderID
        order.isAcceptanceRecorded = brokerOrderID != nil
        order.wasKnown = brokerOrderID != nil
        (order.filled, order.filledValue) = (filled, filledValue)
        order.wasSent = true
        return order
    }

    /// Shares that are not filled.
    public var remaining: Quantity { request.quantity - filled }

    /// Whether nothing more is to be done. Reports are taken all the same.
    public var isOver: Bool {
        switch state {
        case .filled, .cancelled, .expired, .rejected, .replaced, .mismatched: true
        case .decided, .requested, .sent, .unknown, .accepted, .partiallyFilled, .givenUp: false
        }
    }

    /// Whether nobody knows if it is at the broker: nothing else is asked on its holding.
    public var isInDoubt: Bool { state == .unknown || state == .sent }

    /// What is to be done at an instant.
    public func step(at now: Instant) -> Step {
        switch state {
        case .requested:
            if let notBefore, now < notBefore { return .wait(until: notBefore) }
            return switch origin {
            case .new: .send(request)
            case .replacing(let other): .replace(other, request)
            }
        case .unknown:
            return lookUp(at: now)
        case .accepted, .partiallyFilled, .givenUp:
            if isBeingReplaced { return .none }
            if case .wanted = cancelling, let brokerOrderID {
                if let notBefore, now < notBefore { return .wait(until: notBefore) }
                return .cancel(brokerOrderID)
            }
            return lookUp(at: now)
        case .decided, .sent, .filled, .cancelled, .expired, .rejected, .replaced, .mismatched:
            return .none
        }
    }

    private func lookUp(at now: Instant) -> Step {
        if let askAt, now < askAt { return .wait(until: askAt) }
        return .lookUp
    }

    /// Takes a known change of symbol: what the broker calls the share from now on.
    public mutating func rename(_ symbol: Ticker) {
        guard symbol != request.symbol else { return }
        (formerSymbol, request.symbol) = (request.symbol, symbol)
    }

    /// Takes a known corporate action: what was asked and what was filled, in shares of today.
    public mutating func adjust(quantity: Quantity, filled: Quantity) {
        request.quantity = quantity
        self.filled = filled
    }
}
