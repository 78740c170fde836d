import EventLog
import RawLoops

extension Row {
    /// Durable appends of batches.
    static let durable = durableAppend(
        name: "durable", title: "durable append, batches of 1,000: median of a commit",
        batch: 1_000, commits: (100, 10))

    /// Durable appends of single events.
    static let durableSingles = durableAppend(
        name: "durable-singles", title: "durable append, single events: median of a commit",
        batch: 1, commits: (500, 50))

    /// A flush here takes .1 ms in one second and 12 ms in the next: the contestants take turns
    /// commit by commit, and the median of a round's commits counts.
    private static func durableAppend(
        name: String, title: String, batch: Int, commits: (full: Int, quick: Int)
    ) -> Row {
        Row(name: name, title: title) { setting in
            let count = setting.size(commits.full, quick: commits.quick)
            let messages = TradingMessages(count: count * batch)
            func turns(slowed: Double) -> Contestant {
                Contestant(name: slowed > 0 ? "slowed flushes" : "flushes as they are") {
                    try takeTurns(setting, messages, batch: batch, slowed: slowed)
                }
            }
            let missing = max(0, 1e-3 - (try Flushes.median(setting)))
            let slow = ", flush ≥ 1 ms"
            let contest = Contest(
                [turns(slowed: 0)] + (missing > 0 ? [turns(slowed: missing)] : []),
                comparisons: ["", slow].flatMap { kind in
                    [
                        Comparison(
                            name: "recount / C loop, CRC\(kind)", of: "recount\(kind)",
                            over: "C loop, CRC\(kind)"),
                        Comparison(
                            name: "recount / SQLite, FULL\(kind)", of: "recount\(kind)",
                            over: "SQLite, WAL, FULL\(kind)"),
                    ]
                })
            contest.remark(
                try Flushes.remark(setting)
                    + "; \"flush ≥ 1 ms\" adds \(Table.short(missing * 1e3)) ms to each fdatasync; "
                    + "recount and the C loop made equally many")
            return contest
        }
    }

    private static func takeTurns(
        _ setting: Setting, _ messages: TradingMessages, batch: Int, slowed: Double
    ) throws -> [Figure] {
        let folders = try (0..<3).map { _ in try setting.scratch.folder("durable") }
        defer { for folder in folders { setting.scratch.remove(folder) } }
        let log = try Logs.data(at: "\(folders[0])/log")
        let lmdb = try RawLog(.lmdb, in: folders[1], checksum: true, durable: true)
        let sqlite = try RawLog(.sqlite, in: folders[2], checksum: true, durable: true)
        var sides = [Side("recount"), Side("C loop, CRC"), Side("SQLite, WAL, FULL")]
        raw_slow_flush(Int64(slowed * 1e9))
        defer { raw_slow_flush(0) }
        for (turn, first) in stride(from: 0, to: messages.count, by: batch).enumerated() {
            let range = first..<first + batch
            for offset in 0..<3 {
                switch (turn + offset) % 3 {
                case 0:
                    try sides[0].time {
                        try Logs.append(messages, range, batch: batch, to: log)
                    }
                case 1: try sides[1].time { try lmdb.commit(messages, range) }
                default: try sides[2].time { try sqlite.commit(messages, range) }
                }
            }
        }
        guard sides[0].flushes == sides[1].flushes else {
            throw BenchmarkFailure(
                "unequal flushes: \(sides[0].flushes) and \(sides[1].flushes)")
        }
        return sides.map {
            Figure(
                name: $0.name + (slowed > 0 ? ", flush ≥ 1 ms" : ""), unit: .seconds,
                value: Spread.median($0.seconds))
        }
    }
}

/// One contestant's commits of a round.
private struct Side {
    let name: String
    var seconds: [Double] = []
    var flushes: Int64 = 0

    init(_ name: String) { self.name = name }

    mutating func time(_ commit: () throws -> Void) rethrows {
        let before = raw_flush_count()
        seconds.append(try timed(commit).seconds)
        flushes += raw_flush_count() - before
    }
}
