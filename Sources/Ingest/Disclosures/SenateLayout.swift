import Events

/// Columns of a Senate filing's transaction: the JSON aggregate, and the flattened CSV of it.
enum SenateColumn: Int {
    case firstName, lastName, office, bioguide, link, received, traded, owner, ticker
    case asset, assetType, type, amount, comment
}

extension SourceLayout {
    /// The Senate's transaction reports as senate-stock-watcher-data collects them.
    static let senate = SourceLayout(
        format: .senateJSON, name: "senate",
        columns: [
            SourceColumn(name: "first_name"), SourceColumn(name: "last_name", isRequired: true),
            SourceColumn(name: "office"), SourceColumn(name: "bioguide"),
            SourceColumn(name: "ptr_link", isRequired: true),
            SourceColumn(name: "date_received", alias: "date_recieved", isRequired: true),
            SourceColumn(name: "transaction_date", isRequired: true),
            SourceColumn(name: "owner"), SourceColumn(name: "ticker", isRequired: true),
            SourceColumn(name: "asset_description"), SourceColumn(name: "asset_type"),
            SourceColumn(name: "type", isRequired: true),
            SourceColumn(name: "amount", isRequired: true), SourceColumn(name: "comment"),
        ],
        interpret: { row, options throws(Rejection) in
            let statement = FilingStatement(
                names: .init(filed: "date_received", filer: "last_name"),
                filed: row[SenateColumn.received], traded: row[SenateColumn.traded],
                symbols: TickerText.symbols(inHTML: row[SenateColumn.ticker]),
                assetType: row[SenateColumn.assetType], asset: row[SenateColumn.asset],
                transaction: row[SenateColumn.type], amount: .text(row[SenateColumn.amount]),
                filer: row[SenateColumn.firstName] + " " + row[SenateColumn.lastName],
                owner: row[SenateColumn.owner], chamber: .senate,
                bioguide: correctedBioguide(row[SenateColumn.bioguide]),
                filingID: filingID(link: row[SenateColumn.link]))
            return .filed(try statement.judged(options))
        })

    /// The id, corrected where the source is known to be wrong (Reed, McConnell).
    static func correctedBioguide(_ text: String) -> String? {
        switch trimmed(text) {
        case "R000120": "R000122"
        case "M000357": "M000355"
        case let other: optionalText(other, limit: 8)
        }
    }

    /// The last part of a filing's address.
    static func filingID(link: String) -> String? {
        guard let end = link.utf8.lastIndex(where: { $0 != UInt8(ascii: "/") }) else { return nil }
        let whole = link.utf8[...end]
        let start = whole.lastIndex(of: UInt8(ascii: "/")).map { whole.index(after: $0) }
        return optionalText(String(link[(start ?? whole.startIndex)...end]), limit: 40)
    }
}
