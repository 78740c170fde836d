import EventLog
import Events
import FeedbackLoop
import Pipeline
import TestKit

@testable import Backtest

/// A small market with filings, made from a seed, as a timeline on disk, and runs over it.
struct SmallMarket {
    static let tickers = ["AAPL", "AMZN", "JPM", "KO", "MSFT", "NKE", "PFE", "T", "WMT", "XOM"]
        .compactMap { Ticker($0) }

    let folder = TemporaryFolder()
    let data: DataFolder
    private let timelinePath: String

    init(seed: UInt64 = 11, sessions: Int = 200, hasIndex: Bool = true) throws {
        data = DataFolder(folder.path)
        var generator = SeededGenerator(seed: seed)
        var days: [Day] = []
        var day = Day(year: 2020, month: 1, day: 1)!
        while days.count < sessions {
            if day.isoWeekday <= 5 { days.append(day) }
            day = day + 1
        }
        var facts: [(knownAt: Instant, rank: Int, message: [UInt8])] = []
        for number in 0..<900 {
            facts.append(SmallMarket.filing(number, days, &generator))
        }
        facts += SmallMarket.sessions(days, &generator).filter { hasIndex || $0.rank != 6 }
        facts.sort { ($0.knownAt, $0.rank) < ($1.knownAt, $1.rank) }
        let messages = facts.map(\.message)
        let (_, head) = try LogBuilder.build(
            at: "\(folder.path)/new", identity: Timeline.identity
        ) { builder in
            for message in messages { try builder.append(message.span.bytes) }
            try builder.commit(recordedAt: facts.last!.knownAt)
        }
        timelinePath = data.timeline(head.seal)
        try folder.move("new", to: timelinePath)
    }

    var timeline: EventLog { get throws { try EventLog.open(at: timelinePath) } }

    /// Makes a run of a built-in strategy.
    func run(
        _ name: String, _ strategy: String = "feedback", _ settings: [String] = SmallMarket.eager,
        window: ReplayWindow = ReplayWindow()
    ) throws -> Run.Result {
        let built = try StrategyFile.load(strategy, settings: settings)
        switch built {
        case .loop(let loop):
            return try Run.make(
                loop, timeline: try timeline, at: try data.run(name), window: window)
        case .follow(let follow):
            return try Run.make(
                follow, timeline: try timeline, at: try data.run(name), window: window)
        }
    }

    /// The page of a run that was made.
    func page(_ name: String) throws -> ReportPage {
        let run = try data.openRun(name)
        return try ReportPage(run, origin: try RunOrigin.read(run.log))
    }

    /// Settings under which the loop trades often.
    static let eager = [
        "min_transactions=1", "emit_threshold=0.5", "queue_threshold=0.55", "timeout_days=20",
        "max_entries_per_day=10", "regime_return_20=0.01", "regime_return_60=0.01",
        "regime_volatility=0.2", "commission_bp=2", "cash_rate=0.02",
    ]

    private static func filing(
        _ number: Int, _ days: [Day], _ generator: inout SeededGenerator
    ) -> (knownAt: Instant, rank: Int, message: [UInt8]) {
        let traded = days[Int.random(in: 0..<(days.count - 30), using: &generator)]
        let filed = traded + Int.random(in: 1...60, using: &generator)
        let low = Double([1_001, 15_001, 50_001, 250_001].randomElement(using: &generator)!)
        let filer = Int.random(in: 0..<25, using: &generator)
        let event = DisclosureFiled(
            envelope: Envelope(
                knownAt: Instant(filed + 1, hour: 5), recordedAt: Instant(filed + 1, hour: 5),
                actor: .timeline),
            rowDigest: Digest(w0: UInt64(number + 1), w1: 0, w2: 0, w3: 0),
            amountLow: Money(dollars: low), amountHigh: Money(dollars: low * 3),
            confidence: Double.random(in: 0.5...1, using: &generator), occurrence: 0,
            filedOn: filed, tradedOn: traded, ticker: tickers.randomElement(using: &generator)!,
            side: Int.random(in: 0..<4, using: &generator) == 0 ? .sell : .buy,
            transaction: .purchase, owner: .filer, chamber: filer % 3 == 0 ? .senate : .house,
            party: filer % 2 == 0 ? .democrat : .republican, format: .congressCSV,
            filer: filer == 7 ? "</script><b>&\"Seven\"" : "Filer \(filer)", row: [])
        return (event.envelope.knownAt, 3, event.encoded())
    }

    private static func sessions(_ days: [Day], _ generator: inout SeededGenerator)
        -> [(knownAt: Instant, rank: Int, message: [UInt8])]
    {
        var facts: [(knownAt: Instant, rank: Int, message: [UInt8])] = []
        var prices = tickers.map { _ in Double.random(in: 20...200, using: &generator) }
        var level = 300.0
        for (number, day) in days.enumerated() {
            let knownAt = Instant(day, hour: 21)
            let envelope = Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .timeline)
            let market = Double.random(in: -0.02...0.021, using: &generator)
            let index = IndexClosed(
                envelope: envelope, source: .zero, open: level, close: level * (1 + market),
                adjustedClose: level * (1 + market), day: day, series: .market, symbol: "TEST",
                conflicts: 0)
            level *= 1 + market
            facts.append((knownAt, 6, index.encoded()))
            var bars: [SessionClosed.Bar] = []
            for (ticker, symbol) in tickers.enumerated() {
                let open = prices[ticker] * (1 + Double.random(in: -0.01...0.01, using: &generator))
                let change = market + Double.random(in: -0.025...0.0252, using: &generator)
                prices[ticker] = open * (1 + change)
                // One ends early, as one that is delisted; two others pause.
                if ticker == 7, number > days.count * 2 / 3 { continue }
                if ticker == 3, number % 9 == 4 { continue }
                if ticker == 6, (20..<28).contains(number % 40) { continue }
                bars.append(
                    SessionClosed.Bar(
                        ticker: symbol, open: open, high: max(open, prices[ticker]) * 1.01,
                        low: min(open, prices[ticker]) * 0.99, close: prices[ticker],
                        volume: ticker == 5 && number % 11 == 0 ? 0 : 5_000_000))
            }
            facts.append(
                (
                    knownAt, 9,
                    SessionClosed(
                        envelope: envelope, source: .zero, day: day, part: 0, conflicts: 0,
                        unadjusted: 0, adjustment: .splitsAndDividends, bars: bars
                    ).encoded()
                ))
        }
        return facts
    }
}
