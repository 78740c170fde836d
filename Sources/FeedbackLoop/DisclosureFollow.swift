public import Events
public import Market

/// The benchmark workload: buy on a confident disclosure, leave at a stop, a target or a time.
///
/// It shows how a strategy of one's own is written: it learns facts, and once a session records
/// the orders that are due, exits first, tickers in ascending order.
public struct DisclosureFollow: Strategy {
    /// Where orders are filled: at the next open, or at the close that decided them.
    public var timing: FillTiming
    /// Least confidence of a disclosure that is followed.
    public var minimumConfidence = 0.65
    /// Dollars a trade.
    public var tradeDollars = 20_000.0
    /// Most tickers active at once.
    public var maximumActive = 50
    /// Fraction below the entry price at which a close is left.
    public var stopFraction = 0.10
    /// Fraction above the entry price at which a close is left.
    public var targetFraction = 0.20
    /// Sessions after which a holding is left.
    public var maximumSessions = 30
    /// Whose filings it follows.
    public var filter = FilingFilter()
    /// Whose real closes bound what a fill at the close may have known.
    public var closeCalendar: CloseCalendar {
        get { chosenCloseCalendar ?? .none }
        set { chosenCloseCalendar = newValue }
    }
    /// The same where it was said; nil where the data folder's calendar decides.
    public var chosenCloseCalendar: CloseCalendar?

    /// An exchange whose real closes are asked for.
    public enum CloseCalendar: String, CaseIterable, Sendable {
        /// None: a fill at the close trades on whatever is known by the cycle.
        case none
        /// The New York Stock Exchange: what becomes known at its close or later waits for the next
        /// session's.
        case xnys
    }

    /// The filings that this cycle may follow.
    public struct State: EventFold, Sendable {
        /// A fill at the close that decided it ends the deciding.
        public static let consumedEvents: [UInt16] = [OrderFilled.templateID]

        /// Who files, and what was followed; nil where everybody is.
        fileprivate(set) var filings: FilteredFilings?
        fileprivate(set) var today: [(ticker: Ticker, filing: Reference)] = []
        /// Those that wait for a session that closes after they became known.
        fileprivate var waiting: [(ticker: Ticker, filing: Reference, knownAt: Instant)] = []

        /// A fill at the close that decided it: the orders of this cycle are all submitted.
        public mutating func apply(
            _ event: OrderFilled, at position: UInt64, _ world: borrowing World
        ) {
            if event.timing == .sameClose { today.removeAll(keepingCapacity: true) }
        }
    }

    /// What it has folded.
    public var state = State()

    /// The workload in one of its two fill modes.
    public init(timing: FillTiming = .nextOpen) {
        self.timing = timing
    }

    /// The name that reports show.
    public var name: String { "disclosure-follow" }
    /// Where orders are filled, as a setting writes it.
    public var fill: String { timing == .sameClose ? "same_close" : "next_open" }
    /// The whole configuration in canonical YAML.
    public var canonicalText: String {
        DisclosureFollow.fields.reduce("strategy: disclosure-follow\nfill: \(fill)\n") {
            $0 + ($1.line(self) ?? "")
        }
    }
    /// Its numeric settings in canonical order.
    public static let fields: [ConfigurationField<DisclosureFollow>] =
        [
            .number(
                "min_confidence", \.minimumConfidence, 0...1, "of a disclosure that is followed"),
            .number("trade_dollars", \.tradeDollars, 1...1e9, "dollars a trade"),
            .integer("max_active", \.maximumActive, 1...10_000, "tickers active at once"),
            .number("stop", \.stopFraction, 0...1, "fraction below the entry price"),
            .number("target", \.targetFraction, 0...100, "fraction above the entry price"),
            .integer("max_sessions", \.maximumSessions, 1...10_000, "sessions held at most"),
            .choice(
                "close_calendar", \.closeCalendar,
                "of same_close: xnys fills at a close only on what was known before it really closed"
            ).added(with: "none"),
        ] + FilingFilter.fields.map { $0.under(\.filter) }
    /// The rules by which the market fills its orders.
    public var rules: MarketRules {
        MarketRules(
            costs: Costs(slippageBasisPoints: 0, commissionBasisPoints: 5), noPriceSessions: 5,
            delistingHaircut: 0, fractionalShares: false, cashRate: 0)
    }
    /// Cash at the start.
    public var startCash: Money { Money(dollars: 10_000_000) }
    /// Bars a ticker that it wants remembered.
    public var historySessions: Int { 0 }

    /// Remarks that its reports must carry.
    public var notes: [String] {
        minimumConfidence > 0
            ? [
                "a filing that states no confidence, and no public file states one, is not "
                    + "followed; min_confidence=0 follows every purchase"
            ] : []
    }

    /// A filing or a reference became known.
    public mutating func learn(_ message: RawSpan, templateID: UInt16, at fact: Reference)
        throws(DecodingError)
    {
        if !filter.isEverybody, try !follows(message, templateID) { return }
        guard templateID == DisclosureFiled.templateID else { return }
        let filing = try DisclosureFiledView(message)
        guard filing.side == .buy, filing.confidence ?? 0 >= minimumConfidence else { return }
        guard waitsForClose else { return state.today.append((filing.ticker, fact)) }
        state.waiting.append((filing.ticker, fact, try Envelope(message: message).knownAt))
    }

