import CPlatform
import Events
import Glibc
import LMDB
import TestKit
import Testing

@testable import EventLog

@Suite("The merged cursor")
struct MergedCursorTests {
    private let folder = TemporaryFolder()

    @Test("gives drawn interleavings in the order of their definition", arguments: 1...40)
    func order(seed: UInt64) throws {
        let drawn = Interleaving(seed: seed)
        let (run, timeline) = try drawn.logs(folder)
        let merged = MergedLog(run, over: timeline)
        var cursor = merged.cursor()
        #expect(try cursor.rest() == Given.all(drawn.order))
        #expect(cursor.position == (try merged.end()))
        #expect(try cursor.next() == nil)
    }

    @Test("goes on after every position that it stood at, and ends after a given one")
    func everywhere() throws {
        let drawn = Interleaving(seed: 7)
        let (run, timeline) = try drawn.logs(folder)
        let merged = MergedLog(run, over: timeline)
        let all = Given.all(drawn.order)
        var walk = merged.cursor()
        for count in 0...all.count {
            let position = walk.position
            #expect(position.position == UInt64(count))
            #expect(try merged.position(UInt64(count)) == position)
            var rest = merged.cursor(after: position)
            #expect(try rest.rest() == Array(all[count...]))
            var bounded = merged.cursor(through: UInt64(count))
            #expect(try bounded.rest() == Array(all[..<count]))
            _ = try walk.next()
        }
    }

    @Test("gives a log alone by its own positions")
    func alone() throws {
        let drawn = Interleaving(seed: 3)
        let (_, timeline) = try drawn.logs(folder)
        var cursor = MergedLog(timeline).cursor(check: .trust)
        let given = try cursor.rest()
        #expect(given.map(\.reference) == (1...40).map { .own($0) })
        #expect(given.map(\.position) == Array(1...40))
        #expect(cursor.position == MergedPosition(own: 40, timeline: 0))
    }

    @Test("gives nothing of a timeline that the run had not read")
    func unread() throws {
        var drawn = Interleaving(seed: 4)
        drawn.own.removeLast(30)
        let (run, timeline) = try drawn.logs(folder)
        let merged = MergedLog(run, over: timeline)
        var cursor = merged.cursor()
        #expect(try cursor.rest() == Given.all(drawn.order))
        #expect(cursor.position.timeline == drawn.own.last?.through)
        #expect(cursor.position.timeline < 40)
    }

