/// Where a world's files go.
public protocol WorldSink {
    /// Starts a file.
    mutating func open(_ name: String) throws
    /// Adds to it.
    mutating func write(_ bytes: [UInt8]) throws
    /// Ends it and returns its SHA-256 in hexadecimal.
    mutating func close() throws -> String
}

/// What one written file holds, as an importer must count it.
public struct FileAccount: Hashable, Sendable {
    /// Rows left out for one reason.
    public struct Refused: Hashable, Sendable {
        /// The importer's word for the reason.
        public var reason: String
        /// Rows.
        public var count: Int
    }

    /// The file's name in the world's folder.
    public var name: String
    /// SHA-256 of its bytes, hexadecimal.
    public var sha256 = ""
    /// Data rows.
    public var rows = 0
    /// Rows that become facts.
    public var accepted = 0
    /// Rows that say word for word what an earlier one said; filings count them as accepted.
    public var repeats = 0
    /// Rows left out, by reason in order of name.
    public private(set) var refused: [Refused] = []
    /// Amendments among the accepted rows.
    public var amendments = 0
    /// Withdrawals among the accepted rows.
    public var withdrawals = 0
    /// Bars of volume 0.
    public var idleBars = 0

    init(_ name: String) { self.name = name }

    /// Rows left out for `reason`.
    public func count(_ reason: String) -> Int {
        refused.first { $0.reason == reason }?.count ?? 0
    }

    mutating func refuse(_ reason: String) {
        rows += 1
        if let index = refused.firstIndex(where: { $0.reason == reason }) {
            refused[index].count += 1
            return
        }
        let index = refused.firstIndex { $0.reason > reason } ?? refused.count
        refused.insert(Refused(reason: reason, count: 1), at: index)
    }
}
