public import Events

/// The halts that have not ended, and what halts by rule are judged by: a fold of halts, resumes,
/// marks and entry orders.
///
/// A person's halt, or one of the world that a service saw, is a fact; a halt by rule is an event
/// of the run. Whoever records an end decides which of them end by themselves.
public struct HaltBook: Hashable, Sendable {
    /// A halt that has not ended.
    public struct Halt: Hashable, Sendable {
        /// The EntriesHalted.
        public let reference: Reference
        /// Why.
        public let cause: HaltCause
        /// When it became known.
        public let since: Instant
        /// Whether no new exits are asked for either.
        public let stopsExits: Bool
        /// The person, if one did it.
        public let who: String?
        /// Why, in words.
        public let text: String
    }

    /// Shares at the broker that are not the run's.
    public struct ForeignShares: Hashable, Sendable {
        /// The symbol.
        public let ticker: Ticker
        /// How many.
        public let quantity: Quantity
    }

    /// By what entries are halted; nil in a rehearsal and in a backtest, which halt by none.
    public private(set) var rules: HaltRules?
    /// The halts that stand, in order of knowledge.
    public private(set) var standing: [Halt] = []
    /// Cash plus holdings at the latest session's close; nil before the live run's first.
    public private(set) var value: Money?
    /// The same at the close before.
    public private(set) var previousValue: Money?
    /// The highest close of the live run, or since a person took its drawdown.
    public private(set) var high: Money?
    /// When the latest filing became known; nil before the first.
    public private(set) var latestFiling: Instant?
    /// Holdings that a person took although they are above their cap.
    public private(set) var accepted: [Ticker] = []
    /// Tickers of which the broker has other shares than the log, unexplained: nothing new is
    /// ordered.
    public private(set) var differing: [Ticker] = []
    /// Shares that the broker held before the run did anything, and that are left alone.
    public private(set) var leftAlone: [ForeignShares] = []
    /// Entry orders of the latest day.
    public private(set) var entries = 0
    private var entriesOn: Day?
    /// The latest halt by rule of each cause, so that none is recorded twice at one instant.
    private var latest: [Halt] = []

    /// Nothing is halted.
    public init() {}

    /// A live run begins with cash, under rules; filings that were heard of before count.
    init(_ rules: HaltRules?, cash: Money, behind book: HaltBook) {
        self.rules = rules
        (value, high) = (cash, cash)
        (standing, latestFiling) = (book.standing, book.latestFiling)
    }

    /// Whether anything is halted.
    public var isHalted: Bool { !standing.isEmpty }

    /// Whether no new exits are asked for.
    public var stopsExits: Bool { standing.contains(where: \.stopsExits) }

    /// The halt of a cause that stands; nil without.
    public func halt(_ cause: HaltCause) -> Halt? { standing.first { $0.cause == cause } }

    /// Whether a cause was halted by at an instant already.
    public func wasHalted(_ cause: HaltCause, at instant: Instant) -> Bool {
        latest.contains { $0.cause == cause && $0.since == instant }
    }

    /// Entry orders of a day.
    public func entries(on day: Day) -> Int { entriesOn == day ? entries : 0 }

    /// A filing became known.
    public mutating func hear(at instant: Instant) {
        latestFiling = max(latestFiling ?? instant, instant)
    }

    /// A session closed at this value of cash and holdings.
    mutating func mark(_ value: Money, held: [Ticker]) {
        previousValue = self.value
        self.value = value
        high = max(high ?? value, value)
        accepted.removeAll { !held.contains($0) }
    }

    /// The account's cash, before anything was bought: where the live run begins.
    mutating func open(_ cash: Money) { (value, previousValue, high) = (cash, nil, cash) }

    /// Money was put in or taken out: no gain and no loss.
    mutating func move(_ amount: Money) {
        value = value.map { $0 + amount }
        high = high.map { $0 + amount }
    }

    /// The run goes on at another account: what differed at the one that it left does not there.
    mutating func leave() { (differing, leftAlone, accepted) = ([], [], []) }

    /// Shares at the broker hold from now on.
    mutating func adopt(_ ticker: Ticker) {
        differing.removeAll { $0 == ticker }
        leftAlone.removeAll { $0.ticker == ticker }
    }

    /// Shares of a ticker that are left alone; nil for none.
    public func sharesLeftAlone(of ticker: Ticker) -> Quantity? {
        leftAlone.first { $0.ticker == ticker }?.quantity
    }

    /// The broker's account differs from the log's.
    mutating func apply(_ event: ReconciliationDiffered) {
        // What a sale was held to is no difference that stands.
        guard let ticker = event.ticker, event.leftAlone != false else { return }
        if event.leftAlone == true {
            leftAlone.removeAll { $0.ticker == ticker }
            leftAlone.append(ForeignShares(ticker: ticker, quantity: event.brokerQuantity))
        } else if !differing.contains(ticker) {
            differing.append(ticker)
        }
    }

    /// An order was submitted.
    mutating func count(_ order: OrderSubmitted) {
        guard rules != nil, order.leg == .entry else { return }
        entries = entries(on: order.day) + 1
        entriesOn = order.day
    }

    /// Entries are halted by an event that is named so.
    public mutating func apply(_ event: EntriesHalted, at reference: Reference) {
        let halt = Halt(
            reference: reference, cause: event.cause, since: event.envelope.knownAt,
            stopsExits: event.exits == true, who: event.who,
            text: String(decoding: event.text, as: UTF8.self))
        standing.append(halt)
        latest.removeAll { $0.cause == halt.cause }
        latest.append(halt)
    }

    /// A halt has ended, or all of a cause, or all; `held` are the tickers held then.
    public mutating func apply(_ event: EntriesResumed, held: [Ticker]) {
        let ended = standing.filter { halt in
            if let cause = event.cause { return halt.cause == cause }
            return event.halt == .none || halt.reference == event.halt
        }
        standing.removeAll(where: ended.contains)
        // What a person has seen is not halted by again before it is over.
        for halt in ended {
            switch halt.cause {
            case .drawdown: high = value
            case .positionCap: accepted = held
            case .staleFilings: hear(at: event.envelope.knownAt)
            case .reconciliation: differing = []
            default: break
            }
        }
    }
}
