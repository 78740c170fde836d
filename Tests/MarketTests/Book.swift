import Events
import Market

/// A portfolio with prices, driven by events as a log has them: the one place of these tests that
/// knows how a portfolio takes them.
struct Book {
    private(set) var portfolio: Portfolio
    private(set) var prices = PriceBook(historySessions: 3)
    private(set) var day = Day(year: 2020, month: 1, day: 5)!
    /// What the portfolio refused, in order.
    private(set) var refusals: [PortfolioError] = []
    private var position: UInt64 = 0

    init(cash: Double = 10_000) {
        portfolio = Portfolio(cash: Money(dollars: cash))
    }

    private func envelope(_ correlation: Reference = .none) -> Envelope {
        let now = Instant(day, hour: 21)
        return Envelope(knownAt: now, recordedAt: now, correlation: correlation, actor: .market)
    }

    private mutating func next() -> UInt64 {
        position += 1
        return position
    }

    /// A session with bars of open, high, low, close and volume, which marks what is held.
    mutating func close(_ bars: [(String, Bar)], cashRate: Double = 0) {
        day = day + 1
        let event = SessionClosed(
            envelope: envelope(), source: .zero, day: day, part: 0, conflicts: 0, unadjusted: 0,
            adjustment: .none,
            bars: bars.map {
                SessionClosed.Bar(
                    ticker: Ticker($0.0)!, open: $0.1.open, high: $0.1.high, low: $0.1.low,
                    close: $0.1.close, volume: $0.1.volume)
            })
        let bytes = event.encoded()
        guard let view = try? SessionClosedView(bytes.span.bytes) else {
            preconditionFailure("what was encoded is decoded")
        }
        prices.close(view.bars, of: view.day)
        portfolio.mark(prices, cashRate: cashRate)
    }

    /// An order to buy; its id.
    @discardableResult
    mutating func buy(
        _ ticker: String, _ shares: Int64, stopDistance: Double? = nil, trailing: Double? = nil,
        target: Double? = nil, reserved: Double = 0, correlation: Reference = .none
    ) -> Reference {
        submit(
            OrderSubmitted(
                envelope: envelope(correlation), signal: .none, holding: .none, trigger: .none,
                quantity: Quantity(shares: shares), referencePrice: 1, stopDistance: stopDistance,
                trailingFraction: trailing, targetFraction: target,
                reservedCash: Money(dollars: reserved), calibration: .none, day: day,
                timeoutDays: 0, attempt: 0, ticker: Ticker(ticker)!, side: .buy, leg: .entry,
                orderType: .market, timing: .nextOpen))
    }

    /// An order to sell what a holding has; its id.
    @discardableResult
    mutating func sell(_ ticker: String, _ shares: Int64, of holding: Reference) -> Reference {
        submit(
            OrderSubmitted(
                envelope: envelope(), signal: .none, holding: holding, trigger: .none,
                quantity: Quantity(shares: shares), referencePrice: 1, reservedCash: .zero,
                calibration: .none, day: day, timeoutDays: 0, attempt: 0,
                ticker: Ticker(ticker)!, side: .sell, leg: .exit, orderType: .market,
                timing: .nextOpen))
    }

    /// Changes the portfolio, or notes what it refuses.
    private mutating func change(
        _ body: (inout Portfolio) throws(PortfolioError) -> Void
    ) {
        do { try body(&portfolio) } catch { refusals.append(error) }
    }

    private mutating func submit(_ event: OrderSubmitted) -> Reference {
        let position = next()
        change { portfolio throws(PortfolioError) in
            try portfolio.apply(event, at: .own(position))
        }
        return .own(position)
    }

    /// A fill of an order; `remaining` are the shares of it that are still unfilled.
    mutating func fill(
        _ order: Reference, _ ticker: String, _ side: OrderSide, _ shares: Int64, at price: Double,
        remaining: Int64 = 0, commission: Double = 0, leg: OrderLeg? = nil
    ) {
        let amount = Money(dollars: Double(shares) * price)
        let paid = Money(dollars: commission)
        let event = OrderFilled(
            envelope: envelope(), order: order, trigger: .none, quantity: Quantity(shares: shares),
            remaining: Quantity(shares: remaining), price: price, marketPrice: price,
            commission: paid, cashChange: side == .buy ? -(amount + paid) : amount - paid,
            executedAt: Instant(day, hour: 15), decidedOn: day - 1, filledOn: day,
            ticker: Ticker(ticker)!, side: side, leg: leg ?? (side == .buy ? .entry : .exit),
            timing: .nextOpen)
        guard let slot = prices.slot(of: event.ticker) else {
            preconditionFailure("\(ticker) has a price")
        }
        let reference = Reference.own(next())
        let session = prices.sessions - 1
        change { portfolio throws(PortfolioError) in
            try portfolio.apply(event, at: reference, session: session, slot: slot)
        }
    }

    mutating func cancel(_ order: Reference, _ ticker: String) {
        let event = OrderCancelled(
            envelope: envelope(), order: order, quantity: .zero, day: day,
            ticker: Ticker(ticker)!, reason: .noBar)
        change { portfolio throws(PortfolioError) in try portfolio.apply(event) }
    }

    mutating func trigger(_ holding: Reference, _ ticker: String, _ reason: ExitReason) {
        portfolio.apply(
            ExitTriggered(
                envelope: envelope(), holding: holding, signal: .none, level: nil, observed: nil,
                day: day, decidedOn: day, ticker: Ticker(ticker)!, reason: reason), at: .own(next())
        )
    }

    mutating func record(_ entry: Reference, _ ticker: String, _ source: OutcomeSource) {
        portfolio.apply(
            OutcomeRecorded(
                envelope: envelope(), entryOrder: entry, exitFill: .none, signal: .none,
                quantity: .zero, entryPrice: 1, exitPrice: 1, netReturn: 0, returnDollars: .zero,
                ticker: Ticker(ticker)!, holdingDays: 0, holdingSessions: 0, featureSchema: 0,
                outcome: .win, direction: .long, source: source))
    }
}

extension Bar {
    /// A bar that did not move.
    init(_ price: Double) {
        self.init(open: price, high: price, low: price, close: price, volume: 1_000)
    }
}
