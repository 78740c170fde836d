import Events

/// Who files: one number a person (`FilerIdentities`), and the party known for them.
///
/// A row names its filer by id where the source has one, else by name; a reference file joins the
/// two. Both kinds of row must count as one person.
struct Filers: Sendable {
    private var identities = FilerIdentities()
    private var parties: [Party?] = []

    /// Takes a reference fact.
    mutating func describe(_ event: borrowing PoliticianDescribedView) {
        let spelling = FilerIdentities.Spelling(
            bioguide: event.bioguide, name: event.name, chamber: event.chamber,
            office: event.office)
        let joined = identities.joins.count
        let number = identities.describe(spelling, isDated: event.validFrom != nil)
        while parties.count <= number { parties.append(nil) }
        for join in identities.joins[joined...] where join.number < parties.count {
            parties[number] = parties[number] ?? parties[join.number]
        }
        if let party = event.party { parties[number] = party }
    }

    /// The number of the person who filed a row.
    mutating func number(_ event: borrowing DisclosureFiledView) -> Int {
        identities.number(
            FilerIdentities.Spelling(
                bioguide: event.bioguide, name: event.filer, chamber: event.chamber,
                office: event.office))
    }

    /// The number of the person who filed a row that amends another.
    mutating func number(_ event: borrowing DisclosureAmendedView) -> Int {
        identities.number(
            FilerIdentities.Spelling(
                bioguide: event.bioguide, name: event.filer, chamber: event.chamber,
                office: event.office))
    }

    /// The number of the person whose row is withdrawn.
    mutating func number(_ event: borrowing DisclosureWithdrawnView, name: String) -> Int {
        identities.number(
            FilerIdentities.Spelling(
                bioguide: event.bioguide, name: name, chamber: event.chamber,
                office: event.office))
    }

    /// The party known for a person.
    func party(_ number: Int) -> Party? { number < parties.count ? parties[number] : nil }

    /// The number that a person has now: a reference fact may have joined two.
    func current(_ number: Int) -> Int { identities.current(number) }

    /// How often two filers turned out to be one.
    var joins: Int { identities.joins.count }

    /// The number of persons so far; numbers are below it.
    var count: Int { identities.count }
}
