public import EventLog
import Foundation

/// How a service does, as it wrote it last into `runs/NAME/status.json`: for whoever asks without
/// opening its run.
public struct DaemonStanding: Codable, Hashable, Sendable {
    /// Its process.
    public var process: Int32
    /// When it started, ISO 8601 in UTC.
    public var started: String
    /// When this was written.
    public var written: String
    /// Its program.
    public var program: String
    /// The latest instant that was run.
    public var instant: String
    /// The latest session; nil before the first.
    public var session: String?
    /// What it does: `idle`, `waiting`, `running`, `clock`, `custody`, `stopped`, `failed`; and
    /// `killed` where its process is gone and neither was written.
    public var state: String
    /// What comes next, or what is waited for, in words.
    public var next: String
    /// Instants run since it started.
    public var instants: Int
    /// Files of the inbox that were taken, and those that failed.
    public var files: Int
    /// Those that failed.
    public var failedFiles: Int
    /// Files of the inbox that are left alone, and why; nil in a file of an earlier version.
    public var leftAlone: [String]?
    /// Facts that came too late, as `recount late --run` lists them.
    public var late: Int
    /// What halts entries, a sentence each; nil in a file of an earlier version.
    public var halts: [String]?
    /// What the run is in custody for, a sentence each; nil in a file of an earlier version.
    public var custody: [String]?
    /// The account as it was looked at last; nil at the simulated market, and before it was.
    public var account: AccountStanding?
    /// Modes for which it has credentials; nil where it trades with no broker.
    public var credentials: [String]?
    /// Whether it was started to trade with money.
    public var allowsLive: Bool?

    /// A standing before anything was done.
    public init(process: Int32, started: String, program: String) {
        (self.process, self.started, self.program) = (process, started, program)
        (written, instant, state, next) = ("", "", "starting", "")
        (instants, files, failedFiles, late) = (0, 0, 0, 0)
        (halts, custody, leftAlone) = ([], [], [])
    }

    /// Where a run's lies.
    public static func path(_ run: String, in folder: DataFolder) throws -> String {
        "\(try folder.run(run))/status.json"
    }

    /// Where a run's lock lies.
    public static func lockPath(_ run: String, in folder: DataFolder) throws -> String {
        "\(try folder.run(run))/lock"
    }

    /// Reads it; nil where there is none.
    public static func read(_ run: String, in folder: DataFolder) throws -> DaemonStanding? {
        guard let data = FileManager.default.contents(atPath: try path(run, in: folder)) else {
            return nil
        }
        return try? JSONDecoder().decode(DaemonStanding.self, from: data)
    }

    /// As it is known to whoever looks: a process that is gone and did not say why was killed.
    public func seen(isRunning: Bool) -> DaemonStanding {
        guard !isRunning, state != "failed", state != "stopped" else { return self }
        var seen = self
        seen.state = "killed"
        seen.next =
            "its process \(process) did not end in order: it was killed, or the machine went down; "
            + "recountd run goes on from its logs (before: \(next))"
        return seen
    }

    /// As JSON.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Writes it, over the one before.
    public func write(_ run: String, in folder: DataFolder) throws {
        let path = try DaemonStanding.path(run, in: folder)
        let beside = path + ".new"
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw LogError.system(path: beside, operation: "open", code: errno)
        }
        let bytes = Array((json + "\n").utf8)
        let count = Foundation.write(file, bytes, bytes.count)
        let code = errno
        close(file)
        guard count == bytes.count else {
            throw LogError.system(
                path: beside, operation: "write", code: count < 0 ? code : ENOSPC)
        }
        guard rename(beside, path) == 0 else {
            throw LogError.system(path: path, operation: "rename", code: errno)
        }
    }
}
