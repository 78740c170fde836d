import Audit
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

@Suite("The service's clock")
struct ClockTests {
    @Test("a drift is taken, a step is not, and one that is taken back is over")
    func steps() {
        let start = Instant(Day(year: 2024, month: 3, day: 4)!, hour: 12)
        let clock = ScriptedClock(start) { $0.adding(seconds: 100) }
        func pass(setBy seconds: Double) {
            clock.wait(1) { false }
            clock.set.withLock { $0 += seconds }
        }
        var comparison = ClockComparison(clock)
        func agrees() -> Bool { comparison.agrees(clock) }
        for _ in 0..<10 {
            pass(setBy: 4)
            #expect(agrees())
        }
        pass(setBy: -86_400)
        #expect(!agrees() && comparison.offset == -86_400)
        pass(setBy: 0)
        #expect(!agrees())
        pass(setBy: 86_399)
        #expect(agrees() && comparison.offset == 0)
    }

    @Test("a broker whose clock is silent is done without, since it was heard last")
    func silent() {
        let start = Instant(Day(year: 2024, month: 3, day: 4)!, hour: 12)
        let clock = ScriptedClock(start) { $0.adding(seconds: 100) }
        var comparison = ClockComparison(clock)
        var asked = 0
        func agrees(_ shown: Instant?) -> Bool {
            comparison.agrees(clock) {
                asked += 1
                return shown
            }
        }
        #expect(agrees(clock.now()) && comparison.isOfBroker)
        clock.wait(1) { false }
        #expect(agrees(nil), "no answer, and nobody set it")
        #expect(agrees(nil) && asked == 2, "asked once a minute")
        clock.wait(1) { false }
        clock.set.withLock { $0 -= 3_600 }
        #expect(!agrees(nil) && asked == 3, "set back, against the clock that nobody sets")
        #expect(comparison.offset == -3_600)
        // The broker is heard again, and says that it is right.
        clock.wait(1) { false }
        #expect(agrees(clock.now()))
    }

    @Test("how far it is off is told as it was told first, until it is off by more or less")
    func steady() {
        let start = Instant(Day(year: 2024, month: 3, day: 4)!, hour: 12)
        let clock = ScriptedClock(start) { $0.adding(seconds: 100) }
        var comparison = ClockComparison(clock)
        func offset(setBy seconds: Double) -> Double {
            clock.wait(1) { false }
            clock.set.withLock { $0 += seconds }
            let agrees = comparison.agrees(clock)
            #expect(!agrees)
            return comparison.offset
        }
        #expect(offset(setBy: 600) == 600)
        for seconds in [0.4, -0.9, 0.3] { #expect(offset(setBy: seconds) == 600) }
        #expect(offset(setBy: 30) > 620)
    }

    @Test("no instant of the schedule is run by a clock that was set a day ahead")
    func ahead() throws {
        let world = try FileWorld(seed: 3, sessions: 80, history: 60)
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        let turns = Mutex(0)
        let seen = Mutex<[String]>([])
        let clocks = Mutex<ScriptedClock?>(nil)
        let clock = ScriptedClock(start) { now in
            turns.withLock { $0 += 1 }
            // The third time it is asked, somebody has set it.
            guard turns.withLock({ $0 }) == 3 else { return now.adding(seconds: 3) }
            clocks.withLock { $0 }?.set.withLock { $0 += 30 * 86_400 }
            return now.adding(seconds: 30 * 86_400)
        }
        clocks.withLock { $0 = clock }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let daemon = Daemon(
            Daemon.Configuration(
                folder: world.data, strategy: .loop(try SmallWorld.strategy())), clock: clock,
            logger: logger, trainer: nil, prefix: { 1 },
            tell: { if case .next(let text) = $0 { seen.withLock { $0.append(text) } } })
        try daemon.run { turns.withLock { $0 } < 20 }
        let standing = try #require(try DaemonStanding.read("live", in: world.data))
        // What is run is the halt alone, by the time that it would be had nobody set the clock.
        #expect(standing.instants == 1)
        let halts = try #require(standing.halts)
        #expect(halts.count == 1 && halts[0].hasPrefix("clock since \(start.day)"), "\(halts)")
        #expect(seen.withLock { $0 }.contains { $0.hasPrefix("the clock was set 43200 min ahead") })
    }

    @Test("a clock that was ahead at a start and is right again: acts of people are answered")
    func right() throws {
        let world = try FileWorld(seed: 3, sessions: 80, history: 60)
        let log = try EventLog.open(at: world.data.log, access: .write)
        let start = try log.head().recordedAt
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        func serve(from instant: Instant) throws -> DaemonStanding {
            let turns = Mutex(0)
            let clock = ScriptedClock(instant) { now in
                turns.withLock { $0 += 1 }
                return now.adding(seconds: 3)
            }
            try Daemon(
                Daemon.Configuration(
                    folder: world.data, strategy: .loop(try SmallWorld.strategy())),
                clock: clock, logger: logger, trainer: nil, prefix: { 1 }
            ).run { turns.withLock { $0 } < 8 }
            return try #require(try DaemonStanding.read("live", in: world.data))
        }
        // What is recorded by the wrong clock is the last of the log.
        let wrong = start.adding(seconds: 20 * 86_400)
        try FileManager.default.createDirectory(
            atPath: "\(world.data.path)/inbox", withIntermediateDirectories: true)
        try world.come(through: start.adding(seconds: 86_400))
        let ahead = try serve(from: wrong)
        #expect(try log.head().recordedAt >= wrong)
        #expect(ahead.halts?.contains { $0.hasPrefix("person") } == false)
        let now = start.adding(seconds: 600)
        _ = try OperatorLedger.halt(.person, who: "Ada", reason: "odd", in: log, now: now)
        let halted = try serve(from: now)
        #expect(halted.halts?.contains { $0.hasPrefix("person since ") } == true, "\(halted)")
        // The run is where it was: nothing of its past is told anew.
        #expect(halted.session == ahead.session && halted.instant != ahead.instant)
        #expect(
            try Reproduction.check(try world.data.openRun("live"), trainer: nil).isReproduced)
        _ = try OperatorLedger.resume(
            nil as HaltCause?, who: "Ada", reason: "fine", in: log, now: now.adding(seconds: 60))
        let resumed = try serve(from: now.adding(seconds: 120))
        #expect(resumed.halts?.contains { $0.hasPrefix("person") } == false, "\(resumed)")
    }

