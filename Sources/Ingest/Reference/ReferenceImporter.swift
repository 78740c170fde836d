import Events

/// Reads reference files into a log: parties of filers, sectors of tickers.
///
/// A row without a date is known at 1970-01-01 and carries `hindsight`; a column `valid_from` gives
/// the date from which it is known.
public struct ReferenceImporter {
    private let writer: IngestWriter
    private let onReject: (RejectedRow) throws -> Void

    /// An importer; `onReject` hears of each row left out.
    public init(_ writer: IngestWriter, onReject: @escaping (RejectedRow) throws -> Void) {
        self.writer = writer
        self.onReject = onReject
    }

    /// Reads one file to its end.
    public func run(_ name: String) throws -> FileReport {
        var table = try TableReader(name)
        let isSectors = table.has("symbol", "sector") || table.has("ticker", "sector")
        let isParties = table.has("bioguide_id", "party")
        guard isSectors || isParties else {
            throw IngestError(
                .unknownHeader, file: name,
                "line 1: columns symbol and sector, or bioguide_id and party are needed, found "
                    + table.columns)
        }
        try writer.begin(name, isSimulated: try InputFile.survey(name).isSimulated)
        let box = ReportBox(FileReport(file: name, format: isSectors ? "sectors" : "parties"))
        while try table.advance() {
            box.report.rows += 1
            do throws(Rejection) {
                guard table.isWhole else { throw Rejection(.malformedRow) }
                box.pending.append(isSectors ? try sector(table) : try party(table))
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

    private func validity(_ table: borrowing TableReader) throws(Rejection) -> (Day?, Envelope) {
        let text = table.text("valid_from")
        guard !text.isEmpty else {
            return (
                nil,
                Envelope(
                    knownAt: .epoch, recordedAt: .epoch, actor: .importer, flags: .hindsight)
            )
        }
        guard let day = DateText.day(text) else { throw Rejection(.badDate, field: "valid_from") }
        let knownAt = Instant(day + 1, hour: 5)
        return (day, Envelope(knownAt: knownAt, recordedAt: .epoch, actor: .importer))
    }

    private func sector(_ table: borrowing TableReader) throws(Rejection) -> any EventMessage {
        let symbol = table.has("symbol") ? table.text("symbol") : table.text("ticker")
        guard let ticker = TickerText.ticker(symbol) else {
            throw Rejection(.badTicker, field: "symbol")
        }
        guard let sector = optionalText(table.text("sector"), limit: 32) else {
            throw Rejection(.missingField, field: "sector")
        }
        let (day, envelope) = try validity(table)
        return InstrumentClassified(
            envelope: envelope, validFrom: day, ticker: ticker, sector: sector,
            name: optionalText(table.text("name"), limit: 48))
    }

    /// The office as filings write it: MI03 for the House, a senator's state.
    private func office(_ table: borrowing TableReader) -> String {
        if table.has("office") { return table.text("office") }
        let district = table.text("district")
        return table.text("state") + (district.utf8.count == 1 ? "0" : "") + district
    }

    private func party(_ table: borrowing TableReader) throws(Rejection) -> any EventMessage {
        let full = table.has("full_name") ? table.text("full_name") : table.text("name")
        let plain = full.isEmpty ? table.text("first_name") + " " + table.text("last_name") : full
        guard let name = optionalText(plain, limit: 48) else {
            throw Rejection(.missingField, field: "name")
        }
        let bioguide = optionalText(table.text("bioguide_id"), limit: 8)
        let party = Party(text: table.text("party"))
        guard bioguide != nil || party != nil else {
            throw Rejection(.missingField, field: "bioguide_id")
        }
        let chamber = Chamber(text: table.text(table.has("chamber") ? "chamber" : "type"))
        let (day, envelope) = try validity(table)
        return PoliticianDescribed(
            envelope: envelope, validFrom: day, chamber: chamber,
            party: party, bioguide: bioguide,
            office: optionalText(office(table), limit: 16),
            name: name)
    }
}
