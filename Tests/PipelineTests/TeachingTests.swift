import Events
import FeedbackLoop
import Learning
import Pipeline
import Testing

/// A market of a test's own, one session after another, and what the loop records in it.
private struct Classroom {
    var history: TrainingHistory
    private(set) var day = Day("2020-01-03")!
    private var position: UInt64 = 0

    init(_ measure: String = "net") throws {
        let settings = [
            "label_return=\(measure)", "timeout_days=20", "atr_sessions=5", "holdout_sessions=1",
            "early_stopping_sessions=1",
        ]
        guard case .loop(let loop) = try StrategyFile.load("feedback", settings: settings) else {
            throw CancellationError()
        }
        history = TrainingHistory(loop.configuration)
    }

    private func envelope(_ hour: Int) -> Envelope {
        let now = Instant(day, hour: hour)
        return Envelope(knownAt: now, recordedAt: now, actor: .loop)
    }

    /// The next weekday's session: each ticker opens and closes at a price.
    mutating func close(_ prices: [(ticker: String, price: Double)]) throws {
        day = day + (day.isoWeekday >= 5 ? 8 - day.isoWeekday : 1)
        let event = SessionClosed(
            envelope: envelope(21), source: .zero, day: day, part: 0, conflicts: 0, unadjusted: 0,
            adjustment: .splitsAndDividends,
            bars: prices.map {
                SessionClosed.Bar(
                    ticker: Ticker($0.ticker)!, open: $0.price, high: $0.price * 1.01,
                    low: $0.price * 0.99, close: $0.price, volume: 1_000)
            })
        let message = event.encoded()
        history.close(try SessionClosedView(message.span.bytes))
    }

    /// So many sessions in which nothing moves.
    mutating func wait(_ sessions: Int, _ prices: [(ticker: String, price: Double)]) throws {
        for _ in 0..<sessions { try close(prices) }
    }

    /// An evaluation after the latest session.
    mutating func evaluate(_ ticker: String) -> Reference {
        position += 1
        history.add(
            TrainingRow(
                signal: .own(position), ticker: Ticker(ticker)!, decidedOn: day,
                session: history.immature.session,
                features: [Float](repeating: 1, count: FeatureCatalogue.count), heuristic: 70,
                arms: []))
        return .own(position)
    }

    /// The outcome of a trade; its position.
    @discardableResult
    mutating func record(
        _ signal: Reference, _ net: Double, _ direction: Direction = .long, entered: Bool = true
    ) -> Reference {
        position += 1
        let event = OutcomeRecorded(
            envelope: envelope(23), entryOrder: .none, exitFill: .none, signal: signal,
            quantity: Quantity(shares: 1), entryPrice: 100, exitPrice: 100 * (1 + net),
            netReturn: net, returnDollars: Money(dollars: 100 * net), indexReturn: nil,
            excessReturn: nil, favourableExcursion: nil, adverseExcursion: nil,
            entryDay: entered ? day : nil, exitDay: day, matureAfter: nil, ticker: Ticker("WIN")!,
            holdingDays: 1, holdingSessions: 1, featureSchema: 0,
            outcome: net > 0 ? .win : .loss, label: nil, direction: direction, source: .loop,
            reason: nil, untrainable: nil, features: [])
        history.add(event, .own(position))
        return .own(position)
    }

    mutating func unused(_ reason: UnusedRowReason, outcomes: Bool = true) -> Int {
        history.trainingSet(useOutcomes: outcomes).unused.first { $0.reason == reason }?.count ?? 0
    }
}

@Suite("What killed the replaced loops")
struct TeachingTests {
    @Test("a loser that stopped out early and a winner that runs become rows in the same session")
    func immatureWinners() throws {
        var room = try Classroom()
        try room.wait(8, [("LOSE", 100), ("WIN", 100)])
        let (lose, win) = (room.evaluate("LOSE"), room.evaluate("WIN"))
        var price = 100.0
        try room.close([("LOSE", 100), ("WIN", price)])
        for session in 1...14 {
            price *= 1.01
            try room.close([("LOSE", 80), ("WIN", price)])
            if session == 2 { room.record(lose, -0.2) }
            #expect(room.history.mature.isEmpty, "session \(session) after the entry")
            #expect(room.unused(.immature) == 2)
        }
        try room.close([("LOSE", 80), ("WIN", price)])
        let mature = room.history.mature
        #expect(mature.map(\.signal) == [lose, win])
        #expect(mature.map { $0.label?.outcome } == [.loss, .win])
        #expect(room.unused(.immature) == 0)
    }

