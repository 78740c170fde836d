import Events
import Market
import Pipeline
import TestWorlds

@testable import Audit

/// A side of a comparison, written down trade by trade.
struct ShadowStory {
    let side = ShadowSide()
    private var own: UInt64 = 0
    private var profits: Money = .zero

    /// A price that moves money exactly.
    private static func amount(_ quantity: Quantity, _ price: Double) -> Money {
        Money(dollars: quantity.shares * price)
    }

    private mutating func reference() -> Reference {
        own += 1
        return .own(own)
    }

    private func envelope(_ day: Day, hour: Int = 21) -> Envelope {
        let instant = Instant(day, hour: hour)
        return Envelope(knownAt: instant, recordedAt: instant, actor: .loop)
    }

    private mutating func take(_ event: some EventMessage) throws -> Reference {
        let reference = reference()
        let message = event.encoded()
        try side.take(event: message.span.bytes, at: reference)
        return reference
    }

    /// An entry order decided after a session.
    mutating func order(_ ticker: Ticker, _ day: Day, _ shares: Double) throws -> Reference {
        try take(
            OrderSubmitted(
                envelope: envelope(day), signal: .none, holding: .none, trigger: .none,
                quantity: Quantity(shares: shares, fractional: true), referencePrice: 1,
                reservedCash: .zero,
                calibration: .none, day: day, timeoutDays: 0, attempt: 0, ticker: ticker,
                side: .buy, leg: .entry, orderType: .market, timing: .nextOpen))
    }

    mutating func cancel(_ order: Reference, _ reason: CancellationReason, _ day: Day) throws {
        _ = try take(
            OrderCancelled(
                envelope: envelope(day), order: order, quantity: Quantity(shares: 1), day: day,
                ticker: SmallWorld.tickers[0], reason: reason))
    }

    mutating func reject(_ order: Reference, _ day: Day) throws {
        _ = try take(
            OrderRejected(
                envelope: envelope(day), order: order, code: 403, reason: .insufficientFunds))
    }

    private mutating func fill(
        _ order: Reference, _ trigger: Reference, _ side: OrderSide, _ ticker: Ticker, _ day: Day,
        _ shares: Double, _ price: Double
    ) throws -> Reference {
        let quantity = Quantity(shares: shares, fractional: true)
        let amount = ShadowStory.amount(quantity, price)
        let cash = side == .buy ? -amount : amount
        profits += cash
        return try take(
            OrderFilled(
                envelope: envelope(day), order: order, trigger: trigger, quantity: quantity,
                remaining: .zero, price: price, marketPrice: price, commission: .zero,
                cashChange: cash, executedAt: Instant(day, hour: 14), decidedOn: day,
                filledOn: day, ticker: ticker, side: side, leg: side == .buy ? .entry : .stop,
                timing: .nextOpen))
    }

    /// An order of the session before is filled.
    mutating func enter(_ ticker: Ticker, _ day: Day, _ shares: Double, at price: Double) throws
        -> Reference
    {
        let order = try order(ticker, day - 1, shares)
        _ = try fill(order, .none, .buy, ticker, day, shares, price)
        return order
    }

    /// A holding is closed, and its outcome recorded.
    mutating func leave(
        _ holding: Reference, _ ticker: Ticker, _ day: Day, _ shares: Double, at price: Double,
        _ reason: ExitReason, level: Double? = nil, gain: Double
    ) throws {
        let trigger = try take(
            ExitTriggered(
                envelope: envelope(day), holding: holding, signal: .none, level: level,
                observed: nil, day: day, decidedOn: day - 1, ticker: ticker, reason: reason))
        let exit = try fill(holding, trigger, .sell, ticker, day, shares, price)
        _ = try take(
            OutcomeRecorded(
                envelope: envelope(day, hour: 23), entryOrder: holding, exitFill: exit,
                signal: .none, quantity: Quantity(shares: shares, fractional: true), entryPrice: 1,
                exitPrice: price,
                netReturn: 0, returnDollars: Money(dollars: gain), ticker: ticker, holdingDays: 1,
                holdingSessions: 1, featureSchema: 0, outcome: gain > 0 ? .win : .loss,
                direction: .long, source: .loop, reason: reason))
    }

    mutating func skip(_ ticker: Ticker, _ day: Day, _ reason: SkipReason) throws {
        _ = try take(
            SignalSkipped(
                envelope: envelope(day), signal: .none, day: day, ticker: ticker, reason: reason))
    }

    mutating func signal(_ ticker: Ticker, _ day: Day, _ kind: SignalKind, _ confidence: Double)
        throws
    {
        _ = try take(
            SignalGenerated(
                envelope: envelope(day), netVolume: 1, totalVolume: 1, buySellRatio: 1,
                confidence: confidence, heuristicConfidence: confidence, newestFiling: .none,
                champion: .none, day: day, ticker: ticker, politicians: 1, transactions: 1,
                buys: 1, sells: 0, recent: 1, featureSchema: 0, blendTenths: 0, buyHundredths: 0,
                sellHundredths: 0, bipartisan: false, kind: kind, heuristicKind: kind,
                regime: .unknown, trigger: .newFiling, arms: []))
    }

    /// The close, all positions closed: ten thousand dollars and what was won.
    func close() {
        let rules = MarketRules(
            costs: Costs(slippageBasisPoints: 0, commissionBasisPoints: 0), noPriceSessions: 0,
            delistingHaircut: 0, fractionalShares: false, cashRate: 0)
        side.close(
            World(rules: rules, cash: Money(dollars: 10_000) + profits, historySessions: 0))
    }
}
