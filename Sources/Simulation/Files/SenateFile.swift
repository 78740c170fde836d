/// Writes the Senate's JSON: one element a filing, tickers as anchors, descriptions as HTML.
struct SenateFile {
    static let name = "disclosures_senate.json"
    private static let defects: [Defect] = [
        .badDate, .receivedBeforeTrade, .noTicker, .notAnEquity, .ambiguousTicker, .badTicker,
        .badSide, .badAmount, .noTransactions, .exchange,
    ]

    private(set) var account = FileAccount(SenateFile.name)
    private(set) var buffer = TextBuffer()
    private var filings = 0

    init(_ world: borrowing SimulatedWorld) {
        let rows = world.filings.filter { $0.source == .senate }
        var dirt = Dirt(SenateFile.defects, rows: rows.count, seed: world.parameters.seed, file: 2)
        buffer.text("[")
        var start = 0
        while start < rows.count {
            var end = start
            var transactions: [FilingText] = []
            var others: [FilingText] = []
            while end < rows.count, rows[end].document == rows[start].document {
                let text = FilingText(rows[end], world)
                transactions.append(text)
                account.rows += 1
                account.accepted += 1
                if rows[end].role == .repeated { account.repeats += 1 }
                for defect in dirt.after(end) {
                    account.refuse(defect.rawValue)
                    // These concern the filing as a whole, so they are filings of their own.
                    if defect == .noTransactions || defect == .receivedBeforeTrade {
                        var other = text.broken(defect)
                        other.row.band = defect == .noTransactions ? -1 : other.row.band
                        others.append(other)
                    } else {
                        transactions.append(text.broken(defect))
                    }
                }
                end += 1
            }
            write(transactions)
            for other in others { write([other]) }
            start = end
        }
        buffer.text("]\n")
    }

    private mutating func write(_ transactions: [FilingText]) {
        let first = transactions[0]
        let person = first.person
        if filings > 0 { buffer.text(", ") }
        filings += 1
        buffer.text(
            """
            {"first_name": "\(person.firstName)", "last_name": "\(person.lastName)", "office": \
            "\(person.lastName), \(person.firstName) (Senator)", "ptr_link": \
            "https://\(SimulationMark.text).invalid/search/view/ptr/sim-s\(filings)/", \
            "date_recieved": "\(FilingText.american(first.filed))", "transactions": [
            """)
        if first.row.band >= 0 {
            for (index, transaction) in transactions.enumerated() {
                if index > 0 { buffer.text(", ") }
                write(transaction)
            }
        }
        buffer.text("], \"bioguide\": \"\(person.bioguide)\"}")
    }

    private mutating func write(_ text: FilingText) {
        var ticker = text.symbol == "--" ? "--" : SenateFile.anchor(text.symbol)
        if let second = text.second { ticker += "<br>" + SenateFile.anchor(second) }
        let note =
            text.isBond
            ? " <div class=\\\"text-muted\\\"><em>Rate/Coupon:</em> 1.700%</div>"
            : text.row.document % 7 == 0
                ? " <div class=\\\"text-muted\\\">Common &amp; Co</div>" : ""
        buffer.text(
            """
            {"transaction_date": "\(FilingText.american(text.traded))", "owner": \
            "\(SimulatedFiling.owners[text.row.owner])", "ticker": "\(ticker)", \
            "asset_description": "\(text.company)\(note)", "asset_type": \
            "\(text.isBond ? "Corporate Bond" : "Stock")", "type": "\(text.transaction)", \
            "amount": "\(text.amount)", "comment": "--"}
            """)
    }

    private static func anchor(_ symbol: String) -> String {
        "<a href=\\\"https://finance.yahoo.com/q?s=\(symbol)\\\" target=\\\"_blank\\\">\(symbol)</a>"
    }
}
