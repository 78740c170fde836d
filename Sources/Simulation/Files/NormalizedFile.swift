import Events

/// Writes the normalised CSV: the only format that can amend and withdraw.
struct NormalizedFile {
    static let name = "disclosures_normalized.csv"
    private static let defects = Defect.allCases.filter { $0 != .noTransactions }

    private(set) var account = FileAccount(NormalizedFile.name)
    private(set) var buffer = TextBuffer()

    init(_ world: borrowing SimulatedWorld) {
        buffer.text(
            "source,row_id,filing_id,bioguide_id,name,chamber,party,owner,ticker,raw_ticker,asset,"
                + "asset_type,side,raw_type,transaction_date,disclosure_date,lag_days,amount_min,"
                + "amount_max,flags,amends,withdrawn\n")
        let rows = world.filings.filter { $0.source == .normalized }
        var dirt = Dirt(
            NormalizedFile.defects, rows: rows.count, seed: world.parameters.seed, file: 0)
        for (number, row) in rows.enumerated() {
            let text = FilingText(row, world)
            write(text)
            account.rows += 1
            account.accepted += 1
            switch row.role {
            case .first, .lot: break
            case .repeated: account.repeats += 1
            case .amendment: account.amendments += 1
            case .withdrawal: account.withdrawals += 1
            }
            for defect in dirt.after(number) {
                if defect == .malformedRow {
                    buffer.text("\(SimulationMark.text),cut off here\n")
                } else {
                    var plain = row
                    plain.role = .first
                    write(FilingText(plain, world).broken(defect))
                }
                account.refuse(defect.rawValue)
            }
        }
    }

    private mutating func write(_ text: FilingText) {
        let row = text.row
        var amends = ""
        var withdrawn = ""
        switch row.role {
        case .amendment(let document): amends = NormalizedFile.filing(document)
        case .withdrawal(let document):
            amends = NormalizedFile.filing(document)
            withdrawn = "true"
        case .first, .lot, .repeated: break
        }
        let isPurchase = row.transaction == .purchase
        let fields = [
            SimulationMark.text, "ROW\(account.rows + 1)", NormalizedFile.filing(row.document),
            text.person.bioguide, text.hasName ? text.person.name : "",
            text.person.chamber == .senate ? "S" : "H",
            text.person.party == .democrat ? "Democrat" : "Republican",
            SimulatedFiling.owners[row.owner], text.symbol,
            text.second.map { "\(text.symbol)|\($0)" } ?? text.symbol, text.company,
            text.isBond ? "Corporate Bond" : "Stock",
            text.word ?? (isPurchase ? "buy" : "sell"), text.transaction,
            FilingText.iso(text.traded), text.filed.map { "\($0)" } ?? "",
            "\(row.filed - row.traded)", text.low, text.high, "", amends, withdrawn,
        ]
        for (index, field) in fields.enumerated() {
            if index > 0 { buffer.comma() }
            buffer.text(field)
        }
        buffer.newLine()
    }

    private static func filing(_ document: Int) -> String { "sim-\(document)" }
}
