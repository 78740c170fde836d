import Events

/// Columns of congressional_insiders' CSV.
enum CongressColumn: Int {
    case traded, filed, asset, ticker, type, amount, name, chamber, office
}

/// Columns of house-stock-watcher-data's CSV.
enum HouseColumn: Int {
    case traded, filed, ticker, asset, assetType, type, amount, name, district, owner
    case filingID, link
}

/// Columns of the workload's CSV.
enum BenchColumn: Int {
    case filingID, politician, ticker, side, traded, filed, confidence
}

extension SourceLayout {
    /// House and Senate in one CSV. It names people and no ids, and ids are not guessed here.
    static let congress = SourceLayout(
        format: .congressCSV, name: "congress",
        columns: [
            SourceColumn(name: "transaction_date", isRequired: true),
            SourceColumn(name: "disclosure_date", isRequired: true),
            SourceColumn(name: "asset"), SourceColumn(name: "ticker", isRequired: true),
            SourceColumn(name: "type", isRequired: true),
            SourceColumn(name: "amount_range", isRequired: true),
            SourceColumn(name: "name", isRequired: true), SourceColumn(name: "chamber"),
            SourceColumn(name: "office"),
        ],
        interpret: { row, options throws(Rejection) in
            let statement = FilingStatement(
                names: .init(amount: "amount_range"),
                filed: row[CongressColumn.filed], traded: row[CongressColumn.traded],
                symbols: [row[CongressColumn.ticker]], asset: row[CongressColumn.asset],
                transaction: row[CongressColumn.type], amount: .text(row[CongressColumn.amount]),
                filer: row[CongressColumn.name],
                chamber: Chamber(text: row[CongressColumn.chamber]),
                office: optionalText(row[CongressColumn.office], limit: 16))
            return .filed(try statement.judged(options))
        })

    /// The House's reports read from PDFs; their filing dates are not reliable.
    static let house = SourceLayout(
        format: .houseCSV, name: "house",
        columns: [
            SourceColumn(name: "transaction_date", isRequired: true),
            SourceColumn(name: "disclosure_date", isRequired: true),
            SourceColumn(name: "ticker", isRequired: true),
            SourceColumn(name: "asset_description"), SourceColumn(name: "asset_type"),
            SourceColumn(name: "type", isRequired: true),
            SourceColumn(name: "amount", isRequired: true),
            SourceColumn(name: "representative", isRequired: true),
            SourceColumn(name: "district"), SourceColumn(name: "owner"),
            SourceColumn(name: "filing_id"), SourceColumn(name: "source_url"),
        ],
        interpret: { row, options throws(Rejection) in
            let statement = FilingStatement(
                names: .init(filer: "representative"),
                filed: row[HouseColumn.filed], isFilingDateReliable: false,
                traded: row[HouseColumn.traded], symbols: [row[HouseColumn.ticker]],
                assetType: row[HouseColumn.assetType], asset: row[HouseColumn.asset],
                transaction: row[HouseColumn.type], amount: .text(row[HouseColumn.amount]),
                filer: row[HouseColumn.name], owner: row[HouseColumn.owner], chamber: .house,
                office: optionalText(row[HouseColumn.district], limit: 16),
                filingID: optionalText(row[HouseColumn.filingID], limit: 40))
            return .filed(try statement.judged(options))
        })

    /// The simulated filings of the workload `disclosure-follow`.
    static let bench = SourceLayout(
        format: .benchCSV, name: "bench",
        columns: [
            SourceColumn(name: "disclosure_id", isRequired: true),
            SourceColumn(name: "politician", isRequired: true),
            SourceColumn(name: "ticker", isRequired: true),
            SourceColumn(name: "side", isRequired: true),
            SourceColumn(name: "transaction_date", isRequired: true),
            SourceColumn(name: "disclosure_date", isRequired: true),
            SourceColumn(name: "confidence", isRequired: true),
        ],
        interpret: { row, options throws(Rejection) in
            let statement = FilingStatement(
                names: .init(side: "side", filer: "politician"),
                filed: row[BenchColumn.filed], traded: row[BenchColumn.traded],
                symbols: [row[BenchColumn.ticker]], transaction: row[BenchColumn.side],
                filer: row[BenchColumn.politician],
                filingID: optionalText(row[BenchColumn.filingID], limit: 40),
                confidence: row[BenchColumn.confidence])
            return .filed(try statement.judged(options))
        })
}
