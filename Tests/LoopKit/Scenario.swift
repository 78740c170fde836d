public import Events
import FeedbackLoop
public import Learning
import Market
import Pipeline

/// Given facts, when a session is over, then these events: a rule of the loop in one line each.
///
/// A scenario is a strategy's settings and what its market knows. It runs in memory, through the
/// same path as a backtest, in milliseconds.
public struct Scenario: Sendable {
    /// Settings under which nothing acts but what a test turns on: no features, models, regimes,
    /// stops or costs, and a filing counts on its own date alone.
    public static let plain = [
        "train=false", "feature_history_sessions=0", "use_regime=false", "weekly_scoring=false",
        "lookback_days=1", "min_transactions=1", "stop_atr=0", "trailing_stop=0", "slippage_bp=0",
        "regulatory_fees=none",
    ]

    /// The same with features and jobs, so that a model may be the champion.
    public static let learning = plain + ["train=true", "feature_history_sessions=1"]

    private let strategy: String
    private let settings: [String]
    private let sessions: Sessions
    private let window: ClosedRange<Int>?
    let trainer: (any Trainer)?
    private var facts: [Fact] = []

    /// A strategy and its settings, `KEY=VALUE`, which come after those of `base`.
    ///
    /// Session 0 is `start` or the first weekday after it; `window` are the sessions in which the
    /// loop decides.
    public init(
        _ settings: String..., base: [String] = Scenario.plain, strategy: String = "feedback",
        start: Day = "2020-01-06", holidays: [Day] = [], window: ClosedRange<Int>? = nil,
        trainer: (any Trainer)? = nil
    ) {
        self.strategy = strategy
        self.settings = base + settings
        sessions = Sessions(from: start, holidays: holidays)
        self.window = window
        self.trainer = trainer
    }

    /// The same scenario with further settings.
    public func with(_ settings: String...) -> Scenario {
        Scenario(self, settings: self.settings + settings)
    }

    private init(_ other: Scenario, settings: [String]) {
        (strategy, sessions, window) = (other.strategy, other.sessions, other.window)
        (trainer, facts, self.settings) = (other.trainer, other.facts, settings)
    }

    /// The same scenario with further facts; of two bars of a ticker and session the later counts.
    public func given(_ facts: Fact...) -> Scenario { given(facts) }

    /// The same scenario with further facts.
    public func given(_ facts: [Fact]) -> Scenario {
        var scenario = self
        scenario.facts += facts
        return scenario
    }

    /// The date of a session.
    public func day(_ session: Int) -> Day { sessions[session] }

    /// What is recorded from the close of a session to that of the next, in a run that goes on.
    public func when(_ session: Int) throws -> Episode { try when(session...session) }

    /// What is recorded from the close of the first of some sessions to that of the one after the
    /// last.
    public func when(_ span: ClosedRange<Int>) throws -> Episode {
        let first = sessions.span(span.lowerBound).lowerBound
        let end = sessions.span(span.upperBound).upperBound
        let all = try run(through: span.upperBound + 1)
        return Episode(
            all.filter { first <= $0.envelope.recordedAt && $0.envelope.recordedAt < end })
    }

    /// Everything that a run records that ends with a session.
    public func run(through session: Int) throws -> [Recorded] {
        try commits(through: session).flatMap { $0 }
    }

    /// The same, by the commits that would have written it.
    public func commits(through session: Int) throws -> [[Recorded]] {
        try Engine.run(
            opened, timeline: timeline(through: session), window: days, trainer: trainer)
    }

    /// The strategy under its settings.
    var opened: BuiltStrategy {
        get throws { try StrategyFile.load(strategy, settings: settings) }
    }

    /// The window as dates.
    var days: ReplayWindow {
        ReplayWindow(
            from: window.map { sessions[$0.lowerBound] }, to: window.map { sessions[$0.upperBound] }
        )
    }

    /// The facts that are known by the cycle of a session, in order of knowledge.
    func timeline(through last: Int) -> [[UInt8]] {
        var placed: [(at: Instant, rank: Int, make: (Fact.Place) -> any EventMessage)] = []
        var market = KnownMarket()
        for fact in facts { market.take(fact) }
        let end = Instant(sessions[last] + 1, hour: 5, minute: 30)
        for message in market.messages {
            let at = message.at.instant(sessions)
            if at <= end { placed.append((at, message.rank, message.make)) }
        }
        for session in 0...last {
            let close = Instant(sessions[session], hour: 21)
            for (series, level) in market.indices {
                guard let level = level(session) else { continue }
                placed.append((close, 8, { KnownMarket.close($0, series, level, session) }))
            }
            let bars = market.bars(session)
            placed.append((close, 9, { KnownMarket.close($0, bars, session) }))
        }
        let order = placed.indices.sorted {
            (placed[$0].at, placed[$0].rank, $0) < (placed[$1].at, placed[$1].rank, $1)
        }
        var models: [String: UInt64] = [:]
        var timeline: [[UInt8]] = []
        for index in order {
            let number = UInt64(timeline.count) + 1
            let place = Fact.Place(
                number: number, knownAt: placed[index].at, sessions: sessions, models: models)
            let message = placed[index].make(place)
            if let model = message as? ModelImported { models[model.modelName] = number }
            timeline.append(message.encoded())
        }
        return timeline
    }
}

/// The facts of a scenario, sorted by kind.
private struct KnownMarket {
    private var rules: [Fact.BarRule] = []
    private(set) var indices:
        [(series: IndexSeries, level: @Sendable (Int) -> (open: Double?, close: Double)?)] = []
    private(set) var messages: [Fact.Placed] = []

    mutating func take(_ fact: Fact) {
        switch fact.content {
        case .bars(let rule): rules.append(rule)
        case .index(let series, let level):
            indices.removeAll { $0.series == series }
            indices.append((series, level))
        case .message(let placed): messages.append(placed)
        case .several(let facts): for fact in facts { take(fact) }
        }
    }

    /// The bars of a session, ascending by ticker.
    func bars(_ session: Int) -> [SessionClosed.Bar] {
        let tickers = Set(rules.map(\.ticker)).sorted()
        return tickers.compactMap { ticker in
            guard let rule = rules.last(where: { $0.ticker == ticker && $0.holds(session) }),
                let bar = rule.bar(session)
            else { return nil }
            return SessionClosed.Bar(
                ticker: ticker, open: bar.open, high: bar.high, low: bar.low, close: bar.close,
                volume: bar.volume)
        }
    }

    static func close(
        _ place: Fact.Place, _ bars: [SessionClosed.Bar], _ session: Int
    ) -> any EventMessage {
        SessionClosed(
            envelope: place.envelope, source: .zero, day: place.sessions[session], part: 0,
            conflicts: 0, unadjusted: 0, adjustment: .splitsAndDividends, bars: bars)
    }

    static func close(
        _ place: Fact.Place, _ series: IndexSeries, _ level: (open: Double?, close: Double),
        _ session: Int
    ) -> any EventMessage {
        IndexClosed(
            envelope: place.envelope, source: .zero, open: level.open, close: level.close,
            adjustedClose: level.close, day: place.sessions[session], series: series,
            symbol: "TEST", conflicts: 0)
    }
}
