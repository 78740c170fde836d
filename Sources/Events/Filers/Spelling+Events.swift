extension FilerIdentities.Spelling {
    /// What a row says of its filer.
    public init(_ event: borrowing DisclosureFiledView) {
        self.init(
            bioguide: event.bioguide, name: event.filer, chamber: event.chamber,
            office: event.office)
    }

    /// What a row that amends another says of its filer.
    public init(_ event: borrowing DisclosureAmendedView) {
        self.init(
            bioguide: event.bioguide, name: event.filer, chamber: event.chamber,
            office: event.office)
    }

    /// What a reference fact says of a filer.
    public init(_ event: borrowing PoliticianDescribedView) {
        self.init(
            bioguide: event.bioguide, name: event.name, chamber: event.chamber,
            office: event.office)
    }

    /// What a seat on a committee says of who has it.
    public init(_ event: borrowing CommitteeAssignedView) {
        self.init(
            bioguide: event.bioguide, name: event.name ?? "", chamber: event.chamber, office: nil)
    }
}

extension CommitteeAssignedView {
    /// The sectors that the committee oversees: those that the fact names, else those of the
    /// committee's jurisdiction.
    public var oversight: SectorSet {
        if let named = sectors { return SectorSet(rawValue: named) }
        return Committee(text: committee)?.sectors ?? []
    }
}
