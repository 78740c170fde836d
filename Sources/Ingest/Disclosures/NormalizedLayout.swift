import Events

/// Columns of the normalised CSV.
enum NormalizedColumn: Int {
    case source, rowID, filingID, bioguide, name, chamber, party, owner, ticker, rawTicker
    case asset, assetType, side, rawType, traded, filed, lagDays, amountMin, amountMax, flags
    case amends, withdrawn
}

extension SourceLayout {
    /// One schema for every source, and the only one that can amend or withdraw.
    ///
    /// `row_id`, `lag_days` and `flags` are its converter's bookkeeping and no part of what the row
    /// says, so that exact repeats under two row ids are repeats.
    static let normalized = SourceLayout(
        format: .normalizedCSV, name: "normalized",
        columns: [
            SourceColumn(name: "source"), SourceColumn(name: "row_id", isDigested: false),
            SourceColumn(name: "filing_id"), SourceColumn(name: "bioguide_id"),
            SourceColumn(name: "name", isRequired: true), SourceColumn(name: "chamber"),
            SourceColumn(name: "party"), SourceColumn(name: "owner"),
            SourceColumn(name: "ticker", isRequired: true), SourceColumn(name: "raw_ticker"),
            SourceColumn(name: "asset"), SourceColumn(name: "asset_type"),
            SourceColumn(name: "side", isRequired: true), SourceColumn(name: "raw_type"),
            SourceColumn(name: "transaction_date", isRequired: true),
            SourceColumn(name: "disclosure_date", isRequired: true),
            SourceColumn(name: "lag_days", isDigested: false), SourceColumn(name: "amount_min"),
            SourceColumn(name: "amount_max"), SourceColumn(name: "flags", isDigested: false),
            SourceColumn(name: "amends"), SourceColumn(name: "withdrawn"),
        ],
        interpret: { row, options throws(Rejection) in
            let statement = normalizedStatement(row)
            let amends = optionalText(row[NormalizedColumn.amends], limit: 40)
            guard let isWithdrawn = FlagText.value(row[NormalizedColumn.withdrawn]) else {
                throw Rejection(
                    .badFlag, field: "withdrawn", value: row[NormalizedColumn.withdrawn])
            }
            if isWithdrawn {
                let filedOn = try statement.filedOn(options)
                guard let filing = amends ?? statement.filingID else {
                    throw Rejection(.missingField, field: "filing_id")
                }
                return .withdrawn(filingID: filing, filedOn: filedOn)
            }
            let judged = try statement.judged(options)
            guard let amends else { return .filed(judged) }
            guard let filing = statement.filingID else {
                throw Rejection(.missingField, field: "filing_id")
            }
            return .amended(judged, filingID: filing, amends: amends)
        })

    private static func normalizedStatement(_ row: SourceRow) -> FilingStatement {
        let raw = row[NormalizedColumn.rawTicker]
        let side = row[NormalizedColumn.side]
        let rawType = row[NormalizedColumn.rawType]
        let symbols =
            raw.utf8.contains(UInt8(ascii: "|"))
            ? raw.split(separator: "|").map { trimmed($0) } : [row[NormalizedColumn.ticker]]
        return FilingStatement(
            names: .init(side: "side", amount: "amount_min"),
            filed: row[NormalizedColumn.filed], traded: row[NormalizedColumn.traded],
            symbols: symbols, assetType: row[NormalizedColumn.assetType],
            asset: row[NormalizedColumn.asset],
            transaction: agrees(rawType, with: side) ? rawType : side,
            amount: .bounds(
                low: row[NormalizedColumn.amountMin], high: row[NormalizedColumn.amountMax]),
            filer: row[NormalizedColumn.name], owner: row[NormalizedColumn.owner],
            chamber: Chamber(text: row[NormalizedColumn.chamber]),
            party: Party(text: row[NormalizedColumn.party]),
            bioguide: correctedBioguide(row[NormalizedColumn.bioguide]),
            filingID: optionalText(row[NormalizedColumn.filingID], limit: 40))
    }

    /// Whether the source's own word says the same side, only more exactly.
    private static func agrees(_ rawType: String, with side: String) -> Bool {
        guard let raw = TransactionKind(text: rawType), let plain = TransactionKind(text: side)
        else { return false }
        return (raw == .purchase) == (plain == .purchase)
            && (raw == .exchange) == (plain == .exchange)
    }
}
