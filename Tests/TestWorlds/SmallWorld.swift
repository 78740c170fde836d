public import EventLog
public import Events
public import FeedbackLoop
import Foundation
public import Learning
public import Pipeline
import TestKit

/// A small market with filings, made from a seed: facts in order of knowledge.
public struct SmallWorld {
    /// Encoded messages, in order of knowledge.
    public var facts: [[UInt8]] = []
    /// The sessions.
    public var days: [Day] = []

    /// All that trade.
    public static let tickers = [
        "AAPL", "AMZN", "JPM", "KO", "MSFT", "NKE", "PFE", "T", "WMT", "XOM",
    ]
    .compactMap { Ticker($0) }

    /// A market of so many sessions.
    public init(
        seed: UInt64 = 5, sessions: Int = 160,
        start: Day = Day(year: 2020, month: 1, day: 1)!
    ) {
        var generator = SeededGenerator(seed: seed)
        var day = start
        while days.count < sessions {
            if day.isoWeekday <= 5 { days.append(day) }
            day = day + 1
        }
        var made: [(knownAt: Instant, rank: Int, message: [UInt8])] = []
        for number in 0..<600 { made.append(filing(number, &generator)) }
        var prices = SmallWorld.tickers.map { _ in Double.random(in: 20...200, using: &generator) }
        var level = 300.0
        for (index, day) in days.enumerated() {
            let market = Double.random(in: -0.02...0.021, using: &generator)
            level *= 1 + market
            made.append(indexClose(day, level))
            made.append(session(day, index, market, &prices, &generator))
        }
        made.sort { ($0.knownAt, $0.rank) < ($1.knownAt, $1.rank) }
        facts = made.map(\.message)
    }

    private func envelope(_ knownAt: Instant) -> Envelope {
        Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .timeline)
    }

    private func filing(_ number: Int, _ generator: inout SeededGenerator)
        -> (knownAt: Instant, rank: Int, message: [UInt8])
    {
        let traded = days[Int.random(in: 0..<(days.count - 30), using: &generator)]
        let filed = traded + Int.random(in: 1...40, using: &generator)
        let low = Double([1_001, 15_001, 50_001, 250_001].randomElement(using: &generator)!)
        let filer = Int.random(in: 0..<25, using: &generator)
        let row = "transaction_date,disclosure_date\n\(traded),\(filed)"
        let knownAt = Instant(filed + 1, hour: 5)
        let event = DisclosureFiled(
            envelope: envelope(knownAt),
            rowDigest: Digest(w0: UInt64(number + 1), w1: 0, w2: 0, w3: 0),
            amountLow: Money(dollars: low), amountHigh: Money(dollars: low * 3), occurrence: 0,
            filedOn: filed, tradedOn: traded,
            ticker: SmallWorld.tickers.randomElement(using: &generator)!,
            side: Int.random(in: 0..<4, using: &generator) == 0 ? .sell : .buy,
            transaction: .purchase, owner: .filer,
            party: filer % 2 == 0 ? .democrat : .republican, format: .congressCSV,
            filer: "Filer \(filer)", row: Array(row.utf8))
        return (knownAt, 3, event.encoded())
    }

    private func indexClose(_ day: Day, _ level: Double)
        -> (knownAt: Instant, rank: Int, message: [UInt8])
    {
        let event = IndexClosed(
            envelope: envelope(Instant(day, hour: 21)), source: .zero, close: level,
            adjustedClose: level, day: day, series: .market, symbol: "TEST", conflicts: 0)
        return (event.envelope.knownAt, 6, event.encoded())
    }

    private func session(
        _ day: Day, _ number: Int, _ market: Double, _ prices: inout [Double],
        _ generator: inout SeededGenerator
    ) -> (knownAt: Instant, rank: Int, message: [UInt8]) {
        var bars: [SessionClosed.Bar] = []
        for (index, ticker) in SmallWorld.tickers.enumerated() {
            // One ticker ends early, as one that is delisted.
            if index == 7, number > days.count * 2 / 3 { continue }
            let open = prices[index] * (1 + Double.random(in: -0.01...0.01, using: &generator))
            let close = open * (1 + market + Double.random(in: -0.02...0.0201, using: &generator))
            bars.append(
                SessionClosed.Bar(
                    ticker: ticker, open: open, high: max(open, close) * 1.01,
                    low: min(open, close) * 0.99, close: close,
                    volume: Double(Int.random(in: 1_000...50_000, using: &generator))))
            prices[index] = close
        }
        let event = SessionClosed(
            envelope: envelope(Instant(day, hour: 21)), source: .zero, day: day, part: 0,
            conflicts: 0, unadjusted: 0, adjustment: .splitsAndDividends, bars: bars)
        return (event.envelope.knownAt, 9, event.encoded())
    }

    /// Settings with which the loop trades often.
    public static let settings = [
        "min_transactions=1", "emit_threshold=0.5", "queue_threshold=0.55",
        "timeout_days=20", "max_entries_per_day=10", "regime_return_20=0.01",
        "regime_return_60=0.01", "regime_volatility=0.2", "max_volume=0.0003",
    ]

    /// Settings with which a world of 420 sessions trains often.
    public static let learning =
        settings + [
            "train=true", "training_lookback_sessions=120", "holdout_sessions=30",
            "early_stopping_sessions=10",
        ]

    /// The loop, made to trade often.
    public static func strategy(_ settings: [String] = settings) throws -> LoopStrategy {
        guard case .loop(let loop) = try StrategyFile.load("feedback", settings: settings) else {
            throw CancellationError()
        }
        return loop
    }

    /// Builds a log of messages; one commit.
    public static func log(_ messages: [[UInt8]], kind: LogKind, at path: String) throws -> EventLog
    {
        let identity = LogIdentity(kind: kind, logID: .zero, schemaVersion: 0)
        _ = try LogBuilder.build(at: path, identity: identity) { builder in
            var latest = Instant(rawValue: .min)
            for message in messages {
                try builder.append(message.span.bytes)
                latest = max(latest, try Envelope(message: message.span.bytes).recordedAt)
            }
            try builder.commit(recordedAt: latest)
        }
        return try EventLog.open(at: path)
    }

    /// A data folder with a finished run `feedback` over `facts`, and what the run came to.
    public static func data(
        _ facts: [[UInt8]], at path: String, settings: [String] = settings,
        trainer: (any Trainer)? = nil
    ) throws -> (folder: DataFolder, result: Run.Result) {
        let folder = DataFolder(path)
        let draft = "\(path)/timelines/draft"
        _ = try log(facts, kind: .timeline, at: draft)
        let seal = try EventLog.open(at: draft).head().seal
        try FileManager.default.moveItem(atPath: draft, toPath: folder.timeline(seal))
        let timeline = try EventLog.open(at: folder.timeline(seal))
        let result = try Run.make(
            try strategy(settings), timeline: timeline, at: try folder.run("feedback"),
            trainer: trainer)
        return (folder, result)
    }
}