    @Test("a disk that is nearly full halts entries, and ends the halt when there is room again")
    func disk() throws {
        let world = try FileWorld(seed: 5, sessions: 80, history: 60)
        let start = try EventLog.open(at: world.data.log).head().recordedAt
        let turns = Mutex(0)
        let clock = ScriptedClock(start) { now in
            turns.withLock { $0 += 1 }
            return now.adding(seconds: 3)
        }
        func serve(_ set: (inout ServiceSettings) -> Void) throws -> [String]? {
            var settings = ServiceSettings()
            set(&settings)
            turns.withLock { $0 = 0 }
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try Daemon(
                Daemon.Configuration(
                    folder: world.data, strategy: .loop(try SmallWorld.strategy()),
                    settings: settings),
                clock: clock, logger: logger, trainer: nil, prefix: { 1 }
            ).run { turns.withLock { $0 } < 6 }
            return try DaemonStanding.read("live", in: world.data)?.halts
        }
        let ballast = "\(world.data.path)/ballast"
        #expect(try serve { ($0.diskFree, $0.ballast) = (1, 1) } == [])
        let size = try FileManager.default.attributesOfItem(atPath: ballast)[.size] as? Int
        #expect(size == 1 << 20)
        let halts = try #require(try serve { ($0.diskFree, $0.ballast) = (1_048_576, 1) })
        #expect(halts.count == 1 && halts[0].hasPrefix("disk since "), "\(halts)")
        #expect(halts[0].hasSuffix("1 MiB of ballast were given up"), "\(halts)")
        #expect(!FileManager.default.fileExists(atPath: ballast))
        // It outlives the process, and is told once.
        #expect(try serve { ($0.diskFree, $0.ballast) = (1_048_576, 0) } == halts)
        #expect(try serve { ($0.diskFree, $0.ballast) = (1, 0) } == [])
    }

    @Test("what fails five times within an hour is too much, and what fails less is not")
    func failures() {
        let failures = FailureCount()
        for second in [0.0, 1_000, 2_000, 3_000] { failures.count("live/signals", at: second) }
        failures.count("live/portfolio", at: 3_100)
        #expect(failures.trouble(at: 3_200) == nil)
        failures.count("live/signals", at: 3_500)
        #expect(failures.trouble(at: 3_500) == "live/signals failed 5 times within an hour")
        #expect(failures.trouble(at: 3_601) == nil)
    }

    @Test("what systemd is told comes to its socket")
    func notified() throws {
        let folder = TemporaryFolder()
        let path = "\(folder.path)/s"
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let file = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(file) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        #expect(SystemdNotice.send("READY=1", to: path))
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = recv(file, &bytes, 64, Int32(MSG_DONTWAIT))
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "READY=1")
        #expect(
            !SystemdNotice.send("READY=1", to: "") && !SystemdNotice.send("X=1", to: "\(path)2"))
    }
}
