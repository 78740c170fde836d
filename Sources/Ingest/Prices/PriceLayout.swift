import Events

/// How the bars of a file are read: its kind of text, and the columns of each ticker.
struct PriceLayout {
    /// What lies around the bars.
    enum Kind: Equatable {
        /// Fields between delimiters, below so many lines of header.
        case text(delimiter: UInt8, headerLines: Int)
        /// Objects, by the members that say fields.
        case json(members: [PriceField: [String]], hasDateKeys: Bool, header: [PriceField])
    }

    var kind: Kind
    /// One, or in a wide file one a ticker.
    var columns: [PriceColumns]
    /// Whether its dates have times, as bars of minutes have.
    var hasTimes = false
    /// Whether its columns have the names of yfinance.
    var isYahoo = false
    /// What is said of the file besides its content; part of the import's digest.
    var remark = ""

    /// Finds how a file is read.
    static func of(
        _ name: String, _ options: PriceImporter.Options,
        needed: [PriceField] = PriceColumns.ofBars
    ) throws -> PriceLayout {
        let first = try InputFile.firstByte(name)
        return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
            ? try objects(name, options, needed) : try text(name, options, needed)
    }

    // MARK: Text

    private static func text(
        _ name: String, _ options: PriceImporter.Options, _ needed: [PriceField]
    ) throws -> PriceLayout {
        let outline = try TextOutline(name)
        guard let header = outline.records.first else {
            throw IngestError(.unknownHeader, file: name, "has no header line")
        }
        if let wide = WideHeader(outline.records) {
            var layout = PriceLayout(
                kind: .text(delimiter: outline.delimiter, headerLines: 3),
                columns: try wide.columns(name, needed: needed))
            layout.isYahoo = true
            return layout
        }
        var found = try PriceLayout.fields(header, name, options)
        let sample = Array(outline.records.dropFirst())
        let isIndex = needed == PriceColumns.ofIndex
        if isIndex, header.count == 2, found[.close] == nil, let date = found[.date] {
            // A date and one value, as FRED names it by the series.
            found[.close] = 1 - date
        }
        var columns = try PriceColumns(
            header, found, symbol: isIndex ? nil : try symbol(found, name, options, beside: nil),
            needed: needed, file: name)
        columns.numbers = try numbers(sample, columns, outline.delimiter, name, options)
        columns.dates = try dates(name, outline, columns, header, options)
        var layout = PriceLayout(
            kind: .text(delimiter: outline.delimiter, headerLines: 1), columns: [columns])
        layout.remark = PriceLayout.remark(columns, options)
        layout.isYahoo = header.contains { columnKey($0) == "stocksplits" }
        layout.hasTimes = sample.contains { record in
            record.count == header.count && PriceLayout.isTime(record[columns.date])
        }
        return layout
    }

    /// The columns by field; one that names an adjustment and is not understood is no detail.
    static func fields(
        _ header: [String], _ name: String, _ options: PriceImporter.Options
    ) throws(IngestError) -> [PriceField: Int] {
        let found: [PriceField: Int]
        // Polygon's grouped bars: T is the ticker and t the time.
        let isGrouped = header.contains("T") && header.contains("t") && options.mapping == nil
        let header = isGrouped ? header.map { $0 == "T" ? "ticker" : $0 } : header
        do throws(ColumnConflict<PriceField>) {
            found = try (options.mapping?.prices ?? PriceField.names).resolve(header)
        } catch {
            throw error.error(name)
        }
        let known = Set(found.values)
        for (index, column) in header.enumerated() where !known.contains(index) {
            let key = columnKey(column)
            guard key.contains("adj"), options.mapping == nil else { continue }
            if PriceField.computed.contains(key), found[.adjustedClose] != nil { continue }
            throw IngestError(
                .unknownHeader, file: name,
                "the column \"\(column)\" says something of adjusted prices and is not understood; "
                    + "take it out, or say with --map what it is")
        }
        return found
    }

    private static func numbers(
        _ sample: [[String]], _ columns: PriceColumns, _ delimiter: UInt8, _ name: String,
        _ options: PriceImporter.Options
    ) throws(IngestError) -> NumberReading {
        if let numbers = options.mapping?.numbers { return numbers }
        if delimiter == CSVReader.comma { return NumberReading() }
        var evidence = NumberEvidence()
        for record in sample where record.count == columns.count {
            for field in [PriceField.open, .high, .low, .close] {
                if let index = columns.found[field] { evidence.note(record[index]) }
            }
        }
        return try evidence.reading(name)
    }

