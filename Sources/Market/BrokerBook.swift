public import Events

/// What a run with a broker of the world goes by, as its first event says; a run at the simulated
/// market has none.
public struct BrokerTerms: Hashable, Sendable {
    /// The broker's name: `alpaca-paper`, `alpaca-live`.
    public var name: String
    /// The 64 bits that begin every client order id.
    public var prefix: UInt64
    /// The account's id; nil where the run was made without one.
    public var account: String?

    /// Terms of a name, the run's bits and an account.
    public init(name: String, prefix: UInt64, account: String? = nil) {
        (self.name, self.prefix, self.account) = (name, prefix, account)
    }

    /// Those after a change of mode: no id of an account is another's.
    public func with(_ change: TradingModeChanged) -> BrokerTerms {
        let name = change.mode == .live ? BrokerTerms.live : BrokerTerms.paper
        return BrokerTerms(name: name, prefix: prefix &+ 1, account: change.account)
    }

    /// The broker's name with money, and without.
    public static let (live, paper) = ("alpaca-live", "alpaca-paper")
    /// Whether it trades with money.
    public var isLive: Bool { name == BrokerTerms.live }

    /// Those that a run recorded; nil for one at the simulated market.
    public init?(recorded text: String) {
        func value(_ key: String) -> Substring? {
            text.split(separator: "\n").first { $0.hasPrefix("\(key): ") }?
                .dropFirst(key.utf8.count + 2)
        }
        guard let name = value("broker"), let prefix = value("order_prefix"),
            let bits = UInt64(prefix, radix: 16)
        else { return nil }
        self.init(name: String(name), prefix: bits, account: value("account").map(String.init))
    }

    /// As canonical YAML, in the run's first event.
    public var text: String {
        "broker: \(name)\norder_prefix: \(String(prefix, radix: 16))\n"
            + (account.map { "account: \($0)\n" } ?? "")
    }
}

/// An order that was asked of a broker, and what became of it.
public struct BrokerTicket: Hashable, Sendable {
    /// The OrderRequested or ReplaceRequested.
    public let request: Reference
    /// Its client order id.
    public let id: String
    /// The OrderSubmitted; of a resting stop the entry order that carries it.
    public let order: Reference
    /// The symbol.
    public let ticker: Ticker
    /// Which leg of the holding.
    public let leg: OrderLeg
    /// Shares.
    public let quantity: Quantity
    /// Of a stop, dollars.
    public internal(set) var level: Double?
    /// The session that it is for.
    public let day: Day
    /// The client order id of the order in whose place it is to stand.
    public let replaces: String?
    /// Shares filled so far.
    public internal(set) var filled = Quantity.zero
    /// Whether the broker has it.
    public internal(set) var isAccepted = false
    /// Whether its cancelling was asked for.
    public internal(set) var isCancelling = false
    /// Whether another order is to stand in its place, and no answer came.
    public internal(set) var isBeingReplaced = false

    /// Shares that it may still trade.
    public var rest: Quantity { quantity - filled }
    /// Whether it rests with the broker until a level is touched.
    public var isResting: Bool { leg == .stop || leg == .trailingStop }
}

/// What a run has asked of its broker: a fold of requests and of what came of them.
public struct BrokerBook: Sendable {
    /// A holding's resting level at the latest session's mark, and the last before it that did not
    /// come of a bar which may be wrong.
    public struct Level: Hashable, Sendable {
        /// The holding.
        public let holding: Reference
        /// At the latest mark, dollars.
        public let level: Double
        /// The last before it that was not in doubt; nil for the first.
        public let before: Double?
        /// Whether it was in doubt at the mark before, and the close of the latest bore it out.
        public let isBorneOut: Bool

        /// Whether it is more than a tenth above the one before, and no close bore that out.
        var isSuspect: Bool { before.map { level > 1.1 * $0 } ?? false && !isBorneOut }
    }

    /// What it goes by.
    public let terms: BrokerTerms
    /// Orders that are not over, in order of their requests.
    public private(set) var open: [BrokerTicket] = []
    /// Orders that are over since the mark before the latest: a fill may still come that won.
    public private(set) var ended: [BrokerTicket] = []
    /// Levels by holding.
    public private(set) var levels: [Level] = []
    /// Holdings whose stop was refused because the price is through it.
    public private(set) var through: [Reference] = []
    /// Refusals of a replacement for the order's state today, by holding.
    public private(set) var refusals: [(holding: Reference, count: Int)] = []
    /// Holdings whose sale the broker refused for a reason that passes.
    public internal(set) var heldBack: [HeldBack] = []
    /// Shares that the broker showed of holdings, where they are not the log's.
    public internal(set) var shown: [(ticker: Ticker, quantity: Quantity)] = []
    /// Tickers whose level came of a bar that may be wrong, at the latest mark.
    public private(set) var suspects: [Ticker] = []
    /// Instants up to this one fell due while nobody ran them.
    public private(set) var missedThrough: Instant = .epoch
    /// How many of those that are over were so at the latest mark.
    private var endedBefore = 0
    private var attempts = Lookup<Attempts, UInt16>()

    private struct Attempts: Hashable, Sendable {
        var order: Reference
        var leg: OrderLeg
    }

