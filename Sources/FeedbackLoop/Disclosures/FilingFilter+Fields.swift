import Events

extension FilingFilter {
    /// Its settings, in canonical order; a text that says nothing of one means everybody.
    public static let fields: [ConfigurationField<FilingFilter>] = [
        memberField,
        .choice("follow_chamber", \.chamber, "whose filings are read").added(with: "any"),
        .choice(
            "follow_party", \.party,
            "of the filer as it is known when a row is; a row of an unknown party is left out"
        ).added(with: "any"),
        committeeField,
        .choice(
            "follow_owner", \.owner,
            "whose account; a row that does not say so is left out"
        ).added(with: "any"),
        .boolean("follow_buys_only", \.buysOnly, "read purchases alone").added(with: "false"),
        .number(
            "follow_least_band", \.leastBand, 0...1e12,
            "dollars at which a row's band begins at least; 0 asks for no band"
        ).added(with: "0.0"),
    ]

    /// It in words: `members Nancy Pelosi; house; purchases`.
    public var words: String {
        let all: [String?] = [
            members.isEmpty ? nil : "members \(members.words.joined(separator: ", "))",
            chamber == .any ? nil : "\(chamber)", party == .any ? nil : "party \(party)",
            committee.map { "committee \($0)" },
            owner == .any ? nil : "owner \(owner.rawValue)", buysOnly ? "purchases" : nil,
            leastBand > 0 ? "bands from \(leastBand) dollars" : nil,
        ]
        let parts = all.compactMap(\.self)
        return parts.isEmpty ? "everybody" : parts.joined(separator: "; ")
    }

    private static let memberField = ConfigurationField<FilingFilter>(
        key: "follow_members",
        summary: "whose filings are read",
        range: "any, or names or ids of the Biographical Directory, separated by semicolons",
        type: "string", text: { $0.members.isEmpty ? "any" : $0.members.text },
        set: { filter, text in
            if text == "any" {
                filter.members = FollowedMembers()
                return nil
            }
            guard let members = FollowedMembers(text: text), !members.isEmpty else {
                return "names nobody, or holds other characters than a name's (write it without "
                    + "accents)"
            }
            filter.members = members
            return nil
        }
    ).added(with: "any")

    private static let committeeField = ConfigurationField<FilingFilter>(
        key: "follow_committee",
        summary: "on which the filer sits when a row is filed",
        range: "any, or a committee of Congress by its name or its four letters",
        type: "string", text: { $0.committee ?? "any" },
        set: { filter, text in
            if text == "any" {
                filter.committee = nil
                return nil
            }
            guard let committee = Committee(text: text) else {
                let known = Committee.all.map(\.name) + Committee.all.map(\.id)
                return "is no committee, or one of both chambers: write House or Senate before it"
                    + Suggestion.question(text, known)
            }
            filter.committee = committee.id
            return nil
        }
    ).added(with: "any")
}

extension ConfigurationField {
    /// The same setting of what holds `Root` under a path.
    func under<Whole>(
        _ path: any WritableKeyPath<Whole, Root> & Sendable
    ) -> ConfigurationField<Whole> {
        let (text, set) = (self.text, self.set)
        var field = ConfigurationField<Whole>(
            key: key, summary: summary, range: range, type: type, bounds: bounds, step: step,
            words: words, text: { text($0[keyPath: path]) },
            set: { root, value in set(&root[keyPath: path], value) })
        if let unwritten { field = field.added(with: unwritten) }
        return field
    }
}
