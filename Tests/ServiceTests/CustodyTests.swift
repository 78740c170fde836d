import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Logging
import Pipeline
import Synchronization
import TestKit
import TestWorlds
import Testing

@testable import Service

@Suite("The daemon in custody")
struct CustodyTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs a daemon from where the clock stands to an instant.
    private func serve(
        _ world: FileWorld, _ run: String, from start: Instant, to end: Instant
    ) throws {
        let clock = ScriptedClock(start) { now in
            let then = world.step(now)
            try? world.come(through: then)
            return then
        }
        let configuration = Daemon.Configuration(
            folder: world.data, run: run,
            strategy: run == "live" ? .loop(try SmallWorld.strategy()) : nil)
        let daemon = Daemon(
            configuration, clock: clock, logger: logger, trainer: nil, prefix: { 0xABCD })
        try daemon.run { clock.now() < end }
    }

    private func own<Event: EventMessage>(
        _: Event.Type, _ run: String, _ world: FileWorld
    ) throws -> [Event] {
        var found: [Event] = []
        try world.data.openRun(run).log.read { record in
            guard try MessageHeader(record.message).templateID == Event.templateID else {
                return .proceed
            }
            found.append(try Event(message: record.message))
            return .proceed
        }
        return found
    }

    @Test(
        "a start that decides otherwise than its own version did is custody, until a person ends it"
    )
    func differs() throws {
        let world = try FileWorld(seed: 14, sessions: 110, history: 60)
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        let middle = start.adding(seconds: 24 * 86_400)
        try serve(world, "live", from: start, to: middle)
        let end = try world.data.openRun("live").log.head().position
        let forged = try #require(
            try ForgedRun.make("forged", of: "live", in: world.data, at: end - 60))
        let later = middle.adding(seconds: 14 * 86_400)
        try serve(world, "forged", from: middle, to: later)
        let standing = try #require(try DaemonStanding.read("forged", in: world.data))
        #expect(standing.custody?.count == 1, "\(standing.custody ?? [])")
        #expect(standing.custody?.first?.contains("\(forged)") == true)
        // Nothing is evaluated, nothing is bought; what is held is marked and may be sold.
        let days = { (event: SignalGenerated) in event.envelope.knownAt > middle }
        #expect(try own(SignalGenerated.self, "forged", world).filter(days).isEmpty)
        let bought = try own(OrderFilled.self, "forged", world).filter {
            $0.envelope.knownAt > middle && $0.side == .buy
        }
        #expect(bought.isEmpty)
        let log = try EventLog.open(at: world.data.log, access: .write)
        var differences: [DecisionsDiffered] = []
        try log.read { record in
            if try MessageHeader(record.message).templateID == DecisionsDiffered.templateID {
                differences.append(try DecisionsDiffered(message: record.message))
            }
            return .proceed
        }
        #expect(differences.map(\.position) == [forged] && differences[0].run == "forged")
        let live = try #require(try world.data.openRun("forged").manifest?.live)
        _ = try OperatorLedger.endCustody(
            try AccountHistory(live, log), run: "forged", who: "ann",
            reason: "a test forged it", in: log, now: later)
        try serve(world, "forged", from: later, to: later.adding(seconds: 14 * 86_400))
        let after = try #require(try DaemonStanding.read("forged", in: world.data))
        #expect(after.custody == [], "the same difference is not asked about twice")
        #expect(
            try own(SignalGenerated.self, "forged", world).contains {
                $0.envelope.knownAt > later
            })
    }

    @Test("an older timeline under a newer run is found before anything is written")
    func older() throws {
        let world = try FileWorld(seed: 15, sessions: 90, history: 60)
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        let middle = start.adding(seconds: 14 * 86_400)
        try serve(world, "live", from: start, to: middle)
        let (place, kept) = (
            try world.data.liveTimeline("live"), "\(world.folder.path)/kept"
        )
        try FileManager.default.copyItem(atPath: place, toPath: kept)
        try serve(world, "live", from: middle, to: middle.adding(seconds: 10 * 86_400))
        let end = try world.data.openRun("live").merged.end().timeline
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.moveItem(atPath: kept, toPath: place)
        let log = try EventLog.open(at: world.data.log, access: .write)
        func run() throws -> LogHead {
            try EventLog.open(at: try world.data.run("live")).head()
        }
        let (head, before) = (try log.head(), try run())
        let now = middle.adding(seconds: 10 * 86_400)
        do {
            try serve(world, "live", from: now, to: now.adding(seconds: 86_400))
            Issue.record("it was opened")
        } catch LiveRunError.olderTimeline(let name, let position, let last) {
            #expect(name == "live" && position == end && last < end)
        }
        #expect(try log.head() == head, "a custody was recorded")
        #expect(try run() == before)
        let configuration = Daemon.Configuration(folder: world.data, run: "live")
        let check = try #require(
            ServiceCheck.all(configuration, at: now).first { $0.name == "run" })
        #expect(check.state == .refused && check.text.contains("back-up"), "\(check)")
    }
}
