import Events

/// One bar of a file and its line.
struct PriceRow {
    var bar: SessionClosed.Bar
    var line: Int
    /// The adjusted close beside a bar that is kept as it was traded; not a number without.
    var adjusted = Double.nan
    /// New shares for one old on the bar's day; 1 without a split.
    var split = 1.0
    /// Dollars that each share got on the bar's day.
    var dividend = 0.0

    var ticker: Ticker { bar.ticker }
}

/// Where the columns of a file, or of one ticker in it, stand, and how a row is read.
struct PriceColumns {
    let count: Int
    /// The column of tickers; nil when the file has one ticker, `symbol`.
    let ticker: Int?
    let symbol: Ticker?
    let date: Int
    let prices: [Int]
    let volume: Int
    let adjusted: Int?
    /// The column that says how long a bar is.
    private let period: Int?
    /// The columns of splits and dividends; nil without either.
    private let actions: (split: Int?, dividend: Int?)?
    var dates = DateReading()
    var numbers = NumberReading()
    /// The ticker of a wide file, as its header has it.
    var name = ""
    /// Whether the bars are kept as they stand, with the splits and dividends beside them.
    var keepsActions = false
    /// Whether splits and dividends stand beside the bars.
    var hasActions: Bool { actions != nil }
    /// Whether the row has other tickers beside this one: empty cells are then no bar.
    var isWide = false

    /// The column of each field.
    let found: [PriceField: Int]

    /// Fields without which a row is no bar, and no close of an index.
    static let ofBars: [PriceField] = [.date, .open, .high, .low, .close, .volume]
    static let ofIndex: [PriceField] = [.date, .close]
    /// Relative slack for prices that were rounded after scaling.
    private static let tolerance = 1e-9

    /// The columns where `found` says; `symbol` is the ticker of a file that has no column of them.
    init(
        _ header: [String], _ found: [PriceField: Int], symbol: Ticker?,
        needed: [PriceField] = ofBars, file: String
    ) throws(IngestError) {
        count = header.count
        self.found = found
        let missing = needed.filter { found[$0] == nil }
        guard missing.isEmpty else {
            let names = (needed == PriceColumns.ofBars ? [.ticker] : []) + needed
            throw IngestError(
                .unknownHeader, file: file,
                "line 1: columns \(names.map(\.rawValue).joined(separator: ", ")) are needed, "
                    + "found \(header.joined(separator: ", ")); say with --map which is "
                    + missing.map(\.rawValue).joined(separator: ", "))
        }
        guard found[.ticker] != nil || symbol != nil || needed != PriceColumns.ofBars else {
            throw IngestError(
                .unknownHeader, file: file,
                "no column, and not the file's name, says which ticker it is of; say --symbol")
        }
        date = found[.date] ?? 0
        prices = [PriceField.open, .high, .low, .close].map { found[$0] ?? 0 }
        volume = found[.volume] ?? 0
        ticker = found[.ticker]
        self.symbol = symbol
        adjusted = found[.adjustedClose]
        period = found[.period]
        let hasActions = found[.split] != nil || found[.dividend] != nil
        actions = hasActions ? (found[.split], found[.dividend]) : nil
    }

    /// Whether the reader's row holds a bar of this ticker, good or bad.
    func hasBar(_ reader: borrowing CSVReader) -> Bool {
        guard isWide, !reader.isMalformed, reader.count == count else { return true }
        let bytes = reader.bytes
        return (prices + [volume]).contains { !bytes.trimmed(reader.range($0)).isEmpty }
    }

