import EventLog
import Foundation

extension Row {
    /// Readers of all kinds beside a writer that does not wait for them.
    static let followers = Row(
        name: "followers",
        title: "16 followers of a log under full write load: 8 × project all --follow, 8 readers"
    ) { setting in
        let recount = try setting.needRecount()
        let load = Load(commits: setting.size(5_000, quick: 200), batch: 10)
        let contest = Contest(
            [
                Contestant(name: "without followers") {
                    let data = try setting.scratch.folder("alone")
                    defer { setting.scratch.remove(data) }
                    let log = try Logs.data(at: "\(data)/log")
                    try load.begin(log)
                    let before = log.size
                    let seconds = try load.run(log)
                    return [
                        rate("writer alone", load.commits * load.batch, seconds),
                        Figure(
                            name: "file growth without", unit: .bytes,
                            value: Double(log.size - before)),
                    ]
                },
                Contestant(name: "with followers") {
                    let data = try setting.scratch.folder("followed")
                    defer { setting.scratch.remove(data) }
                    return try follow(data, recount, load, count: 8)
                },
            ],
            comparisons: [
                Comparison(
                    name: "file growth with / without", of: "file growth with",
                    over: "file growth without"),
                Comparison(
                    name: "writer with / without", of: "writer, followed", over: "writer alone"),
            ],
            remarks: [
                "\(load.commits) durable commits of \(load.batch) filings each; read transactions "
                    + "are watched in the reader table every .5 ms; all followers reach the end"
            ])
        contest.maximumRounds = 3
        return contest
    }

    private static func follow(
        _ data: String, _ recount: String, _ load: Load, count: Int
    ) throws -> [Figure] {
        let log = try Logs.data(at: "\(data)/log")
        try load.begin(log)
        let readers = try (0..<count).map { _ in
            try Companion(Companion.itself, ["follow", log.path, "\(load.end)"])
        }
        for reader in readers {
            guard reader.line() == "following" else { throw BenchmarkFailure("no follower") }
        }
        let projectors = try (0..<count).map { try Projectors(data, recount, number: $0) }
        for projector in projectors { try projector.awaitViews() }
        let watch = ReaderWatch(log)
        let before = log.size
        let seconds = try load.run(log)
        let caughtUp = try timed {
            for reader in readers { _ = try reader.finish() }
            for projector in projectors { try projector.end(at: load.end) }
        }
        let found = watch.end()
        // Each has shown by its end that it read all; most are seen at it, unless it is soon over.
        guard load.commits < 1_000 || found.processes.count > count else {
            throw BenchmarkFailure("only \(found.processes.count) readers were seen")
        }
        return [
            rate("writer, followed", load.commits * load.batch, seconds),
            Figure(name: "file growth with", unit: .bytes, value: Double(log.size - before)),
            Figure(name: "longest read transaction", unit: .seconds, value: found.longest),
            Figure(name: "commits behind a snapshot", unit: .count, value: Double(found.lag)),
            Figure(
                name: "processes seen reading", unit: .count,
                value: Double(found.processes.count)),
            Figure(name: "longest pause of the watch", unit: .seconds, value: found.pause),
            Figure(name: "last follower done after", unit: .seconds, value: caughtUp.seconds),
        ]
    }
}

/// What the writer does: commits as fast as the disk lets it.
private struct Load {
    let commits: Int
    let batch: Int

    /// Position of the last event.
    var end: UInt64 { UInt64((commits + 1) * batch) }

    /// The first commit, so that followers have something to begin with.
    func begin(_ log: EventLog) throws { try commit(0, log) }

    /// All others; the seconds they took.
    func run(_ log: EventLog) throws -> Double {
        try timed {
            for number in 1...commits { try commit(number, log) }
        }.seconds
    }

    private func commit(_ number: Int, _ log: EventLog) throws {
        try log.append(now: TradingMessages.instant) { appended in
            for index in 0..<batch {
                _ = appended.append(
                    FilingMessages.filing(number * batch + index, now: appended.now))
            }
        }
    }
}

/// A process `recount project all --follow` with views of its own over a shared log.
private final class Projectors {
    /// A line of `recount status --json`.
    private struct Status: Decodable {
        struct ReadModel: Decodable {
            var name: String
            var position: UInt64?
        }
        var readModels: [ReadModel]

        enum CodingKeys: String, CodingKey { case readModels = "read_models" }
    }

    /// What `project all` leaves out.
    private static let leftOut = "training-set-rows"

    private let process: Companion
    private let recount: String
    private let folder: String

    init(_ data: String, _ recount: String, number: Int) throws {
        self.recount = recount
        folder = "\(data)/views-\(number)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/log", withDestinationPath: "\(data)/log")
        process = try Companion(
            recount, ["project", "all", "--follow", "--json", "--data", folder], tells: false)
    }

    /// Waits until every read model is there.
    func awaitViews() throws { try wait { $0 != nil } }

    /// Waits until it has caught up, ends it, and throws unless every projection stands at the
    /// log's end.
    func end(at position: UInt64) throws {
        try wait { $0 == position }
        let lines = process.end().split(separator: "\n")
        let good = lines.filter {
            $0.contains("\"position\":\(position),") && $0.hasSuffix("\"error\":null}")
        }
        guard good.count == lines.count, !lines.isEmpty else {
            throw BenchmarkFailure("projectors ended with \(lines.joined(separator: " "))")
        }
    }

    /// Waits until the positions of all read models are as wanted.
    private func wait(until isWanted: (UInt64?) -> Bool) throws {
        for _ in 0..<1_200 {
            let text = try Child.run([recount, "status", "--json", "--data", folder]).output
            let status = try JSONDecoder().decode(Status.self, from: Data(text.utf8))
            let followed = status.readModels.filter { $0.name != Projectors.leftOut }
            if followed.allSatisfy({ isWanted($0.position) }) { return }
            guard process.isRunning else { break }
            usleep(50_000)
        }
        throw BenchmarkFailure("recount project did not come up with \(folder)")
    }
}
