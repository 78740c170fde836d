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
        // A loop with large transactions shows why the builder writes out every 512 KiB.
        let large = messages.count * (64 << 20) / messages.byteCount
        return Contest(
            [
                Contestant(name: "recount") {
                    let path = setting.scratch.name("built")
                    defer { setting.scratch.remove(path) }
                    let took = try timed { try Logs.build(messages, at: path, batch: 1_000) }
                    return [
                        rate("recount", messages.count, took.seconds - took.flushing),
                        rate("recount, final flush included", messages.count, took.seconds),
                        processor("recount", took),
                    ]
                },
                raw("C loop, CRC", .lmdb, setting, messages, batch: 1_000, checksum: true),
                raw("C loop", .lmdb, setting, messages, batch: 1_000, checksum: false),
                raw(
                    "C loop, 64 MiB a transaction", .lmdb, setting, messages, batch: large,
                    checksum: false),
                raw(
                    "SQLite, synchronous=OFF", .sqlite, setting, messages, batch: 1_000,
                    checksum: true),
            ],
            comparisons: appendComparisons,
            remarks: [
                "\(messages.byteCount / messages.count) bytes a message; the time of the one "
                    + "flush at the builder's end is taken off"
            ])
    }

    private static let appendComparisons = [
        Comparison(name: "recount / C loop, CRC", of: "recount", over: "C loop, CRC"),
        Comparison(name: "recount / C loop", of: "recount", over: "C loop"),
        Comparison(
            name: "recount / C loop, CRC, by processor time", of: "recount, processor",
            over: "C loop, CRC, processor"),
        Comparison(
            name: "recount / C loop, by processor time", of: "recount, processor",
            over: "C loop, processor"),
        Comparison(
            name: "recount / C loop, 64 MiB", of: "recount",
            over: "C loop, 64 MiB a transaction"),
        Comparison(
            name: "recount / SQLite, OFF", of: "recount", over: "SQLite, synchronous=OFF"),
    ]

    private static func raw(
        _ name: String, _ kind: RawLog.Kind, _ setting: Setting, _ messages: TradingMessages,
        batch: Int, checksum: Bool
    ) -> Contestant {
        Contestant(name: name) {
            let folder = try setting.scratch.folder("raw")
            defer { setting.scratch.remove(folder) }
            let log = try RawLog(kind, in: folder, checksum: checksum, durable: false)
            let took = try timed { try log.append(messages, batch: batch) }
            return [
                rate(name, messages.count, took.seconds - took.flushing), processor(name, took),
            ]
        }
    }
}

/// A number of events in so many seconds.
func rate(_ name: String, _ count: Int, _ seconds: Double) -> Figure {
    Figure(name: name, unit: .eventsPerSecond, value: Double(count) / seconds)
}

/// What a contestant took on the processor.
private func processor(_ name: String, _ took: Taken) -> Figure {
    Figure(name: "\(name), processor", unit: .seconds, value: took.processor)
}
