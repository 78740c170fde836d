import EventLog
import Foundation
import RawLoops

extension Row {
    /// Appending without flushes: what checksums, seals and typing cost.
    static let append = Row(
        name: "append",
        title: "append without flush, batches of 1,000, checksums and seals included"
    ) { setting in
        let messages = TradingMessages(count: setting.size(1_000_000, quick: 50_000))
        // The builder writes out every 64 MiB; the loops do so once as often and once a batch.
        let large = Int64(messages.count) * (64 << 20) / Int64(messages.byteCount)
        func raw(_ name: String, batch: Int64, checksum: Bool) -> Contestant {
            Contestant(name: name) {
                let folder = try setting.scratch.folder("raw")
                defer { setting.scratch.remove(folder) }
                let seconds = try rawAppend(
                    folder, messages, batch: batch, checksum: checksum, durable: false)
                return [rate(name, messages.count, seconds)]
            }
        }
        return Contest(
            [
                Contestant(name: "recount") {
                    let path = setting.scratch.name("built")
                    defer { setting.scratch.remove(path) }
                    let took = try timed { try Logs.build(messages, at: path, batch: 1_000) }
                    return [rate("recount", messages.count, took.seconds - took.flushing)]
                },
                raw("C loop, CRC", batch: 1_000, checksum: true),
                raw("C loop", batch: 1_000, checksum: false),
                raw("C loop, 64 MiB a transaction", batch: large, checksum: false),
                sqlite("SQLite, synchronous=OFF", setting, messages, batch: 1_000, durable: false),
            ],
            comparisons: [
                Comparison(name: "recount / C loop, CRC", of: "recount", over: "C loop, CRC"),
                Comparison(name: "recount / C loop", of: "recount", over: "C loop"),
                Comparison(
                    name: "recount / C loop, 64 MiB", of: "recount",
                    over: "C loop, 64 MiB a transaction"),
                Comparison(
                    name: "recount / SQLite, OFF", of: "recount", over: "SQLite, synchronous=OFF"),
            ],
            remarks: [
                "\(messages.byteCount / messages.count) bytes a message; the time of the one "
                    + "flush at the builder's end is taken off"
            ])
    }

    /// Durable appends of batches.
    static let durable = durableAppend(
        name: "durable", title: "durable append, batches of 1,000", batch: 1_000,
        messages: (100_000, 10_000))

    /// Durable appends of single events.
    static let durableSingles = durableAppend(
        name: "durable-singles", title: "durable append, single events", batch: 1,
        messages: (1_000, 200))

    private static func durableAppend(
        name: String, title: String, batch: Int, messages: (full: Int, quick: Int)
    ) -> Row {
        Row(name: name, title: title) { setting in
            let messages = TradingMessages(
                count: setting.size(messages.full, quick: messages.quick))
            let flushes = FlushCounts()
            let contest = Contest(
                [
                    Contestant(name: "recount") {
                        let path = setting.scratch.name("data")
                        defer { setting.scratch.remove(path) }
                        let log = try Logs.data(at: path)
                        let before = raw_flush_count()
                        let took = try timed {
                            try Logs.append(messages, 0..<messages.count, batch: batch, to: log)
                        }
                        flushes.ours = raw_flush_count() - before
                        return [rate("recount", messages.count, took.seconds)]
                    },
                    Contestant(name: "C loop, CRC") {
                        let folder = try setting.scratch.folder("raw")
                        defer { setting.scratch.remove(folder) }
                        let before = raw_flush_count()
                        let seconds = try rawAppend(
                            folder, messages, batch: Int64(batch), checksum: true, durable: true)
                        flushes.theirs = raw_flush_count() - before
                        try flushes.check(commits: Int64(messages.count / batch))
                        return [rate("C loop, CRC", messages.count, seconds)]
                    },
                    sqlite(
                        "SQLite, WAL, FULL", setting, messages, batch: Int64(batch),
                        durable: true),
                ],
                comparisons: [
                    Comparison(name: "recount / C loop, CRC", of: "recount", over: "C loop, CRC"),
                    Comparison(
                        name: "recount / SQLite, FULL", of: "recount", over: "SQLite, WAL, FULL"),
                ])
            contest.remark(try Flushes.remark(setting))
            return contest
        }
    }

    private static func sqlite(
        _ name: String, _ setting: Setting, _ messages: TradingMessages, batch: Int64,
        durable: Bool
    ) -> Contestant {
        Contestant(name: name) {
            let folder = try setting.scratch.folder("sqlite")
            defer { setting.scratch.remove(folder) }
            var seconds = 0.0
            let options = raw_append_options(batch: batch, checksum: true, durable: durable)
            let code = messages.withRaw {
                raw_sqlite_append("\(folder)/events.sqlite", $0, options, &seconds)
            }
            try BenchmarkFailure.check(code, "SQLite's loop")
            return [rate(name, messages.count, seconds)]
        }
    }

    private static func rawAppend(
        _ folder: String, _ messages: TradingMessages, batch: Int64, checksum: Bool, durable: Bool
    ) throws -> Double {
        var seconds = 0.0
        let options = raw_append_options(batch: batch, checksum: checksum, durable: durable)
        let code = messages.withRaw { raw_lmdb_append(folder, $0, options, &seconds) }
        try BenchmarkFailure.check(code, "LMDB's loop")
        return seconds
    }
}

/// A number of events in so many seconds.
func rate(_ name: String, _ count: Int, _ seconds: Double) -> Figure {
    Figure(name: name, unit: .eventsPerSecond, value: Double(count) / seconds)
}
