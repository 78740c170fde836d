public import EventLog
import Events
import Foundation
public import Pipeline

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

    func write(_ run: String, in folder: DataFolder) throws {
        try (json + "\n").write(
            toFile: try DaemonStanding.path(run, in: folder), atomically: true, encoding: .utf8)
    }
}

extension LiveTurn {
    /// The turn in words.
    public func text(_ rules: DayRules) -> String {
        switch self {
        case .due(let instant, _, _): "\(instant): \(purpose)"
        case .waiting(let standing): standing.text(rules)
        case .idle(let day): "the session of \(day), whose bars are due from 21:00 UTC on"
        }
    }

    /// Whether it is what a person asked for.
    var isAct: Bool {
        if case .due(_, .act, _) = self { true } else { false }
    }

    /// What an instant is for, in words.
    var purpose: String {
        switch self {
        case .due(_, .session, let day?): "the close of \(day)"
        case .due(_, .missed, let day?):
            "the session of \(day) is missed, for its bars did not come in time"
        case .due(_, .act, _): "a halt, or what a person asked for"
        default: "the schedule"
        }
    }

    /// What a service does then.
    var state: String {
        switch self {
        case .due: "running"
        case .waiting: "waiting"
        case .idle: "idle"
        }
    }
}

extension DayStanding {
    /// What of the session is missing, in words.
    public func text(_ rules: DayRules) -> String {
        var missing: [String] = []
        if !hasIndex { missing.append("the index") }
        if tickers == 0 {
            missing.append("all bars")
        } else if !self.missing.isEmpty {
            let names = self.missing.prefix(5).map { "\($0)" }.joined(separator: ", ")
            let others = self.missing.count > 5 ? " and others" : ""
            missing.append(
                "bars of \(self.missing.count) of \(expected) tickers (\(names)\(others))")
        }
        return "the session of \(day): \(missing.joined(separator: " and ")) "
            + (missing.count > 1 ? "are" : "is")
            + " missing; from \(rules.ready(day)) on the index and "
            + "\(rules.enoughPercent) % of the bars are enough"
    }
}
