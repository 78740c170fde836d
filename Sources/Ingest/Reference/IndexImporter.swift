public import Events

/// Reads daily closes of the market index or the volatility index into a log.
public struct IndexImporter {
    private let writer: IngestWriter
    private let series: IndexSeries
    private let symbol: String
    private let onReject: (RejectedRow) throws -> Void

    /// An importer of one series; `symbol` says what it was made from.
    public init(
        _ writer: IngestWriter, series: IndexSeries, symbol: String,
        onReject: @escaping (RejectedRow) throws -> Void
    ) {
        self.writer = writer
        self.series = series
        self.symbol = asciiText(symbol, limit: 16)
        self.onReject = onReject
    }

    /// Reads one file to its end.
    public func run(_ name: String) throws -> FileReport {
        let box = ReportBox(FileReport(file: name, format: "index"))
        var table = try TableReader(name)
        guard table.has("date", "close") else {
            throw IngestError(
                .unknownHeader, file: name,
                "line 1: columns date and close are needed, found \(table.columns)")
        }
        let survey = try InputFile.survey(name)
        try writer.begin(name, isSimulated: survey.isSimulated)
        let source = sha256(Array("\(survey.digest) \(series) \(symbol)".utf8))
        let isAdjusted = table.has("adj_close")
        var seen: [Day: Double] = [:]
        while try table.advance() {
            box.report.rows += 1
            do throws(Rejection) {
                let event = try event(table, source, isAdjusted)
                if let known = seen[event.day] {
                    guard known == event.close else {
                        throw Rejection(.conflictingRow, field: "date")
                    }
                    box.report.duplicates += 1
                    continue
                }
                seen[event.day] = event.close
                box.pending.append(event)
            } catch {
                box.report.reject(error.reason, line: table.line)
                try onReject(
                    RejectedRow(
                        file: name, line: table.line, reason: error.reason, field: error.field,
                        row: table.record))
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

    private func event(_ table: borrowing TableReader, _ source: Digest, _ isAdjusted: Bool)
        throws(Rejection) -> IndexClosed
    {
        guard table.isWhole else { throw Rejection(.malformedRow) }
        guard let day = DateText.day(table.text("date")) else {
            throw Rejection(.badDate, field: "date")
        }
        guard let close = DecimalText.double(table.text("close")) else {
            throw Rejection(.badNumber, field: "close")
        }
        guard InputRange.indexLevel.contains(close) else {
            throw Rejection(.badPrice, field: "close")
        }
        var adjusted: Double?
        if isAdjusted {
            guard let value = DecimalText.double(table.text("adj_close")),
                InputRange.indexLevel.contains(value)
            else {
                throw Rejection(.badNumber, field: "adj_close")
            }
            adjusted = value
        }
        return IndexClosed(
            envelope: Envelope(
                knownAt: Instant(day, hour: 21), recordedAt: .epoch, actor: .importer,
                flags: isAdjusted ? .hindsight : []),
            source: source, open: DecimalText.double(table.text("open")),
            high: DecimalText.double(table.text("high")),
            low: DecimalText.double(table.text("low")), close: close, adjustedClose: adjusted,
            day: day, series: series, symbol: symbol, conflicts: 0)
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
