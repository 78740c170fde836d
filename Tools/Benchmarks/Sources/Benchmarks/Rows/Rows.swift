extension Row {
    /// All rows in the order of the table.
    static let all: [Row] = [
        append, durable, durableSingles, groupCommit, operatorActs, scan, fold, verify, visible,
        followers,
        eventStores,
        follow, variants, real,
    ]
}
