import EventLog
import Events
import Pipeline
import RawLoops

extension Row {
    /// A person's promotion and rollback against one raw durable commit.
    ///
    /// The three take turns, one commit each, so that what disturbs the disk disturbs all alike;
    /// before each a ledger that is read up to the head is at hand, as in a service.
    static let operatorActs = Row(
        name: "by-hand", title: "promote and roll back, durable: p99 and median of a commit"
    ) { setting in
        let turns = setting.size(1_000, quick: 60)
        let messages = TradingMessages(count: turns)
        let contest = Contest(
            [Contestant(name: "turns") { try takeTurns(setting, messages, turns) }],
            comparisons: ["promote", "roll back"].flatMap { act in
                ["p99", "median"].map { part in
                    Comparison(
                        name: "\(act) / raw commit, \(part)", of: "\(act), \(part)",
                        over: "raw commit, \(part)")
                }
            })
        contest.remark(
            try Flushes.remark(setting)
                + "; a ratio of .77 is the raw commit's time 1.3 times over")
        return contest
    }

    private static func takeTurns(
        _ setting: Setting, _ messages: TradingMessages, _ turns: Int
    ) throws -> [Figure] {
        let folders = try (0..<2).map { _ in try setting.scratch.folder("by-hand") }
        defer { for folder in folders { setting.scratch.remove(folder) } }
        let log = try Logs.data(at: "\(folders[0])/log")
        let raw = try RawLog(.lmdb, in: folders[1], checksum: true, durable: true)
        var ledger = OperatorLedger()
        var seconds: [[Double]] = [[], [], []]
        for turn in 0..<turns {
            for offset in 0..<3 {
                let side = (turn + offset) % 3
                try ledger.read(log)
                seconds[side].append(
                    try timed {
                        switch side {
                        case 0: try raw.commit(messages, turn..<turn + 1)
                        case 1: try promote(turn, &ledger, log)
                        default: try rollBack(&ledger, log)
                        }
                    }.seconds)
            }
        }
        guard ledger.changes.count >= 2 * turns - 1 else {
            throw BenchmarkFailure(
                "only \(ledger.changes.count) of \(2 * turns) acts were recorded")
        }
        return zip(["raw commit", "promote", "roll back"], seconds).flatMap { name, seconds in
            let ordered = seconds.sorted()
            return [
                Figure(
                    name: "\(name), p99", unit: .seconds,
                    value: ordered[min(ordered.count - 1, ordered.count * 99 / 100)]),
                Figure(
                    name: "\(name), median", unit: .seconds, value: ordered[ordered.count / 2]),
            ]
        }
    }

    private static func promote(_ turn: Int, _ ledger: inout OperatorLedger, _ log: EventLog) throws
    {
        let artefact = Digest(w0: UInt64(turn) + 1, w1: 0, w2: 0, w3: 0)
        _ = try ledger.record(
            .promotion(artefact, model: "r1", run: "one"), who: "someone",
            reason: "a reason of some length", in: log, now: TradingMessages.instant)
    }

    private static func rollBack(_ ledger: inout OperatorLedger, _ log: EventLog) throws {
        let seen = ledger.changes.count
        _ = try ledger.record(
            .rollback(.zero, model: "r1", run: "one", seen: seen), who: "someone",
            reason: "a reason of some length", in: log, now: TradingMessages.instant)
    }
}
