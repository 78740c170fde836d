import Brokerage
import Events
import Market

/// Numbers, times and words of Alpaca's wire.
enum AlpacaText {
    /// An instant in RFC 3339: with up to nine decimals of seconds, in UTC or at an offset.
    static func instant(_ text: String) -> Instant? {
        guard text.utf8.count >= 20, let day = Day(String(text.prefix(10))) else { return nil }
        let bytes = Array(text.utf8)
        guard bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            hour < 24, minute < 60, second < 61
        else { return nil }
        var rest = bytes[19...]
        var nanoseconds: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { 48...57 ~= $0 }
            guard !digits.isEmpty, let fraction = number(digits.prefix(9)) else { return nil }
            nanoseconds = (digits.prefix(9).count..<9).reduce(fraction) { value, _ in value * 10 }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = offset(rest) else { return nil }
        let seconds = hour * 3_600 + minute * 60 + second - offset
        return Instant(day).adding(seconds: seconds).adding(nanoseconds: nanoseconds)
    }

    /// Seconds by which a zone is before UTC: `Z`, `-05:00`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let bytes = Array(bytes)
        if bytes == [UInt8(ascii: "Z")] { return 0 }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]),
            let minutes = number(bytes[4..<6]), hours < 24, minutes < 60
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        switch bytes[0] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return -seconds
        default: return nil
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in bytes {
            guard 48...57 ~= byte else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        return value
    }

    /// A minute of a date in New York: `09:30`.
    static func newYork(_ day: Day, _ text: String) -> Instant? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = number(bytes[0..<2]),
            let minute = number(bytes[3..<5]), hour < 24, minute < 60
        else { return nil }
        return NewYorkTime.instant(day, minute: Int(60 * hour + minute))
    }

    /// What a number of shares cost at a mean price, dollars.
    ///
    /// The mean is what was paid over the shares, cut or rounded somewhere by the broker. Whole
    /// shares cost a multiple of 1e-4 dollars: where one lies as near as that rounding allows, it
    /// is what was paid.
    static func value(_ quantity: Quantity, mean: String) -> Money? {
        guard let units = DecimalText.rounded(mean, decimals: 10) else { return nil }
        // Units of 1e-18 dollars.
        let product = Int128(units) * Int128(quantity.rawValue)
        let step = Int128(100_000_000_000_000)
        let places = mean.split(separator: ".").dropFirst().first?.utf8.count ?? 0
        if quantity.rawValue % 100_000_000 == 0, places > 4 {
            let nearest = (product + step / 2) / step * step
            let unit = (0..<max(0, 10 - places)).reduce(Int128(1)) { value, _ in value * 10 }
            if (nearest - product).magnitude <= (unit * Int128(quantity.rawValue)).magnitude {
                return Money(rawValue: Int64(clamping: nearest / 10_000_000_000))
            }
        }
        return Money(rawValue: Int64(clamping: (product + 5_000_000_000) / 10_000_000_000))
    }

    /// A symbol as Alpaca writes it: a share class behind a point.
    static func symbol(_ ticker: Ticker) -> String {
        String(ticker.description.map { $0 == "-" ? "." : $0 })
    }

    /// What a status of an order means; nil for a word that is not known.
    static func status(_ word: String) -> OrderStatus? {
        switch word {
        case "new", "accepted", "pending_new", "accepted_for_bidding", "partially_filled",
            "stopped", "suspended", "calculated", "done_for_day", "held", "pending_review":
            .working
        case "pending_cancel": .cancelling
        case "pending_replace": .replacing
        case "filled": .filled
        case "canceled": .cancelled
        case "expired": .expired
        case "replaced": .replaced
        case "rejected": .rejected
        default: nil
        }
    }

    /// The word for how long an order is good; nil for a foreign one.
    static func word(_ timeInForce: TimeInForce) -> String? {
        switch timeInForce {
        case .day: "day"
        case .untilCancelled: "gtc"
        case .opening: "opg"
        case .foreign: nil
        }
    }
}
