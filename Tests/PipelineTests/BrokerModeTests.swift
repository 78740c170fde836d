import AlpacaExchange
import Audit
import Brokerage
import EventLog
import Events
import FeedbackLoop
import Market
import Service
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

/// Paper to money, and what stands in the way.
@Suite("The trading mode")
struct BrokerModeTests {
    private let account = "912345678"

    /// A run on paper beside an account of money, and what a change to it is judged by.
    private func world(_ seed: UInt64, live cash: Double = 25_000) throws -> BrokerMarket {
        let broker = try BrokerMarket(seed: seed)
        var rules = ExchangeRules()
        (rules.seed, rules.hasFees) = (seed, false)
        broker.other = StubBroker(
            try BrokerMarket.exchange(
                broker.market, now: broker.now, cash: Money(dollars: cash), rules, account))
        return broker
    }

    private func evidence(_ broker: BrokerMarket) throws -> ModeChange.Evidence {
        var standing = DaemonStanding(process: 1, started: "", program: "")
        standing.account = try #require(broker.task?.standing)
        (standing.credentials, standing.allowsLive) = (["paper", "live"], true)
        return ModeChange.Evidence(
            history: try broker.history(), standing: standing, isRunning: true, isOwner: true,
            halts: broker.world.halts.standing.map(\.cause))
    }

    private var wanted: ModeChange {
        ModeChange(to: .live, phrase: "live \(account) 25000", adopts: true)
    }

