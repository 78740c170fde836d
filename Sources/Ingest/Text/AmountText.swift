import Events

/// The dollar band of a filed transaction.
struct AmountBand: Equatable {
    /// Lower bound.
    var low: Money
    /// Upper bound; nil when the band is open-ended.
    var high: Money?

    init(low: Money, high: Money?) {
        self.low = low
        self.high = high
    }

    private init(dollars low: Double, _ high: Double?) {
        self.init(low: Money(dollars: low), high: high.map { Money(dollars: $0) })
    }

    /// The bands of the STOCK Act's forms, and what is below the first.
    static let official: [AmountBand] = [
        AmountBand(dollars: 1, 1_000), AmountBand(dollars: 1_001, 15_000),
        AmountBand(dollars: 15_001, 50_000), AmountBand(dollars: 50_001, 100_000),
        AmountBand(dollars: 100_001, 250_000), AmountBand(dollars: 250_001, 500_000),
        AmountBand(dollars: 500_001, 1_000_000), AmountBand(dollars: 1_000_001, 5_000_000),
        AmountBand(dollars: 5_000_001, 25_000_000), AmountBand(dollars: 25_000_001, 50_000_000),
        AmountBand(dollars: 50_000_001, nil), AmountBand(dollars: 1_000_001, nil),
    ]

    /// Whether it is a band of the forms.
    var isOfficial: Bool { AmountBand.official.contains(self) }
}

/// Dollar bands as the sources write them.
enum AmountText {
    /// Reads `$1,001 - $15,000`, `$1,001 to $15,000`, `1K–15K`, `<$1000` (1 to 1,000), `Over
    /// $50,000,000`, `$50,000,001 +` and `Spouse/DC over $1,000,000` (open-ended), or one exact
    /// amount. Line breaks and blanks of Unicode count as blanks, its dashes as dashes.
    ///
    /// Commas stand between groups of three and cents are two digits, or it is no amount; points
    /// between groups of three (`15.001 - 50.000`) are read where that gives a band of the forms. A
    /// band cut after its dash (`$15,001 -`) is nil: its upper bound is lost, not open.
    static func band(_ text: String) -> AmountBand? { printed[text] ?? read(text) }

    /// The forms' bands as most files write them.
    private static let printed: [String: AmountBand] = {
        let texts = [
            "$1,001 - $15,000", "$15,001 - $50,000", "$50,001 - $100,000", "$100,001 - $250,000",
            "$250,001 - $500,000", "$500,001 - $1,000,000", "$1,000,001 - $5,000,000",
            "$5,000,001 - $25,000,000", "$25,000,001 - $50,000,000", "Over $50,000,000",
            "1K\u{2013}15K", "15K\u{2013}50K", "50K\u{2013}100K", "100K\u{2013}250K",
            "250K\u{2013}500K", "500K\u{2013}1M", "1M\u{2013}5M", "5M\u{2013}25M",
            "25M\u{2013}50M",
        ]
        let bands = texts.compactMap { text in read(text).map { (text, $0) } }
        return Dictionary(uniqueKeysWithValues: bands)
    }()

    private static func read(_ text: String) -> AmountBand? {
        var compact = AmountText.compact(text)[...]
        for mark in accounts where compact.starts(with: mark.utf8) {
            compact = compact.dropFirst(mark.utf8.count)
        }
        if compact.elementsEqual(none.utf8) { return AmountBand.official[0] }
        for mark in ceilings where compact.starts(with: mark.utf8) {
            return below(compact.dropFirst(mark.utf8.count))
        }
        if compact.suffix(6).elementsEqual("orless".utf8) { return below(compact.dropLast(6)) }
        for mark in floors where compact.starts(with: mark.utf8) {
            guard let floor = Amount(compact.dropFirst(mark.utf8.count)) else { return nil }
            return AmountBand(low: floor.money + Money(dollars: 1), high: nil)
        }
        if compact.last == UInt8(ascii: "+"), let floor = Amount(compact.dropLast()) {
            return snapped(AmountBand(low: floor.money, high: nil))
        }
        return range(compact)
    }

    /// The band of two columns, the upper one empty when open-ended.
    static func band(low: String, high: String) -> AmountBand? {
        guard let floor = dollars(plain(low)) else { return nil }
        if trimmed(high).isEmpty { return AmountBand(low: floor, high: nil) }
        return dollars(plain(high)).flatMap { checked(floor, $0) }
    }

    private static let accounts = ["spouse/dc", "sp/dc"]
    private static let none = "none(orlessthan1,001)"
    private static let ceilings = ["<=", "<", "under", "below", "lessthan", "upto"]
    private static let floors = [">=", ">", "over", "morethan", "above"]

