import Events

/// Writes one of the two price files, a company at a time.
///
/// The plain one is adjusted for everything; the other has prices before dividends and `adj_close`.
struct PriceFile {
    static let plainName = "prices.csv"
    static let adjustedName = "prices_adjusted.csv"

    private(set) var account: FileAccount
    private(set) var buffer = TextBuffer()
    private let isAdjusted: Bool
    private let days: [String]
    private var companies = 0

    init(adjusted: Bool, days: [String]) {
        account = FileAccount(adjusted ? PriceFile.adjustedName : PriceFile.plainName)
        isAdjusted = adjusted
        self.days = days
        buffer.text(
            "ticker,date,open,high,low,close,volume\(adjusted ? ",adj_close" : "")\n")
    }

    /// What is written and not yet taken.
    mutating func take() -> [UInt8] {
        let bytes = buffer.bytes
        buffer.removeAll()
        return bytes
    }

    mutating func write(_ company: Company, _ bars: [SimulatedBar]) {
        let symbol = company.ticker.description
        let last = bars.count - 1
        for (session, bar) in bars.enumerated() {
            // Prices before the dividends paid once a quarter from here to the last bar.
            let quarters = last / 63 - session / 63
            let factor = isAdjusted ? 1 + company.dividendYield * Double(quarters) / 4 : 1
            row(symbol, session, bar, factor, bar.close)
            account.rows += 1
            account.accepted += 1
            if bar.volume == 0 { account.idleBars += 1 }
        }
        dirt(symbol, bars)
        companies += 1
    }

    private mutating func row(
        _ symbol: String, _ session: Int, _ bar: SimulatedBar, _ factor: Double, _ close: Double
    ) {
        start(symbol, session)
        buffer.price(bar.open * factor)
        buffer.comma()
        buffer.price(bar.high * factor)
        buffer.comma()
        buffer.price(bar.low * factor)
        buffer.comma()
        buffer.price(close * factor)
        buffer.comma()
        buffer.integer(bar.volume)
        if isAdjusted {
            buffer.comma()
            buffer.price(close)
        }
        buffer.newLine()
    }

    private mutating func start(_ symbol: String, _ session: Int) {
        buffer.text(symbol)
        buffer.comma()
        buffer.text(days[session])
        buffer.comma()
    }

    /// One defective row for each company, each kind in its turn.
    private mutating func dirt(_ symbol: String, _ bars: [SimulatedBar]) {
        guard let bar = bars.last else { return }
        let session = bars.count - 1
        let end = isAdjusted ? ",\(bar.volume),1.0\n" : ",\(bar.volume)\n"
        switch companies % 5 {
        case 0:
            row(symbol, session, bar, 1, bar.close)
            account.rows += 1
            account.repeats += 1
        case 1:
            var other = bar
            (other.open, other.high, other.low) = (1.25, 2.75, 0.5)
            row(symbol, session, other, 1, 1.5)
            account.refuse("conflictingRow")
        case 2:
            start(symbol, session)
            buffer.text("n/a,2.0,1.0,1.5\(end)")
            account.refuse("badNumber")
        case 3:
            start(symbol, session)
            buffer.text("1.5,1.0,2.0,1.5\(end)")
            account.refuse("badPrice")
        default:
            start(symbol, session)
            buffer.text("cut off here\n")
            account.refuse("malformedRow")
        }
    }
}
