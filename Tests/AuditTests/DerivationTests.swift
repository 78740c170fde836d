import Audit
import EventLog
import Events
import Pipeline
import TestKit
import TestWorlds
import Testing

/// A timeline is derived from all of a data log, whose files know the future: what it says up to an
/// instant must not depend on what became known after it.
@Suite("Deriving a timeline does not look ahead")
struct DerivationTests {
    @Test("up to a cut it is the same, whatever comes after the cut, in whatever order it came")
    func prefix() throws {
        let world = SmallWorld(sessions: 90)
        let parts = try inParts(world.facts)
        let whole = try timeline(parts)
        var generator = SeededGenerator(seed: 4)
        for part in 1..<12 {
            let cut = Instant(world.days[world.days.count * part / 12], hour: 12)
            let scrambled = try SmallWorld.scrambled(parts, after: cut)
            let again = try timeline(scrambled.shuffled(using: &generator))
            let known = try whole.prefix { try knownAt($0) <= cut }.count
            #expect(try known > 10 && again.prefix { try knownAt($0) <= cut }.count == known)
            let isEqual = again.prefix(known) == whole.prefix(known)
            #expect(isEqual, "cut at \(cut)")
            let isScrambled = again != whole
            #expect(isScrambled, "the facts after the cut are others")
        }
    }

    private func knownAt(_ message: [UInt8]) throws -> Instant {
        try Envelope(message: message.span.bytes).knownAt
    }

    /// The facts as two files have them: each session's bars in two parts that share a few tickers
    /// and do not agree on them, so that the merge has something to decide.
    private func inParts(_ facts: [[UInt8]]) throws -> [[UInt8]] {
        var parts: [[UInt8]] = []
        for fact in facts {
            guard let session = try? SessionClosed(bytes: fact) else {
                parts.append(fact)
                continue
            }
            for half in 0..<2 {
                var part = session
                part.part = UInt32(half)
                part.source = Digest(w0: UInt64(half + 1), w1: 0, w2: 0, w3: 0)
                part.bars =
                    half == 0 ? Array(session.bars.prefix(6)) : Array(session.bars.dropFirst(4))
                for index in part.bars.indices { part.bars[index].open *= 1 + Double(half) / 100 }
                parts.append(part.encoded())
            }
        }
        return parts
    }

    /// The timeline of a data log that took facts in this order.
    private func timeline(_ facts: [[UInt8]]) throws -> [[UInt8]] {
        let folder = TemporaryFolder()
        let data = DataFolder(folder.path)
        let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)
        let log = try EventLog.create(at: data.log, identity: identity)
        try log.append(now: Instant(Day(year: 2021, month: 1, day: 1)!)) { batch in
            for fact in facts { batch.append(encoded: fact.span.bytes) }
        }
        let derived = try Timeline.ensure(data, log: log)
        var messages: [[UInt8]] = []
        try EventLog.open(at: derived.path).read { record in
            messages.append(record.message.withUnsafeBytes { Array($0) })
            return .proceed
        }
        return messages
    }
}
