import EventLog
import Foundation
import RawLoops

extension Row {
    /// Many writers of single events share flushes.
    static let groupCommit = Row(
        name: "group-commit", title: "durable appends of single events, 64 writers beside one"
    ) { setting in
        let messages = TradingMessages(count: 4_096)
        let flush = try Flushes.median(setting)
        let missing = max(0, 1e-3 - flush)
        func writers(_ count: Int, events: Int, slowed: Bool) -> Contestant {
            let name = "\(count) writer\(count == 1 ? "" : "s")\(slowed ? ", flush ≥ 1 ms" : "")"
            return Contestant(name: name) {
                let path = setting.scratch.name("group")
                defer { setting.scratch.remove(path) }
                let log = try Logs.data(at: path)
                if slowed { raw_slow_flush(Int64(missing * 1e9)) }
                defer { raw_slow_flush(0) }
                let took = try timed {
                    try append(messages, events: events, writers: count, to: log)
                }
                return [rate(name, events * count, took.seconds)]
            }
        }
        let size = setting.size(10, quick: 1)
        let contest = Contest(
            [
                writers(1, events: 20 * size, slowed: true),
                writers(64, events: 10 * size, slowed: true),
                writers(1, events: 20 * size, slowed: false),
                writers(64, events: 10 * size, slowed: false),
            ],
            comparisons: [
                Comparison(
                    name: "64 / 1, flush ≥ 1 ms", of: "64 writers, flush ≥ 1 ms",
                    over: "1 writer, flush ≥ 1 ms"),
                Comparison(name: "64 / 1", of: "64 writers", over: "1 writer"),
            ])
        contest.remark(
            "a flush of one page takes \(Table.short(flush * 1e3)) ms here; "
                + "\"flush ≥ 1 ms\" adds \(Table.short(missing * 1e3)) ms to each fdatasync")
        return contest
    }

    private static func append(
        _ messages: TradingMessages, events: Int, writers: Int, to log: EventLog
    ) throws {
        let shared = SharedMessages(messages: messages)
        let failure = FirstFailure()
        let threads = DispatchGroup()
        for writer in 0..<writers {
            threads.enter()
            let thread = Thread {
                defer { threads.leave() }
                do {
                    for index in 0..<events {
                        let choice = (writer * events + index) % shared.messages.count
                        try log.append(now: TradingMessages.instant) { batch in
                            _ = batch.append(encoded: shared.messages[choice])
                        }
                    }
                } catch {
                    failure.note(error)
                }
            }
            thread.start()
        }
        threads.wait()
        try failure.rethrow()
    }
}

/// Messages that threads read; nothing changes them.
private struct SharedMessages: @unchecked Sendable {
    // Guarded by immutability: every stored property of `TradingMessages` is a constant.
    let messages: TradingMessages
}
