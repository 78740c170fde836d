import Events
import Market

@testable import FeedbackLoop

let acme = Ticker("ACME")!
let other = Ticker("OTHER")!

/// A market that a test drives a session at a time.
struct MarketDay: ~Copyable {
    var desk: Desk
    var market = OrderToFill()
    var clerk = Clerk()
    var day = Day(year: 2020, month: 1, day: 1)!

    init(
        slippage: Double = 0, commission: Double = 0, cash: Double = 10_000,
        noPriceSessions: Int = 5,
        haircut: Double = 0
    ) {
        let world = World(
            rules: MarketRules(
                costs: Costs(slippageBasisPoints: slippage, commissionBasisPoints: commission),
                noPriceSessions: noPriceSessions, delistingHaircut: haircut,
                fractionalShares: false, cashRate: 0),
            cash: Money(dollars: cash), historySessions: 30)
        desk = Desk(world: world, artefacts: NoArtefacts(), digest: { _ in .zero })
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
        desk.close(view)
        desk.recorder.advance(to: instant, through: 0)
        // Asked again, the market has nothing to add.
        for _ in 0..<2 {
            market.open(desk.world)
            while let answer = market.next(desk.world, desk.recorder) {
                desk.record(answer, &clerk.state)
            }
        }
        desk.mark()
    }

    /// The world as it stands.
    var world: World { desk.world }

    /// Records the outcomes that are due.
    mutating func recordOutcomes() {
        FillToOutcome.decide(&clerk, &desk)
    }

    /// Submits a buy of `shares` for the next open.
    mutating func buy(
        _ ticker: Ticker = acme, shares: Int64, stopDistance: Double? = nil,
        trailing: Double? = nil, target: Double? = nil, timing: FillTiming = .nextOpen
    ) {
        let order = OrderSubmitted(
            envelope: desk.envelope(), signal: .none, holding: .none, trigger: .none,
            quantity: Quantity(shares: shares), referencePrice: 1, stopDistance: stopDistance,
            trailingFraction: trailing, targetFraction: target, reservedCash: .zero,
            calibration: .none, day: day, timeoutDays: 60, attempt: 0, ticker: ticker, side: .buy,
            leg: .entry, orderType: .market, timing: timing)
        desk.record(order, &clerk.state)
    }

    /// The recorded events of one kind.
    func events<Event: EventMessage>(_ type: Event.Type) -> [Event] {
        var found: [Event] = []
        var start = 0
        for end in desk.recorder.ends {
            let message = desk.recorder.arena.bytes.extracting(start..<end)
            if let event = try? Event(message: message) { found.append(event) }
            start = end
        }
        return found
    }
}

/// A strategy that decides nothing: orders are given by the test.
struct Clerk: Strategy {
    let name = "clerk"
    let canonicalText = ""
    let rules = MarketRules(
        costs: Costs(slippageBasisPoints: 0, commissionBasisPoints: 0), noPriceSessions: 5,
        delistingHaircut: 0, fractionalShares: false, cashRate: 0)
    let startCash = Money.zero
    let historySessions = 0
    var state = NoState()

    mutating func learn(_ message: RawSpan, templateID: UInt16, at fact: Reference)
        throws(DecodingError)
    {}

    mutating func decide(_ stage: Stage, _ desk: inout Desk) throws(LoopError) -> StageAnswer {
        StageAnswer()
    }
}
