public import Events

/// The id that we give an order: the run's bits and the order's natural key, readable.
///
/// `3f9a1c07b2d4e685-20261125-AAPL-en-0`: 16 hexadecimal digits of the run, the day, the ticker,
/// the leg, the attempt. One attempt has one id for ever. The day of an entry is that of the
/// session after which it was decided; an exit has the day of its holding's entry order.
public struct ClientOrderID: Hashable, Comparable, Sendable {
    /// The run's 64 random bits.
    public let prefix: UInt64
    /// The day, of the years 0 to 9999.
    public let day: Day
    /// The symbol at the time of the entry; a broker may meanwhile call it otherwise.
    public let ticker: Ticker
    /// Which leg of the holding.
    public let leg: OrderLeg
    /// From 0.
    public let attempt: UInt32

    /// The most characters that an id has, and that a broker takes.
    public static let limit = 48

    /// An id of its parts.
    ///
    /// - Precondition: the day's year has four digits, and the leg is one of the schema.
    public init(prefix: UInt64, day: Day, ticker: Ticker, leg: OrderLeg, attempt: UInt32) {
        precondition((0...9_999).contains(day.civil.year), "an id's year has four digits")
        precondition(ClientOrderID.letters(leg) != nil, "an id's leg is one of the schema")
        (self.prefix, self.day, self.ticker) = (prefix, day, ticker)
        (self.leg, self.attempt) = (leg, attempt)
    }

    /// The same order's id for another attempt.
    public func attempt(_ attempt: UInt32) -> ClientOrderID {
        ClientOrderID(prefix: prefix, day: day, ticker: ticker, leg: leg, attempt: attempt)
    }

    /// Whether an id begins with a run's bits: then it is that run's, also where the rest is none.
    public static func isOwn(_ id: some StringProtocol, prefix: UInt64) -> Bool {
        id.hasPrefix(hexadecimal(prefix) + "-")
    }

    /// Orders by prefix, day, ticker, leg and attempt.
    public static func < (left: ClientOrderID, right: ClientOrderID) -> Bool {
        (left.prefix, left.day, left.ticker, left.leg.rawValue, left.attempt)
            < (right.prefix, right.day, right.ticker, right.leg.rawValue, right.attempt)
    }

    /// The two letters of a leg, as ids have them for ever; nil for one that no schema has.
    static func letters(_ leg: OrderLeg) -> String? {
        switch leg {
        case .entry: "en"
        case .exit: "ex"
        case .stop: "st"
        case .trailingStop: "tr"
        case .takeProfit: "tp"
        case .closeOut: "co"
        case .unrecognised: nil
        }
    }

    private static func hexadecimal(_ bits: UInt64) -> String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension ClientOrderID: CustomStringConvertible, LosslessStringConvertible {
    /// The id as the broker has it.
    public var description: String {
        let (year, month, day) = day.civil
        let number = String(10_000 * year + 100 * month + day)
        let date = String(repeating: "0", count: 8 - number.utf8.count) + number
        let letters = ClientOrderID.letters(leg) ?? "??"
        return "\(ClientOrderID.hexadecimal(prefix))-\(date)-\(ticker)-\(letters)-\(attempt)"
    }

    /// Reads an id, in no spelling but the one that is written. A ticker may have hyphens.
    public init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 5, let prefix = UInt64(parts[0], radix: 16),
            let number = Int(parts[1]), parts[1].utf8.count == 8,
            let day = Day(year: number / 10_000, month: number / 100 % 100, day: number % 100),
            let ticker = Ticker(parts[2..<(parts.count - 2)].joined(separator: "-")),
            let leg = OrderLeg.allCases.first(where: {
                ClientOrderID.letters($0).map { $0 == parts[parts.count - 2] } == true
            }), let attempt = UInt32(parts[parts.count - 1]), number >= 0
        else { return nil }
        self.init(prefix: prefix, day: day, ticker: ticker, leg: leg, attempt: attempt)
        // `+1`, `007` and capitals are numbers too, and no ids of ours.
        guard self.description == description else { return nil }
    }
}
