import EventLog
import Events
import FeedbackLoop
import Market
import TestKit
import TestWorlds
import Testing

@testable import Audit
@testable import Pipeline

/// A live run beside a backtest over its own facts.
@Suite("A live run's shadow")
struct ShadowTests {
    /// A live run at the simulated market, driven by the hour.
    private final class Lived {
        let market: LiveMarket
        var loop: (any LiveLoop)?
        var now: Instant
        private let rules: DayRules

        init(seed: UInt64, rules: HaltRules? = nil, _ more: [String] = []) throws {
            market = try LiveMarket(seed: seed, sessions: 130, history: 50)
            self.rules = DayRules(halts: rules)
            try LiveRuns.make(
                try SmallWorld.strategy(SmallWorld.settings + more), named: "live",
                in: market.data, data: market.log, prefix: seed, rules: self.rules)
            now = .epoch
            loop = try LiveRuns.open(
                "live", in: market.data, data: market.log, rules: self.rules)
            now = Instant(try #require(loop?.day) + 1, hour: 5, minute: 30)
        }

        var world: World { loop!.world }

        func run(to instant: Instant) throws {
            while now < instant {
                now = min(instant, now.adding(seconds: 3_600))
                try market.come(through: now)
                while case .due = try loop!.turn(at: now) {}
            }
        }

        func run(until holds: (World) -> Bool) throws {
            let last = try #require(market.world.days.last)
            while now.day < last {
                try run(to: Instant(now.day + 1, hour: 5, minute: 31))
                if holds(world) { return }
            }
            Issue.record("it never comes to that")
        }

        func finish() throws {
            let last = try #require(market.world.days.last)
            try run(to: Instant(last + 1, hour: 5, minute: 31))
        }
    }

    private func shadow(
        _ market: LiveMarket, _ order: ShadowReplay.Order = .live
    ) throws -> ShadowComparison {
        let found = try #require(
            try ShadowComparison(
                try market.data.openRun("live"), data: market.log, order: order,
                trainer: market.trainer))
        expectWhole(found)
        return found
    }

    /// The costs of all that is listed are the difference of both values, to the cent.
    private func expectWhole(_ found: ShadowComparison) {
        #expect(found.shortfall == found.shadowValue - found.liveValue)
        #expect(found.listed + found.rest == found.shortfall)
        #expect(found.rest.magnitude < Money(dollars: 0.01), "\(found.rest)")
        #expect(found.sums.reduce(.zero) { $0 + $1.cost } == found.listed)
    }

