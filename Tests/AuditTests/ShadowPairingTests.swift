import Events
import Market
import Pipeline
import Testing

@testable import Audit

/// What each kind of difference between a live run and its shadow costs, by numbers that a person
/// computed.
@Suite("Costs of a live run against a backtest")
struct ShadowPairingTests {
    private let day = Day(year: 2026, month: 3, day: 3)!
    private let acme = Ticker("ACME")!

    private func pairing(
        hasBroker: Bool = false, rest: Double = 0, _ live: (inout ShadowStory) throws -> Void,
        _ model: (inout ShadowStory) throws -> Void
    ) throws -> ShadowPairing {
        var (one, other) = (ShadowStory(), ShadowStory())
        try live(&one)
        try model(&other)
        one.close()
        other.close()
        let found = ShadowPairing(
            one.side, other.side, late: [], hasBroker: hasBroker,
            through: Instant(day + 30, hour: 0))
        // The costs are what the live run lacks.
        #expect(
            found.differences.reduce(Money(dollars: rest)) { $0 + $1.cost }
                == other.side.value - one.side.value)
        return found
    }

    private func dollars(_ difference: ShadowDifference) -> Double { difference.cost.dollars }

    @Test("slippage: ten cents a side on a hundred shares at 50 and 48")
    func slippage() throws {
        let found = try pairing {
            let holding = try $0.enter(acme, day, 100, at: 50.10)
            try $0.leave(holding, acme, day + 2, 100, at: 47.90, .timeout, gain: -220)
        } _: {
            let holding = try $0.enter(acme, day, 100, at: 50)
            try $0.leave(holding, acme, day + 2, 100, at: 48, .timeout, gain: -200)
        }
        #expect(found.differences.map(\.kind) == [.slippage, .slippage])
        #expect(found.differences.map(dollars) == [10, 10])
        // 10 of 5,000 dollars, and 10 of 4,800.
        let bp = found.differences.compactMap(\.basisPoints)
        #expect(bp == [20, 10_000 * 10.0 / 4_800])
        #expect(
            found.differences[0].live?.price == 50.10 && found.differences[0].decidedOn == day - 1)
        // Better than the model is a negative cost.
        let better = try pairing {
            let holding = try $0.enter(acme, day, 100, at: 49.95)
            try $0.leave(holding, acme, day + 2, 100, at: 48, .timeout, gain: -195)
        } _: {
            let holding = try $0.enter(acme, day, 100, at: 50)
            try $0.leave(holding, acme, day + 2, 100, at: 48, .timeout, gain: -200)
        }
        #expect(better.differences.map(dollars) == [-5])
        #expect(better.differences[0].basisPoints == -10)
    }

    @Test("a missed entry costs what the model earned by it, with the live run's reason")
    func missed() throws {
        func model(_ story: inout ShadowStory) throws {
            let holding = try story.enter(acme, day, 50, at: 20)
            try story.leave(holding, acme, day + 9, 50, at: 26, .timeout, gain: 300)
        }
        let reasons: [((inout ShadowStory) throws -> Void, String)] = [
            (
                { try $0.cancel($0.order(acme, day - 1, 50), .missedWindow, day) },
                "cancelled: the time in which the broker takes it was over"
            ),
            (
                { try $0.cancel($0.order(acme, day - 1, 50), .noBar, day) },
                "cancelled: the ticker was not priced"
            ),
            (
                { try $0.reject($0.order(acme, day - 1, 50), day) },
                "rejected by the broker: insufficient funds (403)"
            ),
            ({ _ = try $0.order(acme, day - 1, 50) }, "still at the market at the last close"),
            (
                { try $0.skip(acme, day - 1, .positionLimit) },
                "skipped: as many positions are open as may be"
            ),
            ({ _ in }, "no filing of it was evaluated"),
        ]
        for (live, why) in reasons {
            let found = try pairing(live, model)
            #expect(found.differences.map(\.kind) == [.entryMissed])
            // 300 dollars, of a position of 1,000.
            #expect(dollars(found.differences[0]) == 300)
            #expect(found.differences[0].basisPoints == 3_000)
            #expect(found.differences[0].why == why)
            #expect(found.differences[0].shadow?.quantity == Quantity(shares: 50))
        }
        // The other way round it is an entry of the live run's own, and a gain.
        let extra = try pairing(model) { try $0.skip(acme, day - 1, .dailyLimit) }
        #expect(extra.differences.map(\.kind) == [.entryExtra])
        #expect(extra.differences.map(dollars) == [-300])
        #expect(extra.differences[0].why?.hasPrefix("the model: skipped: ") == true)
    }

    @Test("a smaller order costs what the shares lacking earned; the rest is the exit's")
    func size() throws {
        let found = try pairing {
            let holding = try $0.enter(acme, day, 60, at: 10)
            try $0.leave(holding, acme, day + 3, 60, at: 12, .timeout, gain: 120)
        } _: {
            let holding = try $0.enter(acme, day, 100, at: 10)
            try $0.leave(holding, acme, day + 3, 100, at: 12, .timeout, gain: 200)
        }
        #expect(found.differences.map(\.kind) == [.size])
        // 40 shares lacking, two dollars each: of 1,000 dollars.
        #expect(dollars(found.differences[0]) == 80 && found.differences[0].basisPoints == 800)
        #expect(found.differences[0].why == "ordered 60, the model 100")
    }

    @Test("a stop that lagged: a session later, or at a level that had not followed")
    func lagged() throws {
        func story(
            _ left: Day, _ price: Double, _ reason: ExitReason, level: Double
        ) -> (inout ShadowStory) throws -> Void {
            {
                let holding = try $0.enter(acme, day, 10, at: 100)
                try $0.leave(
                    holding, acme, left, 10, at: price, reason, level: level,
                    gain: 10 * (price - 100))
            }
        }
        let later = try pairing(
            story(day + 6, 95, .trailingStop, level: 95),
            story(day + 5, 97, .trailingStop, level: 97))
        #expect(later.differences.map(\.kind) == [.exitLagged])
        #expect(dollars(later.differences[0]) == 20 && later.differences[0].basisPoints == 200)
        #expect(later.differences[0].why == "its level was 95.0000, the model's 97.0000")
        let lower = try pairing(
            story(day + 5, 95, .trailingStop, level: 95),
            story(day + 5, 97, .trailingStop, level: 97))
        #expect(lower.differences.map(\.kind) == [.exitLagged])
        // A level that is rounded down to the tick is no other one.
        let tick = try pairing(
            story(day + 5, 97.12, .stop, level: 97.12), story(day + 5, 97.128, .stop, level: 97.128)
        )
        #expect(tick.differences.map(\.kind) == [.slippage])
        let other = try pairing(
            story(day + 8, 103, .timeout, level: 0), story(day + 5, 97, .stop, level: 97))
        #expect(other.differences.map(\.kind) == [.exitReason, .outcome])
        #expect(other.differences.map(dollars) == [-60, 0])
        #expect(other.differences[1].live?.label == "win")
        #expect(other.differences[1].shadow?.label == "loss")
        // On the day of its entry the model's stop stood before it was bought.
        let first = try pairing(
            hasBroker: true, story(day + 2, 95, .stop, level: 96), story(day, 96, .stop, level: 96))
        #expect(first.differences.map(\.kind) == [.exitLagged])
        #expect(first.differences[0].why?.contains("only after the fill") == true)
        // The simulated market closes what has no bars; a broker does not.
        let unpriced = try pairing(
            hasBroker: true, story(day + 9, 95, .stop, level: 95),
            story(day + 5, 97, .noPrice, level: 0))
        #expect(unpriced.differences.map(\.kind) == [.exitReason])
        #expect(unpriced.differences[0].why == "a broker closes no holding for want of bars")
    }

    @Test("signals of one alone are listed without a cost, another confidence is counted")
    func decisions() throws {
        let found = try pairing {
            try $0.signal(acme, day, .buy, 0.8)
            try $0.signal(acme, day + 1, .buy, 0.8)
            try $0.signal(acme, day + 2, .buy, 0.8)
        } _: {
            try $0.signal(acme, day + 1, .sell, 0.8)
            try $0.signal(acme, day + 2, .buy, 0.9)
        }
        #expect(found.differences.map(\.kind) == [.decision, .decision])
        #expect(found.differences.allSatisfy { $0.cost == .zero && $0.basisPoints == nil })
        #expect(found.differences.map(\.decidedOn) == [day, day + 1])
        #expect(found.differences[0].live?.label == "buy 0.8000")
        #expect(found.differences[0].shadow == nil)
        #expect(found.confidences == 1)
    }

    @Test("equal in all, or but for less than a hundredth of a cent, is the same")
    func same() throws {
        func story(_ price: Double) -> (inout ShadowStory) throws -> Void {
            {
                let holding = try $0.enter(acme, day, 10, at: 100)
                try $0.leave(
                    holding, acme, day + 5, 10, at: price, .timeout, gain: 10 * (price - 100))
            }
        }
        let equal = try pairing(story(97), story(97))
        #expect(equal.differences.isEmpty && equal.same == 1)
        let nearly = try pairing(rest: 0.0004, story(97), story(97.00004))
        #expect(nearly.differences.isEmpty && nearly.same == 1)
    }
}
