import EventLog
import Events
import Pipeline
import TestKit
import Testing

@testable import Projections

@Suite("Feeds")
struct FeedTests {
    @Test("timeline and run come in one order: each event after all that it was decided from")
    func order() throws {
        let run = try RunFixture()
        let view = try run.view()
        var feed = EventFeed(view, after: .start)
        var (facts, own) = (UInt64(0), UInt64(0))
        while let chunk = try feed.next() {
            let array = chunk.bytes
            for entry in chunk.entries {
                let message = array.span.bytes.extracting(entry.start..<entry.end)
                if entry.reference.isTimeline {
                    facts += 1
                    #expect(entry.reference.position == facts)
                } else {
                    own += 1
                    #expect(entry.reference.position == own)
                    #expect(try Envelope(message: message).through == facts)
                }
            }
        }
        #expect(own == run.result.head.position)
        #expect(feed.position == MergedPosition(own: own, timeline: facts))
    }

    @Test("a feed that goes on after any position gives the rest")
    func anywhere() throws {
        let run = try RunFixture()
        let view = try run.view()
        var whole = EventFeed(view, after: .start)
        let first = try #require(try whole.next())
        for count in [1, 2, 500, first.entries.count - 1] {
            let piece = first.prefix(count)
            var rest = EventFeed(view, after: piece.end)
            let next = try #require(try rest.next())
            #expect(next.entries.first?.reference == first.entries[count].reference)
        }
    }

    @Test("while a feed's events are folded it holds no snapshot of the log")
    func noSnapshot() throws {
        let run = try RunFixture()
        let view = try run.view()
        var feed = EventFeed(view, after: .start)
        let chunk = try feed.next()
        #expect(chunk != nil)
        #expect(try view.log.readers().allSatisfy { $0.snapshot == nil })
    }
}

extension EventChunk {
    /// Its first events.
    func prefix(_ count: Int) -> EventChunk {
        let kept = Array(entries.prefix(count))
        var end = start
        for entry in kept {
            if entry.reference.isTimeline { end.timeline += 1 } else { end.own += 1 }
        }
        return EventChunk(start: start, end: end, bytes: bytes, entries: kept)
    }
}
