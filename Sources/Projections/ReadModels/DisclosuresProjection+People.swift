import Events

/// What reference facts say of filers.
extension DisclosuresProjection {
    /// A filer's party, chamber and id.
    func describe(
        _ fact: PoliticianDescribed, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        let chamber = try Word.chamber.optional(fact.chamber)
        let party = try Word.party.optional(fact.party)
        let position = event.position
        rows.insert(4, .position(position)) { row in
            row.integer(position)
            row.instant(fact.envelope.knownAt)
            row.text(fact.name)
            row.text(fact.bioguide)
            row.text(chamber)
            row.text(party)
            row.text(fact.office)
            row.day(fact.validFrom)
        }
    }

    /// A filer's seat on a committee.
    func assign(
        _ fact: CommitteeAssigned, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) throws {
        let chamber = try Word.chamber.optional(fact.chamber)
        let position = event.position
        rows.insert(5, .position(position)) { row in
            row.integer(position)
            row.instant(fact.envelope.knownAt)
            row.text(fact.name)
            row.text(fact.bioguide)
            row.text(fact.committee)
            row.text(chamber)
            row.day(fact.validFrom)
            row.day(fact.validThrough)
        }
    }
}
