import Events

/// Single facts of hand-made worlds.
enum SmallFacts {
    /// The weekday with a number, from Monday 2 March 2020 on.
    static func weekday(_ number: Int) -> Day {
        Day(year: 2020, month: 3, day: 2)! + (number / 5 * 7 + number % 5)
    }

    private static func envelope(_ knownAt: Instant) -> Envelope {
        Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .timeline)
    }

    static func filing(
        _ number: Int,
        _ filing: (ticker: String, side: TradeSide, filer: String, traded: Day, filed: Day)
    ) -> [UInt8] {
        DisclosureFiled(
            envelope: envelope(Instant(filing.filed + 1, hour: 5)),
            rowDigest: Digest(w0: UInt64(number + 1), w1: 0, w2: 0, w3: 0), occurrence: 0,
            filedOn: filing.filed, tradedOn: filing.traded, ticker: Ticker(filing.ticker)!,
            side: filing.side, transaction: .purchase, owner: .filer, format: .congressCSV,
            filer: filing.filer, row: []
        ).encoded()
    }

    static func index(_ day: Day, open: Double, close: Double) -> [UInt8] {
        IndexClosed(
            envelope: envelope(Instant(day, hour: 21)), source: .zero, open: open, close: close,
            adjustedClose: close, day: day, series: .market, symbol: "TEST", conflicts: 0
        ).encoded()
    }

    static func session(_ day: Day, _ bars: [(ticker: String, open: Double, close: Double)])
        -> [UInt8]
    {
        SessionClosed(
            envelope: envelope(Instant(day, hour: 21)), source: .zero, day: day, part: 0,
            conflicts: 0, unadjusted: 0, adjustment: .splitsAndDividends,
            bars: bars.map {
                SessionClosed.Bar(
                    ticker: Ticker($0.ticker)!, open: $0.open, high: max($0.open, $0.close),
                    low: min($0.open, $0.close), close: $0.close, volume: 1_000)
            }
        ).encoded()
    }
}
