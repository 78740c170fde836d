import Events

/// Writes the Congress CSV: names and no ids, bands as text.
struct CongressFile {
    static let name = "disclosures_congress.csv"
    private static let defects: [Defect] = [
        .malformedRow, .missingFilingDate, .badDate, .receivedBeforeTrade, .noTicker, .badTicker,
        .badSide, .badAmount, .missingField, .exchange,
    ]

    private(set) var account = FileAccount(CongressFile.name)
    private(set) var buffer = TextBuffer()

    init(_ world: borrowing SimulatedWorld) {
        buffer.text(
            "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office\n")
        let rows = world.filings.filter { $0.source == .congress }
        var dirt = Dirt(
            CongressFile.defects, rows: rows.count, seed: world.parameters.seed, file: 1)
        for (number, row) in rows.enumerated() {
            let text = FilingText(row, world)
            write(text)
            account.rows += 1
            account.accepted += 1
            if row.role == .repeated { account.repeats += 1 }
            for defect in dirt.after(number) {
                if defect == .malformedRow {
                    buffer.text("2014-01-02,2014-02-03,cut off here\n")
                } else {
                    write(text.broken(defect))
                }
                account.refuse(defect.rawValue)
            }
        }
    }

    private mutating func write(_ text: FilingText) {
        let person = text.person
        let district = person.district < 10 ? "0\(person.district)" : "\(person.district)"
        let type = text.word.map { $0 == "Exchange" ? "E" : $0 }
        let fields = [
            FilingText.iso(text.traded), text.filed.map { "\($0)" } ?? "",
            "\(text.company) (\(SimulationMark.text))", text.symbol,
            type ?? (text.row.transaction == .purchase ? "P" : "S"), "\"\(text.amount)\"",
            text.hasName ? person.name : "", "H", person.state + district,
        ]
        for (index, field) in fields.enumerated() {
            if index > 0 { buffer.comma() }
            buffer.text(field)
        }
        buffer.newLine()
    }
}
