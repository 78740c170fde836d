public import Events
public import Market

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
        /// The field at fault in the first; empty for the whole row.
        public var field: String
        /// What stands there.
        public var value: String
    }

    /// Rows that were taken and are strange.
    public struct Note: Sendable {
        /// What is strange.
        public var remark: RowRemark
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
    /// Rows that were taken and are strange, by remark in order of its declaration.
    public private(set) var notes: [Note] = []
    /// Splits, dividends and other actions that became events beside the bars of a price file.
    public var actions = 0
    /// The digest by which bars name the file as their source; nil of other files.
    public var source: Digest?
    /// The first jumps of a price that nothing in the file explains.
    public var jumps: [PriceJump] = []
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

    /// Rows left out that rightly hold no trade in a listed share, or that nobody asked for: no
    /// sign that the file is misread.
    public var beside: Int {
        reasons.reduce(0) { FileReport.isBeside($1.reason) ? $0 + $1.count : $0 }
    }

    static func isBeside(_ reason: RejectionReason) -> Bool {
        switch reason {
        case .noTicker, .notAnEquity, .noTransactions, .exchange, .excluded, .outsideRange: true
        default: false
        }
    }

    mutating func reject(_ rejection: Rejection, line: Int) {
        let reason = rejection.reason
        if let index = reasons.firstIndex(where: { $0.reason == reason }) {
            reasons[index].count += 1
            guard line < reasons[index].firstLine else { return }
            reasons[index].firstLine = line
            reasons[index].field = rejection.field
            reasons[index].value = rejection.value
            return
        }
        let index =
            reasons.firstIndex { $0.reason.rawValue > reason.rawValue } ?? reasons.count
        reasons.insert(
            Reason(
                reason: reason, count: 1, firstLine: line, field: rejection.field,
                value: rejection.value), at: index)
    }

    mutating func note(_ remark: RowRemark, line: Int, count: Int = 1) {
        guard count > 0 else { return }
        if let index = notes.firstIndex(where: { $0.remark == remark }) {
            notes[index].count += count
            return
        }
        let index = notes.firstIndex { $0.remark > remark } ?? notes.count
        notes.insert(Note(remark: remark, count: count, firstLine: line), at: index)
    }
}

/// What is strange about a row that was taken all the same.
public enum RowRemark: String, CaseIterable, Comparable, Sendable {
    /// Traded before the STOCK Act, 2012-04-04, which made members file.
    case tradedBeforeAct
    /// Filed more than five years after the trade.
    case filedYearsLater
    /// Its amount is no band of the forms.
    case amountOutsideBands
    /// It says that it amends a filing and not which, or one that the log does not have.
    case amendsNothing
    /// It withdraws a filing that the log does not have.
    case withdrawsNothing
    /// A split or dividend stands beside bars that are adjusted for it already.
    case actionInPrices
    /// A split that the prices do not show is not taken.
    case actionNotShown
    /// A dividend that is the value of the spin-off beside it is not taken a second time.
    case spinOffTwice
    /// The adjusted close says another total return than bars and actions do.
    case adjustedDiffers
    /// The close is about a whole multiple or fraction of the one before, with no action that
    /// explains it and no such move of the market.
    case unexplainedJump

    private var place: Int { RowRemark.allCases.firstIndex(of: self) ?? 0 }

    /// In the order of their declaration.
    public static func < (left: RowRemark, right: RowRemark) -> Bool { left.place < right.place }
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
    /// What stands in that field.
    public var value: String
    /// The row as it stands in the file.
    public var row: [UInt8]
}
