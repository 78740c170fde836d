import Events

/// Reads a file of corporate actions into a log: splits, dividends, spin-offs, changes of symbol
/// and delistings, one a row.
///
/// Columns: ticker, ex_date, kind (split, dividend, spin-off, symbol-change, delisting), ratio (new
/// shares for one old, `4` or `4:1`), amount (dollars a share: of a dividend, of what is spun off,
/// or what a holder gets for a share that is delisted), new_ticker, and perhaps announced, a date.
/// An action is known at 05:00 UTC of its ex-date, or at 05:00 of the day after it was announced if
/// that is earlier.
public struct ActionImporter {
    private let writer: IngestWriter
    private let dates: DateOrder?
    private let onReject: (RejectedRow) throws -> Void

    /// An importer; `dates` is the order of dates like 01/02/2020, `onReject` hears of each row
    /// left out.
    public init(
        _ writer: IngestWriter, dates: DateOrder? = nil,
        onReject: @escaping (RejectedRow) throws -> Void
    ) {
        (self.writer, self.dates, self.onReject) = (writer, dates, onReject)
    }

    /// Reads one file to its end.
    public func run(_ name: String) throws -> FileReport {
        var table = try TableReader(name)
        guard let symbol = ["ticker", "symbol"].first(where: { table.has($0) }),
            let date = ["ex_date", "exdate", "ex_day", "date"].first(where: { table.has($0) }),
            let kind = ["kind", "action", "type"].first(where: { table.has($0) })
        else {
            throw IngestError(
                .unknownHeader, file: name,
                "line 1: columns ticker, ex_date and kind are needed, with ratio, amount, "
                    + "new_ticker and announced as the kinds need them, found \(table.columns)")
        }
        let survey = try InputFile.survey(name)
        try writer.begin(name, isSimulated: survey.isSimulated)
        let source = sha256(Array("\(survey.digest) actions".utf8))
        let box = ReportBox(FileReport(file: name, format: "actions"))
        while try table.advance() {
            box.report.rows += 1
            do throws(Rejection) {
                guard table.isWhole else { throw Rejection(.malformedRow) }
                box.pending.append(
                    try event(
                        table, symbol: table.text(symbol), date: (date, table.text(date)),
                        kind: table.text(kind), source))
            } catch {
                box.report.reject(error, line: table.line)
                try onReject(
                    RejectedRow(
                        file: name, line: table.line, reason: error.reason, field: error.field,
                        value: error.value, row: table.record))
            }
        }
        for event in box.pending { try writer.put(event) { box.settle($0) } }
        try writer.flush()
        precondition(box.report.addsUp, "every row is added, a duplicate or rejected")
        return box.report
    }

    private func event(
        _ table: borrowing TableReader, symbol: String, date: (column: String, text: String),
        kind text: String, _ source: Digest
    ) throws(Rejection) -> CorporateActionAnnounced {
        guard let ticker = TickerText.ticker(symbol) else {
            throw Rejection(.badTicker, field: "ticker", value: symbol)
        }
        let exDay = try day(date.text, date.column)
        guard let kind = ActionImporter.kind(text) else {
            throw Rejection(
                .badNumber, field: "kind",
                value: "\(text) (write split, dividend, spin-off, symbol-change or delisting)")
        }
        var (ratio, amount): (Double?, Double?)
        var newTicker: Ticker?
        switch kind {
        case .split: ratio = try self.ratio(table)
        case .dividend: amount = try self.amount(table)
        case .spinOff where trimmed(table.text("ratio")).isEmpty: amount = try self.amount(table)
        case .spinOff: ratio = try self.ratio(table)
        case .symbolChange:
            let text = table.text("new_ticker")
            guard let other = TickerText.ticker(text), other != ticker else {
                throw Rejection(.badTicker, field: "new_ticker", value: text)
            }
            newTicker = other
        default:
            if !trimmed(table.text("amount")).isEmpty { amount = try self.amount(table) }
        }
        let announced = trimmed(table.text("announced"))
        var knownAt = Instant(exDay, hour: 5)
        if !announced.isEmpty {
            let announcedOn = try day(announced, "announced")
            guard announcedOn <= exDay else {
                throw Rejection(
                    .badDate, field: "announced", value: "\(announced) (after the ex-date)")
            }
            knownAt = min(knownAt, Instant(announcedOn + 1, hour: 5))
        } else if let today = writer.today, exDay > today {
            throw Rejection(
                .badDate, field: date.column,
                value: "\(date.text) (lies in the future: say when it was announced)")
        }
        return CorporateActionAnnounced(
            envelope: Envelope(knownAt: knownAt, recordedAt: .epoch, actor: .importer),
            ratio: ratio, amount: amount, exDay: exDay, ticker: ticker, newTicker: newTicker,
            kind: kind, source: source)
    }

    private func day(_ text: String, _ field: String) throws(Rejection) -> Day {
        let day = DateReading(order: dates).day(text)
        guard let day else { throw Rejection(.badDate, field: field, value: text) }
        return day
    }

    private func ratio(_ table: borrowing TableReader) throws(Rejection) -> Double {
        let text = table.text("ratio")
        guard let ratio = SplitRatio.value(text), ratio != 1 else {
            throw Rejection(
                .badNumber, field: "ratio", value: "\(text) (new shares for one old, 4 or 4:1)")
        }
        return ratio
    }

    private func amount(_ table: borrowing TableReader) throws(Rejection) -> Double {
        let text = table.text("amount")
        guard let amount = Double(trimmed(text)), amount >= 0, InputRange.price.upperBound >= amount
        else { throw Rejection(.badNumber, field: "amount", value: text) }
        return amount
    }

    private static func kind(_ text: String) -> CorporateActionKind? {
        switch columnKey(text) {
        case "split", "stocksplit", "reversesplit": .split
        case "dividend", "cashdividend", "specialdividend": .dividend
        case "spinoff": .spinOff
        case "symbolchange", "changeofsymbol", "tickerchange", "namechange": .symbolChange
        case "delisting", "delisted": .delisting
        default: nil
        }
    }
}
