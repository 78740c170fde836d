/// A person's name as it is compared: without case, punctuation, titles and degrees, given names
/// first, `Last, First` turned round.
///
/// It takes any text and is never empty unless the text has neither letter nor digit. Texts of
/// events are ASCII (ingest takes accents off), so that spellings with and without compare equal.
public struct PersonName: Hashable, Sendable {
    /// Given names and surname in lower case; a particle is one word with what it belongs to
    /// (`vanhollen`).
    public let words: [String]
    /// `jr`, `sr`, `ii`, `iii`, `iv` or `v`; nil where the spelling leaves it out.
    public let suffix: String?
    /// The name that stands in quotation marks or brackets, nil without.
    public let nickname: String?

    /// Reads a name.
    public init(_ text: String) {
        let spelled = Spelled(text)
        words = spelled.words
        suffix = spelled.suffix
        nickname = spelled.nickname
    }

    /// All letters of the words: `Del Bene` and `DelBene`, `O Rourke` and `O'Rourke` are one.
    public var letters: String { words.joined() }

    /// The last word; empty of an empty name.
    public var surname: String { words.last ?? "" }
}

/// How two spellings go together.
public enum NameRelation: Sendable {
    /// The same names and suffix.
    case same
    /// One leaves out middle names, initials or a suffix that the other has.
    case fits
    /// First name and surname are the same, a middle name or suffix is another.
    case contradicts
    /// Another first name or surname.
    case differs
}

extension PersonName {
    /// How this name and another go together; the order of the two does not matter.
    public func relation(to other: PersonName) -> NameRelation {
        if words == other.words || letters == other.letters {
            if suffix == other.suffix { return .same }
            return isSuffixOpen(other) ? .fits : .contradicts
        }
        guard words.count > 1, other.words.count > 1, surname == other.surname else {
            return .differs
        }
        let (mine, theirs) = (given, other.given)
        guard let first = mine.names.first, let second = theirs.names.first else {
            return .differs
        }
        guard first == second || first == other.nickname || second == nickname else {
            return .differs
        }
        let fits =
            PersonName.fit(mine.names.dropFirst(), theirs.names.dropFirst())
            && PersonName.fit(mine.initials[...], theirs.initials[...])
        return fits && isSuffixOpen(other) ? .fits : .contradicts
    }

    /// Initials before the first name that is written out, and all names from there on.
    private var given: (initials: [String], names: [String]) {
        let names = words.dropLast()
        let initials = names.prefix { PersonName.isInitial($0) }
        return (Array(initials), Array(names.dropFirst(initials.count)))
    }

    private func isSuffixOpen(_ other: PersonName) -> Bool {
        suffix == nil || other.suffix == nil || suffix == other.suffix
    }

    /// Whether a word is one letter.
    static func isInitial(_ word: String) -> Bool {
        guard let only = word.utf8.first, word.utf8.count == 1 else { return false }
        return 0x61...0x7A ~= only
    }

    /// Whether one list of middle names is the other with some left out, an initial standing for
    /// any name that begins with it.
    private static func fit(_ left: ArraySlice<String>, _ right: ArraySlice<String>) -> Bool {
        let (few, many) = left.count < right.count ? (left, right) : (right, left)
        var rest = many
        for name in few {
            guard let found = rest.firstIndex(where: { isOneName($0, name) }) else { return false }
            rest = rest[(found + 1)...]
        }
        return true
    }

    private static func isOneName(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        guard isInitial(left) || isInitial(right) else { return false }
        return left.utf8.first == right.utf8.first
    }
}
