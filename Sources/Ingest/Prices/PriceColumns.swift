import Events

/// One bar of a file and its line.
struct PriceRow {
    var bar: SessionClosed.Bar
    var line: Int

    var ticker: Ticker { bar.ticker }
}

/// Where a price file's columns stand, and how a row is read.
struct PriceColumns {
    let count: Int
    let ticker: Int
    let date: Int
    let prices: [Int]
    let volume: Int
    let adjusted: Int?

    private static let priceNames = ["open", "high", "low", "close"]
    /// Relative slack for prices that were rounded after scaling.
    private static let tolerance = 1e-9

    init(_ reader: borrowing CSVReader, file: String) throws(IngestError) {
        let header = (0..<reader.count).map { reader.text($0).lowercased() }
        count = header.count
        let ticker = header.firstIndex(of: "ticker") ?? header.firstIndex(of: "symbol")
        let prices = PriceColumns.priceNames.compactMap { header.firstIndex(of: $0) }
        guard let ticker, let date = header.firstIndex(of: "date"), prices.count == 4,
            let volume = header.firstIndex(of: "volume")
        else {
            throw IngestError(
                .unknownHeader, file: file,
                "line 1: columns ticker, date, open, high, low, close and volume are needed, found "
                    + header.joined(separator: ", "))
        }
        self.ticker = ticker
        self.date = date
        self.prices = prices
        self.volume = volume
        adjusted = header.firstIndex(of: "adj_close")
    }

    /// The bar of the reader's row, or the first reason against it.
    func row(_ reader: borrowing CSVReader) throws(Rejection) -> (Day, PriceRow) {
        guard !reader.isMalformed, reader.count == count else { throw Rejection(.malformedRow) }
        let bytes = reader.bytes
        guard let day = DateText.day(bytes.extracting(bytes.trimmed(reader.range(date)))) else {
            throw Rejection(.badDate, field: "date")
        }
        guard let symbol = PriceColumns.ticker(bytes, bytes.trimmed(reader.range(ticker))) else {
            throw Rejection(.badTicker, field: "ticker")
        }
        var open = try number(bytes, reader.range(prices[0]), "open")
        var high = try number(bytes, reader.range(prices[1]), "high")
        var low = try number(bytes, reader.range(prices[2]), "low")
        var close = try number(bytes, reader.range(prices[3]), "close")
        let volume = try number(bytes, reader.range(volume), "volume")
        guard low > 0, open > 0, close > 0 else { throw Rejection(.badPrice, field: "low") }
        if let adjusted {
            let adjustedClose = try number(bytes, reader.range(adjusted), "adj_close")
            guard adjustedClose > 0 else { throw Rejection(.badPrice, field: "adj_close") }
            let factor = adjustedClose / close
            open *= factor
            high *= factor
            low *= factor
            close = adjustedClose
        }
        guard low > 0, high.isFinite else { throw Rejection(.badPrice, field: "adj_close") }
        let slack = 1 + PriceColumns.tolerance
        guard low <= min(open, close) * slack, high * slack >= max(open, close) else {
            throw Rejection(.badPrice, field: "high")
        }
        let bar = SessionClosed.Bar(
            ticker: symbol, open: open, high: high, low: low, close: close, volume: volume)
        guard InputRange.price.contains(low), InputRange.price.contains(high) else {
            throw Rejection(
                .badPrice, field: InputRange.price.contains(low) ? "high" : "low")
        }
        guard InputRange.volume.contains(volume) else {
            throw Rejection(.badNumber, field: "volume")
        }
        return (day, PriceRow(bar: bar, line: reader.line))
    }

    private func number(_ bytes: Span<UInt8>, _ range: Range<Int>, _ field: String)
        throws(Rejection) -> Double
    {
        guard let value = DecimalText.double(bytes, bytes.trimmed(range)) else {
            throw Rejection(.badNumber, field: field)
        }
        return value
    }

    /// A symbol upper-cased, a share class spelled as filings are (BRK.B is BRK-B).
    private static func ticker(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Ticker? {
        guard !range.isEmpty, range.count <= 8 else { return nil }
        var packed: UInt64 = 0
        for index in range {
            var byte = bytes[index]
            guard byte > 0x20, byte < 0x7F else { return nil }
            if byte == 0x2E || byte == 0x5F || byte == 0x2F {
                let text = range.map { bytes[$0] }
                return TickerText.ticker(String(decoding: text, as: UTF8.self))
            }
            if byte &- 0x61 < 26 { byte -= 0x20 }
            packed = packed << 8 | UInt64(byte)
        }
        return Ticker(rawValue: packed << UInt64(8 * (8 - range.count)))
    }
}
