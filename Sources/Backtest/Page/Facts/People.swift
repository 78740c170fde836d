import Events

/// Who files, joined as the loop joins them (`FilerIdentities`), with the name, party and chamber
/// last known.
struct People: Sendable {
    /// One filer.
    struct Person: Hashable, Sendable {
        /// The name as filed last.
        var name: String
        /// The party, nil when no row and no reference file says it.
        var party: Party?
        /// The chamber, likewise.
        var chamber: Chamber?
    }

    /// All filers and persons described, by number.
    private(set) var persons: [Person] = []
    private var identities = FilerIdentities()

    /// Takes a reference fact.
    mutating func describe(_ event: borrowing PoliticianDescribedView) {
        let spelling = FilerIdentities.Spelling(event)
        let number = identities.describe(spelling, isDated: event.validFrom != nil)
        keep(spelling, party: event.party, of: number)
    }

    /// Takes a seat on a committee, which names a person too.
    mutating func assign(_ event: borrowing CommitteeAssignedView) {
        _ = number(FilerIdentities.Spelling(event), party: nil)
    }

    /// The number of a person; what is given of the person is kept.
    mutating func number(_ spelling: FilerIdentities.Spelling, party: Party?) -> Int {
        let number = identities.number(spelling)
        keep(spelling, party: party, of: number)
        return number
    }

    /// The number that a person has now: a reference fact may have joined two.
    func current(_ number: Int) -> Int { identities.current(number) }

    private mutating func keep(
        _ spelling: FilerIdentities.Spelling, party: Party?, of number: Int
    ) {
        while persons.count <= number {
            persons.append(Person(name: spelling.name, party: nil, chamber: nil))
        }
        if !spelling.name.isEmpty { persons[number].name = spelling.name }
        if let party { persons[number].party = party }
        if let chamber = spelling.chamber { persons[number].chamber = chamber }
    }
}
