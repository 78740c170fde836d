import Events
import FeedbackLoop
import Market

let acme = Ticker("ACME")!
let other = Ticker("OTHER")!

/// A market that a test drives a session at a time.
struct MarketDay: ~Copyable {
    var world: World
    var recorder = Recorder()
    var day = Day(year: 2020, month: 1, day: 1)!

    init(
        slippage: Double = 0, commission: Double = 0, cash: Double = 10_000,
        noPriceSessions: Int = 5,
        haircut: Double = 0
    ) {
        world = World(
            rules: MarketRules(
                costs: Costs(slippageBasisPoints: slippage, commissionBasisPoints: commission),
                noPriceSessions: noPriceSessions, delistingHaircut: haircut,
                fractionalShares: false, cashRate: 0),
            cash: Money(dollars: cash), historySessions: 30)
    }

    /// Closes a session with bars of open, high, low, close and volume, and fills what it fills.
    mutating func close(_ bars: [(Ticker, Double, Double, Double, Double, Double)]) {
        day = day + 1
        let instant = Instant(day, hour: 21)
        let event = SessionClosed(
            envelope: Envelope(knownAt: instant, recordedAt: instant, actor: .timeline),
            source: .zero, day: day, part: 0, conflicts: 0, unadjusted: 0, adjustment: .none,
            bars: bars.map {
                SessionClosed.Bar(
                    ticker: $0.0, open: $0.1, high: $0.2, low: $0.3, close: $0.4, volume: $0.5)
            })
        let message = event.encoded()
        let span = message.span
        guard let view = try? SessionClosedView(span.bytes) else { return }
        world.close(view)
        recorder.advance(to: instant, through: 0)
        OrderToFill.session(&world, &recorder)
    }

    /// Submits a buy of `shares` for the next open.
    mutating func buy(
        _ ticker: Ticker = acme, shares: Int64, stopDistance: Double? = nil,
        trailing: Double? = nil, target: Double? = nil, timing: FillTiming = .nextOpen
    ) {
        let order = OrderSubmitted(
            envelope: recorder.envelope(), signal: .none, holding: .none, trigger: .none,
            quantity: Quantity(shares: shares), referencePrice: 1, stopDistance: stopDistance,
            trailingFraction: trailing, targetFraction: target, reservedCash: .zero,
            calibration: .none, day: day, timeoutDays: 60, attempt: 0, ticker: ticker, side: .buy,
            leg: .entry, orderType: .market, timing: timing)
        world.portfolio.evolve(order, at: recorder.record(order).position)
    }

    /// The recorded events of one kind.
    func events<Event: EventMessage>(_ type: Event.Type) -> [Event] {
        var found: [Event] = []
        var start = 0
        for end in recorder.ends {
            let message = recorder.arena.bytes.extracting(start..<end)
            if let event = try? Event(message: message) { found.append(event) }
            start = end
        }
        return found
    }
}
