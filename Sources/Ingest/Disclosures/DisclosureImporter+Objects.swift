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
        let columns = reading.columns
        let titles = reading.titles.map { names[$0] }
        let wanted = columns.map { names[$0.index] } + titles
        var objects = FlatObjects(wanted: wanted)
        let prefix = reading.prefix
        var scanner = JSONScanner(file)
        while try scanner.advance() {
            session.report.rows += 1
            onProgress(file, session.report.rows)
            let element = scanner.element
            let source = prefix + element
            var values = FilingReading.noValues
            func note(_ place: Int, _ text: String?) {
                if place < columns.count {
                    values[columns[place].field.rawValue] = trimmed(text ?? "")
                } else if let text {
                    let title = values[FilingField.title.rawValue]
                    values[FilingField.title.rawValue] = title.isEmpty ? text : title + " " + text
                }
            }
            guard !scanner.isMalformed, read(element, &objects, wanted, note) else {
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

    /// Gives the wanted members of an object by their places; false where it is none.
    private func read(
        _ element: [UInt8], _ objects: inout FlatObjects, _ wanted: [String],
        _ take: (Int, String?) -> Void
    ) -> Bool {
        guard let isFlat = try? objects.read(element, take) else { return false }
        if isFlat { return true }
        guard let row = try? JSONParser.parse(element), case .object = row.content else {
            return false
        }
        for (name, value) in row.flattened {
            if let place = wanted.firstIndex(of: name) { take(place, value.text) }
        }
        return true
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
