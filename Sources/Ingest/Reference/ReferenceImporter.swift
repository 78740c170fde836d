import Events

/// Reads reference files into a log: parties of filers, sectors of tickers, seats on
/// committees.
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
        let first = try InputFile.firstByte(name)
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return try members(name) }
        var table = try TableReader(name)
        let kind = try kind(of: table)
        try writer.begin(name, isSimulated: try InputFile.survey(name).isSimulated)
        let box = ReportBox(FileReport(file: name, format: kind.rawValue))
        while try table.advance() {
            let event: Result<any EventMessage, Rejection>
            do throws(Rejection) {
                event = .success(try self.event(table, kind))
            } catch {
                event = .failure(error)
            }
            try take(event, line: table.line, table.record, box)
        }
        return try finish(box)
    }

    /// What a table says.
    private enum Kind: String {
        case sectors, parties, committees
    }

    private func kind(of table: borrowing TableReader) throws(IngestError) -> Kind {
        if table.has("symbol", "sector") || table.has("ticker", "sector") { return .sectors }
        let hasPerson = ["bioguide_id", "bioguide", "name", "full_name"].contains { table.has($0) }
        if table.has("committee"), hasPerson { return .committees }
        if table.has("bioguide_id", "party") { return .parties }
        throw IngestError(
            .unknownHeader, file: table.file,
            "line 1: columns symbol and sector, or bioguide_id and party, or committee and "
                + "bioguide_id or name are needed, found \(table.columns)"
                + (table.file.hasSuffix("ml") ? " (YAML is read as JSON: convert it)" : ""))
    }

    private func event(
        _ table: borrowing TableReader, _ kind: Kind
    ) throws(Rejection) -> any EventMessage {
        guard table.isWhole else { throw Rejection(.malformedRow) }
        return switch kind {
        case .sectors: try sector(table)
        case .parties: try party(table)
        case .committees: try CommitteeSeat(table).event(today: writer.today)
        }
    }

    /// Reads a JSON file of the members of committees.
    private func members(_ name: String) throws -> FileReport {
        var scanner = JSONScanner(try InputFile(name))
        try writer.begin(name, isSimulated: try InputFile.survey(name).isSimulated)
        let box = ReportBox(FileReport(file: name, format: "committees"))
        while try scanner.advance() {
            let event: Result<any EventMessage, Rejection>
            do throws(Rejection) {
                guard !scanner.isMalformed, let value = try? JSONParser.parse(scanner.element)
                else { throw Rejection(.malformedRow) }
                event = .success(
                    try CommitteeSeat(value, key: scanner.key).event(today: writer.today))
            } catch {
                event = .failure(error)
            }
            try take(event, line: box.report.rows + 1, scanner.element, box)
        }
        return try finish(box)
    }

    /// Takes a row, or says why not.
    private func take(
        _ event: Result<any EventMessage, Rejection>, line: Int, _ record: [UInt8],
        _ box: ReportBox
    ) throws {
        box.report.rows += 1
        switch event {
        case .success(let event): box.pending.append(event)
        case .failure(let rejection):
            box.report.reject(rejection, line: line)
            try onReject(
                RejectedRow(
                    file: box.report.file, line: line, reason: rejection.reason,
                    field: rejection.field, value: rejection.value, row: record))
        }
    }

    private func finish(_ box: ReportBox) throws -> FileReport {
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
