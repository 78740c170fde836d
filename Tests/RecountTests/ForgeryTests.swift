import EventLog
import Events
import Foundation
import TestKit
import Testing

/// Whoever can write the folder changes it and makes every seal anew: each change is found and
/// located by a command that the README names, in a process of its own, as a user runs it.
@Suite("What somebody forged", .timeLimit(.minutes(10)))
struct ForgeryTests {
    private let folder = TemporaryFolder()
    private var log: String { "\(folder.path)/d/log" }

    private func shell(_ script: String) throws -> (output: String, status: Int32) {
        try Shell.run(script, in: folder.path)
    }

    /// A world, a run with its views, a backup, and two lines that were kept.
    private func made() throws {
        let made = try shell(
            """
            set -e
            $R simulate --seed 3 --years 2 --tickers 10 --out w
            $R seal --make-key seal.key
            $R ingest prices w/prices.csv --data d
            $R seal --data d --sign seal.key >> kept
            $R ingest disclosures w/disclosures_congress.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R seal --data d --sign seal.key >> kept
            $R backtest --data d --strategy disclosure-follow --set min_confidence=0 --run one
            $R project all --data d --run one
            $R backup --data d --to b
            """)
        #expect(made.status == 0, "\(made.output)")
    }

    private static let held = "$R seal --data d --check kept --key seal.key.pub --backup b"
    private static let chain = "$R verify --data d --chain --run one --backup b"

    @Test("nothing is found where nothing was changed, and what is not proven is told")
    func honest() throws {
        try made()
        #expect(try shell(Self.held).status == 0)
        let chain = try shell(Self.chain)
        #expect(chain.status == 0 && !chain.output.contains("BROKEN"), "\(chain.output)")
        #expect(chain.output.contains("not proven: that the facts are those that once came"))
        let anchored = try shell(Self.chain + " --expect \"$(tail -1 kept)\"")
        #expect(anchored.output.contains("proven: the facts up to position"))
        #expect(!anchored.output.contains("not proven: that the facts"))
    }

    @Test("a changed fact without its seal is found at its position")
    func changedFact() throws {
        try made()
        let path = "\(log)/data.mdb"
        var bytes = try Data(contentsOf: URL(filePath: path))
        let place = try #require(bytes.range(of: Data("SIM0003".utf8)))
        bytes[place.lowerBound + 6] ^= 1
        try bytes.write(to: URL(filePath: path))
        let found = try shell("$R verify --data d")
        #expect(found.status == 65 && found.output.contains("DAMAGED at position"))
    }

    @Test(
        "a changed fact with every seal made anew is found, by lines between them, and at its event"
    )
    func sealedFact() throws {
        try made()
        let position = try forgeLog { event, position in
            guard var filed = try? DisclosureFiled(bytes: event) else { return event }
            filed.side = filed.side == .buy ? .sell : .buy
            return position % 7 == 0 ? filed.encoded() : event
        }
        #expect(try shell("$R verify --data d").status == 0, "its own seals show nothing")
        let held = try shell(Self.held)
        #expect(held.status == 65 && held.output.contains("the past was changed"))
        #expect(held.output.contains("up to position"), "the first line holds: \(held.output)")
        #expect(held.output.contains("first at position \(position): this DisclosureFiled"))
        let chain = try shell(Self.chain)
        #expect(chain.status == 65 && chain.output.contains("the facts of no commit"))
        #expect(chain.output.contains("first at position \(position)"), "\(chain.output)")
        let again = try shell("$R backup --data d --to b")
        #expect(again.status == 65 && again.output.contains("first at position \(position)"))
    }

    @Test("a removed commit is found, at the end and in the middle")
    func removedCommit() throws {
        try made()
        let commits = try EventLog.open(at: log).commits()
        let last = try #require(commits.last)
        try forgeLog { event, position in position >= last.first ? nil : event }
        let cut = try shell(Self.held)
        #expect(cut.status == 65 && cut.output.contains("the log ends before position"))
        #expect(cut.output.contains("first at position \(last.first): the log ends before it"))
        try FileManager.default.removeItem(atPath: "\(folder.path)/d")
        #expect(try shell("$R restore --from b --data d").status == 0)
        let middle = commits[commits.count / 2]
        try forgeLog { event, position in
            middle.first <= position && position <= middle.head.position ? nil : event
        }
        let found = try shell(Self.held)
        #expect(found.status == 65)
        #expect(found.output.contains("first at position \(middle.first)"), "\(found.output)")
    }

    @Test("a changed decision with every seal made anew is found at its event")
    func changedDecision() throws {
        try made()
        let path = "\(folder.path)/d/runs/one"
        let run = try EventLog.open(at: path)
        let manifest = try RunManifest.read(in: path)
        var position: UInt64 = 0
        _ = try LogBuilder.build(at: "\(path)-forged", identity: run.identity, manifest: manifest) {
            builder in
            for commit in try run.commits() {
                try run.read(from: commit.first, through: commit.head.position) { record in
                    guard position == 0, var order = try? OrderSubmitted(message: record.message)
                    else {
                        try builder.append(record.message)
                        return .proceed
                    }
                    position = record.position
                    order.confidence = 0.5
                    try builder.append(order.encoded().span.bytes)
                    return .proceed
                }
                try builder.commit(recordedAt: commit.recordedAt)
            }
        }
        try #require(position > 0)
        #expect(try shell("rm -r d/runs/one; mv d/runs/one-forged d/runs/one").status == 0)
        #expect(try shell("$R verify --data d --run one").status == 0, "its seals are right")
        let found = try shell("$R verify --data d --chain --run one")
        #expect(found.status == 65, "\(found.output)")
        #expect(found.output.contains("BROKEN: r\(position) decided otherwise"))
        let located = try shell(Self.chain)
        #expect(located.output.contains("first at position \(position): this OrderSubmitted"))
    }

    /// Makes the data log anew, every seal right: each event as `change` gives it, left out where
    /// that is nil. Gives the position of the first that changed.
    @discardableResult
    private func forgeLog(
        _ change: (_ event: [UInt8], _ position: UInt64) throws -> [UInt8]?
    ) throws -> UInt64 {
        let old = try EventLog.open(at: log)
        var first: UInt64 = 0
        let forged = try EventLog.create(at: "\(log)-forged", identity: old.identity)
        for commit in try old.commits() {
            var events: [[UInt8]] = []
            try old.read(from: commit.first, through: commit.head.position) { record in
                let event = record.message.withUnsafeBytes { Array($0) }
                let changed = try change(event, record.position)
                if first == 0, changed != event { first = record.position }
                if let changed { events.append(changed) }
                return .proceed
            }
            try forged.append(now: commit.recordedAt) { batch in
                for event in events { batch.append(encoded: event.span.bytes) }
            }
        }
        try #require(first > 0)
        #expect(try shell("rm -r d/log; mv d/log-forged d/log").status == 0)
        return first
    }
}
