import EventLog
import Events
import TestKit
import Testing

@Suite("Forks")
struct ForkTests {
    private let folder = TemporaryFolder()

    /// A fork's own events, by references: what they had read, and the log that holds them.
    private func fork(
        _ name: String, at position: MergedPosition, facts: ClosedRange<UInt64>, count: Int,
        _ generator: inout SeededGenerator
    ) throws -> (throughs: [UInt64], run: EventLog) {
        var throughs = (0..<count).map { _ in UInt64.random(in: facts, using: &generator) }
        throughs.sort()
        let messages = throughs.enumerated().map { index, through in
            Interleaving.message(
                .own(position.own + UInt64(index + 1)), at: 0, through: through)
        }
        return (throughs, try Interleaving.log("\(folder.path)/\(name)", .run, messages))
    }

    /// The parent's order up to the fork, then the fork's by its definition.
    private func order(
        _ parent: [Reference], _ position: MergedPosition, _ throughs: [UInt64]
    ) -> [Reference] {
        var order = Array(parent.prefix(Int(position.position)))
        var read = position.timeline
        for (index, through) in throughs.enumerated() {
            while read < through {
                read += 1
                order.append(.timeline(read))
            }
            order.append(.own(position.own + UInt64(index + 1)))
        }
        return order
    }

    @Test("share their parent's past and go on with its numbers, wherever they left it")
    func whole() throws {
        let drawn = Interleaving(seed: 21)
        let (run, timeline) = try drawn.logs(folder)
        let parent = MergedLog(run, over: timeline)
        var generator = SeededGenerator(seed: 22)
        for ordinal in 0...UInt64(drawn.order.count) {
            let position = try #require(try parent.position(ordinal))
            let (throughs, own) = try fork(
                "fork-\(ordinal)", at: position, facts: position.timeline...40, count: 12,
                &generator)
            let forked = parent.forked(at: position, own, over: timeline)
            let expected = order(drawn.order, position, throughs)
            var cursor = forked.cursor()
            #expect(try cursor.rest() == Given.all(expected), "at \(ordinal)")
            #expect(try forked.end().position == UInt64(expected.count))
            let middle = Int(ordinal / 2)
            var late = forked.cursor(after: try #require(try forked.position(UInt64(middle))))
            #expect(try late.rest() == Array(Given.all(expected)[middle...]))
        }
    }

    @Test("may have a timeline of their own that goes on behind the parent's")
    func continued() throws {
        let drawn = Interleaving(seed: 23)
        let (run, timeline) = try drawn.logs(folder)
        let parent = MergedLog(run, over: timeline)
        let position = try #require(try parent.position(50))
        let facts = (1...10).map {
            Interleaving.message(.timeline(position.timeline + $0), at: 0)
        }
        let own = try Interleaving.log("\(folder.path)/own-timeline", .timeline, facts)
        var generator = SeededGenerator(seed: 24)
        let (throughs, forkRun) = try fork(
            "live", at: position, facts: position.timeline...position.timeline + 10, count: 9,
            &generator)
        let forked = parent.forked(at: position, forkRun, over: own, .continued)
        let expected = order(drawn.order, position, throughs)
        var cursor = forked.cursor()
        #expect(try cursor.rest() == Given.all(expected))
        for (index, reference) in expected.enumerated() {
            let found = try #require(try forked.position(after: reference))
            #expect(found.position == UInt64(index + 1))
            #expect(try forked.event(at: found) == reference)
        }
    }

    @Test("of forks hold every past in turn")
    func chain() throws {
        let drawn = Interleaving(seed: 25)
        let (run, timeline) = try drawn.logs(folder)
        var merged = MergedLog(run, over: timeline)
        var expected = drawn.order
        var generator = SeededGenerator(seed: 26)
        // The last one leaves before the one it was made from did.
        for (number, ordinal) in [70, 75, 90, 72].enumerated() as EnumeratedSequence<[UInt64]> {
            let position = try #require(
                try merged.position(min(ordinal, UInt64(expected.count))))
            let (throughs, own) = try fork(
                "chain-\(number)", at: position, facts: position.timeline...40, count: 20,
                &generator)
            merged = merged.forked(at: position, own, over: timeline)
            expected = order(expected, position, throughs)
            var cursor = merged.cursor()
            #expect(try cursor.rest() == Given.all(expected), "fork \(number)")
        }
        for (index, reference) in expected.enumerated() {
            #expect(try merged.position(after: reference)?.position == UInt64(index + 1))
        }
    }

    @Test("without an event of their own end where they left their parent")
    func empty() throws {
        let drawn = Interleaving(seed: 27)
        let (run, timeline) = try drawn.logs(folder)
        let parent = MergedLog(run, over: timeline)
        // Between facts: the fork had read more than its parent's last event.
        let index = try #require(
            drawn.order.indices.dropFirst(30).first { drawn.order[$0].isTimeline })
        let position = try #require(try parent.position(UInt64(index + 1)))
        let own = try Interleaving.log("\(folder.path)/empty", .run, [])
        let forked = parent.forked(at: position, own, over: timeline)
        #expect(try forked.end() == position)
        var cursor = forked.cursor()
        #expect(try cursor.rest() == Given.all(Array(drawn.order[...index])))
    }

    @Test("that begin where their parent never stood are refused")
    func nowhere() throws {
        let drawn = Interleaving(seed: 28)
        let (run, timeline) = try drawn.logs(folder)
        let parent = MergedLog(run, over: timeline)
        let index = try #require(drawn.own.firstIndex { $0.through > 5 })
        let position = MergedPosition(own: UInt64(index + 1), timeline: 3)
        let forked = parent.forked(at: position, run, over: timeline)
        var cursor = forked.cursor()
        #expect(
            throws: MergeError.noForkPosition(path: run.path, own: position.own, timeline: 3)
        ) { while try cursor.next() != nil {} }
    }
}
