public import Events

/// One row of a filing, and what it is worth.
public struct SimulatedFiling: Hashable, Sendable {
    /// The file that a row stands in; no two files say the same.
    public enum Source: Int, CaseIterable, Sendable {
        /// The normalised CSV.
        case normalized
        /// The Senate's JSON.
        case senate
        /// The Congress CSV.
        case congress
    }

    /// What a row does.
    public enum Role: Hashable, Sendable {
        /// The first row by which a person says of a company and day that they bought, or sold: it
        /// alone carries the edge.
        case first
        /// Another lot of such a trade.
        case lot
        /// Says an earlier row of its file again, word for word.
        case repeated
        /// Replaces rows of an earlier document.
        case amendment(of: Int)
        /// Withdraws an earlier document.
        case withdrawal(of: Int)
    }

    /// The document, in order of filing.
    public var document: Int
    /// Who filed.
    public var person: Int
    /// Which company.
    public var company: Int
    /// The trade's date.
    public var traded: Day
    /// The filing's date.
    public var filed: Day
    /// Bought, or sold in whole or in part.
    public var transaction: TransactionKind
    /// The dollar band.
    public var band: Int
    /// Whose account.
    public var owner: Int
    /// The file it stands in.
    public var source: Source
    /// What it does.
    public var role: Role

    /// +1 for a purchase, −1 for a sale.
    public var sign: Double { transaction == .purchase ? 1 : -1 }

    /// Lower and upper dollars of the bands.
    public static let bands = [
        (1_001, 15_000), (15_001, 50_000), (50_001, 100_000), (100_001, 250_000),
        (250_001, 500_000), (500_001, 1_000_000), (1_000_001, 5_000_000),
    ]
    /// The accounts, as the Senate writes them.
    public static let owners = ["Self", "Spouse", "Joint", "Child"]
}
