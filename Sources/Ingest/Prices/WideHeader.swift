import Events

/// The three header lines of yfinance's tables: names of fields, tickers, and `Date`.
struct WideHeader {
    private let fields: [String]
    private let tickers: [String]

    /// Reads the first records of a file; nil when they are no such header.
    init?(_ records: [[String]]) {
        guard records.count >= 3, let first = records[0].first, let second = records[1].first,
            let third = records[2].first, records[0].count == records[1].count,
            records[0].count >= 2, ["date", "datetime"].contains(columnKey(third)),
            records[2].dropFirst().allSatisfy(\.isEmpty)
        else { return nil }
        let marks = [columnKey(first), columnKey(second)]
        if marks == ["", ""], WideHeader.isOfFields(records[1]) {
            // Nothing says which line is which: the one of fields does.
            (fields, tickers) = (records[1], records[0])
            return
        }
        switch (marks[0], marks[1]) {
        case ("price", "ticker"), ("price", ""), ("attributes", "symbols"), ("", ""),
            ("", "ticker"):
            (fields, tickers) = (records[0], records[1])
        case ("ticker", "price"), ("ticker", ""), ("symbols", "attributes"):
            (fields, tickers) = (records[1], records[0])
        default: return nil
        }
    }

    private static func isOfFields(_ line: [String]) -> Bool {
        line.dropFirst().allSatisfy { PriceField.names.strong[columnKey($0)] != nil }
    }

    /// The columns of each ticker, in the order of the file.
    ///
    /// Of an index the name may be none that a share can have (`^GSPC`); it is kept as it stands.
    func columns(
        _ file: String, needed: [PriceField] = PriceColumns.ofBars
    ) throws(IngestError) -> [PriceColumns] {
        var order: [String] = []
        var places: [String: [Int]] = [:]
        for index in tickers.indices.dropFirst() {
            if places[tickers[index]] == nil { order.append(tickers[index]) }
            places[tickers[index], default: []].append(index)
        }
        var result: [PriceColumns] = []
        for name in order {
            let own = places[name] ?? []
            let isIndex = needed == PriceColumns.ofIndex
            let ticker = TickerText.ticker(name)
            guard ticker != nil || isIndex else {
                throw IngestError(
                    .unknownHeader, file: file,
                    "its header names \"\(name)\", which is no ticker; take its columns out")
            }
            var found: [PriceField: Int] = [.date: 0]
            do throws(ColumnConflict<PriceField>) {
                for (field, index) in try PriceField.names.resolve(own.map { fields[$0] })
                where field != .date && field != .ticker {
                    found[field] = own[index]
                }
            } catch {
                throw error.error(file)
            }
            var columns = try PriceColumns(
                fields, found, symbol: ticker, needed: needed, file: file)
            columns.isWide = true
            columns.name = name
            result.append(columns)
        }
        return result
    }
}
