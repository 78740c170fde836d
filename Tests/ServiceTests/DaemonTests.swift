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

@Suite("The daemon")
struct DaemonTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs daemons over a world's files until all has come, each until it is stopped at random;
    /// gives how many there were.
    private func serve(
        _ world: FileWorld, _ strategy: LoopStrategy, stops: Double
    ) throws -> Int {
        let end = Instant(world.last + 1, hour: 7)
        let stopped = Mutex(false)
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        let clock = ScriptedClock(start) { now in
            let then = world.step(now)
            try? world.come(through: then)
            if world.chance(stops) { stopped.withLock { $0 = true } }
            return then
        }
        var starts = 0
        repeat {
            starts += 1
            stopped.withLock { $0 = false }
            let daemon = Daemon(
                Daemon.Configuration(folder: world.data, strategy: .loop(strategy)), clock: clock,
                logger: logger, trainer: nil, prefix: { 0xABCD })
            try daemon.run { !stopped.withLock { $0 } && clock.now() < end }
        } while clock.now() < end
        return starts
    }

    @Test("a quarter through the inbox, stopped at random, decides what a backtest decides")
    func quarter() throws {
        let world = try FileWorld(seed: 11, sessions: 125, history: 60)
        let strategy = try SmallWorld.strategy()
        let starts = try serve(world, strategy, stops: 0.1)
        #expect(starts > 10)
        let live = try world.data.openRun("live")
        let found = try Divergence.search(
            live.merged, try world.backtest(strategy, beside: live).merged)
        #expect(found.equal > 700)
        if let parting = found.parting {
            #expect(
                parting.left == nil && parting.instant > Instant(world.last + 1, hour: 6),
                "\(parting.instant) \(parting.left?.type ?? "") \(parting.fields)")
        }
        // Every file is out of the way, and what was said of the run is what it came to.
        let inbox = "\(world.data.path)/inbox"
        let left = try FileManager.default.contentsOfDirectory(atPath: inbox).sorted()
        #expect(left == ["done", "failed"])
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(inbox)/failed") {
            let text = try? String(contentsOfFile: "\(inbox)/failed/\(name)", encoding: .utf8)
            Issue.record("\(name): \(text ?? "")")
        }
        let standing = try #require(try DaemonStanding.read("live", in: world.data))
        #expect(standing.state == "stopped" && standing.session == "\(world.last)")
        #expect(standing.late == 0 && standing.failedFiles == 0)
    }

    @Test("one process runs a live run; another strategy and a folder without facts are refused")
    func refused() throws {
        let world = try FileWorld(seed: 12, sessions: 70, history: 60)
        let strategy = try SmallWorld.strategy()
        let clock = ScriptedClock(.epoch) { $0 }
        func daemon(_ strategy: BuiltStrategy?, _ folder: DataFolder) -> Daemon {
            Daemon(
                Daemon.Configuration(folder: folder, strategy: strategy), clock: clock,
                logger: logger, trainer: nil)
        }
        let nowhere = DataFolder("\(world.folder.path)/nowhere")
        #expect(throws: ServiceError.noData(nowhere.path)) {
            try daemon(.loop(strategy), nowhere).run { false }
        }
        #expect(throws: ServiceError.noRun("live")) { try daemon(nil, world.data).run { false } }
        try daemon(.loop(strategy), world.data).run { false }
        let lock = try FileLock(try DaemonStanding.lockPath("live", in: world.data), .exclusive)
        try lock.write("4711\n")
        #expect(throws: ServiceError.running("live", "4711")) {
            try daemon(nil, world.data).run { false }
        }
        withExtendedLifetime(lock) {}
        let other = try SmallWorld.strategy(SmallWorld.settings + ["max_positions=3"])
        #expect(throws: LiveRunError.otherStrategy("live", recorded: "feedback")) {
            try daemon(.loop(other), world.data).run { false }
        }
    }

    @Test("members whom no filing names are refused, at the first start and at every later one")
    func members() throws {
        let world = try FileWorld(seed: 14, sessions: 70, history: 60)
        let clock = ScriptedClock(.epoch) { $0 }
        func run(_ member: String) throws {
            let strategy = try SmallWorld.strategy(
                SmallWorld.settings + ["follow_members=\(member)"])
            try Daemon(
                Daemon.Configuration(folder: world.data, strategy: .loop(strategy)), clock: clock,
                logger: logger, trainer: nil
            ).run { false }
        }
        #expect(throws: FilingFilterError.self) { try run("Nobody At All") }
        try run("filer 7")
        let opening = try #require(
            try RunOpening.read(EventLog.open(at: try world.data.run("live"))))
        let text = String(decoding: opening.text, as: UTF8.self)
        #expect(text.contains("follow_members: filer 7"), "\(text)")
        try run("filer 7")
        #expect(throws: LiveRunError.otherStrategy("live", recorded: "feedback")) {
            try run("Filer 8")
        }
    }

    @Test("no session is closed while somebody ingests, of which it might see a part")
    func ingesting() throws {
        let world = try FileWorld(seed: 13, sessions: 70, history: 60)
        let strategy = try SmallWorld.strategy()
        let ingest = Mutex<IngestLock?>(try IngestLock(world.data))
        let seen = Mutex<[String?]>([])
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        let turns = Mutex(0)
        let clock = ScriptedClock(start) { now in
            let then = world.step(now)
            try? world.come(through: then)
            let standing = try? DaemonStanding.read("live", in: world.data)
            seen.withLock { $0.append(standing?.session) }
            turns.withLock { $0 += 1 }
            if turns.withLock({ $0 }) == 12 { ingest.withLock { $0 = nil } }
            return then
        }
        let daemon = Daemon(
            Daemon.Configuration(folder: world.data, strategy: .loop(strategy)), clock: clock,
            logger: logger, trainer: nil)
        try daemon.run { turns.withLock { $0 } < 40 }
        let sessions = seen.withLock { $0 }
        #expect(Set(sessions.prefix(12)).count == 1)
        #expect(Set(sessions).count > 2)
    }

    @Test("check refuses what run would: a folder that cannot be written, a warm start behind all")
    func checked() throws {
        let world = try FileWorld(seed: 12, sessions: 70, history: 60)
        var configuration = Daemon.Configuration(
            folder: world.data, strategy: .loop(try SmallWorld.strategy()))
        let now = try EventLog.open(at: world.data.log).head().recordedAt
        func found(_ name: String) throws -> ServiceCheck {
            try #require(ServiceCheck.all(configuration, at: now).first { $0.name == name })
        }
        #expect(try found("writing").state == .passed && found("run").state == .passed)
        configuration.warmFrom = world.last
        let late = try found("run")
        #expect(late.state == .refused && late.text.contains("--warm-from"), "\(late)")
        configuration.warmFrom = nil
        let inbox = "\(world.data.path)/inbox"
        try "".write(toFile: inbox, atomically: true, encoding: .utf8)
        let file = try found("writing")
        #expect(file.state == .refused && file.text.hasPrefix("\(inbox): "), "\(file)")
        try FileManager.default.removeItem(atPath: inbox)
        // Root may write everywhere: there the file stands for the folder.
        guard geteuid() != 0 else { return }
        chmod(world.data.path, 0o555)
        defer { chmod(world.data.path, 0o755) }
        #expect(try found("writing").state == .refused)
    }

    @Test("a folder has one live run; the same one goes on")
    func one() throws {
        let world = try FileWorld(seed: 12, sessions: 70, history: 60)
        let clock = ScriptedClock(.epoch) { $0 }
        func run(_ name: String) throws {
            try Daemon(
                Daemon.Configuration(
                    folder: world.data, run: name, strategy: .loop(try SmallWorld.strategy())),
                clock: clock, logger: logger, trainer: nil
            ).run { false }
        }
        try run("first")
        try run("first")
        #expect(throws: LiveRunError.another("second", other: "first")) { try run("second") }
        #expect(world.data.runNames == ["first", "first.rehearsal"])
    }

    @Test("a state that nobody wrote down is that of a process that was killed")
    func killed() throws {
        let world = try FileWorld(seed: 12, sessions: 70, history: 60)
        let clock = ScriptedClock(.epoch) { $0 }
        try Daemon(
            Daemon.Configuration(
                folder: world.data, strategy: .loop(try SmallWorld.strategy())),
            clock: clock, logger: logger, trainer: nil
        ).run { false }
        var standing = try #require(try DaemonStanding.read("live", in: world.data))
        #expect(standing.state == "stopped" && standing.seen(isRunning: false) == standing)
        standing.state = "idle"
        #expect(standing.seen(isRunning: true) == standing)
        let seen = standing.seen(isRunning: false)
        #expect(seen.state == "killed" && seen.next.contains("did not end in order"))
        // Where it lies is a folder: what is wrong is told in a sentence.
        let path = try DaemonStanding.path("live", in: world.data)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        do {
            try standing.write("live", in: world.data)
            Issue.record("written")
        } catch {
            #expect("\(error)".hasPrefix("\(path): rename: Is a directory"), "\(error)")
        }
    }

    @Test("a cold start says in its first lines what that means")
    func cold() throws {
        let world = try AlertWorld(seed: 12, sessions: 70, comes: false)
        try world.run([], while: { false })
        let lines = world.lines.all.withLock { lines in
            lines.prefix { !$0.hasPrefix("the live run is open") }
        }
        #expect(lines.contains { $0.contains("starts cold") && $0.contains("no models") })
    }

    @Test("a run's log that is damaged does not start, and nothing is written")
    func damaged() throws {
        let world = try FileWorld(seed: 12, sessions: 70, history: 60)
        let clock = ScriptedClock(.epoch) { $0 }
        func run() throws {
            try Daemon(
                Daemon.Configuration(
                    folder: world.data, strategy: .loop(try SmallWorld.strategy())),
                clock: clock, logger: logger, trainer: nil
            ).run { false }
        }
        try run()
        let file = URL(filePath: "\(try world.data.run("live"))/data.mdb")
        var bytes = try Data(contentsOf: file)
        var count = 0
        while let place = bytes.firstRange(of: Data("bars_ready_by: ".utf8)) {
            bytes[place.lowerBound] ^= 0x20
            count += 1
        }
        try #require(count > 0)
        try bytes.write(to: file)
        let head = try EventLog.open(at: world.data.log).head()
        let error = try #require(#expect(throws: (any Error).self) { try run() })
        #expect(LogError.exitStatus(of: error) == 65, "\(error)")
        #expect(try EventLog.open(at: world.data.log).head() == head)
    }
}
