import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline

/// Facts with the most extreme numbers that a log can hold, through whole backtests of every
/// built-in strategy: nothing may stop a decider.
///
/// Each input is a market: two bytes an act, the first of which says what happens, the second with
/// which numbers. What the importers and a timeline's derivation would leave out is let through.
enum FactsTarget {
    static let target = FuzzTarget(name: "facts") { bytes in
        var market = Market()
        for pair in stride(from: 0, to: min(bytes.count, 600) - 1, by: 2) {
            market.act(bytes[pair], bytes[pair + 1])
        }
        let timeline = market.timeline
        for strategy in try strategies() { try run(strategy, timeline) }
    }

    /// Each built-in strategy, and the loop with settings under which every number counts.
    private static func strategies() throws -> [BuiltStrategy] {
        let all = [
            "max_volume=0", "base_size=1", "max_trade=1", "max_position=1", "min_transactions=1",
            "emit_threshold=0.1", "queue_threshold=0.1", "lookback_days=3650", "timeout_days=2",
        ]
        return [
            try StrategyFile.load("baseline", settings: []),
            try StrategyFile.load("feedback", settings: []),
            try StrategyFile.load(
                "feedback", settings: all + ["train=true", "fractional_shares=true"]),
            try StrategyFile.load(
                "feedback",
                settings: all + [
                    "stop_atr=0", "trailing_stop=0.5", "cash_rate=0.5", "slippage_bp=0",
                ]),
            try StrategyFile.load("oracle", settings: all),
            try StrategyFile.load("disclosure-follow", settings: ["min_confidence=0"]),
            try StrategyFile.load(
                "disclosure-follow",
                settings: ["min_confidence=0", "fill=same_close", "trade_dollars=1e9"]),
        ]
    }

    private static func run(_ strategy: BuiltStrategy, _ timeline: [[UInt8]]) throws {
        switch strategy {
        case .loop(let loop): try replay(loop, Run.digest(of: loop), timeline)
        case .follow(let follow): try replay(follow, Run.digest(of: follow), timeline)
        }
    }

    /// Replays the timeline; what is recorded is decoded, and the cash stays in the ledger.
    private static func replay(
        _ strategy: some Strategy, _ digest: Digest, _ timeline: [[UInt8]]
    ) throws {
        var replay = Replay(strategy, performer: TrainingPerformer(nil))
        func commit(_ recorder: inout Recorder) throws {
            var start = 0
            for end in recorder.ends {
                _ = try EventJSON.string(message: recorder.arena.bytes.extracting(start..<end))
                start = end
            }
            recorder.drain()
        }
        replay.begin(digest: digest)
        for (number, message) in timeline.enumerated() {
            let goesOn = try replay.step(
                message.span.bytes, at: UInt64(number) + 1, commit: commit)
            if !goesOn { break }
        }
        try replay.finish(timeline: nil, commit: commit)
    }
}

/// What happens in a market, at hours that go on.
private struct Market {
    private(set) var timeline: [[UInt8]] = []
    private var day = Day(year: 2020, month: 1, day: 1)!
    private var rows: UInt64 = 0
    private var models: [UInt64] = []

    private static let tickers = ["A", "BB", "CCC", "DDDD"].map { Ticker($0)! }
    private static let prices: [Double] = [
        100, 1e-6, 1e-8, 1e8, 1e10, 1e-300, 1e300, 99.5, 1e4, 0.01, .leastNonzeroMagnitude,
        .greatestFiniteMagnitude, 1e-5, 3e7, 101, 110,
    ]
    private static let odd: [Double] = [0, -1, .nan, .infinity, -.infinity, -1e300]
    private static let volumes: [Double] = [1e6, 0, 1e-9, 1e15, 1e300, 1, .infinity, .nan]
    private static let units: [Int64] = [
        100_000_000_000, 0, 1, .max, -1, 900_000_000, 15_000 * 100_000_000, -(.max),
    ]
    private static let days = [0, 1, 30, 4_000, -4_000, 3_000_000, -3_000_000, 7]
    private static let shares: [Float] = [0.5, 0, 1, .nan, .infinity, -1, 1e30, 0.9]

    private func envelope(_ hour: Int) -> Envelope {
        let at = Instant(day, hour: hour)
        return Envelope(knownAt: at, recordedAt: at, actor: .timeline)
    }

    private func price(_ number: UInt8, _ place: Int) -> Double {
        let index = (Int(number) + place * 5) % (Market.prices.count + 1)
        return index < Market.prices.count
            ? Market.prices[index] : Market.odd[(Int(number) / 17 + place) % Market.odd.count]
    }

    mutating func act(_ kind: UInt8, _ number: UInt8) {
        let value = Int(number)
        switch kind % 8 {
        case 0, 1: close(kind, number)
        case 2: index(number)
        case 3, 4: file(kind, number)
        case 5: trade(number)
        case 6: model(number)
        default:
            // A pause: a day, a month, years, and the end of what instants can tell.
            day = day + [1, 3, 31, 400, 4_000, 90_000, 1, 2][value % 8]
        }
    }

