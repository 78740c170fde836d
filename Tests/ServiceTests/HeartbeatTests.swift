import EventLog
import Events
import Foundation
import Logging
import Pipeline
import Synchronization
import TestKit
import TestWorlds
import Testing

@testable import Service

@Suite("Heartbeats")
struct HeartbeatTests {
    private func texts(_ sender: ScriptedSender, _ beginning: String) -> [String] {
        sender.got.withLock { got in
            got.filter { $0.kind == .heartbeat && $0.text.hasPrefix(beginning) }.map(\.text)
        }
    }

    @Test("bars and filings that do not come are told once, over starts too")
    func nothing() throws {
        let world = try AlertWorld(seed: 41, comes: false)
        let sender = ScriptedSender()
        let start = world.clock.now()
        for day in 1...12 {
            try world.run([sender], through: start.adding(seconds: Int64(day) * 86_400))
        }
        #expect(texts(sender, "no bars: ").count == 1, "\(texts(sender, "no bars: "))")
        #expect(texts(sender, "no filings: ").count == 1)
        #expect(texts(sender, "bars have come").isEmpty)
        // The sessions that are missed are told each, by the timeline.
        let missed = sender.got.withLock { $0.filter { $0.kind == .lag && $0.source == .timeline } }
        let count = missed.count { $0.text.contains("is missed") }
        #expect(count >= 6)
        #expect(Set(missed.map(\.id)).count == missed.count)
    }

    @Test("the hour is the session's close and the setting; 0 says nothing")
    func hours() throws {
        let world = try AlertWorld(seed: 42, comes: false)
        let sender = ScriptedSender()
        let flags = ["heartbeat_bars=3", "heartbeat_filings=0"]
        let start = world.clock.now()
        try world.run([sender], through: Instant(start.day, hour: 23, minute: 59), flags: flags)
        #expect(texts(sender, "no bars: ").isEmpty)
        try world.run([sender], through: Instant(start.day + 1, hour: 2), flags: flags)
        #expect(texts(sender, "no bars: ").count == 1)
        try world.run([sender], through: Instant(start.day + 12, hour: 2), flags: flags)
        #expect(texts(sender, "no filings: ").isEmpty)
    }

    @Test("bars that come again say so, and their absence is told anew")
    func over() throws {
        let world = try AlertWorld(seed: 43)
        let sender = ScriptedSender()
        var held: IngestLock? = try IngestLock(world.data)
        let start = world.clock.now()
        // While somebody ingests nothing is run, and nothing is seen.
        try world.run([sender], through: start.adding(seconds: 3 * 86_400))
        withExtendedLifetime(held) {}
        held = nil
        #expect(texts(sender, "no bars: ").count + texts(sender, "no instant").count > 0)
        try world.run([sender])
        let over = texts(sender, "bars have come").count + texts(sender, "instants are run").count
        #expect(over > 0)
    }

    @Test("a loop that stands still is told by another thread, and when it goes on")
    func still() throws {
        let pulse = LoopPulse()
        let watch = LoopWatch(pulse, seconds: 1, logger: .init(label: "test"))
        let got = Mutex<[String]>([])
        pulse.beat()
        watch.start { text in got.withLock { $0.append(text) } }
        usleep(600_000)
        #expect(got.withLock { $0 } == [])
        #expect(comes { got.withLock { $0.count } == 1 })
        pulse.beat()
        #expect(comes { got.withLock { $0.count } == 2 })
        watch.stop()
        let texts = got.withLock { $0 }
        #expect(texts[0].hasPrefix("the loop stands still"))
        #expect(texts[1].hasPrefix("the loop goes on"))
    }

    private func comes(_ what: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if what() { return true }
            usleep(10_000)
        }
        return false
    }
}
