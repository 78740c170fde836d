import Events

/// Who files: one number a person, and the party known for them.
///
/// A row names its filer by id where the source has one, else by name; a reference file joins the
/// two. Both kinds of row must count as one person.
struct Filers: Sendable {
    private var numbers = Lookup<String, Int>()
    private var identifiers = Lookup<String, String>()
    private var parties: [Party?] = []

    /// Takes a reference fact.
    mutating func describe(_ event: borrowing PoliticianDescribedView) {
        let name = event.name
        if let bioguide = event.bioguide { identifiers[name] = bioguide }
        guard let party = event.party else { return }
        parties[number(bioguide: event.bioguide, name: name)] = party
    }

    /// The number of a person.
    mutating func number(bioguide: String?, name: String) -> Int {
        let key = bioguide ?? identifiers[name] ?? name
        if let known = numbers[key] { return known }
        numbers[key] = parties.count
        parties.append(nil)
        return parties.count - 1
    }

    /// The party known for a person.
    func party(_ number: Int) -> Party? { parties[number] }

    /// The number of persons so far; numbers are below it.
    var count: Int { parties.count }
}
