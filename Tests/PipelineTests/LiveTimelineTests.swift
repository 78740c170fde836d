import EventLog
import Events
import FeedbackLoop
import Market
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

/// What a live run's timeline holds, commit by commit.
@Suite("A live run's timeline")
struct LiveTimelineTests {
    private struct Entry {
        let position: UInt64
        let template: UInt16
        let envelope: Envelope
        let message: [UInt8]
    }

    private func entries(_ log: EventLog) throws -> [Entry] {
        var entries: [Entry] = []
        try log.read { record in
            entries.append(
                Entry(
                    position: record.position,
                    template: try MessageHeader(record.message).templateID,
                    envelope: try Envelope(message: record.message),
                    message: record.message.withUnsafeBytes { Array($0) }))
            return .proceed
        }
        return entries
    }

    @Test("each commit is what was moved, in order, and ended by InstantBegun; closes name a bar")
    func commits() throws {
        let market = try LiveMarket(seed: 31, sessions: 90, history: 60)
        try LiveRuns.make(
            try SmallWorld.strategy(), named: "live", in: market.data, data: market.log, prefix: 3)
        // Filings of one day come too late: they are known behind the last instant.
        let from = try #require(market.world.days.dropFirst(70).first)
        let count = try market.delay(by: 9 * 86_400) { message in
            guard try MessageHeader(message.span.bytes).templateID == DisclosureFiled.templateID
            else { return false }
            return try DisclosureFiled(message: message.span.bytes).envelope.knownAt.day == from
        }
        _ = try market.live(restarts: 0.1, steps: 0...4_000)
        let run = try market.data.openRun("live")
        let live = try #require(run.manifest?.live)
        let moved = try entries(run.timeline)
        var last = live.instant
        var (late, missed, closed) = (0, 0, 0)
        for commit in try run.timeline.commits() {
            let events = moved[Int(commit.first) - 1..<Int(commit.head.position)]
            let end = try #require(events.last)
            if end.template == InstantsMissed.templateID {
                missed += 1
                #expect(events.count == 1)
                #expect(end.envelope.knownAt == last.adding(nanoseconds: 1))
                last = end.envelope.knownAt
                continue
            }
            #expect(end.template == InstantBegun.templateID)
            let begun = try InstantBegun(message: end.message.span.bytes)
            #expect(Int(begun.moved) == events.count - 1)
            #expect(events.map(\.envelope.knownAt) == events.map(\.envelope.knownAt).sorted())
            #expect(events.allSatisfy { $0.envelope.knownAt > last })
            for event in events.dropLast() {
                var (known, positions) = (Instant.epoch, [UInt64]())
                try market.log.record(at: event.envelope.through) { record in
                    known = try Envelope(message: record.message).knownAt
                }
                if event.template == SessionClosed.templateID {
                    closed += 1
                    let session = try SessionClosed(message: event.message.span.bytes).day
                    try market.log.read { record in
                        if try MessageHeader(record.message).templateID
                            == SessionClosed.templateID,
                            try SessionClosedView(record.message).day == session
                        {
                            positions.append(record.position)
                        }
                        return .proceed
                    }
                    #expect(event.envelope.through == positions.max())
                }
                #expect(
                    event.envelope.knownAt == max(known, last.adding(nanoseconds: 1)))
                if known <= last { late += 1 }
            }
            last = end.envelope.knownAt
        }
        #expect(count > 0 && late >= count && missed > 0 && closed > 20)
        // Of a derived timeline no event names where it came from.
        let derived = try Timeline.ensure(market.data, log: market.log)
        let timeline = try EventLog.open(at: derived.path)
        #expect(try entries(timeline).allSatisfy { $0.envelope.through == 0 })
        // The rehearsal's end is the first that the run records.
        let first = try #require(try entries(run.log).first)
        #expect(first.template == ConfigurationChanged.templateID)
        #expect(
            try ConfigurationChanged(message: first.message.span.bytes).scope == .service)
    }

    @Test("a missed session has no mark, no evaluation and no cycle, and keeps its stops")
    func missed() throws {
        let market = try LiveMarket(seed: 32, sessions: 90, history: 60)
        try LiveRuns.make(
            try SmallWorld.strategy(), named: "live", in: market.data, data: market.log, prefix: 3)
        let loop = try market.open()
        var day = try #require(loop.day)
        while loop.world.portfolio.holdings.isEmpty || day.isoWeekday > 2 {
            day = day + 1
            try market.come(through: Instant(day, hour: 5, minute: 30))
            while case .due = try loop.turn(at: Instant(day, hour: 5, minute: 30)) {}
        }
        let lost = day
        try market.lose { type, message in
            guard type is SessionClosed.Type else { return false }
            return try SessionClosed(message: message.span.bytes).day == lost
        }
        let before = loop.world.portfolio.holdings
        let end = Instant(lost + 1, hour: 5, minute: 30)
        try market.come(through: end)
        while case .due = try loop.turn(at: end) {}
        #expect(loop.day == lost)
        let levels = loop.world.portfolio.holdings.map(\.stopLevel)
        #expect(!before.isEmpty && levels == before.map(\.stopLevel))
        let kinds: [UInt16] = [
            SignalGenerated.templateID, SignalSuppressed.templateID, SignalQueued.templateID,
            OutcomeRecorded.templateID, OrderSubmitted.templateID, OrderFilled.templateID,
        ]
        let own = try entries(try market.data.openRun("live").log).filter {
            $0.envelope.knownAt > Instant(lost, hour: 20) && kinds.contains($0.template)
        }
        #expect(own.isEmpty, "\(own.map(\.template))")
    }
}
