/// A defect of an input row, named as the importer names its reason.
enum Defect: String, CaseIterable {
    case malformedRow
    case missingFilingDate
    case badDate
    case receivedBeforeTrade
    case noTicker
    case notAnEquity
    case ambiguousTicker
    case badTicker
    case badSide
    case badAmount
    case missingField
    case noTransactions
    case exchange
}

/// Which clean rows of a file are followed by a defective one, and by which defect.
struct Dirt {
    /// Defective rows for each clean one.
    static let share = 0.03

    private let defects: [Defect]
    private let rows: Int
    private var next = 0

    /// Spreads each of `kinds` equally, at least once, over a file of `rows` clean rows.
    init(_ kinds: [Defect], rows: Int, seed: UInt64, file: Int) {
        var chance = ChanceStream(seed: seed, .dirt, file)
        let each = max(Int(Double(rows) * Dirt.share) / kinds.count, 1)
        var defects = kinds.flatMap { Array(repeating: $0, count: each) }
        chance.shuffle(&defects)
        self.defects = rows == 0 ? [] : defects
        self.rows = rows
    }

    /// The defects that follow clean row `row`.
    mutating func after(_ row: Int) -> ArraySlice<Defect> {
        let start = next
        while next < defects.count, next * rows / defects.count <= row { next += 1 }
        return defects[start..<next]
    }
}
