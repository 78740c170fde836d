import Events
import Testing

@testable import Learning

@Suite("Mature rows")
struct MatureRowsTests {
    /// Rows in order of maturity, which is not quite that of decision; some have no label.
    private func rows(_ generator: inout SplitMix64, count: Int) -> [TrainingRow] {
        (0..<count).map { number in
            let session = number / 4 + generator.below(9)
            var row = TrainingRow(
                signal: .own(UInt64(1_000 * session + number)),
                ticker: Ticker(["AA", "BB", "CC"][generator.below(3)])!,
                decidedOn: Day(rawValue: Int32(session)), session: session,
                features: [Float(number), 0], heuristic: number, arms: [])
            if generator.below(5) > 0 {
                row.label = TrainingRow.Label(
                    netReturn: Double(number), outcome: .win, from: row.decidedOn,
                    to: row.decidedOn + 9, toSession: session + 9)
            }
            return row
        }
    }

    /// Places in order of session, ticker and evaluation, by sorting.
    private func sorted(_ rows: [TrainingRow]) -> [Int] {
        rows.indices.sorted {
            let (left, right) = (rows[$0], rows[$1])
            return (left.session, left.ticker, left.signal.rawValue)
                < (right.session, right.ticker, right.signal.rawValue)
        }
    }

    @Test("however rows come and go, their order is that of sorting those that are there")
    func order() {
        var generator = SplitMix64(seed: 11)
        let all = rows(&generator, count: 400)
        var mature = MatureRows()
        var (taken, expected) = (0, [TrainingRow]())
        while taken < all.count {
            let next = min(taken + generator.below(30), all.count)
            mature += Array(all[taken..<next])
            expected += all[taken..<next]
            taken = next
            let gone = generator.below(3) == 0 ? generator.below(expected.count + 1) / 4 : 0
            mature.removeFirst(gone)
            expected.removeFirst(gone)
            #expect(mature.rows == expected)
            let places = sorted(expected)
            #expect(mature.keys.map { Int($0.place) } == places)
            #expect(mature.keys.map { Int($0.session) } == places.map { expected[$0].session })
            #expect(
                mature.keys.map { $0.outcome != nil } == places.map { expected[$0].label != nil })
        }
        mature.removeAll { $0.heuristic.isMultiple(of: 2) }
        expected.removeAll { $0.heuristic.isMultiple(of: 2) }
        #expect(mature.rows == expected)
        #expect(mature.keys.map { Int($0.place) } == sorted(expected))
    }

    @Test("the places of some sessions are those of their rows with a label, none without any")
    func places() {
        var generator = SplitMix64(seed: 12)
        let all = rows(&generator, count: 120)
        let mature = MatureRows(all)
        for first in -1...40 {
            for last in [first - 1, first, first + 3, 1_000] {
                let expected = sorted(all).filter {
                    (first...max(first, last)).contains(all[$0].session) && last >= first
                        && all[$0].label != nil
                }
                #expect(mature.places(from: first, through: last) == expected)
            }
        }
        #expect(MatureRows().places(from: 0, through: 9).isEmpty)
    }
}
