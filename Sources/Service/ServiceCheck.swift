import EventLog
public import Events
import FeedbackLoop
import Foundation
import Market
import Pipeline

/// What a service needs before it starts, and what would happen next.
public struct ServiceCheck: Hashable, Sendable {
    /// How a check came out.
    public enum State: String, Sendable {
        /// It holds.
        case passed
        /// It holds, and a person should know.
        case doubtful
        /// It does not: the service would not start.
        case refused

        /// A sign for it.
        public var sign: String {
            switch self {
            case .passed: "ok"
            case .doubtful: "!!"
            case .refused: "NO"
            }
        }
    }

    /// What is checked.
    public var name: String
    /// How it came out.
    public var state: State
    /// What was found, and what to do.
    public var text: String

    /// A check and how it came out.
    public init(name: String, state: State, text: String) {
        (self.name, self.state, self.text) = (name, state, text)
    }

    /// All checks of a configuration; nothing is written.
    public static func all(_ configuration: Daemon.Configuration, at now: Instant) -> [ServiceCheck]
    {
        var checks: [ServiceCheck] = []
        func check(_ name: String, _ body: () throws -> (State, String)) {
            do {
                let (state, text) = try body()
                checks.append(ServiceCheck(name: name, state: state, text: text))
            } catch {
                checks.append(ServiceCheck(name: name, state: .refused, text: "\(error)"))
            }
        }
        let folder = configuration.folder
        check("settings") {
            (
                .passed,
                configuration.settings.table.map { "\($0.key)=\($0.value)" }
                    .joined(separator: ", ")
            )
        }
        check("data") { try data(folder) }
        check("calendar") { try calendar(folder, now) }
        check("writing") { try writing(configuration) }
        check("disk") { try disk(folder, configuration.settings) }
        check("run") { try run(configuration) }
        check("halts") { try halts(configuration) }
        check("next") { try next(configuration, now) }
        return checks
    }

    private static func data(_ folder: DataFolder) throws -> (State, String) {
        guard EventLog.isLog(folder.log) else { throw ServiceError.noData(folder.path) }
        let head = try EventLog.open(at: folder.log).head()
        return (.passed, "\(head.position) facts, the last recorded \(head.recordedAt)")
    }

    private static func calendar(_ folder: DataFolder, _ now: Instant) throws -> (State, String) {
        guard let calendar = try folder.calendar()?.table else {
            throw LiveRunError.noCalendar("live")
        }
        let session = try calendar.session(after: now.day - 1)
        let last = calendar.years.upperBound
        let state: State = now.day.civil.year >= last ? .doubtful : .passed
        return (state, "\(calendar.name) to the end of \(last); the next session is \(session)")
    }

    /// Whether all that a service writes to can be written: folders that are there, and the files
    /// of logs.
    private static func writing(_ configuration: Daemon.Configuration) throws -> (State, String) {
        let folder = configuration.folder
        let run = try folder.run(configuration.run)
        let folders = [
            folder.path, folder.log, folder.timelines, "\(folder.path)/runs", run,
            try folder.liveTimeline(configuration.run), "\(folder.path)/inbox",
            "\(folder.path)/inbox/done", "\(folder.path)/inbox/failed", "\(folder.path)/models",
            "\(folder.path)/views",
        ]
        func refuse(_ path: String, _ code: Int32) -> LogError {
            .system(path: path, operation: "writing there", code: code)
        }
        for path in folders {
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFDIR else { throw refuse(path, ENOTDIR) }
            guard access(path, W_OK | X_OK) == 0 else { throw refuse(path, errno) }
            let file = "\(path)/data.mdb"
            guard access(file, F_OK) != 0 || access(file, W_OK) == 0 else {
                throw refuse(file, errno)
            }
        }
        return (.passed, "\(folder.path) and what is in it can be written")
    }

    private static func disk(
        _ folder: DataFolder, _ settings: ServiceSettings
    ) throws -> (State, String) {
        let free = try DiskRoom.free(folder)
        let text = "\(free) MiB free"
        guard free < settings.diskFree else { return (.passed, text) }
        return (
            .doubtful,
            "\(text), less than halt_disk_free \(settings.diskFree): entries would be halted; make "
                + "room"
        )
    }

