/// Which rows an amendment or a withdrawal ends that names no filing, as the House's "Filing
/// Status" and the Senate's titles do: the same person's earlier rows of one ticker and trade date.
///
/// Where there are several, those of the same account and side alone; where none agrees in both,
/// those of the same account, then of the same side, then all: what an amendment corrects may be
/// either.
public enum RowMatch {
    /// What of a row decides which of several are meant.
    public struct Detail: Hashable, Sendable {
        /// Whose account.
        public var owner: Owner
        /// Whether it was a purchase.
        public var isBuy: Bool
        /// When it was filed.
        public var filedOn: Day
        /// Whether it replaced another row that it does not name.
        public var isAmendment: Bool

        /// The details of a row.
        public init(owner: Owner, isBuy: Bool, filedOn: Day, isAmendment: Bool) {
            (self.owner, self.isBuy) = (owner, isBuy)
            (self.filedOn, self.isAmendment) = (filedOn, isAmendment)
        }
    }

    /// The places of the rows that end, ascending, among those of one person, ticker and trade date
    /// that are known: rows filed later stay, and of the same day those that amend, which are the
    /// amendment's own.
    public static func ended(_ rows: [Detail], by end: Detail) -> [Int] {
        let open = rows.indices.filter {
            rows[$0].filedOn < end.filedOn
                || (rows[$0].filedOn == end.filedOn && !rows[$0].isAmendment)
        }
        let ofOwner = open.filter { rows[$0].owner == end.owner }
        let ofSide = open.filter { rows[$0].isBuy == end.isBuy }
        let ofBoth = ofOwner.filter { rows[$0].isBuy == end.isBuy }
        return [ofBoth, ofOwner, ofSide].first { !$0.isEmpty } ?? open
    }

    /// A person, ticker and trade date in one text: equal for the spellings of one name that differ
    /// in case, titles before it, suffixes and middle names.
    public static func text(_ ticker: Ticker, _ tradedOn: Day, filer: String) -> String {
        text(ticker, tradedOn, person: person(filer))
    }

    /// The same, for a person of whom `person` was asked before.
    public static func text(_ ticker: Ticker, _ tradedOn: Day, person: String) -> String {
        "\(ticker) \(tradedOn) \(person)"
    }

    /// The surname and the first initial of a name.
    public static func person(_ filer: String) -> String {
        let name = PersonName(filer)
        guard let first = name.words.first?.prefix(1), !name.surname.isEmpty else { return filer }
        return "\(name.surname) \(first)"
    }
}
