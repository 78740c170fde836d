public import Events

/// What became of one input file: every row ends as added, duplicate or rejected.
public struct FileReport: Sendable {
    /// Rows left out for one reason.
    public struct Reason: Sendable {
        /// The reason.
        public var reason: RejectionReason
        /// Rows.
        public var count: Int
        /// 1-based line of the first.
        public var firstLine: Int
    }

    /// The file as the user named it.
    public var file: String
    /// The word for its format.
    public var format: String
    /// Data rows in the file.
    public var rows = 0
    /// Rows that became events, or bars of events, that were new.
    public var added = 0
    /// Rows that the log, or the file above, had already.
    public var duplicates = 0
    /// Rows left out, by reason in order of its number.
    public private(set) var reasons: [Reason] = []
    /// Events added, summaries and rejections included.
    public var events = 0
    /// Why reading ended early; nil when it did not.
    public var failure: String?

    /// A report on a file before its first row.
    public init(file: String, format: String) {
        self.file = file
        self.format = format
    }

    /// Rows left out.
    public var rejected: Int { reasons.reduce(0) { $0 + $1.count } }

    /// Rows left out for `reason`.
    public func count(_ reason: RejectionReason) -> Int {
        reasons.first { $0.reason == reason }?.count ?? 0
    }

    /// Whether every row is accounted for.
    public var addsUp: Bool { rows == added + duplicates + rejected }

    mutating func reject(_ reason: RejectionReason, line: Int) {
        if let index = reasons.firstIndex(where: { $0.reason == reason }) {
            reasons[index].count += 1
            reasons[index].firstLine = min(reasons[index].firstLine, line)
            return
        }
        let index =
            reasons.firstIndex { $0.reason.rawValue > reason.rawValue } ?? reasons.count
        reasons.insert(Reason(reason: reason, count: 1, firstLine: line), at: index)
    }
}

/// A row that was left out.
public struct RejectedRow: Sendable {
    /// The file as the user named it.
    public var file: String
    /// 1-based line, or for JSON the number of the transaction.
    public var line: Int
    /// Why.
    public var reason: RejectionReason
    /// The field at fault; empty for the whole row.
    public var field: String
    /// The row as it stands in the file.
    public var row: [UInt8]
}
