import Events

/// Whose filings are followed: everybody's, unless a setting says otherwise.
///
/// What it leaves out is for the deciders as if nobody had filed it: no evidence, no feature, no
/// label and no trailing score of a filer counts it. Who is one person is told by all rows, and an
/// amendment or a withdrawal ends the rows that it ends, followed or not. What a row does not say
/// and nobody knows of its filer when it becomes known is never guessed: a rule that asks for it
/// leaves the row out.
public struct FilingFilter: Hashable, Sendable {
    /// A chamber of Congress, or either.
    public enum Seats: String, CaseIterable, Sendable {
        /// Any.
        case any
        /// The House of Representatives.
        case house
        /// The Senate.
        case senate
    }

    /// A party, or any.
    public enum Affiliation: String, CaseIterable, Sendable {
        /// Any, known or not.
        case any
        /// Democrats.
        case democrat
        /// Republicans.
        case republican
        /// Independents.
        case independent
        /// Another party.
        case other
    }

    /// Whose account, or anybody's.
    public enum Account: String, CaseIterable, Sendable {
        /// Any, said or not.
        case any
        /// The filer's own.
        case own = "self"
        /// The spouse's.
        case spouse
        /// A dependent child's.
        case child
        /// Held jointly.
        case joint
    }

    /// The members of Congress; of nobody everyone is followed.
    public var members = FollowedMembers()
    /// The chamber, as the row says it, else where the filer has had all seats that are known.
    public var chamber = Seats.any
    /// The party, as the row says it, else as it is known of the filer.
    public var party = Affiliation.any
    /// Four letters of the committee on which the filer sits when the row is filed; nil for any.
    public var committee: String?
    /// Whose account.
    public var owner = Account.any
    /// Whether sales are left out.
    public var buysOnly = false
    /// Least lower end of a filed band, dollars; 0 takes rows without a band too.
    public var leastBand = 0.0

    /// Everybody.
    public init() {}

    /// Whether nothing is left out.
    public var isEverybody: Bool {
        members.isEmpty && chamber == .any && party == .any && committee == nil && owner == .any
            && !buysOnly && leastBand == 0
    }
}

extension FilingFilter {
    /// Why a row is left out, in the order in which the rules are asked.
    public enum Reason: String, CaseIterable, Sendable {
        /// Another member filed it.
        case otherMember
        /// It was filed in the other chamber.
        case otherChamber
        /// Neither the row nor a reference fact says one chamber.
        case unknownChamber
        /// The filer is of another party.
        case otherParty
        /// Neither the row nor a reference fact says the party.
        case unknownParty
        /// The filer had no seat on the committee on that day.
        case otherCommittee
        /// No committee of the filer is known.
        case unknownCommittee
        /// The account is somebody else's.
        case otherOwner
        /// The row does not say whose account it is.
        case unknownOwner
        /// It is a sale.
        case sale
        /// The band begins lower.
        case belowBand
        /// The row has no band.
        case unknownBand

        /// It in words, of rows: `of another member`.
        public var words: String {
            switch self {
            case .otherMember: "of other members"
            case .otherChamber: "of the other chamber"
            case .unknownChamber: "of an unknown chamber"
            case .otherParty: "of another party"
            case .unknownParty: "of an unknown party"
            case .otherCommittee: "without a seat on the committee"
            case .unknownCommittee: "of filers without a known committee"
            case .otherOwner: "of another owner"
            case .unknownOwner: "of an unknown owner"
            case .sale: "sales"
            case .belowBand: "below the band"
            case .unknownBand: "without a band"
            }
        }
    }

    /// What is asked of a row.
    struct Row {
        /// The number of the person who filed it.
        let filer: Int
        let chamber: Chamber?
        let party: Party?
        let owner: Owner
        let isBuy: Bool
        let amountLow: Money?
        let filedOn: Day

        init(_ event: borrowing DisclosureFiledView, filer: Int) {
            self.filer = filer
            (chamber, party, owner) = (event.chamber, event.party, event.owner)
            (isBuy, amountLow) = (event.side == .buy, event.amountLow)
            filedOn = event.filedOn
        }

        init(_ event: borrowing DisclosureAmendedView, filer: Int) {
            self.filer = filer
            (chamber, party, owner) = (event.chamber, event.party, event.owner)
            (isBuy, amountLow) = (event.side == .buy, event.amountLow)
            filedOn = event.filedOn
        }
    }

    /// Why a row is not followed, by what is known of its filer now; nil when it is.
    func reason(_ row: Row, _ filers: borrowing Filers) -> Reason? {
        if !members.isEmpty, !filers.isOne(row.filer, of: members) { return .otherMember }
        if chamber != .any {
            guard let known = row.chamber ?? filers.chamber(row.filer) else {
                return .unknownChamber
            }
            if known != (chamber == .house ? .house : .senate) { return .otherChamber }
        }
        if party != .any {
            guard let known = row.party ?? filers.party(row.filer) else { return .unknownParty }
            if !party.holds(known) { return .otherParty }
        }
        if let committee {
            guard let sits = filers.sits(row.filer, on: committee, day: row.filedOn) else {
                return .unknownCommittee
            }
            if !sits { return .otherCommittee }
        }
        if owner != .any {
            if row.owner == .unknown { return .unknownOwner }
            if !owner.holds(row.owner) { return .otherOwner }
        }
        if buysOnly, !row.isBuy { return .sale }
        if leastBand > 0 {
            guard let low = row.amountLow else { return .unknownBand }
            if low.dollars < leastBand { return .belowBand }
        }
        return nil
    }
}

extension FilingFilter.Affiliation {
    fileprivate func holds(_ party: Party) -> Bool {
        switch party {
        case .democrat: self == .democrat
        case .republican: self == .republican
        case .independent: self == .independent
        case .other: self == .other
        case .unrecognised: false
        }
    }
}

extension FilingFilter.Account {
    fileprivate func holds(_ owner: Owner) -> Bool {
        switch owner {
        case .filer: self == .own
        case .spouse: self == .spouse
        case .child: self == .child
        case .joint: self == .joint
        case .unknown, .unrecognised: false
        }
    }
}