    /// A session, and the day after it.
    private mutating func close(_ kind: UInt8, _ number: UInt8) {
        var bars: [SessionClosed.Bar] = []
        for (place, ticker) in Market.tickers.enumerated()
        where kind & (16 << UInt8(place)) == 0 {
            let open = price(number, place)
            let close = kind & 8 == 0 ? open : price(number &+ 3, place)
            bars.append(
                SessionClosed.Bar(
                    ticker: ticker, open: open, high: max(open, close), low: min(open, close),
                    close: close, volume: Market.volumes[(Int(number) >> 5 + place) % 8]))
        }
        let event = SessionClosed(
            envelope: envelope(21), source: .zero, day: day, part: 0, conflicts: 0, unadjusted: 0,
            adjustment: .none, bars: bars)
        timeline.append(event.encoded())
        day = day + 1
    }

    private mutating func index(_ number: UInt8) {
        let level = price(number, 0)
        let event = IndexClosed(
            envelope: envelope(4), source: .zero, open: price(number, 1), close: level,
            adjustedClose: number & 16 == 0 ? nil : price(number, 2), day: day - 1,
            series: number & 32 == 0 ? .market : .volatility, symbol: "X", conflicts: 0)
        timeline.append(event.encoded())
    }

    private mutating func file(_ kind: UInt8, _ number: UInt8) {
        rows += 1
        let low = Market.units[Int(number) % 8]
        let event = DisclosureFiled(
            envelope: envelope(4), rowDigest: Digest(w0: rows, w1: 0, w2: 0, w3: 0),
            amountLow: Money(rawValue: low),
            amountHigh: kind & 8 == 0 ? nil : Money(rawValue: Market.units[Int(number >> 3) % 8]),
            confidence: kind & 16 == 0 ? 0.9 : price(number, 1), occurrence: 0, filedOn: day,
            tradedOn: day - Market.days[Int(kind >> 5) % 8],
            ticker: Market.tickers[Int(number >> 6)], side: number & 32 == 0 ? .buy : .sell,
            transaction: .purchase, owner: .filer, party: kind & 32 == 0 ? .democrat : .republican,
            format: .congressCSV, filer: "F\(kind % 3)", row: [])
        timeline.append(event.encoded())
    }

    private mutating func trade(_ number: UInt8) {
        let moved = day - Market.days[Int(number) % 8]
        let event = TradeRecorded(
            envelope: envelope(4), quantity: Quantity(rawValue: Market.units[Int(number >> 2) % 8]),
            entryPrice: price(number, 0), exitPrice: price(number, 1),
            enteredAt: number & 64 == 0 ? Instant(moved) : nil, exitedAt: Instant(day),
            ticker: Market.tickers[Int(number) % 4],
            direction: number & 128 == 0 ? .long : .short, occurrence: 0)
        timeline.append(event.encoded())
    }

    /// A model of another tool, what it says, and what a person makes of it.
    private mutating func model(_ number: UInt8) {
        if let model = models.last, number & 3 != 0 {
            if number & 3 == 3 {
                let artefact = Digest(w0: model, w1: 1, w2: 1, w3: 1)
                let act: any EventMessage =
                    number & 4 == 0
                    ? ModelPromoted(
                        envelope: envelope(4), model: .none, previous: .none, comparison: .none,
                        artefact: artefact, follows: .none, cause: .person, who: "ann", text: [])
                    : ModelRolledBack(
                        envelope: envelope(4), model: .none, replaced: .none, follows: .none,
                        who: "bob", text: [])
                return timeline.append(act.encoded())
            }
            let event = PredictionsImported(
                envelope: envelope(4), source: .zero, model: .timeline(model),
                decidedAt: Instant(day, hour: 5, minute: 30), part: 0,
                predictions: Market.tickers.enumerated().map { place, ticker in
                    PredictionsImported.Prediction(
                        ticker: ticker, win: Market.shares[(Int(number) + place) % 8],
                        loss: Market.shares[(Int(number) / 8 + place) % 8],
                        breakeven: Market.shares[(Int(number) / 16) % 8])
                })
            return timeline.append(event.encoded())
        }
        let position = UInt64(timeline.count) + 1
        models.append(position)
        let event = ModelImported(
            envelope: envelope(4), source: Digest(w0: position, w1: 1, w2: 1, w3: 1),
            trainedThrough: day - Market.days[Int(number >> 2) % 8], featureSchema: 0,
            modelName: "m\(number >> 6)",
            quantileMap: (0..<Int(number >> 5)).map { place in
                ModelImported.QuantileMapEntry(
                    probability: Market.shares[(Int(number) + place) % 8],
                    confidence: Market.shares[(Int(number) + 3 * place) % 8])
            })
        timeline.append(event.encoded())
    }
}
