public import Events
import Market

/// Something that a test's market knows: bars, an index, or a message with its instant.
public struct Fact: Sendable {
    enum Content: Sendable {
        /// What a ticker trades at in sessions; the latest rule that names a session holds.
        case bars(BarRule)
        /// What an index closes at.
        case index(IndexSeries, @Sendable (Int) -> (open: Double?, close: Double)?)
        /// Anything else.
        case message(Placed)
        /// Several facts under one name.
        case several([Fact])
    }

    let content: Content

    /// A ticker's bars in some sessions; nil for none.
    struct BarRule: Sendable {
        let ticker: Ticker
        let holds: @Sendable (Int) -> Bool
        let bar: @Sendable (Int) -> Bar?
    }

    /// A message, made once its place in the timeline is known.
    struct Placed: Sendable {
        let at: Moment
        /// Among those known at the same instant: references, filings, models, predictions, acts.
        let rank: Int
        let make: @Sendable (Place) -> any EventMessage
    }

    /// When a fact becomes known.
    enum Moment: Sendable {
        /// So many days after a session, at a time of day.
        case session(Int, days: Int, hour: Int, minute: Int)
        /// An instant.
        case instant(Instant)

        func instant(_ sessions: Sessions) -> Instant {
            switch self {
            case .session(let number, let days, let hour, let minute):
                Instant(sessions[number] + days, hour: hour, minute: minute)
            case .instant(let instant): instant
            }
        }
    }

    /// Where a message stands in a timeline, and what it may name.
    struct Place {
        let number: UInt64
        let knownAt: Instant
        let sessions: Sessions
        /// Positions of the models so far, by name.
        let models: [String: UInt64]

        var envelope: Envelope {
            Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .timeline)
        }
    }

    static func message(
        _ at: Moment, rank: Int, _ make: @escaping @Sendable (Place) -> any EventMessage
    ) -> Fact {
        Fact(content: .message(Placed(at: at, rank: rank, make: make)))
    }

    /// Facts that belong together.
    public static func all(_ facts: [Fact]) -> Fact { Fact(content: .several(facts)) }
}

extension Fact {
    /// A ticker that trades at one price; `spread` dollars above and below it lie high and low.
    public static func prices(
        _ ticker: Ticker, _ price: Double, spread: Double = 0, volume: Double = 1e6,
        in sessions: some RangeExpression<Int> & Sendable = 0...
    ) -> Fact {
        prices(ticker, spread: spread, volume: volume, in: sessions) { _ in price }
    }

    /// A ticker that trades at a price of its own in each session.
    public static func prices(
        _ ticker: Ticker, spread: Double = 0, volume: Double = 1e6,
        in sessions: some RangeExpression<Int> & Sendable = 0...,
        _ price: @escaping @Sendable (Int) -> Double
    ) -> Fact {
        Fact(
            content: .bars(
                BarRule(ticker: ticker, holds: { sessions.contains($0) }) { session in
                    let price = price(session)
                    return Bar(
                        open: price, high: price + spread, low: price - spread, close: price,
                        volume: volume)
                }))
    }

    /// One bar; what is left out is `open`.
    public static func bar(
        _ ticker: Ticker, in session: Int, open: Double, high: Double? = nil, low: Double? = nil,
        close: Double? = nil, volume: Double = 1e6
    ) -> Fact {
        let close = close ?? open
        let bar = Bar(
            open: open, high: high ?? max(open, close), low: low ?? min(open, close),
            close: close, volume: volume)
        return Fact(
            content: .bars(BarRule(ticker: ticker, holds: { $0 == session }, bar: { _ in bar })))
    }

    /// Sessions in which a ticker does not trade.
    public static func noBar(
        _ ticker: Ticker, in sessions: some RangeExpression<Int> & Sendable
    ) -> Fact {
        Fact(
            content: .bars(
                BarRule(ticker: ticker, holds: { sessions.contains($0) }, bar: { _ in nil })))
    }

    /// An index that closes at a level of its own in each session, without an open.
    public static func index(
        series: IndexSeries = .market, _ level: @escaping @Sendable (Int) -> Double
    ) -> Fact {
        Fact(content: .index(series) { (nil, level($0)) })
    }

    /// An index with opens and closes.
    public static func index(
        series: IndexSeries = .market,
        levels: @escaping @Sendable (Int) -> (open: Double, close: Double)
    ) -> Fact {
        Fact(
            content: .index(series) { session in
                let level = levels(session)
                return (level.open, level.close)
            })
    }
}
