import Events
import FeedbackLoop
import Market
import Testing

@Suite("The simulated market")
struct FillTests {
    @Test("a buy fills at the next open with slippage and commission, to the last unit of money")
    func entry() throws {
        var market = MarketDay(slippage: 5, commission: 10)
        market.close([(acme, 100, 101, 99, 100, 1_000)])
        market.buy(shares: 10)
        market.close([(acme, 102, 103, 101, 102.5, 1_000)])
        let fill = try #require(market.events(OrderFilled.self).first)
        #expect(fill.marketPrice == 102)
        #expect(fill.price == 102 * 1.0005)
        #expect(fill.commission == Money(dollars: 10 * 102 * 1.0005 * 0.001))
        #expect(market.world.portfolio.cash == Money(dollars: 10_000) + fill.cashChange)
        #expect(fill.filledOn > fill.decidedOn)
    }

    @Test("an entry without a bar, or with zero volume, is cancelled and never filled later")
    func noBar() {
        var market = MarketDay()
        market.close([(acme, 100, 101, 99, 100, 1_000), (other, 10, 10, 10, 10, 100)])
        market.buy(shares: 1)
        market.close([(other, 10, 10, 10, 10, 100)])
        market.buy(other, shares: 1)
        market.close([(acme, 100, 101, 99, 100, 1_000), (other, 10, 10, 10, 10, 0)])
        #expect(market.events(OrderCancelled.self).map(\.reason) == [.noBar, .zeroVolume])
        #expect(market.events(OrderFilled.self).isEmpty)
        #expect(market.world.portfolio.orders.isEmpty)
    }

    @Test("two buys of one batch share the cash: the second is cut to what the first left")
    func sharedCash() {
        var market = MarketDay(cash: 1_000)
        market.close([(acme, 100, 100, 100, 100, 1e6), (other, 90, 90, 90, 90, 1e6)])
        market.buy(acme, shares: 6)
        market.buy(other, shares: 6)
        market.close([(acme, 100, 100, 100, 100, 1e6), (other, 90, 90, 90, 90, 1e6)])
        let fills = market.events(OrderFilled.self)
        #expect(fills.map(\.quantity) == [Quantity(shares: 6), Quantity(shares: 4)])
        #expect(fills[1].remaining == Quantity(shares: 2))
        #expect(market.events(OrderCancelled.self).map(\.reason) == [.insufficientCash])
        #expect(market.world.portfolio.cash == Money(dollars: 1_000 - 600 - 360))
        #expect(market.world.value == Money(dollars: 1_000), "no cash is lost")
    }

    @Test("a stop is touched by the low and fills at the level, below it when the open gapped")
    func stop() throws {
        for (open, low, expected) in [(98.0, 94.0, 95.0), (93, 92, 93)] {
            var market = MarketDay()
            market.close([(acme, 100, 100, 100, 100, 1e6)])
            market.buy(shares: 10, stopDistance: 5)
            market.close([(acme, 100, 101, 99, 100, 1e6)])
            market.close([(acme, open, 99, low, 96, 1e6)])
            let exit = try #require(market.events(OrderFilled.self).last)
            #expect(exit.side == .sell && exit.leg == .stop && exit.price == expected)
            #expect(market.events(ExitTriggered.self).map(\.reason) == [.stop])
            #expect(market.world.portfolio.holdings.isEmpty)
        }
    }

    @Test("in its entry session a stop fills at the level")
    func stopOnEntry() throws {
        var market = MarketDay()
        market.close([(acme, 100, 100, 100, 100, 1e6)])
        market.buy(shares: 10, stopDistance: 5)
        market.close([(acme, 100, 101, 90, 91, 1e6)])
        let exit = try #require(market.events(OrderFilled.self).last)
        #expect(exit.price == 95)
        #expect(exit.filledOn > exit.decidedOn)
    }

    @Test("the trailing stop follows the highest close up to the session before, and names itself")
    func trailing() throws {
        var market = MarketDay()
        market.close([(acme, 100, 100, 100, 100, 1e6)])
        market.buy(shares: 10, stopDistance: 30, trailing: 0.20)
        market.close([(acme, 100, 130, 100, 130, 1e6)])
        // The session's own close of 150 does not lift its own level of 104.
        market.close([(acme, 130, 150, 105, 150, 1e6)])
        #expect(market.world.portfolio.holdings.count == 1)
        market.close([(acme, 149, 149, 119, 119, 1e6)])
        let trigger = try #require(market.events(ExitTriggered.self).last)
        #expect(trigger.reason == .trailingStop)
        #expect(trigger.level == 120)
    }

    @Test("a take-profit in the bar of a stop loses to it")
    func bothTouched() throws {
        var market = MarketDay()
        market.close([(acme, 100, 100, 100, 100, 1e6)])
        market.buy(shares: 10, stopDistance: 5, target: 0.10)
        market.close([(acme, 100, 100, 100, 100, 1e6)])
        market.close([(acme, 100, 120, 90, 100, 1e6)])
        #expect(market.events(ExitTriggered.self).map(\.reason) == [.stop])
    }

    @Test("five sessions without a bar close a holding at its last close less the haircut")
    func delisted() throws {
        var market = MarketDay(haircut: 0.5)
        market.close([(acme, 100, 100, 100, 100, 1e6), (other, 1, 1, 1, 1, 1)])
        market.buy(shares: 10)
        market.close([(acme, 100, 100, 100, 80, 1e6), (other, 1, 1, 1, 1, 1)])
        for session in 1...5 {
            #expect(market.world.portfolio.holdings.count == 1, "before session \(session)")
            market.close([(other, 1, 1, 1, 1, 1)])
        }
        let exit = try #require(market.events(OrderFilled.self).last)
        #expect(exit.price == 40)
        #expect(market.events(ExitTriggered.self).map(\.reason) == [.noPrice])
    }

    @Test("each closed holding has one outcome, however often outcomes are decided")
    func outcomeOnce() throws {
        var market = MarketDay()
        market.close([(acme, 100, 100, 100, 100, 1e6)])
        market.buy(shares: 10, stopDistance: 5)
        market.close([(acme, 100, 100, 100, 100, 1e6)])
        market.close([(acme, 90, 90, 90, 90, 1e6)])
        for _ in 0..<3 { market.recordOutcomes() }
        let outcomes = market.events(OutcomeRecorded.self)
        #expect(outcomes.count == 1)
        #expect(outcomes[0].outcome == .loss)
        #expect(outcomes[0].netReturn == -0.1)
        #expect(outcomes[0].returnDollars == Money(dollars: -100))
    }

    @Test("the same prices times a constant trigger the same exits")
    func scaled() {
        func reasons(_ factor: Double) -> [ExitReason] {
            var market = MarketDay(cash: 1e6)
            market.close([(acme, 100 * factor, 100 * factor, 100 * factor, 100 * factor, 1e6)])
            market.buy(shares: 10, stopDistance: 5 * factor, trailing: 0.2)
            for price in [100.0, 110, 120, 118, 97, 90, 80] {
                market.close([
                    (
                        acme, price * factor, (price + 1) * factor, (price - 1) * factor,
                        price * factor, 1e6
                    )
                ])
            }
            return market.events(ExitTriggered.self).map(\.reason)
        }
        #expect(reasons(1) == reasons(8))
        #expect(!reasons(1).isEmpty)
    }
}
