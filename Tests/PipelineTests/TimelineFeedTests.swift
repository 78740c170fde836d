import EventLog
import Events
import FeedbackLoop
import Market
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("Timelines in memory")
struct TimelineFeedTests {
    private let scratch = TemporaryFolder()
    private let timeline: EventLog
    private let feed: TimelineFeed

    init() throws {
        timeline = try SmallWorld.log(
            SmallWorld(sessions: 90).facts, kind: .timeline, at: "\(scratch.path)/timeline")
        feed = try TimelineFeed(timeline)
    }

    private func messages(_ feed: TimelineFeed) throws -> [[UInt8]] {
        var messages: [[UInt8]] = []
        try feed.each { _, message in
            messages.append(message.withUnsafeBytes { Array($0) })
            return .proceed
        }
        return messages
    }

    private func template(_ message: [UInt8]) throws -> UInt16 {
        try MessageHeader(message.span.bytes).templateID
    }

    private func filings(_ feed: TimelineFeed) throws -> [DisclosureFiled] {
        try messages(feed).compactMap { bytes in
            let message = bytes.span.bytes
            guard try MessageHeader(message).templateID == DisclosureFiled.templateID else {
                return nil
            }
            return try DisclosureFiled(message: message)
        }
    }

    @Test("a rehearsal from memory gives the events and marks of one over the log")
    func same() throws {
        let strategy = try SmallWorld.strategy()
        var fromLog: [[UInt8]] = []
        var fromFeed: [[UInt8]] = []
        let window = ReplayWindow(from: SmallWorld(sessions: 90).days[10])
        let first = try Run.rehearse(strategy, timeline: timeline, window: window) { event in
            fromLog.append(event.withUnsafeBytes { Array($0) })
        }
        let second = try Run.rehearse(strategy, feed: feed, window: window) { event in
            fromFeed.append(event.withUnsafeBytes { Array($0) })
        }
        #expect(fromLog.count > 500 && fromLog == fromFeed)
        #expect(first.marks == second.marks && first.timeline == second.timeline)
        #expect(first.hindsight == second.hindsight)
    }

    @Test("a feed lends the timeline's own events, in order, and stops when it is told to")
    func lends() throws {
        var own: [[UInt8]] = []
        try timeline.read { record in
            own.append(record.message.withUnsafeBytes { Array($0) })
            return .proceed
        }
        #expect(try messages(feed) == own && feed.count == own.count)
        var lent = 0
        try feed.each { number, _ in
            lent += 1
            return number == 4 ? .stop : .proceed
        }
        #expect(lent == 5)
    }

