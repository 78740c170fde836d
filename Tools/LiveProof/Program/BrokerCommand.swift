#if RECOUNT_NETWORK
import AlpacaExchange
import AlpacaServer
import ArgumentParser
import Brokerage
import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import Pipeline
import TestWorlds

/// `live-proof broker`
struct BrokerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Quarters with a broker over HTTP, the daemon killed, to so many orders.",
        discussion: """
            The exchange is this process, behind Alpaca's routes on loopback, and fails: 429, 504, \
            silence, dropped connections with the request done or not, updates lost, doubled, late \
            and out of order, partial fills, cancels that take 20 s. At each world's end none may be \
            doubled or lost, shares and cash are the exchange's to the cent, and the run is decided \
            again to the byte. Told is how long a holding had no open sell in market hours.

            Example: live-proof broker --seed 1 --orders 10000 --kills 500
            """)

    @OptionGroup var options: ProofOptions
    @Option(help: "Orders at the exchange, over as many worlds as that needs.") var orders = 1_000
    @Option(help: "Of a hundred requests, how many fail.") var percent = 4

    private static let settings = [
        "slippage_bp=0", "commission_bp=0", "stop_atr=1.2", "trailing_stop=0.05", "take_profit=0",
    ]

    func run() throws {
        var total = (orders: 0, kills: 0, worlds: 0, fills: 0)
        var times: [Int64] = []
        repeat {
            var options = options
            options.seed += UInt64(total.worlds)
            options.kills -= total.kills
            let world = try FileWorld(seed: options.seed, sessions: options.sessions, history: 60)
            let floor = try ProofFloor(
                world, options.seed, sessions: options.sessions, percent: percent)
            let server = try StubServer.start(floor.stub)
            let proof = try ProofRun(
                world, options,
                arguments: ["--port", "\(server.port)"]
                    + BrokerCommand.settings.flatMap { ["--set", $0] },
                next: { floor.next($0) }, advance: { floor.advance(to: $0, server) })
            try proof.run { ProofText.progress($0) }
            ProofText.end(proof)
            try server.stop()
            try floor.check(world, settings: BrokerCommand.settings)
            total.orders += floor.stub.with { $0.exchange.orders.count }
            total.kills += proof.kills
            total.worlds += 1
            times += floor.bareTimes
            print(
                "seed \(options.seed): \(total.orders) orders, \(total.kills) kills so far; "
                    + "\(floor.resumed) halts were resumed from")
        } while total.orders < orders
        let long = times.filter { $0 > 60 }
        print(
            "\(total.orders) orders in \(total.worlds) worlds, \(total.kills) kills; a holding had no "
                + "open sell \(times.count) times, over 60 s \(long.count) times, at most "
                + "\(times.max() ?? 0) s of market hours")
    }
}

/// The exchange of a proof, and what is measured at it.
final class ProofFloor {
    let stub: StubBroker
    private let world: FileWorld
    /// Seconds for which shares had no open sell, of each time that was so.
    private(set) var bareTimes: [Int64] = []
    private var bareSince: Instant?
    private(set) var resumed = 0
    private var resumedOn: Day?

    init(_ world: FileWorld, _ seed: UInt64, sessions: Int, percent: Int) throws {
        self.world = world
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        var rules = ExchangeRules()
        (rules.seed, rules.hasFees) = (seed, false)
        (rules.partialPercent, rules.auctionRestPercent, rules.cancelDelay) = (20, 10, 20)
        rules.requestsPerMinute = 100_000
        let cash = try SmallWorld.strategy().startCash
        var exchange = Exchange(now: start, cash: cash, rules: rules)
        for message in SmallWorld(seed: seed, sessions: sessions).facts
        where try MessageHeader(message.span.bytes).templateID == SessionClosed.templateID {
            let event = try SessionClosed(message: message.span.bytes)
            for bar in event.bars {
                exchange.put(
                    Exchange.Bar(open: bar.open, high: bar.high, low: bar.low, close: bar.close),
                    "\(bar.ticker)", on: event.day)
            }
        }
        stub = StubBroker(exchange)
        stub.with {
            $0.faults = FaultPlan(seed: seed)
            ($0.faults.percent, $0.faults.lostPercent, $0.faults.doubledPercent) = (percent, 10, 10)
            $0.faults.isReordering = true
        }
    }

    /// Steps of the clock: what comes next in the inbox, minutes where the exchange matters, and
    /// seconds while anything is without its sell.
    func next(_ now: Instant) -> Instant {
        if bareSince != nil { return now.adding(seconds: 10) }
        let (day, minute) = NewYorkTime.local(now)
        let isBusy = (9 * 60 + 24..<9 * 60 + 36).contains(minute)
        let isOpen = (9 * 60 - 10..<16 * 60 + 5).contains(minute)
        let then = min(world.step(now), now.adding(seconds: isBusy ? 30 : isOpen ? 900 : 3_600))
        let morning = NewYorkTime.instant(day, minute: 9 * 60 + 2)
        return now < morning ? min(then, morning) : then
    }

    func advance(to now: Instant, _ server: StubServer) {
        let isBare = stub.with { state -> Bool in
            state.exchange.advance(to: now)
            guard state.exchange.isMarketOpen else { return false }
            let sells = Set(
                state.exchange.openOrders.filter { $0.shown.side == .sell }.map(\.shown.symbol))
            return state.exchange.positions.contains { !sells.contains($0.symbol) }
        }
        server.tell()
        if isBare {
            bareSince = bareSince ?? now
        } else if let since = bareSince {
            bareTimes.append((now.rawValue - since.rawValue) / 1_000_000_000)
            bareSince = nil
        }
        if now.day != resumedOn, now >= Instant(now.day, hour: 4) { resume(now) }
    }

    /// Requests that fail leave a stop unasked for over a minute, which halts: a person ends it.
    private func resume(_ now: Instant) {
        resumedOn = now.day
        guard let halts = try? DaemonStanding.read("live", in: world.data)?.halts, !halts.isEmpty,
            let log = try? EventLog.open(at: world.data.log, access: .write)
        else { return }
        resumed += 1
        _ = try? OperatorLedger.resume(
            nil, who: "ann", reason: "stops are there", in: log, now: now)
    }

    /// What must hold at the end.
    func check(_ world: FileWorld, settings: [String]) throws {
        let strategy = try SmallWorld.strategy(SmallWorld.settings + settings)
        let live = try world.data.openRun("live")
        let state = try RunFold.fold(
            strategy, window: ReplayWindow(from: live.manifest?.firstDay), run: live.merged
        ).world
        let (cash, positions) = stub.with { ($0.exchange.cash, $0.exchange.positions) }
        guard state.portfolio.cash == cash else {
            throw ProofFailure("cash is \(state.portfolio.cash), at the exchange \(cash)")
        }
        let held = state.portfolio.holdings.map { "\($0.ticker) \($0.quantity.shares)" }
        let there = positions.map { "\($0.symbol) \($0.quantity.shares)" }
        guard held == there else { throw ProofFailure("held \(held), at the exchange \(there)") }
        let ids = stub.with { $0.exchange.orders.map(\.shown.clientID) }
        guard Set(ids).count == ids.count else { throw ProofFailure("an id is there twice") }
        print("\(ids.count) orders, each id once; cash \(cash) and \(held.count) holdings agree")
        try ProofAudit.decideAgain(live, strategy.configuration)
    }
}
#endif
