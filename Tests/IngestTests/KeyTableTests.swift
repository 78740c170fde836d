import Events
import Testing

@testable import Ingest

/// What the importers know of a log's keys and of a file's rows, in eight bytes each.
@Suite("Known keys")
struct KeyTableTests {
    /// The key of a rejection of a row, which is all of its digest, reason and occurrence.
    private func key(_ number: UInt64, _ occurrence: UInt32 = 0) throws -> EventKey {
        let event = DisclosureRejected(
            envelope: Envelope(knownAt: .epoch, recordedAt: .epoch, actor: .importer),
            rowDigest: Digest(w0: number, w1: number &* 31, w2: 5, w3: number >> 3),
            source: Digest(w0: 1, w1: 0, w2: 0, w3: 0), line: number, occurrence: occurrence,
            reason: .badDate, format: .congressCSV, row: [])
        let bytes = event.encoded()
        let span = bytes.span
        return try #require(try EventKey.of(span.bytes))
    }

    @Test("a key is new once, through growth, and no other is taken for it")
    func once() throws {
        var table = KeyTable()
        var keys: [EventKey] = []
        var generator = SeededGenerator(state: 11)
        var known: Set<EventKey> = []
        for _ in 0..<60_000 {
            let key = try key(
                .random(in: 0..<40_000, using: &generator), .random(in: 0...1, using: &generator))
            let isNew = try table.insert(key, at: UInt64(keys.count) + 1) { keys[Int($0) - 1] }
            #expect(isNew == known.insert(key).inserted)
            if isNew { keys.append(key) }
        }
        #expect(table.count == known.count)
    }

    @Test("what has the same hash is read where it lies, and is another key where it differs there")
    func compared() throws {
        var table = KeyTable()
        let (one, other) = (try key(1), try key(2))
        #expect(try table.insert(one, at: 1) { _ in nil })
        var looked = 0
        // The log says that position 1 has another key: the hash alone decides nothing.
        let isNew = try table.insert(one, at: 2) { position in
            looked += 1
            #expect(position == 1)
            return other
        }
        #expect(isNew && looked == 1)
        let again = try table.insert(one, at: 3) { $0 == 1 ? other : one }
        #expect(!again)
    }

    @Test("the times that a row came before are counted, whatever comes between")
    func occurrences() {
        var table = OccurrenceTable()
        var counts: [UInt64: UInt32] = [:]
        var generator = SeededGenerator(state: 12)
        for _ in 0..<50_000 {
            let row = UInt64.random(in: 0..<20_000, using: &generator) &* 0x9E37_79B9_7F4A_7C15
            let before = counts[row, default: 0]
            #expect(table.next(Digest(w0: row, w1: 0, w2: 0, w3: 0)) == before)
            counts[row] = before + 1
        }
    }
}