    @Test(
        "at the simulated market, without halts and late facts, nothing differs in either order",
        arguments: [(11 as UInt64, 0.0), (12, 0.2)])
    func nothing(seed: UInt64, restarts: Double) throws {
        let market = try LiveMarket(seed: seed, sessions: 120, history: 50)
        try LiveRuns.make(
            try SmallWorld.strategy(), named: "live", in: market.data, data: market.log,
            prefix: seed)
        #expect(
            try ShadowComparison(
                try market.data.openRun("live"), data: market.log, order: .live, trainer: nil)
                == nil, "no session was closed yet")
        _ = try market.live(restarts: restarts)
        for order in [ShadowReplay.Order.live, .derived] {
            let found = try shadow(market, order)
            #expect(found.differences.isEmpty, "\(found.differences.prefix(3))")
            #expect(found.shortfall == .zero && found.leftOut.isEmpty && found.late.isEmpty)
            #expect(found.sameTrades > 20 && found.otherConfidences == 0)
            #expect(found.standing.day == market.world.days.last)
            #expect(found.liveValue != found.capital)
        }
    }

    @Test("what was learnt from a rehearsal, trained since and done by people is the same")
    func learning() throws {
        let market = try LiveMarket(
            seed: 5, sessions: 300, history: 150,
            acts: { last in
                [SmallWorld.request(.training, at: Instant(last + 60, hour: 12))]
            }, trainer: StumpTrainer())
        try LiveRuns.make(
            try SmallWorld.strategy(SmallWorld.learning), named: "live", in: market.data,
            data: market.log, prefix: 7, warmFrom: market.world.days[10],
            trainer: market.trainer)
        _ = try market.live(restarts: 0)
        for order in [ShadowReplay.Order.live, .derived] {
            let found = try shadow(market, order)
            #expect(found.differences.isEmpty, "\(found.differences.prefix(3))")
            #expect(found.sameTrades > 20)
        }
    }

    @Test("a halt's missed entries are listed with its words, and cost what the model earned")
    func halted() throws {
        let lived = try Lived(seed: 21)
        try lived.run { $0.portfolio.pendingEntries > 1 && $0.portfolio.holdings.count > 2 }
        let waiting = lived.world.portfolio.orders.filter { $0.request.leg == .entry }
        _ = try OperatorLedger.halt(
            .person, who: "ann", reason: "odd fills", in: lived.market.log,
            now: lived.now.adding(seconds: 60))
        try lived.run(to: Instant(lived.now.day + 14, hour: 12))
        _ = try OperatorLedger.resume(
            nil, who: "ann", reason: "looked", in: lived.market.log, now: lived.now)
        try lived.finish()
        // The process that runs it may have it open.
        let found = try shadow(lived.market)
        let missed = found.differences.filter { $0.kind == .entryMissed }
        for order in waiting {
            let key = (order.request.ticker, order.request.day)
            let row = try #require(
                missed.first { $0.ticker == key.0 && $0.decidedOn == key.1 }, "\(key)")
            #expect(row.live == nil && row.shadow?.quantity == order.request.quantity)
            let why = try #require(row.why)
            #expect(
                why.hasPrefix("cancelled: trading was halted (t") && why.hasSuffix("odd fills)"),
                "\(why)")
        }
        #expect(missed.contains { $0.why?.hasPrefix("skipped: ") == true })
        #expect(missed.allSatisfy { $0.why?.isEmpty == false && $0.value > .zero })
        #expect(found.leftOut.map(\.kind) == ["EntriesHalted", "EntriesResumed"])
        #expect(found.sameTrades > 5 && found.shortfall != .zero)
        // Read in order of knowledge it comes to the same: no fact came late.
        let derived = try shadow(lived.market, .derived)
        #expect(derived.differences == found.differences && derived.late.isEmpty)
    }

    @Test("exits that a halt of everything held back are listed as lagged, with the halt")
    func everything() throws {
        let lived = try Lived(seed: 22, ["timeout_days=6"])
        try lived.run { $0.portfolio.holdings.count > 3 }
        _ = try OperatorLedger.halt(
            .person, stopsExits: true, who: "ann", reason: "all", in: lived.market.log,
            now: lived.now)
        try lived.run(to: Instant(lived.now.day + 14, hour: 12))
        // What is held still is worth its latest close.
        let held = try shadow(lived.market).differences.filter { $0.live?.label == "held" }
        #expect(!held.isEmpty && held.allSatisfy { $0.kind == .exitLagged })
        #expect(held.allSatisfy { $0.live?.session == nil && $0.shadow?.label == "timeout" })
        _ = try OperatorLedger.resume(
            .person, who: "ann", reason: "go on", in: lived.market.log, now: lived.now)
        try lived.finish()
        let found = try shadow(lived.market)
        let lagged = found.differences.filter { $0.kind == .exitLagged }
        #expect(!lagged.isEmpty)
        for row in lagged {
            let (left, model) = (try #require(row.live?.session), try #require(row.shadow?.session))
            #expect(left > model && row.shadow?.label == "timeout")
            #expect(row.why?.hasPrefix("new exits were halted (t") == true, "\(row.why ?? "")")
        }
    }

    @Test("a halt by rule is no halt of the backtest")
    func rules() throws {
        let lived = try Lived(
            seed: 23,
            rules: HaltRules(
                lossPercent: 0.05, drawdownPercent: 0, overCapPercent: 0, ordersTimesPlan: 0,
                filingsStaleAfter: 0))
        try lived.finish()
        let found = try shadow(lived.market)
        let missed = found.differences.filter { $0.kind == .entryMissed }
        #expect(missed.count > 10)
        #expect(missed.contains { $0.why?.contains("the loss of a day") == true })
        #expect(found.leftOut.isEmpty, "a halt by rule is no fact")
    }

    @Test("what custody kept from being decided is listed with its cause")
    func custody() throws {
        let lived = try Lived(seed: 27)
        try lived.run { $0.portfolio.holdings.count > 2 }
        func envelope() -> Envelope {
            Envelope(knownAt: lived.now, recordedAt: lived.now, actor: .scheduler)
        }
        let began = CustodyBegan(
            envelope: envelope(), cause: .decidedOtherwise, text: Array("another program".utf8))
        try lived.market.log.append(now: lived.now) { (batch: inout AppendBatch) in
            _ = batch.append(began)
        }
        try lived.run(to: Instant(lived.now.day + 10, hour: 12))
        let ended = CustodyEnded(envelope: envelope(), cause: .decidedOtherwise)
        try lived.market.log.append(now: lived.now) { (batch: inout AppendBatch) in
            _ = batch.append(ended)
        }
        try lived.finish()
        let found = try shadow(lived.market)
        #expect(found.leftOut.map(\.kind) == ["CustodyBegan", "CustodyEnded"])
        let missed = found.differences.filter { $0.kind == .entryMissed }.compactMap(\.why)
        let custody = missed.filter { $0.contains("in custody since") }
        #expect(custody.contains { $0.hasPrefix("the run was") }, "\(missed)")
        #expect(custody.allSatisfy { $0.contains(": another program") })
    }

    @Test("a filing that comes late is named, with its position and times, in order of knowledge")
    func lateFiling() throws {
        let lived = try Lived(seed: 24)
        // Filings come at most nine days early: these come at least six days late.
        let from = lived.now.day + 8
        let held = try lived.market.delay(by: 15 * 86_400) { message in
            guard try MessageHeader(message.span.bytes).templateID == DisclosureFiled.templateID
            else { return false }
            let knownAt = try DisclosureFiled(message: message.span.bytes).envelope.knownAt
            return (0...4).contains(knownAt.day - from)
        }
        #expect(held > 0)
        try lived.finish()
        #expect(try shadow(lived.market).differences.isEmpty)
        let found = try shadow(lived.market, .derived)
        #expect(found.late.count == held)
        try expectCount(lived, held)
        for late in found.late {
            #expect((0...4).contains(late.knownAt.day - from) && late.kind == "DisclosureFiled")
            let moved = try #require(late.movedAt)
            #expect(moved > AsOf.cycle(of: late.knownAt.day) && late.recordedAt > late.knownAt)
        }
        let rows = found.differences.filter { $0.kind == .lateFact }
        #expect(rows.contains { $0.live == nil && $0.cost != .zero })
        let signals = found.differences.filter { $0.kind == .decision }
        #expect(signals.contains { $0.fact != nil && $0.live == nil && $0.shadow != nil })
        for row in rows {
            let fact = try #require(row.fact)
            #expect(found.late.contains(fact))
            #expect(row.why?.contains("DisclosureFiled r\(fact.position) known at") == true)
        }
    }

    /// The run counts what is listed, as it runs, when the log grows by what is not late, and
    /// opened again.
    private func expectCount(_ lived: Lived, _ count: Int) throws {
        let run = try lived.market.data.openRun("live")
        #expect(try LateMove.all(run, data: lived.market.log).count == count)
        #expect(lived.loop?.late == count)
        let last = try #require(lived.market.world.days.last)
        let close = IndexClosed(
            envelope: Envelope(knownAt: lived.now, recordedAt: lived.now, actor: .timeline),
            source: .zero, close: 100, adjustedClose: nil, day: last + 30, series: .market,
            symbol: "TEST", conflicts: 0)
        try lived.market.log.append(now: lived.now) { (batch: inout AppendBatch) in
            _ = batch.append(close)
        }
        try lived.loop?.refresh()
        #expect(lived.loop?.late == count, "it falls when the log grows")
        lived.loop = nil
        #expect(try lived.market.open().late == count)
    }

    @Test("entries of a session whose bars came too late name the bars, in order of knowledge")
    func lateBars() throws {
        let lived = try Lived(seed: 25)
        try lived.run { $0.portfolio.pendingEntries > 1 && $0.portfolio.holdings.count > 2 }
        let waiting = lived.world.portfolio.orders.filter { $0.request.leg == .entry }
        let lost = try ExchangeCalendar.xnys.session(after: try #require(lived.loop?.day))
        _ = try lived.market.delay(by: 5 * 86_400) { message in
            guard try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID
            else { return false }
            return try SessionClosed(message: message.span.bytes).day == lost
        }
        try lived.finish()
        // By the run's own facts the model misses the session too.
        #expect(try shadow(lived.market).differences.isEmpty)
        let found = try shadow(lived.market, .derived)
        #expect(!found.late.isEmpty && found.late.allSatisfy { $0.session == lost })
        try expectCount(lived, found.late.count)
        for order in waiting {
            let row = try #require(
                found.differences.first {
                    $0.ticker == order.request.ticker && $0.decidedOn == order.request.day
                        && $0.live == nil && $0.shadow?.session == lost
                })
            #expect(row.kind == .lateFact && row.fact?.session == lost)
            #expect(row.why?.hasSuffix("never read by the run") == true)
        }
    }

    @Test("a backtest has none beside it")
    func refused() throws {
        let lived = try Lived(seed: 26)
        let run = try lived.market.backtest(try SmallWorld.strategy())
        #expect(throws: LiveRunError.notLive("backtest")) {
            _ = try LiveStanding.read(run)
        }
    }
}
