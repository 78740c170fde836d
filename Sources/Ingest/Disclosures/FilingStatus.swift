import Events

/// What a filing, or a row of it, says of itself.
enum FilingStatus {
    case new, amended, withdrawn

    /// Reads a flag or the House's "Filing Status", and a title, which is no flag: the Senate's end
    /// with "(Amendment 1)".
    init(_ text: String, title: String) throws(Rejection) {
        if text.isEmpty, title.isEmpty {
            self = .new
            return
        }
        let word = trimmed(text).lowercased()
        switch word {
        case "new", "original", "initial": self = .new
        case "amended", "amendment", "amend": self = .amended
        case "deleted", "withdrawn": self = .withdrawn
        case _ where word.hasPrefix("amendment ") || word.holds("(amendment"): self = .amended
        default:
            if let flag = FlagText.value(word) {
                self = flag ? .amended : .new
            } else if let number = Int(word), number > 1 {
                // The number of an amendment.
                self = .amended
            } else {
                throw Rejection(.badFlag, field: "amended", value: text)
            }
        }
        let named = title.lowercased()
        if self == .new, named.holds("(amendment") || named.holds("amended") {
            self = .amended
        }
    }

    /// What a row says whose filing names no other.
    func statement(_ row: DisclosureRow) -> RowStatement {
        switch self {
        case .new: .filed(row)
        case .amended: .amended(row, filingID: row.filingID, amends: "")
        case .withdrawn: .rowWithdrawn(row)
        }
    }
}

/// Where a file of a named layout says what its filings are, beside the layout's own columns.
struct StatusColumns {
    private let status: (name: String, index: Int)?
    private let titles: [(name: String, index: Int)]

    /// The columns of a header, or the members of an object.
    init(_ names: [String], besides layout: SourceLayout) {
        let own = Set(layout.columns.flatMap { [$0.name, $0.alias ?? $0.name] })
        let others = names.indices.filter { !own.contains(names[$0].lowercased()) }
            .map { (name: names[$0], index: $0) }
        status =
            others.first { FilingField.names.strong[columnKey($0.name)] == .amended }
            ?? others.first { FilingField.names.weak[columnKey($0.name)] == .amended }
        titles = others.filter { FilingField.titles.contains(columnKey($0.name)) }
    }

    /// Whether there is none.
    var isEmpty: Bool { status == nil && titles.isEmpty }

    /// What a row says, by the index of a column.
    func status(_ value: (Int) -> String) throws(Rejection) -> FilingStatus {
        try FilingStatus(
            status.map { value($0.index) } ?? "",
            title: titles.map { value($0.index) }.joined(separator: " "))
    }

    /// What a row says, by the name of a member.
    func status(named value: (String) -> String?) throws(Rejection) -> FilingStatus {
        try FilingStatus(
            status.flatMap { value($0.name) } ?? "",
            title: titles.compactMap { value($0.name) }.joined(separator: " "))
    }
}

extension RowStatement {
    /// The same, as a filing that amends or withdraws says it and names no other.
    func with(_ status: FilingStatus) -> RowStatement {
        if case .filed(let row) = self { status.statement(row) } else { self }
    }
}
