import EventLog
import Events
import FeedbackLoop
import Market
import Pipeline
import TestKit
import Testing

@testable import Backtest

@Suite("The same decisions at other costs, against a hand and against a replay")
struct CostReplayTests {
    /// `disclosure-follow` with slippage, which it has no setting for.
    private struct DearFollow: Strategy {
        var follow: DisclosureFollow
        var slippage: Double

        var state: DisclosureFollow.State {
            get { follow.state }
            set { follow.state = newValue }
        }
        var name: String { follow.name }
        var canonicalText: String { follow.canonicalText }
        var rules: MarketRules {
            var rules = follow.rules
            rules.costs.slippageBasisPoints = slippage
            return rules
        }
        var startCash: Money { follow.startCash }
        var historySessions: Int { follow.historySessions }

        mutating func learn(_ message: RawSpan, templateID: UInt16, at fact: Reference)
            throws(DecodingError)
        {
            try follow.learn(message, templateID: templateID, at: fact)
        }
        mutating func close(_ world: borrowing World, isInWindow: Bool) {
            follow.close(world, isInWindow: isInWindow)
        }
        mutating func begin(cycleAt instant: Instant, isInWindow: Bool) {
            follow.begin(cycleAt: instant, isInWindow: isInWindow)
        }
        mutating func endCycle() { follow.endCycle() }
        mutating func decide(_ stage: Stage, _ desk: inout Desk) throws(LoopError)
            -> StageAnswer
        {
            try follow.decide(stage, &desk)
        }
    }

    private static func run(_ follow: DisclosureFollow, _ slippage: Double, _ feed: TimelineFeed)
        throws -> ComparedRun
    {
        try ComparedRun.rehearse(
            DearFollow(follow: follow, slippage: slippage), name: "\(slippage)", feed: feed,
            window: ReplayWindow(), trainer: nil)
    }

    /// A filing of session 0, a share that is split and pays a dividend while it is held.
    private static func writtenFacts(_ folder: TemporaryFolder) throws -> TimelineFeed {
        let days = (0..<7).map(SmallFacts.weekday)
        func action(_ kind: CorporateActionKind, on day: Day, _ change: (inout Action) -> Void)
            -> [UInt8]
        {
            let known = Instant(day, hour: 5)
            var event = Action(
                envelope: Envelope(knownAt: known, recordedAt: known, actor: .timeline),
                exDay: day, ticker: Ticker("ACME")!, kind: kind, source: .zero)
            change(&event)
            return event.encoded()
        }
        let bars: [(open: Double, close: Double)] = [
            (49, 50), (50, 51), (51, 52), (26, 27), (27.5, 28), (28, 28), (28, 28),
        ]
        var messages: [[UInt8]] = []
        for (number, day) in days.enumerated() {
            switch number {
            case 1:
                messages.append(
                    SmallFacts.filing(0, ("ACME", .buy, "Filer", days[0] - 9, days[0])))
            case 2: messages.append(action(.dividend, on: day) { $0.amount = 0.5 })
            case 3: messages.append(action(.split, on: day) { $0.ratio = 2 })
            default: break
            }
            messages.append(SmallFacts.index(day, open: 100, close: 100))
            messages.append(
                SmallFacts.session(day, [("ACME", bars[number].open, bars[number].close)]))
        }
        _ = try LogBuilder.build(at: "\(folder.path)/made", identity: Timeline.identity) { log in
            for message in messages { try log.append(message.span.bytes) }
            try log.commit(recordedAt: Instant(days[6], hour: 21))
        }
        return try TimelineFeed(EventLog.open(at: "\(folder.path)/made"))
    }

    private typealias Action = CorporateActionAnnounced

