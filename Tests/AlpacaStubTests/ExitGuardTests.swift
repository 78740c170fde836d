import AlpacaExchange
import BrokerKit
import Brokerage
import Events
import Testing

@Suite("A holding that is guarded, on a broker that fails")
struct ExitGuardTests {
    /// From 09:31 of the first session on, turns until a minute of a date.
    private func run(
        _ guarded: inout ExitGuard, to day: Day, _ hour: Int, _ minute: Int, seconds: Int64 = 10
    ) {
        let end = NewYork.instant(day, 60 * hour + minute)
        while guarded.now < end {
            guarded.turn(minute: NewYork.minute(guarded.now), seconds: seconds)
        }
    }

    @Test("its stop is placed within a minute, raised in the morning, and sells it at its level")
    func life() throws {
        var guarded = try ExitGuard(shares: 100, level: 80)
        run(&guarded, to: BrokerFloor.day, 10, 0)
        #expect(
            guarded.steps == [
                .place(level: Price(cents: 8_000), quantity: Quantity(shares: 100))
            ])
        (guarded.levelBefore, guarded.level) = (80, 85)
        let next = BrokerFloor.day + 2
        guarded.floor.advance(next, 8, 59)
        run(&guarded, to: next, 9, 20)
        let raised = guarded.floor.exchange.openOrders.map(\.shown.pricing)
        #expect(raised == [.stop(Price(cents: 8_500))])
        guarded.floor.put(BrokerFloor.bar(low: 84), on: next)
        run(&guarded, to: next, 13, 0)
        #expect(guarded.held == .zero && guarded.floor.exchange.positions.isEmpty)
        #expect(guarded.longest == 0 && guarded.mismatches.isEmpty)
    }

    @Test("refused before the open, a raise is tried once more behind it")
    func refusedBeforeOpen() throws {
        var rules = ExchangeRules()
        rules.refusesReplaceBeforeOpen = true
        var guarded = try ExitGuard(shares: 100, level: 80, rules: rules)
        run(&guarded, to: BrokerFloor.day, 9, 40)
        (guarded.levelBefore, guarded.level) = (80, 85)
        let next = BrokerFloor.day + 2
        guarded.floor.advance(next, 9, 5)
        run(&guarded, to: next, 9, 30)
        var open = guarded.floor.exchange.openOrders.map(\.shown.pricing)
        #expect(open == [.stop(Price(cents: 8_000))], "the old one works on")
        run(&guarded, to: next, 9, 35)
        open = guarded.floor.exchange.openOrders.map(\.shown.pricing)
        #expect(open == [.stop(Price(cents: 8_500))])
    }

    @Test("a stop whose level the price is through becomes a sale at once")
    func through() throws {
        var guarded = try ExitGuard(shares: 100, level: 101)
        guarded.levelBefore = 101
        run(&guarded, to: BrokerFloor.day, 9, 35)
        #expect(guarded.steps.last == .sellNow(Quantity(shares: 100)))
        #expect(guarded.held == .zero && guarded.floor.exchange.positions.isEmpty)
    }

    @Test("a timeout: the stop is cancelled, its end awaited, the auction sells")
    func timeout() throws {
        var rules = ExchangeRules()
        rules.cancelDelay = 40
        var guarded = try ExitGuard(shares: 100, level: 80, rules: rules)
        run(&guarded, to: BrokerFloor.day, 10, 0)
        let next = BrokerFloor.day + 2
        guarded.floor.advance(next, 1, 30)
        guarded.isExitDue = true
        run(&guarded, to: next, 1, 35)
        let open = guarded.floor.exchange.openOrders.map(\.shown)
        #expect(open.map(\.timeInForce) == [.opening] && open.map(\.pricing) == [.market])
        guarded.floor.advance(next, 9, 31)
        run(&guarded, to: next, 9, 35)
        #expect(guarded.held == .zero && guarded.floor.exchange.positions.isEmpty)
    }

    @Test(
        "under faults nothing is oversold, one stop works at most, and the log is the broker's",
        arguments: [(0, 2), (15, 8), (30, 8)])
    func faults(percent: Int, seeds: Int) throws {
        var (bare, raised) = ([Int64](), 0)
        for seed in 0..<UInt64(seeds) {
            let guarded = try life(seed: seed, percent: percent)
            bare.append(guarded.longest)
            raised += guarded.floor.exchange.orders.filter { $0.shown.status == .replaced }.count
        }
        // Ten seconds are a turn; two lost sendings in a row take the settling time twice.
        let late = bare.filter { $0 > 60 }.count
        #expect(percent > 0 || bare.allSatisfy { $0 == 0 })
        #expect(raised >= seeds, "\(percent) %: \(raised) raised, bare \(bare.sorted().suffix(5))")
        #expect(
            late <= seeds / 4, "\(percent) %: bare \(bare.sorted().suffix(5)), raised \(raised)")
    }

    private func life(seed: UInt64, percent: Int) throws -> ExitGuard {
        var rules = ExchangeRules()
        (rules.seed, rules.partialPercent, rules.cancelDelay) = (seed, 30, 15)
        rules.requestsPerMinute = 10_000
        var guarded = try ExitGuard(shares: 100, level: 80, rules: rules)
        guarded.floor.stub.with {
            $0.faults = FaultPlan(seed: seed)
            $0.faults.percent = percent
        }
        run(&guarded, to: BrokerFloor.day, 11, 0)
        var day = BrokerFloor.day
        for level in [82.0, 84, 86] {
            (guarded.levelBefore, guarded.level) = (guarded.level, level)
            day = try nextSession(day)
            guarded.floor.advance(day, 9, 0)
            run(&guarded, to: day, 9, 50)
            let open = guarded.floor.exchange.openOrders.filter { $0.shown.side == .sell }
            #expect(open.count <= 1, "seed \(seed)")
            #expect(open.reduce(Quantity.zero) { $0 + $1.shown.rest } <= guarded.held)
        }
        // The price falls through it: it is sold, once.
        day = try nextSession(day)
        guarded.floor.put(BrokerFloor.bar(low: 60), on: day)
        guarded.floor.advance(day, 11, 0)
        run(&guarded, to: day, 12, 30)
        #expect(guarded.mismatches.isEmpty, "seed \(seed)")
        #expect(guarded.held == .zero, "seed \(seed): \(guarded.held)")
        #expect(guarded.floor.exchange.positions.isEmpty)
        let ids = guarded.floor.exchange.orders.map(\.shown.clientID)
        #expect(Set(ids).count == ids.count)
        return guarded
    }

    private func nextSession(_ day: Day) throws -> Day {
        let sessions = BrokerFloor { StubPort($0) }.exchange.sessions((day + 1)...(day + 7))
        return try #require(sessions.first).day
    }
}

/// Minutes of New York on the winter dates of these tests.
private enum NewYork {
    static func instant(_ day: Day, _ minute: Int) -> Instant {
        Instant(day, hour: 5, minute: minute)
    }

    static func minute(_ instant: Instant) -> Int {
        let local = instant.adding(seconds: -5 * 3_600)
        return Int((local.rawValue - Instant(local.day).rawValue) / 60_000_000_000)
    }
}