    /// Nothing was asked yet.
    init(_ terms: BrokerTerms) { self.terms = terms }

    /// The open order with a client order id; nil when it is over, or never was.
    public func ticket(_ id: String?) -> BrokerTicket? {
        guard let id else { return nil }
        return open.first { $0.id == id }
    }

    /// The open orders of an order of the run, or the stops of a holding by its entry order.
    public func tickets(of order: Reference) -> [BrokerTicket] {
        open.filter { $0.order == order }
    }

    /// The number of the next attempt of an order's leg.
    public func nextAttempt(_ order: Reference, _ leg: OrderLeg) -> UInt16 {
        attempts[Attempts(order: order, leg: leg)] ?? 0
    }

    /// How often a replacement of a holding's stop was refused today.
    public func refusals(of holding: Reference) -> Int {
        refusals.first { $0.holding == holding }?.count ?? 0
    }

    private mutating func change(_ id: String?, _ body: (inout BrokerTicket) -> Void) {
        guard let id, let index = open.firstIndex(where: { $0.id == id }) else { return }
        body(&open[index])
    }

    private mutating func add(_ ticket: BrokerTicket, attempt: UInt16) {
        open.append(ticket)
        attempts[Attempts(order: ticket.order, leg: ticket.leg)] = attempt + 1
    }

    /// Instants fell due while nobody ran them.
    public mutating func miss(through instant: Instant) {
        missedThrough = max(missedThrough, instant)
    }
}

extension BrokerBook {
    /// An order is asked for.
    mutating func apply(_ event: OrderRequested, at reference: Reference) {
        add(
            BrokerTicket(
                request: reference, id: event.clientOrderID, order: event.order,
                ticker: event.ticker, leg: event.leg, quantity: event.quantity, level: event.level,
                day: event.day, replaces: nil), attempt: event.attempt)
        through.removeAll { $0 == event.order }
    }

    /// An order's cancelling is asked for.
    mutating func apply(_ event: CancelRequested) {
        change(event.clientOrderID) { $0.isCancelling = true }
    }

    /// Another order is asked for in the place of one.
    mutating func apply(_ event: ReplaceRequested, at reference: Reference) {
        change(event.replaced) { $0.isBeingReplaced = true }
        add(
            BrokerTicket(
                request: reference, id: event.clientOrderID, order: event.order,
                ticker: event.ticker, leg: event.leg, quantity: event.quantity, level: event.level,
                day: event.day, replaces: event.replaced), attempt: event.attempt)
    }

    /// The broker took an order. What it was to replace is replaced by it.
    mutating func apply(_ event: OrderAccepted) {
        change(event.clientOrderID) { $0.isAccepted = true }
    }

    /// A part of an order, or all, was executed.
    mutating func apply(_ event: OrderFilled) {
        guard let id = event.clientOrderID else { return }
        change(id) {
            $0.filled = $0.filled + event.quantity
            $0.isAccepted = true
        }
        for index in ended.indices where ended[index].id == id {
            ended[index].filled = ended[index].filled + event.quantity
        }
        if let done = ticket(id), done.rest <= .zero { end(id) }
        trade(event)
    }

    /// An order is over.
    mutating func end(_ id: String?) {
        ended += open.filter { $0.id == id }
        open.removeAll { $0.id == id }
    }

    /// A stop is over without selling all, or was refused.
    mutating func apply(_ event: StopEnded) {
        guard let ended = ticket(event.clientOrderID) else { return }
        end(ended.id)
        if event.refusal == .throughPrice { through.append(ended.order) }
        guard let replaced = ended.replaces else {
            if let refusal = event.refusal {
                hold(ended.order, refusal, event.envelope.knownAt)
            }
            return
        }
        change(replaced) { $0.isBeingReplaced = false }
        guard event.refusal == .state else { return }
        if let index = refusals.firstIndex(where: { $0.holding == ended.order }) {
            refusals[index].count += 1
        } else {
            refusals.append((ended.order, 1))
        }
    }

    /// A session is marked: the levels of what is held.
    mutating func mark(_ holdings: [Holding], _ prices: borrowing PriceBook) {
        var next: [Level] = []
        for holding in holdings {
            guard let level = holding.restingLevel?.level else { continue }
            guard let last = levels.first(where: { $0.holding == holding.id }) else {
                next.append(
                    Level(holding: holding.id, level: level, before: nil, isBorneOut: false))
                continue
            }
            // A price that stays above the level in doubt bears it out.
            let close = prices.bar(holding.slot)?.close
            let isBorneOut = last.isSuspect && (close.map { $0 > last.level } ?? false)
            let before = last.isSuspect && !isBorneOut ? last.before : last.level
            next.append(
                Level(
                    holding: holding.id, level: level, before: before, isBorneOut: isBorneOut))
        }
        levels = next
        suspects = holdings.filter { holding in
            next.contains { $0.holding == holding.id && $0.isSuspect }
        }.map(\.ticker)
        let held = holdings.map(\.ticker)
        shown.removeAll { !held.contains($0.ticker) }
        heldBack.removeAll { back in !holdings.contains { $0.id == back.holding } }
        refusals = []
        ended = Array(ended.dropFirst(endedBefore))
        endedBefore = ended.count
    }
}
