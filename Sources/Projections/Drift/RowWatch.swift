import Events

/// What the log makes of some rows, in one fold over it: when each became what two files have.
struct RowWatch {
    /// One row, and how often it was what.
    private struct Watched {
        let difference: RowDifference
        /// The row's canonical bytes in both files; nil where there is none.
        let (first, second): ([UInt8]?, [UInt8]?)
        var now: [UInt8]?
        /// Where it became what a file has, and the first change after that.
        var firstMatch = Match()
        var secondMatch = Match()
        var lastChange: Place?
        var firstChange: Place?
    }

    /// An event.
    struct Place: Hashable {
        let position: UInt64
        let reference: Reference
    }

    private struct Match {
        var isNow = false
        /// Whether it ever was so.
        var wasEver = false
        /// The first change after it was so last.
        var left: Place?
    }

    /// What became of one row.
    struct Finding {
        let difference: RowDifference
        /// The event at which the two part; nil for a row that no event makes.
        let place: Place?
        /// Whether the first and the second have what the log gives.
        let isRight: (first: Bool, second: Bool)
        /// What happened there.
        let text: String
    }

    private var rows: [Watched]
    private var places: [Key: Int] = [:]

    private struct Key: Hashable {
        let table: Int
        let key: RowKey
    }

    init(_ differences: [RowDifference], _ tables: [ProjectionTable]) {
        rows = []
        for difference in differences {
            guard let table = tables.firstIndex(where: { $0.name == difference.table }),
                let key = RowWatch.key(difference.key)
            else { continue }
            places[Key(table: table, key: key)] = rows.count
            rows.append(
                Watched(
                    difference: difference, first: RowWatch.bytes(difference.first),
                    second: RowWatch.bytes(difference.second)))
        }
        for index in rows.indices { RowWatch.settle(&rows[index], at: nil) }
    }

    private static func key(_ values: [RowValue]) -> RowKey? {
        switch values.count {
        case 1:
            if case .integer(let value) = values[0] { return .integer(value) }
            if case .text(let value) = values[0] { return .text(value) }
        case 2:
            if case .integer(let one) = values[0], case .integer(let other) = values[1] {
                return .pair(one, other)
            }
        default: break
        }
        return nil
    }

    private static func bytes(_ row: [RowValue]?) -> [UInt8]? {
        guard let row else { return nil }
        var encoder = RowEncoder()
        for value in row { value.encode(into: &encoder) }
        return encoder.bytes
    }

    /// Takes what an event changed.
    mutating func take(_ changes: borrowing RowChanges, at place: Place) {
        for change in changes.changes {
            guard let index = places[Key(table: change.table, key: change.key)] else { continue }
            if change.kind == .patch {
                var patched = RowEncoder()
                var scratch = RowEncoder()
                (rows[index].now ?? []).withUnsafeBytes {
                    RowBytes.patch($0, change.patches, &scratch, into: &patched)
                }
                rows[index].now = patched.bytes
            } else {
                rows[index].now = changes.withRows { Array($0[change.row]) }
            }
            rows[index].lastChange = place
            if rows[index].firstChange == nil { rows[index].firstChange = place }
            RowWatch.settle(&rows[index], at: place)
        }
    }

    private static func settle(_ row: inout Watched, at place: Place?) {
        func settle(_ match: inout Match, _ wanted: [UInt8]?) {
            let isNow = row.now == wanted
            if match.isNow, !isNow { match.left = place }
            if isNow { match.wasEver = true }
            match.isNow = isNow
        }
        settle(&row.firstMatch, row.first)
        settle(&row.secondMatch, row.second)
    }

    /// What became of each, the first event first; rows that no event makes before all.
    func findings(_ names: (first: String, second: String)) -> [Finding] {
        rows.map { finding($0, names) }.sorted {
            ($0.place?.position ?? 0) < ($1.place?.position ?? 0)
        }
    }

    private func finding(_ row: Watched, _ names: (first: String, second: String)) -> Finding {
        let isRight = (first: row.firstMatch.isNow, second: row.secondMatch.isNow)
        let (match, name) =
            isRight.first ? (row.secondMatch, names.second) : (row.firstMatch, names.first)
        let place: Place?
        let text: String
        if row.lastChange == nil {
            (place, text) = (nil, "no event makes this row; \(name) has it all the same")
        } else if match.wasEver, let left = match.left {
            (place, text) = (left, "\(name) has the row as it was before this event")
        } else {
            (place, text) = (
                row.lastChange, "this event wrote the row last, and no event gives what \(name) has"
            )
        }
        return Finding(difference: row.difference, place: place, isRight: isRight, text: text)
    }
}