    private static func halts(_ configuration: Daemon.Configuration) throws -> (State, String) {
        let folder = configuration.folder
        guard EventLog.isLog(try folder.run(configuration.run)) else { return (.passed, "none") }
        let halts = try StandingHalts(
            try folder.openRun(configuration.run), data: try EventLog.open(at: folder.log))
        guard halts.book.isHalted else { return (.passed, "none") }
        return (
            .doubtful,
            halts.book.standing.map { "\($0.cause) since \($0.since): \($0.text)" }
                .joined(separator: "; ") + "; nothing is bought until they end"
        )
    }

    private static func run(_ configuration: Daemon.Configuration) throws -> (State, String) {
        let path = try configuration.folder.run(configuration.run)
        guard EventLog.isLog(path) else {
            guard let strategy = configuration.strategy?.strategy else {
                throw ServiceError.noRun(configuration.run)
            }
            if let other = try LiveRuns.other(than: configuration.run, in: configuration.folder) {
                throw LiveRunError.another(configuration.run, other: other)
            }
            let log = try EventLog.open(at: configuration.folder.log)
            guard let last = try LiveRuns.lastSession(log, configuration.settings.rules) else {
                throw LiveRunError.noSession(configuration.run)
            }
            if let warmFrom = configuration.warmFrom, warmFrom > last {
                throw LiveRunError.warmTooLate(warmFrom, last)
            }
            let start = configuration.warmFrom.map { "warm from \($0)" } ?? "cold"
            return (.passed, "\(configuration.run) would be made with \(strategy.name), \(start)")
        }
        let manifest = try RunManifest.read(in: path)
        guard let live = manifest?.live else { throw LiveRunError.notLive(configuration.run) }
        try LiveRuns.check(
            configuration.run, in: configuration.folder,
            data: try EventLog.open(at: configuration.folder.log))
        if let built = configuration.strategy {
            let log = try EventLog.open(at: configuration.folder.log)
            let strategy = try LiveRuns.named(
                built, of: configuration.run, in: configuration.folder, data: log
            ).strategy
            guard manifest?.strategyDigest == Run.digest(of: strategy) else {
                throw LiveRunError.otherStrategy(
                    configuration.run, recorded: manifest?.strategy ?? "?")
            }
        }
        let lock = try DaemonStanding.lockPath(configuration.run, in: configuration.folder)
        if FileLock.isHeld(lock) {
            throw ServiceError.running(configuration.run, FileLock.text(lock))
        }
        return (
            .passed,
            "\(configuration.run) is there: \(manifest?.strategy ?? "?"), from \(live.instant) on, "
                + "broker \(live.broker)"
        )
    }

    private static func next(
        _ configuration: Daemon.Configuration, _ now: Instant
    ) throws -> (State, String) {
        let path = try configuration.folder.run(configuration.run)
        guard let calendar = try configuration.folder.calendar()?.table else {
            throw LiveRunError.noCalendar(configuration.run)
        }
        guard EventLog.isLog(path),
            let standing = try DaemonStanding.read(configuration.run, in: configuration.folder)
        else {
            let log = try EventLog.open(at: configuration.folder.log)
            guard let last = try LiveRuns.lastSession(log, configuration.settings.rules) else {
                throw LiveRunError.noSession(configuration.run)
            }
            var (next, missed) = (try calendar.session(after: last), 0)
            let first = next
            while next < now.day {
                next = try calendar.session(after: next)
                missed += 1
            }
            let text =
                "history ends with the session of \(last); the run's first would be \(first)"
            // The latest session's bars may be on their way.
            guard missed > 1 else { return (.passed, text) }
            return (
                .doubtful,
                "\(text), and \(missed) sessions since then would be missed unless their bars are "
                    + "ingested first"
            )
        }
        return (.passed, "after \(standing.instant): \(standing.next)")
    }
}
