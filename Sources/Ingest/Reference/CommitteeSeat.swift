import Events

/// Who sits on which committee: rows of a table, or `committee-membership-current.json` of
/// unitedstates/congress-legislators, an object that has the members of each committee by its id.
///
/// The members of a subcommittee (`HSAG03`) sit on its committee. Ranks and titles are not kept:
/// nothing reads them.
struct CommitteeSeat {
    private let committee: String
    private let bioguide: String
    private let name: String
    private let from: String
    private let through: String
    private let sectors: String

    /// The row of a table.
    init(_ table: borrowing TableReader) {
        committee = table.text("committee")
        bioguide = table.text(table.has("bioguide_id") ? "bioguide_id" : "bioguide")
        name = table.text(table.has("full_name") ? "full_name" : "name")
        from = table.text(table.has("valid_from") ? "valid_from" : "from")
        through = table.text(table.has("valid_to") ? "valid_to" : "to")
        sectors = table.text("sectors")
    }

    /// An object of a JSON file; `key` is the name of the array in which it stands.
    init(_ value: JSONValue, key: String) {
        func text(_ names: String...) -> String? {
            names.lazy.compactMap { value[$0]?.text }.first
        }
        committee = text("committee", "committee_id") ?? key
        bioguide = text("bioguide", "bioguide_id") ?? ""
        name = text("full_name", "name") ?? ""
        from = text("valid_from", "from", "start_date") ?? ""
        through = text("valid_to", "to", "end_date") ?? ""
        sectors = text("sectors") ?? ""
    }

    /// The fact that a row says.
    func event(today: Day?) throws(Rejection) -> CommitteeAssigned {
        let text = trimmed(committee)
        guard !text.isEmpty else { throw Rejection(.missingField, field: "committee") }
        guard let known = Committee(text: transliterated(text)) else {
            throw Rejection(
                .badCommittee, field: "committee",
                value: "\(text) (no id of four letters, and no name of one committee)")
        }
        let bioguide = optionalText(self.bioguide, limit: 8)
        let name = optionalText(FilerName.plain(self.name), limit: 48)
        guard bioguide != nil || name != nil else {
            throw Rejection(.missingField, field: "bioguide_id")
        }
        let (from, through) = (try day(self.from, "from"), try day(self.through, "to"))
        if let from, let through, through < from {
            throw Rejection(
                .badDate, field: "to", value: "\(self.through) (before from, \(self.from))")
        }
        if let from, let today, from > today {
            throw Rejection(.badDate, field: "from", value: "\(self.from) (lies in the future)")
        }
        return CommitteeAssigned(
            envelope: Envelope(
                knownAt: from.map { Instant($0 + 1, hour: 5) } ?? .epoch, recordedAt: .epoch,
                actor: .importer, flags: from == nil ? .hindsight : []),
            validFrom: from, validThrough: through, sectors: try sectorBits(),
            chamber: known.chamber, bioguide: bioguide, committee: known.id, name: name)
    }

    private func day(_ text: String, _ field: String) throws(Rejection) -> Day? {
        guard !trimmed(text).isEmpty else { return nil }
        guard let day = DateText.day(text) else {
            throw Rejection(.badDate, field: field, value: text)
        }
        return day
    }

    private func sectorBits() throws(Rejection) -> UInt16? {
        guard !trimmed(sectors).isEmpty else { return nil }
        guard let set = SectorSet(text: transliterated(sectors)) else {
            throw Rejection(
                .badSector, field: "sectors",
                value: "\(sectors) (sectors of GICS, between semicolons)")
        }
        return set.rawValue
    }
}
