import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import Projections
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

@Suite("A warm start")
struct WarmStartTests {
    /// Evaluations of a run, without what places them: a ticker's filings, features, confidence.
    private func evaluations(_ run: MergedLog, through last: Day) throws -> [String] {
        var texts: [String] = []
        try run.readOwn { _, message in
            switch try MessageHeader(message).templateID {
            case SignalGenerated.templateID:
                let event = try SignalGenerated(message: message)
                guard event.day <= last else { return .stop }
                texts.append(
                    "\(event.day) \(event.ticker) \(event.kind) \(event.confidence) "
                        + "\(event.features.map(\.value)) \(event.filings.map(\.filing.position).count)"
                )
            case SignalSuppressed.templateID:
                let event = try SignalSuppressed(message: message)
                guard event.day <= last else { return .stop }
                texts.append(
                    "\(event.day) \(event.ticker) \(event.reason) \(event.confidence) "
                        + "\(event.features.map(\.value))")
            default: break
            }
            return .proceed
        }
        return texts
    }

    /// What the events of a kind come to, own ones behind a position.
    private func each<Event: EventMessage>(
        _ type: Event.Type, _ run: MergedLog, after position: UInt64 = 0
    ) throws -> [(reference: Reference, event: Event)] {
        var events: [(Reference, Event)] = []
        try run.readOwn(after: position) { reference, message in
            if try MessageHeader(message).templateID == Event.templateID {
                events.append((reference, try Event(message: message)))
            }
            return .proceed
        }
        return events
    }

