import Events

/// Who files: one number a person (`FilerIdentities`), the party known for them, and the sectors
/// that their committees oversee.
///
/// A row names its filer by id where the source has one, else by name; a reference file joins the
/// two. Both kinds of row must count as one person.
struct Filers: Sendable {
    /// A seat on a committee.
    private struct Membership: Sendable {
        let committee: String
        let from: Day?
        let through: Day?
        let sectors: SectorSet

        func holds(on day: Day) -> Bool {
            (from.map { $0 <= day } ?? true) && (through.map { day <= $0 } ?? true)
        }
    }

    private var identities = FilerIdentities()
    private var parties: [Party?] = []
    private var memberships: [[Membership]] = []
    /// Whether anybody's committees are known.
    private(set) var hasCommittees = false

    /// Takes a reference fact.
    mutating func describe(_ event: borrowing PoliticianDescribedView) {
        let number = settled { identities in
            identities.describe(
                FilerIdentities.Spelling(event), isDated: event.validFrom != nil)
        }
        if let party = event.party { parties[number] = party }
    }

    /// Takes a seat on a committee.
    mutating func assign(_ event: borrowing CommitteeAssignedView) {
        let number = settled { $0.number(FilerIdentities.Spelling(event)) }
        memberships[number].append(
            Membership(
                committee: event.committee, from: event.validFrom, through: event.validThrough,
                sectors: event.oversight))
        hasCommittees = true
    }

    /// The number of the person who filed a row.
    mutating func number(_ event: borrowing DisclosureFiledView) -> Int {
        settled { $0.number(FilerIdentities.Spelling(event)) }
    }

    /// The number of the person who filed a row that amends another.
    mutating func number(_ event: borrowing DisclosureAmendedView) -> Int {
        settled { $0.number(FilerIdentities.Spelling(event)) }
    }

    /// What is known of a person has a place; of two who turned out to be one it goes to the one.
    private mutating func settled(_ number: (inout FilerIdentities) -> Int) -> Int {
        let joined = identities.joins.count
        let number = number(&identities)
        while parties.count < identities.count {
            parties.append(nil)
            memberships.append([])
        }
        for join in identities.joins[joined...] {
            parties[join.other] = parties[join.other] ?? parties[join.number]
            memberships[join.other] += memberships[join.number]
        }
        return number
    }

    /// The number of the person whose row is withdrawn.
    mutating func number(_ event: borrowing DisclosureWithdrawnView, name: String) -> Int {
        let spelling = FilerIdentities.Spelling(
            bioguide: event.bioguide, name: name, chamber: event.chamber, office: event.office)
        return settled { $0.number(spelling) }
    }

    /// The party known for a person.
    func party(_ number: Int) -> Party? { parties[number] }

    /// Whether a person is one of those who are followed.
    func isOne(_ number: Int, of members: FollowedMembers) -> Bool {
        let filer = identities.filers[number]
        return members.contains(names: filer.names, id: filer.bioguide)
    }

    /// The chamber of all seats that are known of a person; nil without one, or with both.
    func chamber(_ number: Int) -> Chamber? {
        var found: Chamber?
        for seat in identities.filers[number].seats {
            guard let chamber = seat.chamber else { continue }
            if let found, found != chamber { return nil }
            found = chamber
        }
        return found
    }

    /// Whether a person sat, on a day, on a committee; nil when none of the person's committees is
    /// known.
    func sits(_ number: Int, on committee: String, day: Day) -> Bool? {
        let known = memberships[number]
        guard !known.isEmpty else { return nil }
        return known.contains { $0.committee == committee && $0.holds(on: day) }
    }

    /// Whether a person sat, on a day, on a committee that oversees a sector; nil when none of the
    /// person's committees is known.
    func oversees(_ number: Int, _ sector: Sector, on day: Day) -> Bool? {
        let known = memberships[number]
        guard !known.isEmpty else { return nil }
        return known.contains { $0.holds(on: day) && $0.sectors.contains(sector) }
    }

    /// The number that a person has now: a reference fact may have joined two.
    func current(_ number: Int) -> Int { identities.current(number) }

    /// How often two filers turned out to be one.
    var joins: Int { identities.joins.count }

    /// The number of persons so far; numbers are below it.
    var count: Int { identities.count }
}
