import Events

/// Who files, joined by id as the loop joins them, with the name, party and chamber last known.
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
    private var numbers = Lookup<String, Int>()
    private var identifiers = Lookup<String, String>()

    /// Takes a reference fact.
    mutating func describe(_ event: borrowing PoliticianDescribedView) {
        let name = event.name
        if let bioguide = event.bioguide { identifiers[name] = bioguide }
        let number = number(
            bioguide: event.bioguide, name: name, party: nil, chamber: event.chamber)
        if let party = event.party { persons[number].party = party }
    }

    /// The number of a person; what is given of the person is kept.
    mutating func number(bioguide: String?, name: String, party: Party?, chamber: Chamber?)
        -> Int
    {
        let key = bioguide ?? identifiers[name] ?? name
        let number: Int
        if let known = numbers[key] {
            number = known
        } else {
            number = persons.count
            numbers[key] = number
            persons.append(Person(name: name, party: nil, chamber: nil))
        }
        persons[number].name = name
        if let party { persons[number].party = party }
        if let chamber { persons[number].chamber = chamber }
        return number
    }
}
