import Events

extension DisclosureImporter {
    /// Reads a JSON file: the Senate's aggregate, whose filings hold their transactions, or objects
    /// of one transaction each.
    func readObjects(_ file: InputFile, _ session: Session) throws {
        let outline = try JSONOutline(file.name)
        if !outline.rows.isEmpty, let refusal = outline.refusal(file.name) { throw refusal }
        let isNested = outline.hasTransactions || outline.rows.isEmpty
        if isNested || options.format == .senateJSON {
            if let format = options.format, format != .senateJSON {
                throw IngestError(
                    .wrongFormat, file: file.name,
                    "holds JSON, --format says \(format.optionName); leave --format out")
            }
            guard isNested else {
                throw IngestError(
                    .wrongFormat, file: file.name,
                    "its objects have no transactions, as the Senate's filings have; leave "
                        + "--format out")
            }
            try readSenate(file, isLines: outline.isOfTransactions, session)
            return
        }
        guard options.format == nil || options.format == .columns else {
            throw IngestError(
                .wrongFormat, file: file.name, "holds JSON, --format says a CSV; leave it out")
        }
        var reading = try FilingReading(
            outline.names, file: file.name, mapping: options.mapping,
            symbol: JSONOutline.symbol(outline.context))
        reading.dates = try dates(reading, outline, file.name)
        try read(file, reading, outline.names, session)
    }

    private func read(
        _ file: InputFile, _ reading: FilingReading, _ names: [String], _ session: Session
    ) throws {
        let layout = SourceLayout.columns(reading)
        session.report.format = layout.name
        // Members are found by name: an object may have them in any order, or lack some.
        var objects = FilingObjects(reading, names)
        let prefix = reading.prefix
        var scanner = JSONScanner(file)
        while try scanner.advance() {
            session.report.rows += 1
            onProgress(file, session.report.rows)
            let element = scanner.element
            let source = prefix + element
            guard !scanner.isMalformed, let values = objects.values(of: element) else {
                try reject(
                    Rejection(.malformedRow), source, shown: element, line: session.report.rows,
                    layout, session)
                continue
            }
            try take(
                reading.filled(values), source, shown: element, line: session.report.rows, layout,
                session)
        }
    }

    private func dates(
        _ reading: FilingReading, _ outline: JSONOutline, _ file: String
    ) throws(IngestError) -> DateReading {
        if let order = options.dates ?? options.mapping?.dates { return DateReading(order: order) }
        guard reading.source == nil else { return .american }
        guard let filed = reading.fields[.filed].map({ outline.names[$0] }),
            let traded = reading.fields[.traded].map({ outline.names[$0] })
        else { return DateReading() }
        var sample = DateEvidence()
        for row in outline.rows {
            sample.note(filed: row[filed]?.text ?? "", traded: row[traded]?.text ?? "")
        }
        guard sample.isNeeded else { return DateReading() }
        var evidence = DateEvidence()
        var scanner = JSONScanner(try InputFile(file))
        while try scanner.advance() {
            guard let row = try? JSONParser.parse(scanner.element) else { continue }
            evidence.note(filed: row[filed]?.text ?? "", traded: row[traded]?.text ?? "")
        }
        return DateReading(order: try evidence.order(file))
    }

    /// Notes what is strange about a row that is taken.
    func remark(on statement: RowStatement, _ line: Int, _ session: Session) {
        let row: DisclosureRow
        switch statement {
        case .filed(let filed):
            row = filed
            know(filed, filed.filingID, isAmendment: false, session)
        case .amended(let amended, let id, let amends):
            row = amended
            know(amended, id, isAmendment: true, session)
            if amends.isEmpty {
                session.ended.end(row: row, line: line, isWithdrawal: false)
            } else {
                session.ended.end(
                    filing: amends, on: row.filedOn, line: line, isWithdrawal: false)
            }
        case .withdrawn(let id, let day):
            session.ended.end(filing: id, on: day, line: line, isWithdrawal: true)
            return
        case .rowWithdrawn(let withdrawn):
            session.ended.end(row: withdrawn, line: line, isWithdrawal: true)
            return
        }
        if row.tradedOn < DisclosureImporter.act {
            session.report.note(.tradedBeforeAct, line: line)
        }
        if row.filedOn - row.tradedOn > 5 * 365 {
            session.report.note(.filedYearsLater, line: line)
        }
        if let band = row.band, !band.isOfficial {
            session.report.note(.amountOutsideBands, line: line)
        }
    }

    private func know(
        _ row: DisclosureRow, _ filingID: String?, isAmendment: Bool, _ session: Session
    ) {
        guard writer.isRehearsal else { return }
        session.ended.know(row, filingID: filingID, isAmendment: isAmendment)
    }

    /// Notes the amendments and withdrawals of filings that neither this file nor the log has, or
    /// that were filed only later.
    func remarkOnEnded(_ session: Session) throws {
        for (line, isWithdrawal) in try session.ended.unmet(in: writer.log) {
            session.report.note(isWithdrawal ? .withdrawsNothing : .amendsNothing, line: line)
        }
    }

    /// The STOCK Act was signed on 2012-04-04.
    private static let act = Day(rawValue: 15_434)
}

/// The values of filings that are written as objects.
private struct FilingObjects {
    private let columns: [(field: FilingField, index: Int)]
    private let wanted: [String]
    private var objects: FlatObjects

    /// Reads members of these names.
    init(_ reading: FilingReading, _ names: [String]) {
        columns = reading.columns
        wanted = columns.map { names[$0.index] } + reading.titles.map { names[$0] }
        objects = FlatObjects(wanted: wanted)
    }

    /// The values in the canonical order of fields; nil for what is no object.
    mutating func values(of element: [UInt8]) -> [String]? {
        var values = FilingReading.noValues
        let columns = columns
        let isFlat = try? objects.read(element) { place, text in
            FilingObjects.note(place, text, columns, &values)
        }
        guard let isFlat else { return nil }
        if isFlat { return values }
        guard let row = try? JSONParser.parse(element), case .object = row.content else {
            return nil
        }
        values = FilingReading.noValues
        for (name, value) in row.flattened {
            guard let place = wanted.firstIndex(of: name) else { continue }
            FilingObjects.note(place, value.text, columns, &values)
        }
        return values
    }

    private static func note(
        _ place: Int, _ text: String?, _ columns: [(field: FilingField, index: Int)],
        _ values: inout [String]
    ) {
        if place < columns.count {
            values[columns[place].field.rawValue] = trimmed(text ?? "")
        } else if let text {
            let title = values[FilingField.title.rawValue]
            values[FilingField.title.rawValue] = title.isEmpty ? text : title + " " + text
        }
    }
}
