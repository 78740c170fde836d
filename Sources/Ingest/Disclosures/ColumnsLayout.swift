import Events

extension SourceLayout {
    /// Filings of any source, by what their columns are called or are said to be.
    static func columns(_ reading: FilingReading) -> SourceLayout {
        SourceLayout(
            format: .columns, name: "columns",
            columns: FilingField.allCases.map {
                SourceColumn(name: $0.description, isAppended: $0 == .title)
            },
            interpret: { row, options throws(Rejection) in
                let statement = reading.statement(row)
                let filingID = statement.filingID
                let amends = optionalText(row[FilingField.amends], limit: 40)
                guard let isWithdrawn = FlagText.value(row[FilingField.withdrawn]) else {
                    throw Rejection(.badFlag, field: "withdrawn", value: row[FilingField.withdrawn])
                }
                let status = try FilingStatus(
                    row[FilingField.amended], title: row[FilingField.title])
                if isWithdrawn, let filing = amends ?? filingID {
                    return .withdrawn(filingID: filing, filedOn: try statement.filedOn(options))
                }
                let judged = try statement.judged(options)
                if isWithdrawn { return .rowWithdrawn(judged) }
                guard let amends else { return status.statement(judged) }
                guard let filingID else { throw Rejection(.missingField, field: "filing_id") }
                return .amended(judged, filingID: filingID, amends: amends)
            })
    }
}

extension FilingReading {
    /// What a row says, taken apart and not yet judged.
    func statement(_ row: SourceRow) -> FilingStatement {
        let link = row[FilingField.link]
        let whole = row[FilingField.filer]
        let parts = row[FilingField.firstName] + " " + row[FilingField.lastName]
        let filer = whole.isEmpty ? parts : whole
        let amount: FilingStatement.Amount =
            row[FilingField.amount].isEmpty
            ? .bounds(low: row[FilingField.amountLow], high: row[FilingField.amountHigh])
            : .text(row[FilingField.amount])
        let confidence = row[FilingField.confidence]
        return FilingStatement(
            names: .init(), filed: row[FilingField.filed], dates: dates,
            traded: row[FilingField.traded],
            symbols: TickerText.symbols(inHTML: row[FilingField.ticker]),
            assetType: row[FilingField.assetType], asset: row[FilingField.asset],
            transaction: row[FilingField.side], kind: mapping?.kind(row[FilingField.side]),
            amount: amount, filer: filer, owner: row[FilingField.owner],
            chamber: chamber(row, link), party: Party(text: row[FilingField.party]),
            bioguide: SourceLayout.correctedBioguide(row[FilingField.bioguide]),
            office: OfficeText.office(
                row[FilingField.office], state: row[FilingField.state],
                district: row[FilingField.district], filer: filer),
            filingID: optionalText(row[FilingField.filingID], limit: 40) ?? filingID(link),
            confidence: confidence.isEmpty ? nil : confidence)
    }

    /// As the row says, else as its address, its district or its source does.
    private func chamber(_ row: SourceRow, _ link: String) -> Chamber? {
        if let chamber = Chamber(text: row[FilingField.chamber]) { return chamber }
        if link.holds("senate.gov") { return .senate }
        if link.holds("house.gov") { return .house }
        if let chamber = Chamber(text: filerKey) ?? Chamber(text: source?.chamber ?? "") {
            return chamber
        }
        let district = Array(row[FilingField.district].utf8)
        let isSeat = district.count == 4 && district[2...].allSatisfy(isDigit)
        return isSeat && district[..<2].allSatisfy(isLetter) ? .house : nil
    }

    /// The last part of a filing's address, without its ending.
    private func filingID(_ link: String) -> String? {
        var name = SourceLayout.filingID(link: link)
        if let id = name, id.lowercased().hasSuffix(".pdf") { name = String(id.dropLast(4)) }
        return name
    }
}
