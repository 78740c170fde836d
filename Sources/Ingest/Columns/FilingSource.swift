/// A source of filings that is recognised by its columns.
struct FilingSource: Sendable {
    /// The word for reports.
    let name: String
    /// Columns that together only this source has, as keys.
    let signature: [String]
    /// Columns that say once more, or otherwise, what another column says.
    var ignored: Set<String> = []
    /// The chamber where no column says it.
    var chamber: String?
    /// What columns mean here that elsewhere mean something else.
    var meanings: [String: FilingField] = [:]

    /// Sources whose dates, where they are no ISO dates, are written month first, as the forms of
    /// House and Senate are.
    static let known: [FilingSource] = [
        FilingSource(
            name: "senate-stock-watcher", signature: ["senator", "transactiondate", "ptrlink"],
            chamber: "senate"),
        FilingSource(
            name: "house-stock-watcher",
            signature: ["representative", "disclosuredate", "ptrlink"],
            chamber: "house"),
        FilingSource(
            name: "quiver", signature: ["reportdate", "transactiondate", "range", "transaction"],
            // The lower end of the range, as a number.
            ignored: ["amount", "description"]),
        FilingSource(
            name: "quiver", signature: ["reportdate", "date", "range", "transaction"],
            ignored: ["amount", "description"], meanings: ["date": .traded]),
        FilingSource(
            name: "fmp",
            signature: ["disclosuredate", "firstname", "lastname", "assetdescription"],
            // The name once more.
            ignored: ["office"]),
        FilingSource(
            name: "finnhub", signature: ["amountfrom", "amountto", "filingdate", "transactiondate"]
        ),
        FilingSource(
            name: "capitol-trades", signature: ["politician", "published", "traded", "size"]
        ),
    ]

    /// The source that has these columns; nil for another.
    static func of(_ keys: Set<String>) -> FilingSource? {
        known.first { $0.signature.allSatisfy(keys.contains) }
    }
}
