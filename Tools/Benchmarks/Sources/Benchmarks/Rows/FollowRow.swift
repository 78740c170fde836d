import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import RawLoops

extension Row {
    /// The same strategy on the same data on every engine.
    static let follow = Row(
        name: "disclosure-follow",
        title: "500 tickers, 2,520 sessions, 20,000 filings; equal trade hash"
    ) { setting in
        let files = try FollowFiles.make(setting)
        var contestants = [
            engine(.nextOpen, "recount, next_open", files, setting),
            engine(.sameClose, "recount, same_close", files, setting),
            Contestant(name: "C cursor over the timeline, CRC") {
                let copy = try setting.scratch.folder("timeline")
                defer { setting.scratch.remove(copy) }
                try FileManager.default.copyItem(
                    atPath: "\(files.timeline)/data.mdb", toPath: "\(copy)/data.mdb")
                var scan = raw_scan()
                try BenchmarkFailure.check(raw_lmdb_scan(copy, true, &scan), "scan")
                return [
                    Figure(
                        name: "C cursor over the timeline, CRC", unit: .seconds,
                        value: scan.seconds)
                ]
            },
        ]
        let peers = FollowPeer.all.filter { !$0.isSlow || setting.isSlow }
        var missing: [String] = []
        for peer in peers where !setting.isQuick {
            guard Peer.isInstalled(peer.package, setting) else {
                missing.append(peer.package)
                continue
            }
            contestants.append(peer.contestant(files, setting))
        }
        let contest = Contest(
            contestants,
            comparisons: peers.map {
                Comparison(
                    name: "recount / \($0.name)",
                    of: $0.timing == .nextOpen ? "recount, next_open" : "recount, same_close",
                    over: $0.name)
            },
            remarks: [
                "every engine's trades are those of reference.py: "
                    + "next_open \(files.reference(.nextOpen)), "
                    + "same_close \(files.reference(.sameClose))",
                "recount: open, CRC-checked read, decide, record decisions, final sync, rename; "
                    + "one thread; the peers: their engine alone, data loaded",
                "numba by hand: a loop over arrays, nothing read, checked or recorded",
            ])
        if !setting.isQuick, !setting.isSlow { contest.remark("backtrader only with --slow") }
        if !missing.isEmpty {
            contest.remark("not installed: \(missing.joined(separator: ", "))")
        }
        return contest
    }

    private static func engine(
        _ timing: FillTiming, _ name: String, _ files: FollowFiles, _ setting: Setting
    ) -> Contestant {
        Contestant(name: name) {
            let path = setting.scratch.name("run")
            defer { setting.scratch.remove(path) }
            let took = try timed {
                _ = try Run.make(
                    DisclosureFollow(timing: timing),
                    timeline: try EventLog.open(at: files.timeline), at: path)
            }
            try files.check(run: path, timing)
            return [
                Figure(name: name, unit: .seconds, value: took.seconds),
                Figure(name: "\(name): flushes", unit: .seconds, value: took.flushing),
                Figure(name: "\(name): processor", unit: .seconds, value: took.processor),
            ]
        }
    }
}

/// Another engine on the workload.
struct FollowPeer {
    var name: String
    var package: String
    var script: String
    var timing: FillTiming
    var isSlow = false
    var rounds = 1

    static let all = [
        FollowPeer(
            name: "numba by hand, warm", package: "numba", script: "follow_numba",
            timing: .nextOpen, rounds: 3),
        FollowPeer(
            name: "vectorbt, warm", package: "vectorbt", script: "follow_vectorbt",
            timing: .nextOpen),
        FollowPeer(
            name: "nautilus_trader", package: "nautilus_trader", script: "follow_nautilus",
            timing: .sameClose),
        FollowPeer(
            name: "backtrader", package: "backtrader", script: "follow_backtrader",
            timing: .nextOpen, isSlow: true),
    ]

    /// Runs its script, which takes the files' folder.
    func contestant(_ files: FollowFiles, _ setting: Setting) -> Contestant {
        Contestant(name: name, maximumRounds: rounds) {
            let answer = try Peer.run(script, [files.folder], setting)
            guard let trades = answer.trades else { throw BenchmarkFailure("\(name): no trades") }
            try files.check(trades, timing)
            return answer.seconds.sorted { $0.key < $1.key }.map {
                Figure(
                    name: $0.key == "run" ? name : "\(name): \($0.key)", unit: .seconds,
                    value: $0.value)
            }
        }
    }
}