    @Test("a date is used as a whole: what is settled early waits for the rest of its date")
    func wholeDates() throws {
        var room = try Classroom()
        try room.wait(8, [("GONE", 100), ("WIN", 100)])
        _ = room.evaluate("GONE")
        _ = room.evaluate("WIN")
        try room.close([("WIN", 100)])
        #expect(room.history.mature.count == 1, "it can never be bought")
        #expect(room.unused(.immature) == 2 && room.unused(.noPrice) == 0)
        try room.wait(15, [("WIN", 100)])
        #expect(room.unused(.immature) == 0 && room.unused(.noPrice) == 1)
    }

    /// One evaluation, its outcome, and as many sessions as let it into the training part.
    private func taught(_ net: Double, _ direction: Direction) throws -> TrainingSet.Used {
        var room = try Classroom()
        try room.wait(8, [("WIN", 100)])
        let signal = room.evaluate("WIN")
        try room.close([("WIN", 100)])
        room.record(signal, net, direction)
        try room.wait(25, [("WIN", 100)])
        let set = room.history.trainingSet(useOutcomes: true)
        #expect(set.part.count == 1 && set.part.first?.source == .outcome)
        return try #require(set.part.first)
    }

    @Test("a short that won is taught as a loss of the long side, a short that lost as a win")
    func shorts() throws {
        let won = try taught(0.1, .short)
        #expect(won.netReturn == -0.1 && won.outcome == .loss && won.dollars == 10)
        let lost = try taught(-0.1, .short)
        #expect(lost.netReturn == 0.1 && lost.outcome == .win)
        let long = try taught(0.1, .long)
        #expect(long.netReturn == 0.1 && long.outcome == .win)
    }

    @Test("an outcome that joins no evaluation, or has no entry, is counted and never dropped")
    func failedJoins() throws {
        var room = try Classroom()
        try room.wait(8, [("WIN", 100)])
        let signal = room.evaluate("WIN")
        room.record(.none, 0.1)
        room.record(.own(77), 0.1)
        room.record(signal, 0.1, entered: false)
        #expect(room.unused(.noFeatures) == 2 && room.unused(.noEntryTime) == 1)
        #expect(room.history.traded(signal) == nil)
        let market = room.unused(.noFeatures, outcomes: false)
        #expect(market == 0, "market rows alone were asked for")
    }

    @Test("without an index nothing is measured by one: counted, never taught as net")
    func unmeasured() throws {
        var room = try Classroom("excess")
        try room.wait(8, [("WIN", 100)])
        let signal = room.evaluate("WIN")
        try room.close([("WIN", 100)])
        room.record(signal, 0.1)
        #expect(room.history.traded(signal) == nil && room.unused(.noLabel) == 1)
        try room.wait(25, [("WIN", 100)])
        let mature = room.history.mature
        #expect(mature.count == 1 && mature[0].label == nil && mature[0].isUnmeasured)
        #expect(room.unused(.noLabel, outcomes: false) == 1)
        #expect(room.unused(.noPrice, outcomes: false) == 0)
        #expect(room.history.trainingSet(useOutcomes: false).part.isEmpty)
    }

    @Test("an outcome that is recorded again teaches once")
    func repeats() throws {
        var room = try Classroom()
        try room.wait(8, [("WIN", 100)])
        let signal = room.evaluate("WIN")
        try room.close([("WIN", 100)])
        let first = room.record(signal, 0.1)
        room.record(signal, 0.1)
        room.record(signal, -0.3)
        #expect(room.history.traded(signal)?.outcome == first)
        #expect(room.unused(.duplicate) == 2)
        try room.wait(25, [("WIN", 100)])
        let part = room.history.trainingSet(useOutcomes: true).part
        #expect(part.map(\.netReturn) == [0.1])
    }
}
