import EventLog
import Foundation
import RawLoops

extension Row {
    /// Another event store on the same disk.
    static let eventStores = Row(
        name: "event-stores", title: "event stores: durable appends, and reading all back"
    ) { setting in
        guard Peer.isInstalled("eventsourcing", setting) else {
            throw Unavailable("needs --python with eventsourcing")
        }
        let messages = TradingMessages(count: setting.size(50_000, quick: 5_000))
        let singles = setting.size(1_000, quick: 100)
        let python = "pyeventsourcing, SQLite"
        return Contest(
            [
                Contestant(name: "recount") { try recount(messages, singles, setting) },
                Contestant(name: python, maximumRounds: 3) {
                    let folder = try setting.scratch.folder("peer")
                    defer { setting.scratch.remove(folder) }
                    let answer = try Peer.run(
                        "store_eventsourcing", [folder, "\(messages.count)", "\(singles)"], setting)
                    return try ["batches", "singles", "read"].map { name in
                        guard let seconds = answer.seconds[name] else {
                            throw BenchmarkFailure("\(python): no \(name)")
                        }
                        let count = name == "singles" ? singles : messages.count
                        return rate("\(python), \(name)", count, seconds)
                    }
                },
            ],
            comparisons: ["batches", "singles", "read"].map {
                Comparison(
                    name: "recount / \(python), \($0)", of: "recount, \($0)",
                    over: "\(python), \($0)")
            },
            remarks: [
                "batches of 1,000; its events are read as typed domain events, as recount's are"
            ])
    }

    private static func recount(
        _ messages: TradingMessages, _ singles: Int, _ setting: Setting
    ) throws -> [Figure] {
        let paths = (0..<2).map { _ in setting.scratch.name("store") }
        defer { for path in paths { setting.scratch.remove(path) } }
        let batched = try Logs.data(at: paths[0])
        let batches = try timed {
            try Logs.append(messages, 0..<messages.count, batch: 1_000, to: batched)
        }
        let single = try Logs.data(at: paths[1])
        let one = try timed { try Logs.append(messages, 0..<singles, batch: 1, to: single) }
        var folded = FoldedFills()
        let read = try timed { folded = try FoldedFills(batched) }
        guard folded.tickers > 0 else { throw BenchmarkFailure("nothing was read back") }
        return [
            rate("recount, batches", messages.count, batches.seconds),
            rate("recount, singles", singles, one.seconds),
            rate("recount, read", messages.count, read.seconds),
        ]
    }
}
