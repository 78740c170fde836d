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

    private var today: [(ticker: Ticker, filing: UInt64)] = []

    /// The workload in one of its two fill modes.
    public init(timing: FillTiming = .nextOpen) {
        self.timing = timing
    }

    /// The name that reports show.
    public var name: String { "disclosure-follow" }
    /// The whole configuration in canonical YAML.
    public var canonicalText: String {
        let fill = timing == .sameClose ? "same_close" : "next_open"
        return DisclosureFollow.fields.reduce("strategy: disclosure-follow\nfill: \(fill)\n") {
            $0 + "\($1.key): \($1.text(self))\n"
        }
    }
    /// Its numeric settings in canonical order.
    public static let fields: [ConfigurationField<DisclosureFollow>] = [
        .number("min_confidence", \.minimumConfidence, 0...1, "of a disclosure that is followed"),
        .number("trade_dollars", \.tradeDollars, 1...1e9, "dollars a trade"),
        .integer("max_active", \.maximumActive, 1...10_000, "tickers active at once"),
        .number("stop", \.stopFraction, 0...1, "fraction below the entry price"),
        .number("target", \.targetFraction, 0...100, "fraction above the entry price"),
        .integer("max_sessions", \.maximumSessions, 1...10_000, "sessions held at most"),
    ]
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
    public mutating func learn(_ message: RawSpan, templateID: UInt16, at position: UInt64)
        throws(DecodingError)
    {
        guard templateID == DisclosureFiled.templateID else { return }
        let filing = try DisclosureFiledView(message)
        guard filing.side == .buy, filing.confidence ?? 0 >= minimumConfidence else { return }
        today.append((filing.ticker, position))
    }

    /// A session before the run's window.
    public mutating func passOver(_ world: borrowing World, at now: Instant) {
        today.removeAll(keepingCapacity: true)
    }

    /// The cycle of the latest session.
    public mutating func cycle(_ world: inout World, _ recorder: inout Recorder) {
        guard let day = world.day else { return }
        var active = world.portfolio.holdings.count
        var rest = today.sorted { ($0.ticker, $0.filing) < ($1.ticker, $1.filing) }[...]
        today.removeAll(keepingCapacity: true)
        // Holdings as they stood at the close; a ticker bought in this pass is not yet among them.
        for holding in world.portfolio.holdings {
            enter(before: holding.ticker, &rest, &active, day, &world, &recorder)
            leave(holding, day, &world, &recorder)
        }
        enter(before: nil, &rest, &active, day, &world, &recorder)
    }

    private func leave(
        _ holding: Holding, _ day: Day, _ world: inout World, _ recorder: inout Recorder
    ) {
        guard holding.exitReason == nil, let bar = world.prices.bar(holding.slot) else { return }
        if timing == .sameClose, holding.entrySession == world.session { return }
        let reason: ExitReason
        if bar.close <= holding.entryPrice * (1 - stopFraction) {
            reason = .stop
        } else if bar.close >= holding.entryPrice * (1 + targetFraction) {
            reason = .target
        } else if world.session - holding.entrySession >= maximumSessions {
            reason = .timeout
        } else {
            return
        }
        ExitOrder.submit(
            holding, reason: reason, signal: .none, observed: bar.close, day: day,
            timing: timing, &world, &recorder)
    }

    private func enter(
        before bound: Ticker?, _ rest: inout ArraySlice<(ticker: Ticker, filing: UInt64)>,
        _ active: inout Int, _ day: Day, _ world: inout World, _ recorder: inout Recorder
    ) {
        while let (ticker, filing) = rest.first, bound.map({ ticker <= $0 }) ?? true {
            rest = rest.drop { $0.ticker == ticker }
            guard ticker != bound, active < maximumActive, !world.portfolio.hasOrder(ticker),
                let slot = world.prices.slot(of: ticker), let bar = world.prices.bar(slot)
            else { continue }
            let shares = Int64(tradeDollars / bar.close)
            guard shares > 0 else { continue }
            active += 1
            let order = OrderSubmitted(
                envelope: recorder.envelope(
                    causation: .timeline(filing), correlation: .timeline(filing)),
                signal: .none, holding: .none, trigger: .none,
                quantity: Quantity(shares: shares), referencePrice: bar.close,
                reservedCash: Money(dollars: Double(shares) * bar.close), calibration: .none,
                day: day, timeoutDays: 0, attempt: 0, ticker: ticker, side: .buy, leg: .entry,
                orderType: .market, timing: timing)
            world.portfolio.evolve(order, at: recorder.record(order).position)
        }
    }
}