    @Test("each of the conditions for money, left out alone, refuses, and says which")
    func conditions() throws {
        let broker = try world(71)
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        let whole = try evidence(broker)
        #expect(wanted.objections(whole, at: broker.now).isEmpty)
        func refused(
            _ words: String, _ change: ModeChange? = nil, after seconds: Int64 = 0,
            _ spoil: (inout ModeChange.Evidence) -> Void = { _ in }
        ) {
            var evidence = whole
            spoil(&evidence)
            let now = broker.now.adding(seconds: seconds)
            let found = (change ?? wanted).objections(evidence, at: now)
            #expect(found.count == 1 && found[0].contains(words), "\(words): \(found)")
            #expect(throws: OperatorRefusal.self) {
                var ledger = OperatorLedger()
                _ = try (change ?? wanted).record(
                    evidence, run: "live", who: "ann", reason: "x", in: broker.market.log, &ledger,
                    now: now)
            }
        }
        refused("owner") { $0.isOwner = false }
        refused("no service") { $0.isRunning = false }
        refused("no credentials of the live") { $0.standing?.credentials = ["paper"] }
        refused("--allow-live") { $0.standing?.allowsLive = false }
        refused("looked at 300 s ago", after: 300)
        refused("differs from the log: AAPL") { $0.standing?.account?.differences = ["AAPL: 1"] }
        refused("halts entries") { $0.halts = [.reconciliation] }
        for phrase in ["", "live", "live \(account)", "paper \(account) 25000", "live x -5"] {
            refused("the phrase must be", ModeChange(to: .live, phrase: phrase, adopts: true))
        }
        refused("not flat", ModeChange(to: .live, phrase: wanted.phrase))
        refused("already", ModeChange(to: .paper))
        let began = CustodyBegan(
            envelope: Envelope(knownAt: broker.now, recordedAt: broker.now, actor: .scheduler),
            cause: .decidedOtherwise)
        try broker.market.log.append(now: broker.now) { (batch: inout AppendBatch) in
            _ = batch.append(began)
        }
        let history = try broker.history()
        refused("in custody") { $0.history = history }
        #expect(try broker.history().changes.isEmpty, "nothing was recorded")
    }

    @Test("where two people are needed a run turns to money once another one approved")
    func secondPerson() throws {
        let broker = try world(74)
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        let log = broker.market.log
        var ledger = OperatorLedger()
        _ = try ledger.record(
            .requirement(2), who: "ann", reason: "money", in: log, now: broker.now)
        let asked = try wanted.record(
            try evidence(broker), run: "live", who: "ann", reason: "as planned", in: log, &ledger,
            now: broker.now)
        #expect(asked.approval == "d\(asked.position)")
        try broker.run(to: broker.now.adding(seconds: 3_600))
        #expect(
            try broker.history().latestMode == nil && broker.world.broker?.terms.isLive == false)
        let act = ProposedAct.mode(wanted, try evidence(broker), run: "live")
        #expect(throws: OperatorRefusal.self) {
            _ = try ledger.approve(
                asked.position, act, who: "ann", reason: "mine", in: log, now: broker.now)
        }
        _ = try ledger.approve(
            asked.position, act, who: "bob", reason: "seen", in: log, now: broker.now)
        try broker.run(to: broker.now.adding(seconds: 3_600))
        let change = try #require(try broker.history().latestMode?.event)
        #expect(change.who == "ann" && change.account == account)
        #expect(change.equity == Money(dollars: 25_000) && change.adopts == true)
        #expect(
            String(decoding: change.text, as: UTF8.self)
                .hasPrefix("as planned; approved by bob: seen; left behind at PA"))
        #expect(broker.world.broker?.terms.isLive == true)
        try broker.finish()
    }

    @Test("a run that turns to money begins there with the account's cash, and leaves the other")
    func live() throws {
        let broker = try world(72)
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        let (paper, before) = (broker.stub, broker.stub.with { $0.exchange.orders.count })
        let held = broker.world.portfolio.holdings.map(\.ticker)
        var ledger = OperatorLedger()
        _ = try wanted.record(
            try evidence(broker), run: "live", who: "ann", reason: "three months as planned",
            in: broker.market.log, &ledger, now: broker.now)
        try broker.run(to: broker.now.adding(seconds: 3_600))
        #expect(broker.world.portfolio.holdings.isEmpty && broker.world.portfolio.orders.isEmpty)
        #expect(broker.world.portfolio.cash == Money(dollars: 25_000))
        let change = try #require(try broker.history().latestMode?.event)
        let text = String(decoding: change.text, as: UTF8.self)
        #expect(text.contains("left behind at PA") && text.contains("\(held[0])"))
        #expect(change.account == account && change.equity == Money(dollars: 25_000))
        try broker.runUntil(12 * 60) { !$0.portfolio.holdings.isEmpty }
        try broker.start()
        try broker.finish()
        #expect(paper.with { $0.exchange.orders.count } == before, "nothing more is sent there")
        let money = broker.stub.with { $0.exchange.orders.map(\.shown.clientID) }
        #expect(money.count > 20 && money.allSatisfy { $0.hasPrefix("00000000abcdef02-") })
        #expect(broker.stub.with { $0.exchange.cash } == broker.world.portfolio.cash)
        #expect(!broker.world.halts.isHalted, "\(broker.world.halts.standing)")
        let shown = broker.world
        broker.stop()
        let again = try Reproduction.check(try broker.market.data.openRun("live"), trainer: nil)
        #expect(again.isReproduced, "\(again.finding ?? "")")
        #expect(shown.broker?.terms.isLive == true)
        // Beside a backtest it is compared up to the close before.
        let beside = try #require(
            try ShadowComparison(
                try broker.market.data.openRun("live"), data: broker.market.log, order: .live,
                trainer: nil))
        let left = try #require(beside.standing.leftAccountAt)
        #expect(beside.standing.day < left.day && left.day - beside.standing.day < 5)
        #expect(beside.differences.allSatisfy { $0.kind == .slippage || $0.kind == .decision })
        #expect(beside.sameTrades > 0)
    }

    @Test("one folder is one account: another live run is not made in it")
    func another() throws {
        let broker = try world(74)
        for market in [BrokerTerms.paper, RunManifest.Live.simulated] {
            #expect(throws: LiveRunError.another("second", other: "live")) {
                try LiveRuns.make(
                    broker.strategy, named: "second", in: broker.market.data,
                    data: broker.market.log, prefix: 5, broker: market)
            }
        }
    }

    @Test("an equity a hundredth off what the person typed is custody, until a person ends it")
    func equity() throws {
        let broker = try world(73, live: 24_700)
        try broker.runUntil(11 * 60) { $0.portfolio.holdings.count > 2 }
        var ledger = OperatorLedger()
        _ = try wanted.record(
            try evidence(broker), run: "live", who: "ann", reason: "x", in: broker.market.log,
            &ledger,
            now: broker.now)
        try broker.run(to: Instant(broker.now.day + 4, hour: 18))
        #expect(broker.world.custody.standing.map(\.cause) == [.otherEquity])
        #expect(broker.stub.with { $0.exchange.orders.isEmpty })
        _ = try OperatorLedger.endCustody(
            try broker.history(), run: "live", who: "ann", reason: "a withdrawal",
            in: broker.market.log,
            now: broker.now)
        try broker.finish()
        #expect(broker.world.custody.standing.isEmpty)
        #expect(broker.stub.with { $0.exchange.orders.count } > 10)
    }
}
