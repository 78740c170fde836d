import Events

/// What many trades of a page name, once each, and the numbers that stand for it.
struct TradeWords {
    /// Texts by number, in order of their first use.
    struct List {
        private(set) var all: [String] = []
        private var numbers = [String: Int]()

        /// The number of a text.
        mutating func number(_ text: String) -> Int {
            if let known = numbers[text] { return known }
            numbers[text] = all.count
            all.append(text)
            return all.count - 1
        }
    }

    var tickers = List()
    var reasons = List()
    var filers = List()
    var owners = List()
    /// JSON arrays: lowest and highest dollars.
    var bands = List()
    /// JSON arrays: what such a file is called, and its address with `*` for the source's id, or
    /// null.
    var kinds = List()
    /// The number of the kind, `|`, and the source's id of the filing.
    var documents = List()

    /// Eight numbers a row: the position less that of the row before, filer, days from filing to
    /// entry, days from trade to filing, 1 for a purchase, account, band, document.
    mutating func numbers(_ rows: [(name: String, filing: FilingFact)], _ entry: Day) -> [Int] {
        var previous = 0
        return rows.flatMap { name, filing in
            let step = Int(filing.position) - previous
            previous = Int(filing.position)
            let source = filing.source
            return [
                step, filers.number(name), entry - filing.filedOn, filing.lagDays,
                filing.side == .buy ? 1 : 0, owners.number(TradeWords.account(source.owner)),
                bands.number(TradeWords.band(source)), documents.number(document(source)),
            ]
        }
    }

    private static func account(_ owner: Owner) -> String {
        switch owner {
        case .filer: "own"
        case .unknown, .unrecognised: "not given"
        case .spouse, .joint, .child: "\(owner)"
        }
    }

    private static func band(_ source: FilingSource) -> String {
        Markup.array([source.low, source.high].map { Markup.json($0?.dollars, 0) })
    }

    private mutating func document(_ source: FilingSource) -> String {
        let id = source.filingID ?? ""
        let link = source.link.map { id.isEmpty ? $0 : $0.replacing(id, with: "*") }
        let kind = Markup.array([
            Markup.json(source.formatName), link.map(Markup.json) ?? "null",
        ])
        return "\(kinds.number(kind))|\(id)"
    }
}
