public import Events

/// Why a row is left out, and which field of it is at fault.
public struct Rejection: Error, Equatable, Sendable {
    /// The reason.
    public var reason: RejectionReason
    /// The field at fault, as the source names it; empty when it is the whole row.
    public var field: String
    /// What stands in that field.
    public var value: String

    /// A rejection for `reason`.
    public init(_ reason: RejectionReason, field: String = "", value: String = "") {
        self.reason = reason
        self.field = field
        self.value = value
    }
}

/// One transaction of a filing, normalised.
public struct DisclosureRow: Equatable, Sendable {
    /// The filing date.
    public var filedOn: Day
    /// The transaction date.
    public var tradedOn: Day
    /// The symbol as bars name it.
    public var ticker: Ticker
    /// Buy or sell.
    public var side: TradeSide
    /// What the source calls it.
    public var transaction: TransactionKind
    /// Whose account.
    public var owner: Owner
    /// The dollar band; nil when the source has none.
    var band: AmountBand?
    /// The source's confidence, 0...1.
    public var confidence: Double?
    /// The filer's chamber.
    public var chamber: Chamber?
    /// The filer's party as the row says it.
    public var party: Party?
    /// The filer's id in the Biographical Directory, corrected.
    public var bioguide: String?
    /// The filer's name.
    public var filer: String
    /// State or district.
    public var office: String?
    /// The source's id of the filing.
    public var filingID: String?
    /// `hindsight`, `unverifiedDate`.
    public var flags: EventFlags
}

/// What a row that was read says: an event to be.
enum RowStatement: Equatable {
    /// A transaction.
    case filed(DisclosureRow)
    /// A transaction of a filing that replaces those of an earlier one; where it does not say
    /// which (`amends` is empty), the rows that `RowMatch` finds.
    case amended(DisclosureRow, filingID: String?, amends: String)
    /// An earlier filing is withdrawn.
    case withdrawn(filingID: String, filedOn: Day)
    /// A row is withdrawn that `RowMatch` finds.
    case rowWithdrawn(DisclosureRow)

    var filedOn: Day {
        switch self {
        case .filed(let row), .amended(let row, _, _): row.filedOn
        case .withdrawn(_, let day): day
        case .rowWithdrawn(let row): row.filedOn
        }
    }

    var flags: EventFlags {
        switch self {
        case .filed(let row), .amended(let row, _, _): row.flags
        case .withdrawn, .rowWithdrawn: []
        }
    }
}

/// A row as it stands in a file: its values in the canonical column order of its format.
struct SourceRow {
    var values: [String]

    /// The value of a format's column, empty where the file has no such column.
    subscript(column: some RawRepresentable<Int>) -> String {
        values[column.rawValue]
    }
}
