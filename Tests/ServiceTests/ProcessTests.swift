import EventLog
import Events
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Service

/// `recountd` as a process, `recount` beside it.
@Suite("recountd as a process", .serialized)
struct ProcessTests {
    private func start(_ world: FileWorld, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Peer.path(of: "recountd"))
        process.arguments =
            ["run", "--data", world.data.path, "--strategy", "baseline"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Whether something comes to be within a while.
    private func comes(_ what: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<600 {
            if try what() { return true }
            usleep(100_000)
        }
        return false
    }

    private func stop(_ process: Process, by signal: Int32) {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }

    @Test("it keeps the run's read models, and killed at any moment it goes on where it was")
    func supervises() throws {
        // History that ended a while ago: its sessions since are missed, and said to be.
        let world = try FileWorld(
            seed: 8, sessions: 75, history: 70, start: SystemClock().now().day - 120)
        let views = "\(world.data.path)/views/live"
        let portfolio = "\(views)/portfolio.sqlite"
        var process = try start(world, ["--warm-from", "2020-01-01"])
        #expect(comes { FileManager.default.fileExists(atPath: portfolio) })
        func lead() -> Bool {
            let standing = try? DaemonStanding.read("live", in: world.data)
            return standing?.process == process.processIdentifier
                && ["idle", "waiting"].contains(standing?.state)
        }
        #expect(comes(lead))
        let before = try EventLog.open(at: try world.data.run("live")).head()
        stop(process, by: SIGKILL)
        #expect(process.terminationReason == .uncaughtSignal)

        // Its projectors ended with it, or the next one's would find their locks held.
        process = try start(world, [])
        #expect(comes(lead))
        let after = try EventLog.open(at: try world.data.run("live")).head()
        #expect(after.position >= before.position && before.position > 2)
        let metrics = "\(world.data.path)/views/recount.prom"
        #expect(
            comes {
                let text = (try? String(contentsOfFile: metrics, encoding: .utf8)) ?? ""
                return text.contains(
                    "recount_projector_running{view=\"live\",projection=\"portfolio\"} 1")
                    && text.contains(
                        "recount_projector_lag_events{view=\"live\",projection=\"portfolio\"} 0")
            })
        stop(process, by: SIGTERM)
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
        let standing = try #require(try DaemonStanding.read("live", in: world.data))
        #expect(standing.state == "stopped")
    }
}
