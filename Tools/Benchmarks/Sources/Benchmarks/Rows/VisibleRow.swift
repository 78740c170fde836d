import EventLog
import Events
import Foundation
import RawLoops

extension Row {
    /// How soon another process reads what was committed.
    static let visible = Row(
        name: "visible",
        title: "commit to visible in another process; in memory, so that no flush counts"
    ) { setting in
        let memory = "/dev/shm"
        guard access(memory, W_OK) == 0 else { throw Unavailable("needs \(memory)") }
        let scratch = try Scratch(in: memory)
        let count = setting.size(2_000, quick: 200)
        func lane(_ name: String, _ tell: @escaping (String) throws -> Void) -> Contestant {
            Contestant(name: name) {
                let folder = try scratch.folder("visible")
                defer { scratch.remove(folder) }
                let latencies = try Latencies(hearing: folder, count: count, name, tell)
                return [
                    Figure(name: "\(name), p50", unit: .seconds, value: latencies.quantile(0.5)),
                    Figure(name: "\(name), p99", unit: .seconds, value: latencies.quantile(0.99)),
                ]
            }
        }
        return Contest(
            [
                lane("recount") { try tell(in: $0, count: count) },
                lane("C loop") {
                    try BenchmarkFailure.check(
                        raw_tell($0, Int64(count), 200_000), "telling")
                },
            ],
            comparisons: [
                Comparison(name: "p50 beside C", of: "recount, p50", over: "C loop, p50"),
                Comparison(name: "p99 beside C", of: "recount, p99", over: "C loop, p99"),
            ],
            remarks: [
                "from before the commit, the writing of its pages included, to the reader's "
                    + "having the event; one event every .2 ms"
            ])
    }

    /// Appends events that carry the instant before their commit.
    private static func tell(in folder: String, count: Int) throws {
        let log = try EventLog.open(at: folder, access: .write)
        var event = OrderCancelled(
            envelope: Envelope(
                knownAt: TradingMessages.instant, recordedAt: TradingMessages.instant,
                causation: .none, correlation: .none, through: 0, ordinal: 0, actor: .loop,
                flags: .simulated),
            order: .own(1), quantity: .zero, day: Day(rawValue: 19_000), ticker: Ticker("T")!,
            reason: .noBar, text: [])
        for _ in 0..<count {
            try log.append(now: TradingMessages.instant) { batch in
                event.quantity = Quantity(rawValue: MonotonicClock.now)
                _ = batch.append(event)
            }
            usleep(200)
        }
    }
}

/// What another process heard.
private struct Latencies {
    private let ordered: [Double]

    /// Starts a listener in a folder, tells, and takes its latencies.
    init(
        hearing folder: String, count: Int, _ kind: String, _ tell: (String) throws -> Void
    ) throws {
        let isRaw = kind != "recount"
        if isRaw {
            try BenchmarkFailure.check(raw_tell(folder, 0, 0), "making the log")
        } else {
            _ = try Logs.data(at: folder)
        }
        let listener = try Companion(
            Companion.itself, ["listen", folder, "\(count)"] + (isRaw ? ["--raw"] : []))
        guard listener.line() == "listening" else { throw BenchmarkFailure("no listener") }
        try tell(folder)
        let nanoseconds = try listener.finish().split(separator: "\n").compactMap { Double($0) }
        guard nanoseconds.count == count else {
            throw BenchmarkFailure("\(nanoseconds.count) of \(count) events were heard")
        }
        ordered = nanoseconds.map { $0 * 1e-9 }.sorted()
    }

    /// The value below which a share of them lies.
    func quantile(_ share: Double) -> Double {
        ordered[min(ordered.count - 1, Int(Double(ordered.count) * share))]
    }
}
