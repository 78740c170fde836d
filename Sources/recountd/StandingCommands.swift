import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline
import Service

/// `recountd check`
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check settings, calendar, disk and run, and say what would happen next.",
        discussion: """
            Nothing is written. The status is 0 when recountd run would start.

            Example: recountd check --data DIR --strategy feedback
            """)

    @OptionGroup var options: RunOptions
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() throws {
        var configuration = try options.configuration()
        var checks = ServiceCheck.all(configuration, at: SystemClock().now())
        do {
            let name = try configuration.checkBroker()
            checks.append(ServiceCheck(name: "broker", state: .passed, text: name))
        } catch {
            checks.append(ServiceCheck(name: "broker", state: .refused, text: "\(error)"))
        }
        do {
            let settings = configuration.settings
            let text = AlertChannels.text(try settings.senders(), settings.alerts)
            checks.append(ServiceCheck(name: "alerts", state: .passed, text: text))
        } catch {
            checks.append(ServiceCheck(name: "alerts", state: .refused, text: "\(error)"))
        }
        checks.append(
            ServiceCheck(
                name: "http", state: .passed, text: HTTPServer.text(configuration.settings)))
        if json {
            var lines: [String] = []
            for check in checks {
                var object = JSONObject()
                object.text("check", check.name)
                object.text("state", check.state.rawValue)
                object.text("text", check.text)
                lines.append(object.text)
            }
            print("[" + lines.joined(separator: ",\n ") + "]")
        } else {
            for check in checks {
                print("\(check.state.sign) \(check.name): \(check.text)")
            }
        }
        if checks.contains(where: { $0.state == .refused }) { throw ExitCode(78) }
    }
}

/// `recountd status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Whether a live run is run by a process, what it waits for, what comes next.",
        discussion: """
            The status is 0 when a process runs it, 69 when none does.

            Example: recountd status --data DIR --json
            """)

    @OptionGroup var options: FolderOptions
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() throws {
        let folder = options.folder
        guard EventLog.isLog(try folder.run(options.run)) else {
            throw ServiceError.noRun(options.run)
        }
        let isRunning = FileLock.isHeld(try DaemonStanding.lockPath(options.run, in: folder))
        guard let written = try DaemonStanding.read(options.run, in: folder) else {
            throw ServiceError.notRunning(options.run)
        }
        let standing = written.seen(isRunning: isRunning)
        let left = (standing.leftAlone ?? []).map { "\n          LEFT ALONE: \($0)" }.joined()
        if json {
            print(standing.json)
        } else {
            print(
                """
                run       \(options.run), \(standing.program)
                process   \(isRunning ? "\(standing.process), since \(standing.started)" : "none")
                state     \(standing.state), as of \(standing.written)
                session   \(standing.session ?? "none")
                instant   \(standing.instant)
                next      \(standing.next)
                inbox     \(standing.files) files taken, \(standing.failedFiles) of them failed\(left)
                late      \(standing.late) facts came too late; recount late lists them
                halts     \(halts(standing))
                custody   \(custody(standing))
                """)
        }
        if !isRunning { throw ExitCode(69) }
    }
}

extension StatusCommand {
    private func custody(_ standing: DaemonStanding) -> String {
        let custody = standing.custody ?? []
        return custody.isEmpty
            ? "none" : "THE RUN IS IN CUSTODY: " + custody.joined(separator: "; ")
    }

    private func halts(_ standing: DaemonStanding) -> String {
        let halts = standing.halts ?? []
        guard !halts.isEmpty else { return "none" }
        return "ENTRIES ARE HALTED: " + halts.joined(separator: "; ")
            + "; recount resume --reason TEXT ends what does not end by itself"
    }
}

/// `recountd stop`
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Ask the process of a live run to finish its instant and end.",
        discussion: """
            The status is 0 when it has ended, 69 when no process runs it, 75 when it has not ended \
            in time.

            Example: recountd stop --data DIR --wait 30
            """)

    @OptionGroup var options: FolderOptions
    @Flag(name: .long, help: "Print JSON.") var json = false
    @Option(name: .long, help: ArgumentHelp("Seconds to wait.", valueName: "number"))
    var wait = 10

    func run() throws {
        let path = try DaemonStanding.lockPath(options.run, in: options.folder)
        guard FileLock.isHeld(path), let process = Int32(FileLock.text(path)), process > 1 else {
            throw ServiceError.notRunning(options.run)
        }
        guard kill(process, SIGTERM) == 0 else {
            throw LogError.system(path: path, operation: "kill \(process)", code: errno)
        }
        for _ in 0..<max(1, wait) * 20 {
            if !FileLock.isHeld(path) {
                print(json ? answer(process, hasEnded: true) : "process \(process) has ended")
                return
            }
            usleep(50_000)
        }
        if json { print(answer(process, hasEnded: false)) }
        FileHandle.standardError.write(
            Data("Error: process \(process) has not ended after \(wait) s\n".utf8))
        throw ExitCode(75)
    }

    private func answer(_ process: Int32, hasEnded: Bool) -> String {
        var object = JSONObject()
        object.text("run", options.run)
        object.integer("process", Int(process))
        object.boolean("ended", hasEnded)
        return object.text
    }
}
