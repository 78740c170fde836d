public import Events

/// Reads daily closes of the market index or the volatility index into a log.
public struct IndexImporter {
    private let writer: IngestWriter
    private let series: IndexSeries
    private let symbol: String
    private let options: PriceImporter.Options
    private let onReject: (RejectedRow) throws -> Void

    /// An importer of one series; `symbol` says what it was made from, of `options` the order of
    /// dates and the mapping count.
    public init(
        _ writer: IngestWriter, series: IndexSeries, symbol: String,
        options: PriceImporter.Options = .init(),
        onReject: @escaping (RejectedRow) throws -> Void
    ) {
        self.writer = writer
        self.series = series
        self.symbol = asciiText(symbol, limit: 16)
        self.options = options
        self.onReject = onReject
    }

    /// Reads one file to its end.
    public func run(_ name: String) throws -> FileReport {
        let box = ReportBox(FileReport(file: name, format: "index"))
        let layout = try PriceLayout.of(name, options, needed: PriceColumns.ofIndex)
        let columns = try columns(layout, name)
        let own = try ownRows(layout, columns, name)
        let survey = try InputFile.survey(name)
        try writer.begin(name, isSimulated: survey.isSimulated)
        let today = writer.today
        var table = try layout.reader(try InputFile(name))
        table.expectedFields = columns.count
        let source = sha256(
            Array("\(survey.digest) \(series) \(symbol)\(layout.remark)".utf8))
        var seen: [Day: Double] = [:]
        while try table.advance() {
            box.report.rows += 1
            do throws(Rejection) {
                if let own, let column = columns.ticker, table.count == columns.count,
                    !own.contains(table.text(column))
                {
                    throw Rejection(.excluded, field: "ticker", value: table.text(column))
                }
                let event = try event(table, columns, source, today)
                if let known = seen[event.day] {
                    guard known == event.close else {
                        throw Rejection(
                            .conflictingRow, field: "date", value: "\(event.day)")
                    }
                    box.report.duplicates += 1
                    continue
                }
                seen[event.day] = event.close
                box.pending.append(event)
            } catch {
                box.report.reject(error, line: table.line)
                try onReject(
                    RejectedRow(
                        file: name, line: table.line, reason: error.reason, field: error.field,
                        value: error.value, row: table.record))
            }
        }
        let repeats = box.report.duplicates
        for event in box.pending { try writer.put(event) { box.settle($0) } }
        try writer.put(summary(of: box, repeats: repeats, source)) { isNew in
            if isNew { box.report.events += 1 }
        }
        try writer.flush()
        precondition(box.report.addsUp, "every row is added, a duplicate or rejected")
        return box.report
    }

    /// The columns of the series: of several tickers side by side those of the symbol.
    private func columns(_ layout: PriceLayout, _ file: String) throws(IngestError) -> PriceColumns
    {
        if layout.columns.count == 1 { return layout.columns[0] }
        if let own = layout.columns.first(where: { isSymbol($0.name) }) { return own }
        throw severalSymbols(layout.columns.map(\.name), file)
    }

    /// The spellings of the symbol in a file whose rows are of several tickers, which the rows of
    /// the series have; nil where all rows are of one.
    private func ownRows(
        _ layout: PriceLayout, _ columns: PriceColumns, _ file: String
    ) throws -> [String]? {
        guard let column = columns.ticker else { return nil }
        var names: [String] = []
        var table = try layout.reader(try InputFile(file))
        while try table.advance() {
            guard table.count == columns.count else { continue }
            let name = table.text(column)
            if !names.contains(name), names.count < 1_000 { names.append(name) }
        }
        guard names.count > 1 else { return nil }
        let own = names.filter(isSymbol)
        guard !own.isEmpty else { throw severalSymbols(names, file) }
        return own
    }

    private func isSymbol(_ name: String) -> Bool { columnKey(name) == columnKey(symbol) }

    private func severalSymbols(_ names: [String], _ file: String) -> IngestError {
        IngestError(
            .wrongFormat, file: file,
            "has rows of \(names.prefix(5).joined(separator: ", "))"
                + (names.count > 5 ? " and others" : "")
                + ", and none of \(symbol); say with --symbol which of them the series is")
    }

    private func summary(of box: ReportBox, repeats: Int, _ source: Digest) -> PricesRejected {
        PricesRejected(
            envelope: Envelope(knownAt: .epoch, recordedAt: .epoch, actor: .importer),
            source: source, rows: UInt64(box.report.rows), accepted: UInt64(box.pending.count),
            duplicates: UInt64(repeats),
            reasons: box.report.reasons.map {
                PricesRejected.Reason(
                    count: UInt64($0.count), firstLine: UInt64($0.firstLine), reason: $0.reason)
            })
    }

    private func event(
        _ row: borrowing CSVReader, _ columns: PriceColumns, _ source: Digest, _ today: Day?
    ) throws(Rejection) -> IndexClosed {
        guard !row.isMalformed, row.count == columns.count else { throw Rejection(.malformedRow) }
        let date = row.text(columns.date)
        guard let day = columns.dates.day(date) else {
            throw Rejection(.badDate, field: "date", value: date)
        }
        if let today, day > today {
            throw Rejection(.badDate, field: "date", value: "\(date) (lies in the future)")
        }
        guard let close = number(row, columns, .close) else {
            throw Rejection(.badNumber, field: "close", value: text(row, columns, .close))
        }
        guard InputRange.indexLevel.contains(close) else {
            throw Rejection(.badPrice, field: "close", value: text(row, columns, .close))
        }
        var adjusted: Double?
        if columns.adjusted != nil {
            guard let value = number(row, columns, .adjustedClose),
                InputRange.indexLevel.contains(value)
            else {
                throw Rejection(
                    .badNumber, field: "adj_close", value: text(row, columns, .adjustedClose))
            }
            adjusted = value
        }
        return IndexClosed(
            envelope: Envelope(
                knownAt: Instant(day, hour: 21), recordedAt: .epoch, actor: .importer,
                flags: adjusted != nil ? .hindsight : []),
            source: source, open: number(row, columns, .open),
            high: number(row, columns, .high), low: number(row, columns, .low), close: close,
            adjustedClose: adjusted,
            day: day, series: series, symbol: symbol, conflicts: 0)
    }

    private func text(
        _ row: borrowing CSVReader, _ columns: PriceColumns, _ field: PriceField
    ) -> String {
        columns.found[field].map { row.text($0) } ?? ""
    }

    private func number(
        _ row: borrowing CSVReader, _ columns: PriceColumns, _ field: PriceField
    ) -> Double? {
        columns.numbers.value(text(row, columns, field))
    }
}

/// A report that closures fill in.
final class ReportBox {
    var report: FileReport
    var pending: [any EventMessage] = []

    init(_ report: FileReport) {
        self.report = report
    }

    func settle(_ isNew: Bool) {
        if isNew {
            report.added += 1
            report.events += 1
        } else {
            report.duplicates += 1
        }
    }
}
