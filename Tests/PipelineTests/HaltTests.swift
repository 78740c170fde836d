import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

@Suite("Halts")
struct HaltTests {
    /// What a live run recorded that halts have to do with.
    private struct Story {
        var cancelled: [OrderCancelled] = []
        var skipped: [SignalSkipped] = []
        var entries: [OrderSubmitted] = []
        var exits: [OrderSubmitted] = []
        var halted: [EntriesHalted] = []
        var resumed: [EntriesResumed] = []

        init(_ data: DataFolder) throws {
            let run = try data.openRun("live")
            try run.log.read { record in
                let message = record.message
                switch try MessageHeader(message).templateID {
                case OrderCancelled.templateID:
                    cancelled.append(try OrderCancelled(message: message))
                case SignalSkipped.templateID:
                    skipped.append(try SignalSkipped(message: message))
                case OrderSubmitted.templateID:
                    let order = try OrderSubmitted(message: message)
                    if order.leg == .entry { entries.append(order) } else { exits.append(order) }
                case EntriesHalted.templateID:
                    halted.append(try EntriesHalted(message: message))
                case EntriesResumed.templateID:
                    resumed.append(try EntriesResumed(message: message))
                default: break
                }
                return .proceed
            }
        }
    }

    private let person = "a tester"

    /// A live run under rules of halts, driven from its start.
    private final class Driven {
        let market: LiveMarket
        var loop: (any LiveLoop)?
        var now: Instant
        let strategy: LoopStrategy
        private let rules: DayRules

        init(seed: UInt64, sessions: Int = 130, rules: HaltRules? = nil, _ more: [String] = [])
            throws
        {
            market = try LiveMarket(seed: seed, sessions: sessions, history: 50)
            strategy = try SmallWorld.strategy(SmallWorld.settings + more)
            self.rules = DayRules(halts: rules)
            now = .epoch
            try LiveRuns.make(
                strategy, named: "live", in: market.data, data: market.log, prefix: seed,
                rules: self.rules)
            try start()
            now = Instant(try #require(loop?.day) + 1, hour: 5, minute: 30)
        }

        var world: World { loop!.world }

        /// Runs all that is due by an instant.
        func run(to instant: Instant) throws {
            // Its clock moves on by the hour: a session's bars come in the night after it.
            while now < instant {
                now = min(instant, now.adding(seconds: 3_600))
                try market.come(through: now)
                while case .due = try loop!.turn(at: now) {}
            }
        }

        /// Runs day by day until something holds after the 05:30 of a session; false at the end.
        func run(until holds: (World) -> Bool) throws -> Bool {
            let last = try #require(market.world.days.last)
            while now.day < last {
                try run(to: Instant(now.day + 1, hour: 5, minute: 31))
                if holds(world) { return true }
            }
            return false
        }

        func start() throws {
            loop = nil
            loop = try LiveRuns.open(
                "live", in: market.data, data: market.log, rules: rules, trainer: nil)
        }

        /// Decided again it is the same, to the byte, and nothing of it was known too late.
        func expectSound() throws {
            loop = nil
            let run = try market.data.openRun("live")
            let again = try Reproduction.check(run, trainer: nil)
            #expect(again.isReproduced, "\(again.finding ?? "") at \(again.position ?? 0)")
            let causality = try Causality.check(
                run.merged, timeline: run.timeline, configuration: strategy.configuration,
                calendar: .xnys)
            #expect(causality.isSound, "\(causality.findings.prefix(3))")
        }
    }

