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
    /// What it does: `idle`, `waiting`, `running`, `clock`, `stopped`, `failed`.
    public var state: String
    /// What comes next, or what is waited for, in words.
    public var next: String
    /// Instants run since it started.
    public var instants: Int
    /// Files of the inbox that were taken, and those that failed.
    public var files: Int
    /// Those that failed.
    public var failedFiles: Int
    /// Facts that came too late, and stay in the data log.
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
        (halts, custody) = ([], [])
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

    /// As JSON.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Writes it, over the one before.
    public func write(_ run: String, in folder: DataFolder) throws {
        try (json + "\n").write(
            toFile: try DaemonStanding.path(run, in: folder), atomically: true, encoding: .utf8)
    }
}
