import Events

/// Where a filed row comes from, for a reader who wants to see it.
struct FilingSource: Hashable, Sendable {
    /// Whose account.
    var owner = Owner.unknown
    /// The filed band; nil where it is not known or open.
    var low: Money?
    var high: Money?
    /// What read the row.
    var format = SourceFormat.columns
    /// The source's own id of the filing.
    var filingID: String?
    /// The filing's page at the House or the Senate, where the row names it; no other address.
    var link: String?

    init() {}

    init(_ event: borrowing DisclosureFiledView) {
        (owner, format, filingID) = (event.owner, event.format, event.filingID)
        (low, high) = (event.amountLow, event.amountHigh)
        link = FilingSource.link(in: event.row)
    }

    init(_ event: borrowing DisclosureAmendedView) {
        (owner, format, filingID) = (event.owner, event.format, event.filingID)
        (low, high) = (event.amountLow, event.amountHigh)
        link = FilingSource.link(in: event.row)
    }

    /// Sites whose addresses a page links to. A row is whatever someone wrote into a file.
    static let officialSites = [
        "https://efdsearch.senate.gov/", "https://disclosures-clerk.house.gov/",
    ]

    /// What such a file is called.
    var formatName: String {
        switch format {
        case .senateJSON: "Senate file"
        case .congressCSV: "Congress file"
        case .houseCSV: "House file"
        case .normalizedCSV: "normalised file"
        case .benchCSV, .columns, .unrecognised: "file"
        }
    }

    /// The first address of an official site in a row, in plain characters; nil without one.
    static func link(in row: RawSpan) -> String? {
        let start = Array("https://".utf8)
        var place = 0
        while place + start.count < row.byteCount {
            guard row.byte(place) == start[0],
                (1..<start.count).allSatisfy({ row.byte(place + $0) == start[$0] })
            else {
                place += 1
                continue
            }
            var end = place
            while end < row.byteCount, isPlain(row.byte(end)) { end += 1 }
            let text = String(decoding: (place..<end).map { row.byte($0) }, as: UTF8.self)
            if end - place <= 200, officialSites.contains(where: text.hasPrefix) { return text }
            place = max(end, place + 1)
        }
        return nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || "-._~/:".utf8.contains(byte)
    }
}

extension RawSpan {
    fileprivate func byte(_ place: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: place, as: UInt8.self)
    }
}
