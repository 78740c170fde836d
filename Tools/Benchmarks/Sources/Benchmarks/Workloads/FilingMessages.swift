import Events

/// Made-up filings, each different: what a data log is fed with.
enum FilingMessages {
    /// Filing number `index`, recorded at `now`.
    static func filing(_ index: Int, now: Instant) -> DisclosureFiled {
        let number = UInt64(index)
        let day = Day(rawValue: Int32(18_000 + index / 1_000))
        return DisclosureFiled(
            envelope: Envelope(
                knownAt: Instant(day, hour: 13, minute: 30), recordedAt: now, causation: .none,
                correlation: .none, through: 0, ordinal: 0, actor: .importer, flags: .simulated),
            rowDigest: Digest(w0: number, w1: ~number, w2: number &* 31, w3: 7),
            amountLow: Money(dollars: 1_001), amountHigh: Money(dollars: 15_000), occurrence: 0,
            filedOn: day, tradedOn: day - 30, ticker: Ticker("T\(index * 7 % 500)")!,
            side: index % 3 == 0 ? .sell : .buy, transaction: index % 3 == 0 ? .sale : .purchase,
            owner: .filer, format: .benchCSV, filer: "Filer \(index % 120)",
            row: Array("{\"filing\":\(index),\"amount\":\"$1,001 - $15,000\"}".utf8))
    }
}
