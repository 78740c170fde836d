import Digests
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// The files of the workload `disclosure-follow`, and what its reference says of them.
final class FollowFiles {
    /// `bars.csv` and `disclosures.csv`.
    let folder: String
    /// The timeline made of them.
    let timeline: String
    /// Position of the timeline's last event.
    let events: UInt64
    private let data: String
    private let setting: Setting
    private let sessions: [Day: Int]
    private var expected: [FillTiming: String] = [:]

    /// Bars in the workload.
    let bars = 1_260_000

    /// The files, made once a process.
    static func make(_ setting: Setting) throws -> FollowFiles {
        if let made = made.files { return made }
        let files = try FollowFiles(setting)
        made.files = files
        return files
    }

    private final class Made: @unchecked Sendable {
        // Guarded by use: rows run one after the other, on the main thread.
        var files: FollowFiles?
    }
    private static let made = Made()

    private init(_ setting: Setting) throws {
        guard let bench = setting.bench, let python = setting.python else {
            throw Unavailable("needs --bench and --python with numpy and pandas")
        }
        self.setting = setting
        folder = try setting.scratch.folder("follow")
        data = "\(folder)/data"
        try Child.run([python, "\(bench)/generate.py", folder])
        let recount = try setting.needRecount()
        for (kind, file) in [("prices", "bars"), ("disclosures", "disclosures")] {
            try Child.run([
                recount, "ingest", kind, "\(folder)/\(file).csv", "--data", data, "--calendar",
                "none",
            ])
        }
        let log = try EventLog.open(at: "\(data)/log")
        let derived = try Timeline.ensure(DataFolder(data), log: log)
        timeline = derived.path
        events = derived.head.position
        sessions = try FollowFiles.sessions(timeline)
        for (timing, mode) in [(FillTiming.nextOpen, "next_open"), (.sameClose, "same_close")] {
            let text = try Child.run([python, "\(bench)/reference.py", folder, mode]).output
            let words = text.split { $0 == " " || $0 == "\n" }
            guard words.count == 4 else { throw BenchmarkFailure("reference.py said \(text)") }
            expected[timing] = "\(words[0]) trades \(words[3])"
        }
    }

    /// Bar indices by day.
    private static func sessions(_ timeline: String) throws -> [Day: Int] {
        var sessions: [Day: Int] = [:]
        try EventLog.open(at: timeline).read { record in
            if try MessageHeader(record.message).templateID == SessionClosed.templateID {
                sessions[try SessionClosedView(record.message).day] = sessions.count
            }
            return .proceed
        }
        return sessions
    }

    /// What the reference says: trades and their hash.
    func reference(_ timing: FillTiming) -> String { expected[timing] ?? "" }

    /// Throws unless a run made the reference's trades.
    func check(run: String, _ timing: FillTiming) throws {
        let found = try trades(run)
        guard found == reference(timing) else {
            throw BenchmarkFailure("\(found), the reference has \(reference(timing))")
        }
    }

    /// Throws unless a peer made the reference's trades.
    func check(_ found: String, _ timing: FillTiming) throws {
        guard found == reference(timing) else {
            throw BenchmarkFailure("\(found), the reference has \(reference(timing))")
        }
    }

    /// Number of closed trades of a run and the workload's hash over them.
    private func trades(_ run: String) throws -> String {
        var trades: [[Int]] = []
        var lines: [String] = []
        try EventLog.open(at: run).read { record in
            guard try MessageHeader(record.message).templateID == OutcomeRecorded.templateID else {
                return .proceed
            }
            let outcome = try OutcomeRecordedView(record.message)
            guard let entry = outcome.entryDay.flatMap({ sessions[$0] }),
                let exit = outcome.exitDay.flatMap({ sessions[$0] }),
                let ticker = Int(outcome.ticker.description.dropFirst())
            else { throw BenchmarkFailure("a trade outside the workload's sessions") }
            let reason = outcome.reason == .timeout ? "time" : "\(outcome.reason ?? .person)"
            trades.append([ticker, entry, exit, lines.count])
            lines.append(
                "\(ticker),\(entry),\(exit),\(Int(outcome.quantity.shares)),"
                    + String(format: "%.2f,%.2f,", outcome.entryPrice, outcome.exitPrice) + reason)
            return .proceed
        }
        // A ticker is held once, so that its entry bar orders its trades.
        let order = trades.sorted { ($0[0], $0[1], $0[2]) < ($1[0], $1[1], $1[2]) }
        let text = order.map { lines[$0[3]] }.joined(separator: "\n")
        let digest = SHA256.hash(text).bytes.prefix(8)
        return "\(lines.count) trades " + digest.map { String(format: "%02x", $0) }.joined()
    }
}
