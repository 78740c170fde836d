public import Events

/// A member of a simulated Congress who files.
public struct Person: Hashable, Sendable {
    /// First name.
    public var firstName: String
    /// Last name.
    public var lastName: String
    /// `X9` and five digits: no such id is in the Biographical Directory.
    public var bioguide: String
    /// House or Senate.
    public var chamber: Chamber
    /// Democrat or Republican.
    public var party: Party
    /// A state.
    public var state: String
    /// District, 0 for a senator.
    public var district: Int
    /// Share of all filings.
    var weight: Double

    /// First and last name, as every file writes it.
    public var name: String { "\(firstName) \(lastName)" }

    private static let firstNames = [
        "Ada", "Boris", "Clara", "Dario", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas",
        "Karla", "Leon", "Mona", "Nils", "Olga", "Pavel", "Quirin", "Rosa", "Sven", "Tilda",
    ]
    private static let lastNames = [
        "Ashgrove", "Birchall", "Cranmere", "Dunmore", "Elderfield", "Fernhill", "Gorsebrook",
        "Hazelden", "Inglemoor", "Kirkwold", "Larkspur", "Mossbank", "Northwick",
    ]
    private static let states = ["CA", "FL", "GA", "IL", "MI", "NY", "OH", "PA", "TX", "WA"]

    /// How many people file in a world of so many companies.
    static func count(tickers: Int) -> Int { min(20 + tickers / 2, 150) }

    /// Everyone who files: one a third of all, the others with weights that fall slowly.
    static func all(_ parameters: SimulationParameters) -> [Person] {
        var chance = ChanceStream(seed: parameters.seed, .people)
        let count = count(tickers: parameters.tickers)
        var weights = (1..<count).map { 1 / (Double($0) + 2) }
        let rest = weights.reduce(0, +)
        weights.append(rest / 2)
        var names = Array(0..<(firstNames.count * lastNames.count))
        chance.shuffle(&names)
        chance.shuffle(&weights)
        return (0..<count).map { number in
            let isSenator = chance.happens(0.35)
            return Person(
                firstName: firstNames[names[number] % firstNames.count],
                lastName: lastNames[names[number] / firstNames.count],
                bioguide: "X9\(String(number + 100_001).dropFirst())",
                chamber: isSenator ? .senate : .house,
                party: chance.happens(0.5) ? .democrat : .republican,
                state: states[chance.below(states.count)],
                district: isSenator ? 0 : 1 + chance.below(20), weight: weights[number])
        }
    }
}