    @Test("a person's halt cancels what waits for the open at once, and nothing is bought after it")
    func cancels() throws {
        let driven = try Driven(seed: 21)
        try #require(
            try driven.run { $0.portfolio.pendingEntries > 1 && $0.portfolio.holdings.count > 2 })
        let derived = try Timeline.ensure(driven.market.data, log: driven.market.log).head.seal
        let waiting = driven.world.portfolio.orders.filter { $0.request.leg == .entry }.map(\.id)
        let recorded = try OperatorLedger.halt(
            .person, who: person, reason: "odd fills", in: driven.market.log,
            now: driven.now.adding(seconds: 60))
        // A halt is no fact of a backtest.
        #expect(
            try Timeline.ensure(driven.market.data, log: driven.market.log).head.seal == derived)
        #expect(
            try StandingHalts(try driven.market.data.openRun("live"), data: driven.market.log)
                .waiting == [recorded.position])
        try driven.run(to: driven.now.adding(seconds: 120))
        #expect(driven.world.portfolio.pendingEntries == 0)
        var story = try Story(driven.market.data)
        let halted = try #require(driven.world.halts.standing.first)
        #expect(halted.cause == .person && halted.who == person && halted.reference.isTimeline)
        let cancelled = story.cancelled.filter { $0.reason == .halted }
        #expect(cancelled.map(\.order) == waiting)
        #expect(cancelled.allSatisfy { $0.envelope.causation == halted.reference })

        // It stands through starts; signals to buy are skipped by it, exits go on.
        let (entries, exits) = (story.entries.count, story.exits.count)
        try driven.start()
        #expect(driven.world.halts.standing.map(\.text) == ["odd fills"])
        try driven.run(to: Instant(driven.now.day + 32, hour: 12))
        story = try Story(driven.market.data)
        #expect(story.entries.count == entries && story.exits.count > exits)
        #expect(story.skipped.count { $0.reason == .entriesHalted } > 5)

        _ = try OperatorLedger.resume(
            nil, who: person, reason: "looked", in: driven.market.log, now: driven.now)
        try driven.run(to: Instant(driven.now.day + 10, hour: 12))
        #expect(!driven.world.halts.isHalted)
        #expect(try Story(driven.market.data).entries.count > entries)
        #expect(
            try !StandingHalts(try driven.market.data.openRun("live"), data: driven.market.log)
                .book.isHalted)
        try driven.expectSound()
    }

    @Test("a halt of everything orders no exits either, and those that were due come behind it")
    func everything() throws {
        let driven = try Driven(seed: 22, ["timeout_days=6"])
        try #require(try driven.run { $0.portfolio.holdings.count > 3 })
        let exits = try Story(driven.market.data).exits.count
        _ = try OperatorLedger.halt(
            .person, stopsExits: true, who: person, reason: "all", in: driven.market.log,
            now: driven.now)
        try driven.run(to: Instant(driven.now.day + 14, hour: 12))
        let due = driven.world.portfolio.holdings.count {
            driven.now.day - $0.entryDay > 8 && $0.exit == nil
        }
        try #require(due > 0)
        #expect(try Story(driven.market.data).exits.count == exits)
        _ = try OperatorLedger.resume(
            .person, who: person, reason: "go on", in: driven.market.log, now: driven.now)
        try driven.run(to: Instant(driven.now.day + 4, hour: 12))
        #expect(try Story(driven.market.data).exits.count >= exits + due)
        try driven.expectSound()
    }

    @Test("a loss of a day halts once for each such day, and a person alone ends it")
    func loss() throws {
        let rules = HaltRules(
            lossPercent: 0.05, drawdownPercent: 0, overCapPercent: 0, ordersTimesPlan: 0,
            filingsStaleAfter: 0)
        let driven = try Driven(seed: 23, rules: rules)
        var resumed = 0
        // Each halt is ended in the afternoon after it.
        while try driven.run(until: { $0.halts.isHalted }), resumed < 4 {
            #expect(driven.world.halts.standing.map(\.cause) == [.lossLimit])
            try driven.start()
            _ = try OperatorLedger.resume(
                .lossLimit, who: person, reason: "seen", in: driven.market.log,
                now: driven.now.adding(seconds: 600))
            try driven.run(to: driven.now.adding(seconds: 1_200))
            #expect(!driven.world.halts.isHalted)
            resumed += 1
        }
        #expect(resumed >= 2)
        // Exactly the days of such a loss halted, but for those that found one standing.
        let story = try Story(driven.market.data)
        #expect(story.halted.count >= resumed)
        let values = try closes(driven.market.data)
        for halt in story.halted {
            let day = halt.envelope.knownAt.day
            let index = try #require(values.firstIndex { $0.day == day })
            #expect(index > 0)
            #expect(values[index].value / values[index - 1].value <= 1 - 0.0005)
        }
        for index in values.indices.dropFirst()
        where values[index].value / values[index - 1].value <= 1 - 0.0005 {
            let instant = Instant(values[index].day, hour: 21)
            let stood = story.halted.contains { $0.envelope.knownAt == instant }
            #expect(stood, "\(values[index].day)")
        }
        try driven.expectSound()
    }

    private func closes(_ data: DataFolder) throws -> [(day: Day, value: Double)] {
        let run = try data.openRun("live")
        let origin = try RunOrigin.read(run, at: try run.merged.end())
        let result = try RunReading.result(
            of: run.merged, strategy: origin.strategy.strategy,
            window: ReplayWindow(from: run.manifest?.firstDay))
        return result.marks.map { ($0.day, $0.value.dollars) }
    }

    @Test(
        "a drawdown, a holding above its cap and filings that stop halt, each once until it is over"
    )
    func rules() throws {
        let rules = HaltRules(
            lossPercent: 0, drawdownPercent: 0.2, overCapPercent: 0.5, ordersTimesPlan: 0.1,
            filingsStaleAfter: 3)
        let driven = try Driven(
            seed: 24, sessions: 150, rules: rules, ["max_position=0.004", "max_trade=0.004"])
        var causes: [HaltCause: Int] = [:]
        for _ in 0..<60 {
            guard try driven.run(until: { $0.halts.isHalted }) else { break }
            for halt in driven.world.halts.standing { causes[halt.cause, default: 0] += 1 }
            _ = try OperatorLedger.resume(
                nil, who: person, reason: "seen", in: driven.market.log,
                now: driven.now.adding(seconds: 600))
            try driven.run(to: driven.now.adding(seconds: 1_200))
        }
        for cause: HaltCause in [.drawdown, .positionCap, .orderCount, .staleFilings] {
            #expect(causes[cause, default: 0] > 0, "\(cause) of \(causes)")
        }
        let story = try Story(driven.market.data)
        // One cause stands once.
        var standing: Set<HaltCause> = []
        for halt in story.halted {
            #expect(!halt.text.isEmpty)
            standing.insert(halt.cause)
        }
        #expect(standing.count == 4)
        try driven.expectSound()
    }

    @Test("a session without its bars halts until one closes")
    func stale() throws {
        let driven = try Driven(
            seed: 25,
            rules: HaltRules(
                lossPercent: 0, drawdownPercent: 0, overCapPercent: 0, ordersTimesPlan: 0,
                filingsStaleAfter: 0))
        let lost = try #require(
            driven.market.world.days.first { $0 > driven.now.day + 3 && $0.isoWeekday == 2 })
        try driven.market.lose { type, message in
            guard type is SessionClosed.Type else { return false }
            return try SessionClosed(message: message.span.bytes).day == lost
        }
        try driven.run(to: Instant(lost + 1, hour: 12))
        #expect(driven.world.halts.standing.map(\.cause) == [.staleData])
        try driven.start()
        #expect(driven.world.halts.standing.map(\.cause) == [.staleData])
        try driven.run(to: Instant(lost + 2, hour: 12))
        #expect(!driven.world.halts.isHalted)
        let story = try Story(driven.market.data)
        #expect(story.halted.map(\.cause) == [.staleData])
        #expect(story.resumed.map { $0.envelope.knownAt } == [Instant(lost + 1, hour: 21)])
        try driven.expectSound()
    }

    @Test("rules are recorded with the run, and one that was made without them halts by none")
    func recorded() {
        let rules = HaltRules(
            lossPercent: 2.5, drawdownPercent: 0, overCapPercent: 12, ordersTimesPlan: 3,
            filingsStaleAfter: 7)
        #expect(HaltRules(recorded: DayRules(halts: rules).text) == rules)
        #expect(HaltRules(recorded: DayRules().text) == nil)
        #expect(DayRules().text == "service: live\nbars_ready_by: 02:00\nbars_enough_percent: 80\n")
    }
}
