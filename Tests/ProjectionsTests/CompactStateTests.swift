import Events
import TestKit
import Testing

@testable import Projections

/// What projections remember of every filing and evaluation, in a few bytes each, beside the plain
/// collections whose place it takes.
@Suite("Compact states")
struct CompactStateTests {
    @Test("filings give the positions of their rows in order, once, whatever their ids")
    func filings() {
        var compact = FilingPositions()
        var plain: [String: [UInt64]] = [:]
        var ended: Set<String> = []
        var generator = SeededGenerator(seed: 3)
        // Ids of the same beginning, of no length, and around the longest that is kept verbatim.
        let ids = (0..<400).flatMap { number in
            let digits = "\(number)"
            return [
                digits, "filing-\(digits)", String(repeating: "x", count: 12) + digits,
                "2d1c5f0e-77aa-4d2e-9d5e-\(digits)",
            ]
        }
        for position in 1...40_000 as ClosedRange<UInt64> {
            let id = position == 1 ? "" : ids.randomElement(using: &generator)!
            if position % 50 == 0 {
                let rows = ended.insert(id).inserted ? plain[id] ?? [] : nil
                let found = compact.end(id)
                #expect(found == rows)
            } else {
                // Positions that need more than 32 bits.
                let place = position + (position > 20_000 ? 1 << 33 : 0)
                let isHeld = compact.add(place, to: id)
                #expect(isHeld == !ended.contains(id))
                if !ended.contains(id) { plain[id, default: []].append(place) }
            }
        }
        for id in [""] + ids where !ended.contains(id) {
            let found = compact.end(id)
            #expect(found == plain[id] ?? [])
        }
    }

    @Test("an evaluation is remembered as it was, and what became of it")
    func evaluations() {
        var rows = EvaluatedRows()
        var generator = SeededGenerator(seed: 4)
        var known: [(signal: Reference, evaluated: Evaluated)] = []
        var position: UInt64 = 0
        for session in 0..<300 {
            let day = Day(rawValue: Int32(session * 2))
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                position += .random(in: 1...5, using: &generator)
                let evaluated = Evaluated(
                    decidedAt: Instant(day + 1, hour: 5), day: day, session: session,
                    hasFeatures: Bool.random(using: &generator))
                rows.add(evaluated, .own(position))
                known.append((.own(position), evaluated))
            }
        }
        for index in known.indices {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                rows.settle(known[index].signal, labelTo: nil)
                known[index].evaluated.isSettled = true
            case 1:
                rows.settle(known[index].signal, labelTo: known[index].evaluated.day + 9)
                known[index].evaluated.isSettled = true
                known[index].evaluated.labelTo = known[index].evaluated.day + 9
            case 2:
                rows.take(known[index].signal)
                known[index].evaluated.isTaken = true
            default: break
            }
        }
        var again = EvaluatedRows()
        for (signal, evaluated) in known { again.add(evaluated, signal) }
        for (signal, evaluated) in known {
            #expect(rows[signal] == evaluated && again[signal] == evaluated)
            #expect(rows[.timeline(signal.position)] == nil)
        }
        let signals = Set(known.map(\.signal))
        for position in 0...position + 2 where !signals.contains(.own(position)) {
            #expect(rows[.own(position)] == nil)
        }
    }
}