    /// The bar of the reader's row, or the first reason against it.
    func row(_ reader: borrowing CSVReader) throws(Rejection) -> (Day, PriceRow) {
        guard !reader.isMalformed, reader.count == count else { throw Rejection(.malformedRow) }
        let bytes = reader.bytes
        guard let day = dates.day(bytes.extracting(bytes.trimmed(reader.range(date)))) else {
            throw Rejection(.badDate, field: "date", value: reader.text(date))
        }
        if let period, !PriceColumns.isDay(reader.text(period)) {
            throw Rejection(.badDate, field: "period", value: "\(reader.text(period)) (no day)")
        }
        let symbol = try ticker(reader)
        var open = try number(bytes, reader.range(prices[0]), "open")
        var high = try number(bytes, reader.range(prices[1]), "high")
        var low = try number(bytes, reader.range(prices[2]), "low")
        var close = try number(bytes, reader.range(prices[3]), "close")
        let volume = try number(bytes, reader.range(volume), "volume")
        guard low > 0, open > 0, close > 0 else {
            throw Rejection(.badPrice, field: "low", value: reader.text(prices[2]))
        }
        if let adjusted, !keepsActions {
            let adjustedClose = try number(bytes, reader.range(adjusted), "adj_close")
            guard adjustedClose > 0 else {
                throw Rejection(.badPrice, field: "adj_close", value: reader.text(adjusted))
            }
            let factor = adjustedClose / close
            open *= factor
            high *= factor
            low *= factor
            close = adjustedClose
        }
        guard low > 0, high.isFinite else { throw Rejection(.badPrice, field: "adj_close") }
        let slack = 1 + PriceColumns.tolerance
        guard low <= min(open, close) * slack, high * slack >= max(open, close) else {
            throw Rejection(.badPrice, field: "high", value: reader.text(prices[1]))
        }
        let bar = SessionClosed.Bar(
            ticker: symbol, open: open, high: high, low: low, close: close, volume: volume)
        guard InputRange.price.contains(low), InputRange.price.contains(high) else {
            throw Rejection(
                .badPrice, field: InputRange.price.contains(low) ? "high" : "low",
                value: reader.text(prices[InputRange.price.contains(low) ? 1 : 2]))
        }
        guard InputRange.volume.contains(volume) else {
            throw Rejection(.badNumber, field: "volume", value: reader.text(self.volume))
        }
        var row = PriceRow(bar: bar, line: reader.line)
        if keepsActions { try readActions(reader, &row) }
        return (day, row)
    }

    /// Reads what stands beside a bar that is kept as it was traded.
    private func readActions(_ reader: borrowing CSVReader, _ row: inout PriceRow)
        throws(Rejection)
    {
        let bytes = reader.bytes
        if let adjusted {
            let value = numbers.value(bytes, bytes.trimmed(reader.range(adjusted)), hasScale: false)
            if let value, value > 0 { row.adjusted = value }
        }
        if let column = actions?.split {
            let range = bytes.trimmed(reader.range(column))
            let isOne = bytes.extracting(range).isNoSplit
            guard let split = isOne ? 1 : SplitRatio.value(reader.text(column)) else {
                throw Rejection(.badNumber, field: "split", value: reader.text(column))
            }
            row.split = split
        }
        if let column = actions?.dividend {
            let range = bytes.trimmed(reader.range(column))
            let value = range.isEmpty ? 0 : numbers.value(bytes, range, hasScale: false)
            guard let value, value >= 0, value.isFinite else {
                throw Rejection(.badNumber, field: "dividend", value: reader.text(column))
            }
            row.dividend = value
        }
    }

    /// Whether a bar of this length is a day's.
    private static func isDay(_ text: String) -> Bool {
        ["", "d", "1d", "day", "1day", "daily", "1440"].contains(columnKey(text))
    }

    private func number(_ bytes: Span<UInt8>, _ range: Range<Int>, _ field: String)
        throws(Rejection) -> Double
    {
        let hasScale = field == "volume"
        guard let value = numbers.value(bytes, bytes.trimmed(range), hasScale: hasScale) else {
            throw Rejection(.badNumber, field: field, value: text(bytes, range))
        }
        return value
    }

    private func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    }

    /// The row's ticker, spelled as filings spell it.
    private func ticker(_ reader: borrowing CSVReader) throws(Rejection) -> Ticker {
        guard let column = ticker else {
            if let symbol { return symbol }
            throw Rejection(.badTicker, field: "ticker")
        }
        let bytes = reader.bytes
        let range = bytes.trimmed(reader.range(column))
        if let ticker = PriceColumns.plain(bytes, range) { return ticker }
        let text = reader.text(column)
        guard let ticker = TickerText.ticker(text) else {
            throw Rejection(.badTicker, field: "ticker", value: text)
        }
        return ticker
    }

    /// A ticker of one to five capitals, as nearly all are; nil for any other.
    @inline(__always)
    private static func plain(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Ticker? {
        guard (1...5).contains(range.count) else { return nil }
        var packed: UInt64 = 0
        for index in range {
            let byte = bytes[index]
            guard byte &- 0x41 < 26 else { return nil }
            packed = packed << 8 | UInt64(byte)
        }
        return Ticker(rawValue: packed << UInt64(8 * (8 - range.count)))
    }
}

extension Span<UInt8> {
    /// Whether the text is `1`, `1.0`, `0`, `0.0` or nothing, as it is on nearly all days.
    fileprivate var isNoSplit: Bool {
        switch count {
        case 0: true
        case 1: self[0] == 0x30 || self[0] == 0x31
        case 3: (self[0] == 0x30 || self[0] == 0x31) && self[1] == 0x2E && self[2] == 0x30
        default: false
        }
    }
}