    @Test("knows what a backtest from that day has learnt, and has none of its holdings and orders")
    func warm() throws {
        let market = try LiveMarket(seed: 21, sessions: 150, history: 80)
        let strategy = try SmallWorld.strategy()
        let from = market.world.days[25]
        try LiveRuns.make(
            strategy, named: "live", in: market.data, data: market.log, prefix: 1, warmFrom: from)

        let rehearsal = try market.data.openRun("live.rehearsal").merged
        let end = try #require(try market.data.openRun("live").manifest?.live?.instant)
        let rehearsed = try Reproduction.check(
            try market.data.openRun("live.rehearsal"), trainer: nil)
        #expect(rehearsed.isReproduced)
        #expect(rehearsed.equal == (try rehearsal.log.head().position))
        let closed = try each(OutcomeRecorded.self, rehearsal).count
        #expect(closed > 5)
        let origin = try RunOrigin.read(try market.data.openRun("live.rehearsal").log)
        let before = try RunFold.fold(strategy, window: origin.window, run: rehearsal)
        #expect(!before.world.portfolio.holdings.isEmpty)

        // Nothing is held, ordered or owed when the live run begins, whoever opens it.
        for _ in 0..<2 {
            let loop = try market.open()
            #expect(loop.world.portfolio.holdings.isEmpty && loop.world.portfolio.orders.isEmpty)
            #expect(loop.world.portfolio.cash == strategy.startCash)
            #expect(loop.world.portfolio.stoppedOut.count == 0)
            #expect(loop.instant == end)
        }

        _ = try market.live(restarts: 0.2)
        let live = try market.data.openRun("live")
        let again = try Reproduction.check(live, trainer: nil)
        #expect(again.isReproduced, "\(again.finding ?? "") at \(again.position ?? 0)")
        let causality = try Causality.check(
            live.merged, timeline: live.timeline, configuration: strategy.configuration,
            calendar: .xnys)
        #expect(causality.isSound, "\(causality.findings.prefix(3))")

        // The rehearsal decided what a backtest of that window decides, up to its end.
        let backtest = try market.backtest(strategy).merged
        let found = try Divergence.search(rehearsal, backtest)
        let parting = try #require(found.parting)
        #expect(found.equal > 500 && parting.left == nil && parting.instant > end)

        // Evaluations are what they would be, had the rehearsal gone on.
        let last = try #require(market.world.days.last)
        let whole = try evaluations(backtest, through: last - 1)
        let own = try evaluations(live.merged, through: last - 1)
        #expect(own == whole && whole.count > 500)

        // Each sale is of what the live run has bought.
        let shared = live.merged.sharedOwn
        let fills = try each(OrderFilled.self, live.merged, after: shared)
        #expect(fills.count > 20)
        for (reference, fill) in fills {
            #expect(fill.order.position > shared, "\(reference) fills an order of the rehearsal")
        }
        try expectReported(live, strategy, closed: closed)
        let summary = try #require(try ForkOrigin.read(live)).summary
        #expect(
            summary == "live run that goes on behind live.rehearsal, from \(end) on: started warm, "
                + "rehearsed from \(from) on; figures, trades and cash begin there")
        try expectProjected(market, live, strategy)
    }

    /// Figures are those of the live run, and say what was rehearsed apart.
    private func expectReported(
        _ live: OpenedRun, _ strategy: LoopStrategy, closed: Int
    ) throws {
        let origin = try RunOrigin.read(live.log)
        let result = try RunReading.result(
            of: live.merged, strategy: strategy, window: origin.window)
        let end = try #require(live.manifest?.live?.instant)
        #expect(try #require(result.marks.first).day >= end.day)
        let statistics = try LoopStatistics(live.merged, strategy, window: origin.window)
        #expect(statistics.rehearsed.outcomes == closed)
        let own = try each(OutcomeRecorded.self, live.merged, after: live.merged.sharedOwn).count
        #expect(statistics.own.outcomes == own && own > 0)
    }

    /// The portfolio recounted from fills and bars is the loop's.
    private func expectProjected(
        _ market: LiveMarket, _ live: OpenedRun, _ strategy: LoopStrategy
    ) throws {
        _ = try ProjectorGroup(["portfolio", "performance"], data: market.data, run: "live") { _ in
        }
        .project(rebuild: true)
        func row(_ query: String) throws -> [RowValue] {
            try #require(
                try ReadModelQuery.run(query, data: market.data, run: "live").rows.first)
        }
        let portfolio = try RunFold.fold(
            strategy, window: RunOrigin.read(live.log).window, run: live.merged
        ).world.portfolio
        let held = RowValue.integer(Int64(portfolio.holdings.count))
        #expect(
            try row("SELECT cash, open_positions FROM reference_portfolio_state")
                == [.real(portfolio.cash.dollars), held])
        #expect(
            try row("SELECT count(*) FROM reference_portfolio_positions WHERE is_open = 1")
                == [held])
        #expect(try row("SELECT count(*) FROM signal_outcomes WHERE outcome = 'open'") == [held])
        let ended = "SELECT count(*) FROM signal_outcomes WHERE outcome = 'rehearsal_ended'"
        #expect(try row(ended) != [.integer(0)])
    }

    @Test("its models go on predicting, its people's acts and trainings are decided as before")
    func learning() throws {
        let market = try LiveMarket(
            seed: 5, sessions: 300, history: 200,
            acts: { [SmallWorld.request(.training, at: Instant($0 + 20, hour: 12))] },
            trainer: StumpTrainer())
        let strategy = try SmallWorld.strategy(SmallWorld.learning + ["gate=always"])
        try LiveRuns.make(
            strategy, named: "live", in: market.data, data: market.log, prefix: 7,
            warmFrom: market.world.days[20], trainer: market.trainer)
        let starts = try market.live(restarts: 0.03)
        #expect(starts > 3)
        let live = try market.data.openRun("live")
        let again = try Reproduction.check(live, trainer: market.trainer)
        #expect(again.isReproduced, "\(again.finding ?? "") at \(again.position ?? 0)")
        #expect(again.equal == (try live.log.head().position))
        let causality = try Causality.check(
            live.merged, timeline: live.timeline, configuration: strategy.configuration,
            calendar: .xnys)
        #expect(causality.isSound, "\(causality.findings.prefix(3))")
        let shared = live.merged.sharedOwn
        let trained = try each(ModelTrained.self, live.merged)
        #expect(trained.contains { $0.reference.position <= shared })
        #expect(trained.contains { $0.reference.position > shared })
        // The first evaluation of the live run is asked of a model of the rehearsal.
        let first = try each(SignalGenerated.self, live.merged, after: shared).first
        let champion = try #require(first?.event.champion)
        #expect(champion != .none && champion.position <= shared)
    }

    @Test("from a day behind the history it is refused")
    func late() throws {
        let market = try LiveMarket(seed: 2, sessions: 60, history: 50)
        let last = try #require(market.world.days.last)
        #expect(throws: LiveRunError.self) {
            try LiveRuns.make(
                try SmallWorld.strategy(), named: "live", in: market.data, data: market.log,
                prefix: 1, warmFrom: last + 1)
        }
        #expect(!EventLog.isLog(try market.data.run("live")))
    }
}
