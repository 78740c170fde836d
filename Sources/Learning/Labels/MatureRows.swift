import Events

/// Rows whose labels are mature, or that have none, in order of maturity; beside them, in order of
/// session, ticker and evaluation, what a training set is cut by.
///
/// A training looks at tens of thousands of rows and takes few of them. Their order is kept as they
/// come, and what decides about a row lies in one place, so that a cut touches no row it leaves
/// out.
public struct MatureRows: Sendable {
    /// What decides about a row.
    struct Key: Sendable {
        let netReturn: Double
        let session: Int32
        /// Session from whose close on the label may be used.
        let toSession: Int32
        /// Among the rows.
        var place: Int32
        let features: UInt16
        /// The label's class; nil of a row that has no label.
        let outcome: OutcomeClass?
        /// Whether it has none because the index lacks a level.
        let isUnmeasured: Bool

        init(_ row: borrowing TrainingRow, _ place: Int) {
            netReturn = row.label?.netReturn ?? .nan
            session = Int32(row.session)
            toSession = Int32(row.label?.toSession ?? 0)
            self.place = Int32(place)
            features = UInt16(clamping: row.features.count)
            outcome = row.label?.outcome
            isUnmeasured = row.isUnmeasured
        }
    }

    /// In order of maturity.
    public private(set) var rows: [TrainingRow] = []
    /// In order of session, ticker and evaluation.
    private(set) var keys: [Key] = []

    /// These rows, in order of maturity.
    public init(_ rows: [TrainingRow] = []) {
        self += rows
    }

    /// Adds rows that became mature after those that are there.
    public static func += (left: inout MatureRows, right: [TrainingRow]) {
        let first = left.rows.count
        left.rows += right
        left.insert(first..<left.rows.count)
    }

    /// Takes out the rows that became mature first.
    public mutating func removeFirst(_ count: Int) {
        guard count > 0 else { return }
        rows.removeFirst(count)
        keys.removeAll { $0.place < count }
        for index in keys.indices { keys[index].place -= Int32(count) }
    }

    /// Takes out rows, wherever they stand.
    public mutating func removeAll(where isGone: (TrainingRow) -> Bool) {
        self = MatureRows(rows.filter { !isGone($0) })
    }

    /// Places of the rows with a label that were decided in these sessions, in order of session,
    /// ticker and evaluation.
    public func places(from first: Int, through last: Int) -> [Int] {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(keys[middle].session) < first { low = middle + 1 } else { high = middle }
        }
        var places: [Int] = []
        for key in keys[low...] {
            if Int(key.session) > last { break }
            if key.outcome != nil { places.append(Int(key.place)) }
        }
        return places
    }

    /// Merges the keys of new rows in from the end: nearly all belong there.
    private mutating func insert(_ places: Range<Int>) {
        let fresh = places.map { Key(rows[$0], $0) }.sorted { precedes($0, $1) }
        var (old, new) = (keys.count - 1, fresh.count - 1)
        keys += fresh
        while new >= 0 {
            if old >= 0, precedes(fresh[new], keys[old]) {
                keys[old + new + 1] = keys[old]
                old -= 1
            } else {
                keys[old + new + 1] = fresh[new]
                new -= 1
            }
        }
    }

    private func precedes(_ left: Key, _ right: Key) -> Bool {
        if left.session != right.session { return left.session < right.session }
        let (left, right) = (Int(left.place), Int(right.place))
        let tickers = (rows[left].ticker, rows[right].ticker)
        if tickers.0 != tickers.1 { return tickers.0 < tickers.1 }
        return rows[left].signal.rawValue < rows[right].signal.rawValue
    }
}