    private static func dates(
        _ name: String, _ outline: TextOutline, _ columns: PriceColumns, _ header: [String],
        _ options: PriceImporter.Options
    ) throws(IngestError) -> DateReading {
        if let order = options.dates ?? options.mapping?.dates { return DateReading(order: order) }
        // Nasdaq's quotes.
        if header.contains(where: { columnKey($0) == "closelast" }) { return .american }
        var sample = DateEvidence()
        for record in outline.records.dropFirst() where record.count == columns.count {
            sample.note(record[columns.date])
        }
        guard sample.isNeeded else { return DateReading() }
        var evidence = DateEvidence()
        var reader = CSVReader(try InputFile(name), delimiter: outline.delimiter)
        _ = try reader.advance()
        while try reader.advance() {
            if reader.count == columns.count { evidence.note(reader.text(columns.date)) }
        }
        return DateReading(order: try evidence.order(name))
    }

    /// Whether a date is a moment: it has a colon, or counts since 1970.
    private static func isTime(_ text: String) -> Bool {
        text.contains(":") || (text.utf8.count >= 10 && text.utf8.allSatisfy(isDigit))
    }

    // MARK: Tickers

    /// The ticker of a file that has no column of them: beside the rows, as asked, or by its name.
    private static func symbol(
        _ found: [PriceField: Int], _ name: String, _ options: PriceImporter.Options,
        beside: String?
    ) throws(IngestError) -> Ticker? {
        if found[.ticker] != nil {
            guard options.symbol == nil else {
                throw IngestError(
                    .badOption, file: name,
                    "has a column of tickers; leave --symbol out")
            }
            return nil
        }
        if let beside { return TickerText.ticker(beside) }
        return options.symbol ?? options.mapping?.symbol ?? SymbolName.ticker(name)
    }

    private static func remark(_ columns: PriceColumns, _ options: PriceImporter.Options) -> String
    {
        var text = columns.symbol.map { " \($0)" } ?? ""
        if let order = columns.dates.order { text += " \(order.rawValue)" }
        if let mapping = options.mapping { text += " \(mapping.digest)" }
        return text
    }

    // MARK: JSON

    private static func objects(
        _ name: String, _ options: PriceImporter.Options, _ needed: [PriceField]
    ) throws -> PriceLayout {
        let outline = try JSONOutline(name)
        if let refusal = outline.refusal(name) { throw refusal }
        var found = try fields(outline.names, name, options)
        var members: [PriceField: [String]] = [:]
        for (field, index) in found { members[field] = [outline.names[index]] }
        if outline.hasDateKeys { found[.date] = found[.date] ?? outline.names.count }
        if outline.symbolKey != nil { found[.ticker] = found[.ticker] ?? outline.names.count }
        let isIndex = needed == PriceColumns.ofIndex
        let beside =
            found[.ticker] == nil && !isIndex
            ? try JSONOutline.symbol(outline.context) ?? JSONOutline.symbol(in: name) : nil
        let symbol = isIndex ? nil : try symbol(found, name, options, beside: beside)
        let header = PriceField.allCases.filter { found[$0] != nil }
        if let missing = needed.first(where: { found[$0] == nil }) {
            throw IngestError(
                .unknownHeader, file: name,
                "its objects say no \(missing); members for ticker, date, open, high, low, close "
                    + "and volume are needed, found \(outline.names.joined(separator: ", ")); "
                    + "say with --map what they are")
        }
        let places = Dictionary(uniqueKeysWithValues: header.enumerated().map { ($1, $0) })
        var columns = try PriceColumns(
            header.map(\.rawValue), places, symbol: symbol, needed: needed, file: name)
        columns.dates = DateReading(order: options.dates ?? options.mapping?.dates)
        if columns.dates.order == nil {
            var evidence = DateEvidence()
            for row in outline.rows {
                evidence.note(members[.date].flatMap { row[$0[0]]?.text } ?? "")
            }
            columns.dates.order = try evidence.order(name)
        }
        var layout = PriceLayout(
            kind: .json(
                members: members, hasDateKeys: outline.hasDateKeys, header: header),
            columns: [columns], remark: remark(columns, options))
        layout.hasTimes = outline.rows.contains { row in
            isTime(members[.date].flatMap { row[$0[0]]?.text } ?? "")
        }
        return layout
    }

    /// A reader of the rows, before the first; of a JSON file the text that `JSONBars` makes.
    func reader(_ file: InputFile) throws(IngestError) -> CSVReader {
        switch kind {
        case .text(let delimiter, let headerLines):
            var reader = CSVReader(file, delimiter: delimiter)
            for _ in 0..<headerLines { _ = try reader.advance() }
            return reader
        case .json(let members, let hasDateKeys, let header):
            let bars = JSONBars(file, members, hasDateKeys: hasDateKeys, header: header)
            return CSVReader(bars, delimiter: CSVReader.comma)
        }
    }
}
