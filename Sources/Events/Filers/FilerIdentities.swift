/// Who files: one number a person, whatever a spelling of the name leaves out.
///
/// A spelling is what a row says of its filer: name, id in the Biographical Directory, chamber and
/// office. A spelling that was seen before is one look-up. A new one is of a known filer when
///
/// 1. its id is that filer's, or else
/// 2. its name is the same (`PersonName.relation`) and chamber and state, where both say them,
///    agree: of several such filers the one with most in common, or else
/// 3. one of the two names leaves out middle names, initials or a suffix, chamber, state and
///    district agree, and no other filer fits, or else
/// 4. an undated reference fact describes that filer, which knows the latest seat alone: chamber
///    and district may differ where the names are the same, the district where one leaves something
///    out, the state may not, and no other filer fits.
///
/// Two ids are two persons. What is decided stays: the number of a row never changes because of a
/// later fact. A reference fact may say that two filers were one: from then on both spellings have
/// one number (`current`).
public struct FilerIdentities: Sendable {
    /// What is known of a filer.
    public struct Filer: Sendable {
        /// The id in the Biographical Directory.
        public internal(set) var bioguide: String?
        /// The names, in order of first appearance.
        public internal(set) var names: [PersonName] = []
        /// The seats, likewise.
        public internal(set) var seats: [Seat] = []
        /// The filer that this one turned out to be.
        public internal(set) var joined: Int?
        /// Whether an undated reference fact describes it.
        var isDescribed = false
    }

    /// What a row or a reference fact says of a filer.
    public struct Spelling: Hashable, Sendable {
        /// The id in the Biographical Directory.
        public let bioguide: String?
        /// The name.
        public let name: String
        /// The chamber.
        public let chamber: Chamber?
        /// State or district.
        public let office: String?

        /// A spelling.
        public init(bioguide: String?, name: String, chamber: Chamber?, office: String?) {
            (self.bioguide, self.name) = (bioguide, name)
            (self.chamber, self.office) = (chamber, office)
        }
    }

    /// All filers, by number.
    public private(set) var filers: [Filer] = []
    /// The filers that turned out to be another, in order, and which.
    public private(set) var joins: [(number: Int, other: Int)] = []
    private var known = Lookup<Spelling, Int>()
    private var identified = Lookup<String, Int>()
    private var surnames = Lookup<String, [Int]>()
    private var letters = Lookup<String, [Int]>()

    /// Nobody.
    public init() {}

    /// The number of persons so far; numbers are below it.
    public var count: Int { filers.count }

    /// The number of the filer of a spelling.
    public mutating func number(_ spelling: Spelling) -> Int {
        if let number = known[spelling] { return current(number) }
        let number = found(PersonName(spelling.name), spelling)
        known[spelling] = number
        return number
    }

    /// Takes a reference fact; one without date says which seat was the latest.
    public mutating func describe(_ spelling: Spelling, isDated: Bool) -> Int {
        let number = number(spelling)
        if !isDated, spelling.bioguide != nil { filers[number].isDescribed = true }
        return number
    }

    /// The number that a filer has now.
    public func current(_ number: Int) -> Int {
        var number = number
        while let next = filers[number].joined { number = next }
        return number
    }

    private mutating func found(_ name: PersonName, _ spelling: Spelling) -> Int {
        let seat = Seat(chamber: spelling.chamber, office: spelling.office)
        guard let bioguide = spelling.bioguide else {
            let number = match(name, seat) ?? add(Filer())
            learn(name, seat, of: number)
            return number
        }
        let namesake = unidentified(name, seat, besides: identified[bioguide])
        let number: Int
        if let known = identified[bioguide] {
            number = known
            if let namesake { join(namesake, to: number) }
        } else {
            number = namesake ?? add(Filer())
            filers[number].bioguide = bioguide
            identified[bioguide] = number
        }
        learn(name, seat, of: number)
        return number
    }

    private mutating func add(_ filer: Filer) -> Int {
        filers.append(filer)
        return filers.count - 1
    }

    /// Keeps a name and a seat of a filer.
    private mutating func learn(_ name: PersonName, _ seat: Seat, of number: Int) {
        if !name.words.isEmpty, !filers[number].names.contains(name) {
            filers[number].names.append(name)
            Self.enter(number, &surnames[name.surname, default: []])
            Self.enter(number, &letters[name.letters, default: []])
        }
        if !seat.isUnsaid, !filers[number].seats.contains(seat) {
            filers[number].seats.append(seat)
        }
    }

    // Of no instance: one would hold the list that changes a second time, and so copy all of them.
    private static func enter(_ number: Int, _ list: inout [Int]) {
        if !list.contains(number) { list.append(number) }
    }

    private mutating func join(_ number: Int, to other: Int) {
        filers[number].joined = other
        joins.append((number, other))
        for name in filers[number].names { learn(name, Seat(chamber: nil, office: nil), of: other) }
        for seat in filers[number].seats where !filers[other].seats.contains(seat) {
            filers[other].seats.append(seat)
        }
    }

    /// Filers with a name like this, each once.
    func namesakes(_ name: PersonName) -> [Int] {
        var numbers = surnames[name.surname] ?? []
        for number in letters[name.letters] ?? [] { Self.enter(number, &numbers) }
        return numbers.filter { filers[$0].joined == nil }
    }
}