    /// 20,000 dollars at a close of 50 are 400 shares, bought at the open of session 1 at 50. They
    /// earn 0.50 each in session 2, become 800 in session 3, and are left after three sessions, at
    /// the open of session 4 at 27.50. Commission is 5 basis points a side.
    @Test("a trade through a dividend and a split is what a hand makes of it at every slippage")
    func arithmetic() throws {
        let folder = TemporaryFolder()
        var follow = DisclosureFollow()
        (follow.minimumConfidence, follow.maximumSessions) = (0, 2)
        (follow.stopFraction, follow.targetFraction) = (1, 100)
        let run = try CostReplayTests.run(follow, 5, CostReplayTests.writtenFacts(folder))
        let start = 10_000_000.0
        // Of 400 at 50 · 1.002 = 50.10: 20,040 and 10.02; of 800 at 27.5 · .998 = 27.445: 21,956
        // less 10.978.
        let dear = run.priced(slippage: 20)
        let (bought, sold) = (start - 20_050.02, 21_945.022)
        let values = [
            start, bought + 400 * 51, bought + 200 + 400 * 52, bought + 200 + 800 * 27,
            bought + 200 + sold, bought + 200 + sold, bought + 200 + sold,
        ]
        #expect(dear.daily.map(\.value) == values.map { Money(dollars: $0) })
        #expect(dear.daily[1].cash == Money(dollars: bought))
        #expect(dear.daily[3].exposure == 21_600 / values[3])
        #expect(dear.daily[1].turnover == Money(dollars: 20_050.02))
        #expect(dear.daily[4].turnover == Money(dollars: 21_945.022))
        let trade = try #require(dear.trades.first)
        #expect(dear.trades.count == 1 && trade.profit == Money(dollars: 2_095.002))
        #expect((trade.netReturn - 2_095.002 / 20_050.02).magnitude < 1e-12)
        let excess = try #require(trade.excessReturn)
        #expect((excess - trade.netReturn).magnitude < 1e-12, "the index stands still")
        // Without slippage: 20,000 and 10; 22,000 less 11.
        let free = run.priced(slippage: 0)
        #expect(free.daily[6].value == Money(dollars: start + 200 + 1_979))
        // 200 + 22,000 · .9995 · (1 − s) = 20,000 · 1.0005 · (1 + s).
        let even = 10_000 * (200 + 21_989.0 - 20_010) / (21_989.0 + 20_010)
        let curve = run.costCurve
        #expect((try #require(curve.breakEven) - even).magnitude < 1e-6)
        #expect(
            curve.costs.map { $0.totalReturn }
                == [0, 5, 10, 20].map { points in
                    run.priced(slippage: points).whole.returns.totalReturn
                })
        let total = try #require(curve.costs[3].totalReturn)
        #expect((total - (values[6] / start - 1)).magnitude < 1e-12)
        // The run itself had 5.
        #expect(run.priced(slippage: 5).daily == run.report.daily)
        #expect(run.priced(slippage: 5).trades == run.report.trades)
    }

    @Test(
        "with sizes and exits that hang on no price paid, a replay comes to the same to the last unit",
        arguments: [0.0, 10, 20, 150])
    func replayed(slippage: Double) throws {
        let feed = try TimelineFeed(SmallMarket().timeline)
        var follow = DisclosureFollow()
        (follow.minimumConfidence, follow.stopFraction, follow.targetFraction) = (0.5, 1, 100)
        let run = try CostReplayTests.run(follow, 5, feed)
        let again = try CostReplayTests.run(follow, slippage, feed).report
        let priced = run.priced(slippage: slippage)
        #expect(again.trades.count > 40)
        #expect(priced.daily == again.daily)
        #expect(priced.trades.map(\.profit) == again.trades.map(\.profit))
        #expect(priced.trades.map(\.outcome) == again.trades.map(\.outcome))
        for (ours, theirs) in zip(priced.trades, again.trades) {
            #expect((ours.netReturn - theirs.netReturn).magnitude < 1e-12)
            #expect(((ours.excessReturn ?? 0) - (theirs.excessReturn ?? 0)).magnitude < 1e-12)
        }
    }

    @Test("a run whose past was filled at other costs lies on no point of its own curve")
    func mixed() throws {
        let feed = try TimelineFeed(SmallMarket().timeline)
        var follow = DisclosureFollow()
        follow.minimumConfidence = 0.5
        // What a fork reads: fills at 5 basis points under a strategy that now has 20.
        var run = try CostReplayTests.run(follow, 5, feed)
        #expect(run.costCurve.costs.map(\.isOwn) == [false, true, false, false])
        run.costs.slippageBasisPoints = 20
        let curve = run.costCurve
        #expect(curve.costs.map(\.value) == [0, 5, 10, 20])
        #expect(curve.costs.allSatisfy { !$0.isOwn })
        #expect(curve.sentences.first?.contains("filled at its parent's slippage") == true)
        let returns = curve.costs.compactMap(\.totalReturn)
        let steps = zip(returns, returns.dropFirst()).map { $0 - $1 }
        #expect((steps[0] - steps[1]).magnitude < 1e-9, "0, 5 and 10 lie on one line")
        #expect((2 * steps[0] - steps[2]).magnitude < 1e-9, "and 20 on the same")
    }

    @Test("levels below and above the price paid move with it: a replay then leaves on other days")
    func levels() throws {
        let feed = try TimelineFeed(SmallMarket().timeline)
        var follow = DisclosureFollow()
        (follow.minimumConfidence, follow.stopFraction, follow.targetFraction) = (0.5, 0.03, 0.05)
        let run = try CostReplayTests.run(follow, 5, feed)
        let again = try CostReplayTests.run(follow, 150, feed).report
        let priced = run.priced(slippage: 150)
        #expect(priced.trades.map(\.exitDay) == run.report.trades.map(\.exitDay))
        #expect(priced.trades.map(\.quantity) == run.report.trades.map(\.quantity))
        #expect(again.trades.map(\.exitDay) != priced.trades.map(\.exitDay))
        #expect(again.daily.last?.value != priced.daily.last?.value)
    }
}