    private static func range(_ compact: ArraySlice<UInt8>) -> AmountBand? {
        let parts = AmountText.parts(compact)
        switch parts.count {
        case 1:
            guard let amount = Amount(parts[0]), !amount.isDotted, amount.money > Money(dollars: 0)
            else { return nil }
            return checked(amount.money, amount.money)
        case 2:
            guard let low = Amount(parts[0]), let high = Amount(parts[1]),
                let band = checked(low.money, high.money).map(snapped)
            else { return nil }
            return (low.isDotted || high.isDotted) && !band.isOfficial ? nil : band
        default: return nil
        }
    }

    /// What stands between dashes and the word "to".
    private static func parts(_ compact: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = compact.startIndex
        var place = start
        while place < compact.endIndex {
            let isTo =
                compact[place] == UInt8(ascii: "t") && place + 1 < compact.endIndex
                && compact[place + 1] == UInt8(ascii: "o")
            guard isTo || compact[place] == UInt8(ascii: "-") else {
                place += 1
                continue
            }
            parts.append(compact[start..<place])
            place += isTo ? 2 : 1
            start = place
        }
        return parts + [compact[start...]]
    }

    private static func below(_ text: ArraySlice<UInt8>) -> AmountBand? {
        guard let high = Amount(text), high.money >= Money(dollars: 1) else { return nil }
        // "Less than 1,001" is at most 1,000.
        let isEdge = high.money == Money(dollars: 1_001)
        return AmountBand(low: Money(dollars: 1), high: isEdge ? Money(dollars: 1_000) : high.money)
    }

    /// `1M`, and 15,000 of `$15,000 - $50,000`, stand for a dollar more where that makes it one of
    /// the forms' bands.
    private static func snapped(_ band: AmountBand) -> AmountBand {
        let next = AmountBand(low: band.low + Money(dollars: 1), high: band.high)
        return next.isOfficial ? next : band
    }

    /// Small letters without blanks, dollar signs and the variety of dashes.
    private static func compact(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "$": continue
            case "A"..."Z": bytes.append(UInt8(scalar.value) | 0x20)
            case "\u{2010}"..."\u{2015}", "\u{2212}": bytes.append(UInt8(ascii: "-"))
            case _ where scalar.isBlank || scalar == "\u{FEFF}": continue
            case _ where scalar.isASCII: bytes.append(UInt8(scalar.value))
            default: bytes += Array(scalar.properties.lowercaseMapping.utf8)
            }
        }
        return bytes.starts(with: "usd".utf8) ? Array(bytes.dropFirst(3)) : bytes
    }

    private static func plain(_ text: String) -> String {
        let bytes = trimmed(text).utf8
        guard bytes.contains(where: { $0 == 0x24 || $0 == 0x2C }) else { return trimmed(text) }
        return String(decoding: bytes.filter { $0 != 0x24 && $0 != 0x2C }, as: UTF8.self)
    }

    private static func checked(_ low: Money, _ high: Money) -> AmountBand? {
        low <= high ? AmountBand(low: low, high: high) : nil
    }

    private static func dollars(_ text: some StringProtocol) -> Money? {
        guard let first = text.utf8.first, first &- 0x30 < 10,
            let value = DecimalText.double(String(text)), value < Amount.limit
        else { return nil }
        return Money(dollars: value)
    }
}

/// One amount of dollars in a band.
private struct Amount {
    static let limit = 90_000_000_000.0

    var money: Money
    /// Whether points stand between groups of three.
    var isDotted = false
    /// Whether it was written with K, M or B.
    var isAbbreviated = false

    init?(_ text: ArraySlice<UInt8>) {
        var bytes = text
        var scale = 1.0
        switch bytes.last {
        case UInt8(ascii: "k"): scale = 1e3
        case UInt8(ascii: "m"): scale = 1e6
        case UInt8(ascii: "b"): scale = 1e9
        default: break
        }
        if scale > 1 {
            isAbbreviated = true
            bytes = bytes.dropLast()
        }
        guard let first = bytes.first, isDigit(first),
            let digits = Amount.digits(bytes, isAbbreviated, &isDotted),
            let value = DecimalText.double(digits.span, digits.indices),
            value * scale < Amount.limit
        else { return nil }
        money = Money(dollars: value * scale)
    }

    private static func digits(
        _ bytes: ArraySlice<UInt8>, _ isAbbreviated: Bool, _ isDotted: inout Bool
    ) -> [UInt8]? {
        let whole = bytes.prefix { $0 != 0x2E }
        let fraction = bytes.dropFirst(whole.count + 1)
        guard let digits = NumberReading.ungrouped(whole, by: 0x2C), digits.allSatisfy(isDigit)
        else { return nil }
        if bytes.count == whole.count { return digits }
        if fraction.allSatisfy(isDigit),
            fraction.count == 2
                || (fraction.count == 1 && (isAbbreviated || fraction.first == 0x30))
        {
            return digits + [0x2E] + fraction
        }
        guard !isAbbreviated, let plain = NumberReading.ungrouped(bytes, by: 0x2E) else {
            return nil
        }
        isDotted = true
        return plain
    }
}