    private mutating func follows(_ message: RawSpan, _ templateID: UInt16) throws(DecodingError)
        -> Bool
    {
        var filings = state.filings.take() ?? FilteredFilings(filter)
        defer { state.filings = filings }
        let verdict = try filings.take(message, templateID: templateID)
        return verdict.map { $0.reason == nil } ?? false
    }

    /// It looks at levels after the close, and rests none with a broker.
    public var brokerObjections: [String] {
        ["disclosure-follow rests no stop with a broker; choose another strategy"]
    }

    /// What it has followed of the filings that it learnt.
    public var followed: FollowedCounts { state.filings?.counts ?? FollowedCounts() }

    private var waitsForClose: Bool { timing == .sameClose && closeCalendar == .xnys }

    /// A session closed: what was known before it really did may be followed at its close.
    public mutating func close(_ world: borrowing World, isInWindow: Bool) {
        guard waitsForClose, let day = world.day,
            let close = try? ExchangeCalendar.xnys.close(of: day)
        else { return }
        let known = state.waiting.prefix { $0.knownAt < close }
        state.today += known.map { ($0.ticker, $0.filing) }
        state.waiting.removeFirst(known.count)
    }

    /// A cycle falls due: before the window its filings count as read.
    public mutating func begin(cycleAt instant: Instant, isInWindow: Bool) {
        if !isInWindow { endCycle() }
    }

    /// The cycle is over: its filings were followed, or are not.
    public mutating func endCycle() {
        state.today.removeAll(keepingCapacity: true)
    }

    /// The cycle of the latest session.
    public mutating func decide(_ stage: Stage, _ desk: inout Desk) throws(LoopError) -> StageAnswer
    {
        guard stage == .cycle, let day = desk.world.day else { return StageAnswer() }
        var active = desk.world.portfolio.holdings.count
        var rest = state.today.sorted { ($0.ticker, $0.filing) < ($1.ticker, $1.filing) }[...]
        // Holdings as they stood at the close: nothing is bought or sold in this pass.
        for index in desk.world.portfolio.holdings.indices {
            enter(
                before: desk.world.portfolio.holdings.span[index].ticker, &rest, &active, day, &desk
            )
            leave(index, day, &desk)
        }
        enter(before: nil, &rest, &active, day, &desk)
        return StageAnswer()
    }

    private mutating func leave(_ index: Int, _ day: Day, _ desk: inout Desk) {
        if desk.world.halts.stopsExits { return }
        guard desk.world.portfolio.holdings.span[index].exit == nil else {
            return ExitOrder.submit(
                desk.world.portfolio.holdings[index], day: day, timing: timing, &state, &desk)
        }
        guard let bar = desk.world.prices.bar(desk.world.portfolio.holdings.span[index].slot),
            let reason = reason(desk.world.portfolio.holdings.span[index], bar, desk.world.session)
        else { return }
        ExitOrder.submit(
            desk.world.portfolio.holdings[index], reason: reason, signal: .none,
            observed: bar.close, day: day, timing: timing, &state, &desk)
    }

    /// Why a holding is to be closed after a session; nil when it is not.
    private func reason(_ holding: borrowing Holding, _ bar: Bar, _ session: Int) -> ExitReason? {
        if timing == .sameClose, holding.entrySession == session { return nil }
        if bar.close <= holding.adjustedEntryPrice * (1 - stopFraction) {
            return .stop
        } else if bar.close >= holding.adjustedEntryPrice * (1 + targetFraction) {
            return .target
        }
        return session - holding.entrySession >= maximumSessions ? .timeout : nil
    }

    private mutating func enter(
        before bound: Ticker?, _ rest: inout ArraySlice<(ticker: Ticker, filing: Reference)>,
        _ active: inout Int, _ day: Day, _ desk: inout Desk
    ) {
        while let (ticker, filing) = rest.first, bound.map({ ticker <= $0 }) ?? true {
            rest = rest.drop { $0.ticker == ticker }
            guard ticker != bound, active < maximumActive, !desk.world.halts.isHalted,
                let slot = desk.world.prices.slot(of: ticker),
                let bar = desk.world.prices.bar(slot)
            else { continue }
            if let order = desk.world.portfolio.orders.first(where: { $0.request.ticker == ticker })
            {
                // It was submitted in this cycle already: it takes its place as it did then.
                if order.request.leg == .entry, order.request.day == day { active += 1 }
                continue
            }
            let shares = Quantity(shares: tradeDollars / bar.close, fractional: false)
            guard shares > .zero, shares <= Quantity.orderLimit else { continue }
            active += 1
            desk.record(
                OrderSubmitted(
                    envelope: desk.envelope(causation: filing, correlation: filing),
                    signal: .none, holding: .none, trigger: .none,
                    quantity: shares, referencePrice: bar.close,
                    reservedCash: Money(dollars: shares.shares * bar.close), calibration: .none,
                    day: day, timeoutDays: 0, attempt: 0, ticker: ticker, side: .buy, leg: .entry,
                    orderType: .market, timing: timing), &state)
        }
    }
}
