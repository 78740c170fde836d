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

    /// Runs `recountd` to its end.
    private func ask(_ arguments: [String]) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Peer.path(of: "recountd"))
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let error = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text + error, as: UTF8.self))
    }

    @Test("alert test sends through each channel and ends by what came of it; history has it")
    func alerts() throws {
        let world = try FileWorld(seed: 9, sessions: 70, history: 60)
        let data = ["--data", world.data.path]
        let none = try ask(["alert", "test"] + data)
        #expect(none.status == 78 && none.text.contains("alert_command"), "\(none.text)")
        let empty = try ask(["alert", "history"] + data)
        #expect(empty.status == 0 && empty.text.contains("recountd alert test"))

        let script = try world.folder.write("hook.sh", "#!/bin/sh\nexit $1\n")
        chmod(script, 0o755)
        let good = try ask(["alert", "test", "--set", "alert_command=\(script) 0"] + data)
        #expect(good.status == 0 && good.text.contains("taken"), "\(good.text)")
        let bad = try ask(
            ["alert", "test", "--json", "--set", "alert_command=\(script) 4"] + data)
        #expect(bad.status == 69 && bad.text.contains("\"delivered\":false"), "\(bad.text)")
        #expect(bad.text.contains("ended with status 4"))
        let absent = try ask(["alert", "test", "--set", "alert_command=/nothing"] + data)
        #expect(absent.status == 78 && absent.text.contains("/nothing"))

        let history = try ask(["alert", "history", "--json"] + data)
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(history.text.utf8)) as? [[String: Any]])
        #expect(list.map { $0["delivered"] as? Bool } == [true, false])
        #expect(
            Set(list[0].keys) == [
                "time", "kind", "channel", "log", "position", "attempts", "delivered", "text",
            ])
        let last = try ask(["alert", "history", "--limit", "1"] + data)
        #expect(last.text.contains("GIVEN UP") && last.text.split(separator: "\n").count == 1)

        let check = try ask(
            ["check", "--strategy", "baseline", "--set", "alert_command=\(script) 0"] + data)
        #expect(check.status == 0 && check.text.contains("ok alerts: command to \(script)"))
        let refused = try ask(
            [
                "check", "--strategy", "baseline", "--set",
                "alert_webhook=https://example.org/hidden-part",
            ]
                + data)
        #expect(refused.status == 78 && refused.text.contains("NO alerts: "), "\(refused.text)")
        #expect(!refused.text.contains("hidden"))
        let run = try ask(
            [
                "run", "--strategy", "baseline", "--set",
                "alert_webhook=https://example.org/hidden-part",
            ]
                + data)
        #expect(run.status == 78, "\(run.text)")
    }
}