    @Test("goes on where it stood when timeline and run have grown, in the order that stays")
    func growth() throws {
        for seed in 1...8 as ClosedRange<UInt64> {
            let drawn = Interleaving(seed: seed)
            let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)
            let run = try EventLog.create(at: "\(folder.path)/run-\(seed)", identity: identity)
            let timeline = try EventLog.create(
                at: "\(folder.path)/timeline-\(seed)", identity: identity)
            var cursor = MergedLog(run, over: timeline).cursor()
            var given: [Given] = []
            var (facts, own) = (0, 0)
            var generator = SeededGenerator(seed: seed)
            while own < drawn.own.count {
                // Facts are durable before what was decided from them, and may be ahead of it.
                let count = min(Int.random(in: 1...9, using: &generator), drawn.own.count - own)
                let needed = Int(drawn.own[own + count - 1].through)
                let ahead = min(needed + Int.random(in: 0...5, using: &generator), 40)
                if ahead > facts {
                    try append((facts + 1...ahead).map { drawn.fact($0) }, to: timeline)
                    facts = ahead
                }
                #expect(try cursor.rest() == [], "no fact comes before an event has read it")
                try append((own + 1...own + count).map { drawn.event($0) }, to: run)
                own += count
                given += try cursor.rest()
                #expect(given == Given.all(Array(drawn.order.prefix(given.count))), "\(drawn)")
                #expect(cursor.position.own == UInt64(own))
            }
            #expect(given == Given.all(drawn.order), "\(drawn)")
        }
    }

    private func append(_ messages: [[UInt8]], to log: EventLog) throws {
        try log.append(now: .epoch) { batch in
            for message in messages { batch.append(encoded: message.span.bytes) }
        }
    }

    @Test("keeps its snapshots while it goes to and fro between the logs")
    func toAndFro() throws {
        var drawn = Interleaving(seed: 12)
        drawn.facts = Array(0..<400)
        drawn.own = (1...400).map { Interleaving.Own(through: $0, at: Int64($0)) }
        let (run, timeline) = try drawn.logs(folder)
        var cursor = MergedLog(run, over: timeline).cursor()
        #expect(try cursor.rest() == Given.all(drawn.order))
        #expect(cursor.snapshots < 200, "one in 1 ms, not one a record")
    }

    @Test("takes new snapshots as it reads, of both logs, and holds none at the end")
    func snapshots() throws {
        let drawn = Interleaving(seed: 5)
        let (run, timeline) = try drawn.logs(folder, padding: 200_000)
        var cursor = MergedLog(run, over: timeline).cursor()
        var given: [Given] = []
        while let record = try cursor.next() {
            given.append(try Given(record))
            #expect(record.message.byteCount > 200_000)
        }
        #expect(given == Given.all(drawn.order))
        #expect(try run.readers().allSatisfy { $0.lag == nil })
        #expect(try timeline.readers().allSatisfy { $0.lag == nil })
    }

    @Test(
        "holds no snapshot of one log while it reads a stretch of the other",
        arguments: [true, false])
    func stretches(isOwn: Bool) throws {
        let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)
        let run = try EventLog.create(at: "\(folder.path)/run", identity: identity)
        let timeline = try EventLog.create(at: "\(folder.path)/timeline", identity: identity)
        func messages(_ count: Int, _ through: (Int) -> UInt64) -> [[UInt8]] {
            (1...count).map {
                Interleaving.message(
                    .own(UInt64($0)), at: 0, through: through($0), padding: 200_000)
            }
        }
        // One long stretch of own events after two facts, or of facts between two own events.
        try append(messages(isOwn ? 2 : 20) { _ in 0 }, to: timeline)
        try append(messages(isOwn ? 20 : 2) { isOwn ? 1 : UInt64($0 == 1 ? 1 : 20) }, to: run)
        var cursor = MergedLog(run, over: timeline).cursor()
        _ = try cursor.rest(isOwn ? 2 : 3)
        // What the other log is read from is old now.
        let other = isOwn ? timeline : run
        try append([Interleaving.message(.own(9), at: 0, through: 20)], to: other)
        usleep(2_000)
        _ = try cursor.rest(10)
        #expect(try other.readers().allSatisfy { $0.lag == nil })
    }

    @Test("lets go of its snapshots on demand and goes on")
    func release() throws {
        let drawn = Interleaving(seed: 6)
        let (run, timeline) = try drawn.logs(folder)
        var cursor = MergedLog(run, over: timeline).cursor()
        var given: [Given] = []
        while given.count < drawn.order.count {
            given += try cursor.rest(1)
            cursor.release()
            #expect(try run.readers().allSatisfy { $0.lag == nil })
        }
        #expect(given == Given.all(drawn.order))
    }

    @Test("refuses a timeline that ends before what the run had read")
    func shortTimeline() throws {
        let drawn = Interleaving(seed: 8)
        let run = try drawn.logs(folder).run
        let path = "\(folder.path)/short"
        let short = try Interleaving.log(path, .timeline, (1...9).map { drawn.fact($0) })
        var cursor = MergedLog(run, over: short).cursor()
        let first = try #require(drawn.own.firstIndex { $0.through > 9 })
        let expected = MergeError.timelineEnds(
            path: path, after: 9, event: .own(UInt64(first + 1)), through: drawn.own[first].through)
        #expect(throws: expected) { while try cursor.next() != nil {} }
        #expect(cursor.position.timeline == 9)
        #expect("\(expected)".contains("r\(first + 1)"))
    }

    @Test("refuses an event that had read less than the one before it")
    func readsBack() throws {
        var drawn = Interleaving(seed: 9)
        let index = try #require(
            drawn.own.indices.dropFirst().first { drawn.own[$0 - 1].through > 3 })
        drawn.own[index].through = 2
        let (run, timeline) = try drawn.logs(folder)
        var cursor = MergedLog(run, over: timeline).cursor()
        #expect(
            throws: MergeError.readsBack(
                path: run.path, event: .own(UInt64(index + 1)), through: 2,
                before: drawn.own[index - 1].through)
        ) { while try cursor.next() != nil {} }
    }

    @Test("refuses a gap in either log, with the position", arguments: [true, false])
    func gap(isInRun: Bool) throws {
        let drawn = Interleaving(seed: 10)
        let (run, timeline) = try drawn.logs(folder)
        let path = "\(folder.path)/gapped"
        let messages =
            isInRun
            ? drawn.own.indices.map { drawn.event($0 + 1) }
            : drawn.facts.indices.map { drawn.fact($0 + 1) }
        let gapped = try log(path, messages, without: 12)
        let merged =
            isInRun ? MergedLog(gapped, over: timeline) : MergedLog(run, over: gapped)
        var cursor = merged.cursor()
        let error = #expect(throws: LogError.self) { while try cursor.next() != nil {} }
        guard case .gap(path, expected: 12, found: 13)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// A log that lacks a position.
    private func log(_ path: String, _ messages: [[UInt8]], without missing: Int) throws -> EventLog
    {
        try EventLog.makeFolder(path)
        let environment = try Environment.open(path: path, options: Environment.Options())
        let identity = LogIdentity(kind: .run, logID: .zero, schemaVersion: 0)
        let trees = try EventLog.initialise(environment, identity)
        let transaction = try environment.beginWrite()
        for (index, message) in messages.enumerated() where index + 1 != missing {
            let position = UInt64(index + 1)
            let crc = message.withUnsafeBytes {
                recount_record_crc(position, $0.baseAddress, $0.count)
            }
            let stored = message + withUnsafeBytes(of: crc) { Array($0) }
            try transaction.append(position, stored, to: trees.events)
        }
        try transaction.commit()
        return EventLog(path: path, identity: identity, environment: environment, trees: trees)
    }

    @Test("compares each record with its checksum unless told to trust the log")
    func checksum() throws {
        let path = "\(folder.path)/flipped"
        let message = Interleaving.message(.own(1), at: 1)
        try EventLog.makeFolder(path)
        let environment = try Environment.open(path: path, options: Environment.Options())
        let identity = LogIdentity(kind: .run, logID: .zero, schemaVersion: 0)
        let trees = try EventLog.initialise(environment, identity)
        let transaction = try environment.beginWrite()
        try transaction.append(1, message + [0, 0, 0, 0], to: trees.events)
        try transaction.commit()
        let log = EventLog(path: path, identity: identity, environment: environment, trees: trees)
        let timeline = try Interleaving(seed: 11).logs(folder).timeline
        for merged in [MergedLog(log), MergedLog(log, over: timeline)] {
            var checked = merged.cursor()
            let error = #expect(throws: LogError.self) { _ = try checked.rest() }
            guard case .damaged(path, position: 1)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            var trusting = merged.cursor(check: .trust)
            #expect(try trusting.rest().map(\.reference) == [.own(1)])
        }
    }
}