    @Test("known when traded: each filing the morning after its trade, all else where it was")
    func knownWhenTraded() throws {
        let honest = try filings(feed)
        let traded = try feed.knownWhenTraded()
        let moved = try filings(traded)
        #expect(traded.count == feed.count && moved.count == honest.count)
        for filing in moved {
            #expect(filing.envelope.knownAt == Instant(filing.tradedOn + 1, hour: 5))
        }
        #expect(
            Set(moved.map(\.rowDigest)) == Set(honest.map(\.rowDigest)))
        var latest = Instant(rawValue: .min)
        for bytes in try messages(traded) {
            let knownAt = try Envelope(message: bytes.span.bytes).knownAt
            #expect(knownAt >= latest)
            latest = knownAt
        }
        func others(_ feed: TimelineFeed) throws -> [[UInt8]] {
            try messages(feed).filter {
                try template($0) != DisclosureFiled.templateID
            }
        }
        #expect(try others(traded) == others(feed))
    }

    @Test("a row filed before it was traded gains nothing from the counterfactual")
    func filedBeforeTraded() throws {
        var facts = SmallWorld(sessions: 90).facts
        let place = try #require(
            try facts.firstIndex {
                try template($0) == DisclosureFiled.templateID
            })
        let row = facts[place]
        var odd = try DisclosureFiled(message: row.span.bytes)
        odd.tradedOn = odd.filedOn + 9
        facts[place] = odd.encoded()
        let other = try SmallWorld.log(facts, kind: .timeline, at: "\(scratch.path)/odd")
        let moved = try filings(try TimelineFeed(other).knownWhenTraded())
        let found = try #require(moved.first { $0.rowDigest == odd.rowDigest })
        #expect(found.envelope.knownAt == odd.envelope.knownAt)
    }

    @Test("a permutation deals the tickers of a week out anew and changes nothing else")
    func permutation() throws {
        let permutation = try TickerPermutation(feed)
        let before = try filings(feed)
        let after = try filings(try permutation.permuted(seed: 3))
        #expect(permutation.filings == before.count && before.count == after.count)
        #expect(permutation.movable > before.count / 2)
        var changed = 0
        for (old, new) in zip(before, after) {
            var restored = new
            restored.ticker = old.ticker
            #expect(restored == old)
            if new.ticker != old.ticker { changed += 1 }
        }
        #expect(changed > permutation.movable / 2 && changed <= permutation.movable)
        // Rows of one ticker and week go to one ticker, and no two tickers to the same.
        struct Key: Hashable {
            var week: Day
            var ticker: Ticker
        }
        var dealt: [Key: Ticker] = [:]
        for (old, new) in zip(before, after) where old.ticker != new.ticker {
            let key = Key(week: old.envelope.knownAt.day.mondayOfWeek, ticker: old.ticker)
            #expect(dealt[key] == nil || dealt[key] == new.ticker)
            dealt[key] = new.ticker
        }
        for (key, ticker) in dealt {
            #expect(
                !dealt.contains { $0.key.week == key.week && $0.key != key && $0.value == ticker })
        }
    }

    @Test("a seed gives one permutation, another seed another; bars and index stay as they are")
    func seeds() throws {
        let permutation = try TickerPermutation(feed)
        let first = try messages(try permutation.permuted(seed: 1))
        #expect(try messages(try permutation.permuted(seed: 1)) == first)
        #expect(try messages(try permutation.permuted(seed: 2)) != first)
        for (old, new) in zip(try messages(feed), first) where old != new {
            #expect(try template(new) == DisclosureFiled.templateID)
        }
    }

    @Test("tickers of different sectors never take each other's place")
    func sectors() throws {
        var facts: [[UInt8]] = []
        for (place, ticker) in SmallWorld.tickers.enumerated() {
            facts.append(
                InstrumentClassified(
                    envelope: Envelope(
                        knownAt: .epoch, recordedAt: .epoch, actor: .timeline, flags: .hindsight),
                    validFrom: nil, ticker: ticker,
                    sector: place < 5 ? "First" : "Second", name: nil
                ).encoded())
        }
        let log = try SmallWorld.log(
            facts + SmallWorld(sessions: 90).facts, kind: .timeline,
            at: "\(scratch.path)/classified")
        let feed = try TimelineFeed(log)
        let after = try filings(try TickerPermutation(feed).permuted(seed: 7))
        let first = Set(SmallWorld.tickers.prefix(5))
        var changed = 0
        for (old, new) in zip(try filings(feed), after) {
            #expect(first.contains(old.ticker) == first.contains(new.ticker))
            if old.ticker != new.ticker { changed += 1 }
        }
        #expect(changed > 50)
    }

    @Test("lanes give values in order of the items, and the earliest failure")
    func lanes() {
        let values = Lanes.map(Array(0..<200), lanes: 4) { place, item in place * 1_000 + item }
        #expect(values == (0..<200).map { $0 * 1_001 })
        struct Broken: Error, Equatable { var item: Int }
        #expect(throws: Broken(item: 0)) {
            _ = try Lanes.map([0, 1, 2, 3], lanes: 4) { _, item -> Int in throw Broken(item: item) }
        }
        #expect(Lanes.map([Int](), lanes: 4) { _, item in item }.isEmpty)
    }
}
