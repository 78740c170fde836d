import Events

/// What a filing, or a row of it, says of itself.
enum FilingStatus {
    case new, amended, withdrawn

    /// Reads a flag or the House's "Filing Status", and a title, which is no flag: the Senate's end
    /// with "(Amendment 1)".
    init(_ text: String, title: String) throws(Rejection) {
        let word = trimmed(text).lowercased()
        switch word {
        case "new", "original", "initial": self = .new
        case "amended", "amendment", "amend": self = .amended
        case "deleted", "withdrawn": self = .withdrawn
        case _ where word.hasPrefix("amendment ") || word.contains("(amendment"): self = .amended
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
        if self == .new, named.contains("(amendment") || named.contains("amended") {
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
    private let names: (status: String?, title: String?)
    private let indices: (status: Int?, title: Int?)

    /// The columns of a header, or the members of an object.
    init(_ names: [String], besides layout: SourceLayout) {
        let own = Set(layout.columns.flatMap { [$0.name, $0.alias ?? $0.name] })
        func index(_ field: FilingField) -> Int? {
            names.indices.first {
                FilingField.names.strong[columnKey(names[$0])] == field
                    && !own.contains(names[$0].lowercased())
            }
        }
        indices = (index(.amended), index(.title))
        self.names = (indices.status.map { names[$0] }, indices.title.map { names[$0] })
    }

    /// Whether there is none.
    var isEmpty: Bool { indices.status == nil && indices.title == nil }

    /// What a row says, by the index of a column.
    func status(_ value: (Int) -> String) throws(Rejection) -> FilingStatus {
        try FilingStatus(
            indices.status.map(value) ?? "", title: indices.title.map(value) ?? "")
    }

    /// What a row says, by the name of a member.
    func status(named value: (String) -> String?) throws(Rejection) -> FilingStatus {
        try FilingStatus(
            names.status.flatMap(value) ?? "", title: names.title.flatMap(value) ?? "")
    }
}

extension RowStatement {
    /// The same, as a filing that amends or withdraws says it and names no other.
    func with(_ status: FilingStatus) -> RowStatement {
        if case .filed(let row) = self { status.statement(row) } else { self }
    }
}
