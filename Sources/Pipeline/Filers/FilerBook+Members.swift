import Events
public import FeedbackLoop

extension FilerBook {
    /// Members as these filings name them: an id in capitals, a name as it is unless it is a part
    /// of one, and the id of whoever shares a name.
    ///
    /// - Throws: `FilingFilterError` for the first that names nobody who filed, or several.
    public func members(_ members: FollowedMembers) throws(FilingFilterError) -> FollowedMembers {
        var words: [String] = []
        for word in members.words { words.append(try member(word)) }
        return FollowedMembers(words)
    }

    private func member(_ word: String) throws(FilingFilterError) -> String {
        let id = word.uppercased()
        if FollowedMembers.isID(id) {
            guard filers.contains(where: { $0.bioguide == id }) else {
                throw .unknownMember(word, near: suggestions(word))
            }
            return id
        }
        let one = FollowedMembers([word])
        let exact = filers.filter { one.contains(names: $0.names, id: nil) }
        if exact.count == 1 { return word }
        if exact.count > 1 { throw .severalMembers(word, exact.map(\.described)) }
        let wanted = PersonName(word).words
        let partial = filers.filter { filer in
            !wanted.isEmpty
                && filer.names.contains { name in wanted.allSatisfy(name.words.contains) }
        }
        guard let only = partial.first else {
            throw .unknownMember(word, near: suggestions(word))
        }
        guard partial.count == 1 else {
            throw .severalMembers(word, partial.map(\.described))
        }
        let whole = FollowedMembers([only.name])
        let isShared = filers.filter { whole.contains(names: $0.names, id: nil) }.count > 1
        guard !isShared, FollowedMembers(text: only.name) != nil else {
            return only.bioguide ?? only.name
        }
        return only.name
    }

    private func suggestions(_ word: String) -> [String] {
        let names = filers.map(\.name)
        let near = Suggestion.nearest(to: word, among: names, atMost: 3)
        guard near.isEmpty else { return near }
        // A surname alone, mistyped.
        let surname = PersonName(word).surname
        let surnames = filers.map { PersonName($0.name).surname }
        let like = Suggestion.nearest(to: surname, among: surnames, atMost: 3)
        return zip(names, surnames).filter { like.contains($1) }.map(\.0)
    }
}

extension FilerBook.Entry {
    /// The names as they are compared.
    var names: [PersonName] { spellings.map { PersonName($0.name) } }

    /// Who it is, for a person who has to choose: `Mike Rogers (house AL03, republican, R000575)`.
    public var described: String {
        let seat = (chambers.map { "\($0)" } + offices).joined(separator: " ")
        let parts = [seat.isEmpty ? nil : seat, party.map { "\($0)" }, bioguide].compactMap(\.self)
        return parts.isEmpty ? name : "\(name) (\(parts.joined(separator: ", ")))"
    }
}

/// Why nobody can be followed as asked.
public enum FilingFilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No filer of the timeline has this name or id.
    case unknownMember(String, near: [String])
    /// Several have it.
    case severalMembers(String, [String])
    /// No fact says who sits on which committee.
    case noCommittees
    /// No filed row passes.
    case nobody(FollowedCounts)

    /// What is wrong and what to write.
    public var description: String {
        switch self {
        case .unknownMember(let word, let near):
            "nobody named \(word) files"
                + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", or "))?")
                + "; recount filers lists who does"
        case .severalMembers(let word, let several):
            "\(word) may be \(several.joined(separator: ", or ")); write the whole name or the id"
        case .noCommittees:
            "the log holds no seats on committees, so nobody would be followed; recount ingest "
                + "reference reads them from committee-membership-current.json or a table"
        case .nobody(let counts) where counts.rows == 0:
            "the log holds no filings to follow; recount ingest disclosures brings them"
        case .nobody(let counts):
            "none of \(counts.rows) filed rows is followed: "
                + counts.reasons.map { "\($0.rows) \($0.reason.words)" }.joined(separator: ", ")
        }
    }
}
