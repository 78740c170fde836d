import Events

extension DisclosureImporter {
    /// Reads a JSON file: the Senate's aggregate, whose filings hold their transactions, or objects
    /// of one transaction each.
    func readObjects(_ file: InputFile, _ session: Session) throws {
        let outline = try JSONOutline(file.name)
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
        session.isAmending = reading.fields[.amends] != nil || reading.fields[.withdrawn] != nil
        try read(file, reading, outline.names, session)
    }

    private func read(
        _ file: InputFile, _ reading: FilingReading, _ names: [String], _ session: Session
    ) throws {
        let layout = SourceLayout.columns(reading)
        session.report.format = layout.name
        // Members are found by name: an object may have them in any order, or lack some.
        let fields = reading.fields.map { (name: names[$1], place: $0.place) }
        var places: [String: Int] = [:]
        for (name, place) in fields { places[name] = place }
        let prefix = reading.prefix
        var scanner = JSONScanner(file)
        while try scanner.advance() {
            session.report.rows += 1
            onProgress(file, session.report.rows)
            let element = scanner.element
            let source = prefix + element
            guard !scanner.isMalformed, let row = try? JSONParser.parse(element),
                case .object(let members) = row.content
            else {
                try reject(
                    Rejection(.malformedRow), source, shown: element, line: session.report.rows,
                    layout, session)
                continue
            }
            var values = [String](repeating: "", count: FilingField.allCases.count)
            for (name, value) in members {
                if let place = places[name] { values[place] = trimmed(value.text ?? "") }
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
            if filed.isLooseAmendment { session.report.note(.amendsNothing, line: line) }
            if session.isAmending { session.know(filed.filingID, filed.filedOn) }
        case .amended(let amended, let id, let amends):
            row = amended
            session.know(id, amended.filedOn)
            session.ended.append((amends, amended.filedOn, line, .amendsNothing))
        case .withdrawn(let id, let day):
            session.ended.append((id, day, line, .withdrawsNothing))
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

    /// Notes the amendments and withdrawals of filings that neither this file nor the log has, or
    /// that were filed only later.
    func remarkOnEnded(_ session: Session) throws {
        func isOpen(_ filing: String, _ day: Day, _ known: [String: Day]) -> Bool {
            known[filing].map { $0 > day } ?? true
        }
        let open = session.ended.filter { isOpen($0.filing, $0.day, session.filings) }
        guard !open.isEmpty else { return }
        let known = try writer.filings(among: Set(open.map(\.filing)))
        for (filing, day, line, remark) in open where isOpen(filing, day, known) {
            session.report.note(remark, line: line)
        }
    }

    /// The STOCK Act was signed on 2012-04-04.
    private static let act = Day(rawValue: 15_434)
}
