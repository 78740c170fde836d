import Events

/// The dollar band of a filed transaction.
struct AmountBand: Equatable {
    /// Lower bound.
    var low: Money
    /// Upper bound; nil when the band is open-ended.
    var high: Money?
}

/// Dollar bands as the sources write them.
enum AmountText {
    /// Reads `$1,001 - $15,000`, `<$1000` (1 to 1,000), `Over $50,000,000` and `$50,000,001 +`
    /// (open-ended from 50,000,001), or one exact amount. Line breaks count as blanks.
    ///
    /// A band cut after its dash (`$15,001 -`) is nil: its upper bound is lost, not open.
    static func band(_ text: String) -> AmountBand? {
        let compact = String(
            decoding: text.utf8.filter { !isBlank($0) && $0 != 0x24 && $0 != 0x2C }, as: UTF8.self
        ).lowercased()
        if compact.hasPrefix("<"), let high = dollars(compact.dropFirst()) {
            return checked(Money(dollars: 1), high)
        }
        if compact.hasPrefix("over"), let floor = dollars(compact.dropFirst(4)) {
            return AmountBand(low: floor + Money(dollars: 1), high: nil)
        }
        if compact.hasSuffix("+"), let floor = dollars(compact.dropLast()) {
            return AmountBand(low: floor, high: nil)
        }
        if let dash = compact.firstIndex(of: "-") {
            guard let low = dollars(compact[..<dash]),
                let high = dollars(compact[compact.index(after: dash)...])
            else { return nil }
            return checked(low, high)
        }
        return dollars(compact).flatMap { checked($0, $0) }
    }

    /// The band of two columns, the upper one empty when open-ended.
    static func band(low: String, high: String) -> AmountBand? {
        guard let floor = dollars(plain(low)) else { return nil }
        if trimmed(high).isEmpty { return AmountBand(low: floor, high: nil) }
        return dollars(plain(high)).flatMap { checked(floor, $0) }
    }

    private static func plain(_ text: String) -> String {
        trimmed(text).filter { $0 != "$" && $0 != "," }
    }

    private static func checked(_ low: Money, _ high: Money) -> AmountBand? {
        low <= high ? AmountBand(low: low, high: high) : nil
    }

    private static func dollars(_ text: some StringProtocol) -> Money? {
        guard let first = text.utf8.first, first &- 0x30 < 10,
            let value = DecimalText.double(String(text)), value < 90_000_000_000
        else { return nil }
        return Money(dollars: value)
    }
}
