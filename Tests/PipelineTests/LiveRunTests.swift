import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import TestKit
import TestWorlds
import Testing

@testable import Pipeline

@Suite("A live run")
struct LiveRunTests {
    private func count(_ run: MergedLog, _ template: UInt16) throws -> Int {
        var count = 0
        try run.readOwn { _, message in
            if try MessageHeader(message).templateID == template { count += 1 }
            return .proceed
        }
        return count
    }

    /// The live run decides what a backtest decides; at its end the backtest alone runs what that
    /// makes due.
    private func expectSame(_ market: LiveMarket, _ strategy: LoopStrategy) throws -> Int {
        let run = try market.data.openRun("live")
        let found = try Divergence.search(run.merged, try market.backtest(strategy).merged)
        if let parting = found.parting {
            let last = try #require(market.world.days.last)
            let text = "\(parting.instant) \(parting.left?.type ?? "nothing") \(parting.fields)"
            #expect(parting.left == nil && parting.instant > Instant(last + 1, hour: 6), "\(text)")
        }
        // Decided again it is the same, to the byte, and nothing of it was known too late.
        let again = try Reproduction.check(run, trainer: market.trainer)
        #expect(again.isReproduced, "\(again.finding ?? "") at \(again.position ?? 0)")
        #expect(again.equal == (try run.log.head().position))
        let causality = try Causality.check(
            run.merged, timeline: run.timeline, configuration: strategy.configuration,
            calendar: .xnys)
        #expect(causality.isSound, "\(causality.findings.prefix(3))")
        return found.equal
    }

    @Test(
        "decides what a backtest over the same facts decides, key and value, with any restarts",
        arguments: [(1 as UInt64, 0.0), (2, 0.3)])
    func same(seed: UInt64, restarts: Double) throws {
        let market = try LiveMarket(seed: seed, sessions: 130, history: 60)
        let strategy = try SmallWorld.strategy()
        try LiveRuns.make(
            strategy, named: "live", in: market.data, data: market.log, prefix: seed)
        let starts = try market.live(restarts: restarts)
        #expect(restarts == 0 || starts > 20)
        #expect(try expectSame(market, strategy) > 1_000)
        let run = try market.data.openRun("live").merged
        #expect(try count(run, OrderFilled.templateID) > 40)
        #expect(try count(run, OutcomeRecorded.templateID) > 10)
        try expectRestored(market)
    }

    /// A backup of a folder with a live run, restored, is the same run, and goes on; of an earlier
    /// moment it is left out.
    private func expectRestored(_ market: LiveMarket) throws {
        let backup = Backup("\(market.folder.path)/backup")
        _ = try backup.take(
            market.data, now: Instant(Day(year: 2021, month: 1, day: 1)!))
        let restored = DataFolder("\(market.folder.path)/restored")
        _ = try backup.restore(to: restored)
        // Read and let go of: whoever writes opens its logs first.
        func heads(_ data: DataFolder) throws -> [LogHead] {
            let run = try data.openRun("live")
            return [try run.log.head(), try run.timeline.head()]
        }
        #expect(try heads(market.data) == heads(restored))
        let log = try EventLog.open(at: restored.log, access: .write)
        let loop = try LiveRuns.open("live", in: restored, data: log)
        #expect(loop.day == market.world.days.last)
        let earlier = DataFolder("\(market.folder.path)/earlier")
        _ = try backup.restore(to: earlier, .position(try market.log.commits()[0].head.position))
        #expect(!earlier.runNames.contains("live"))
    }

    @Test("a run over a data log that does not have its facts yet is refused, and not gone on with")
    func older() throws {
        let market = try LiveMarket(seed: 9, sessions: 75, history: 60)
        try LiveRuns.make(
            try SmallWorld.strategy(), named: "live", in: market.data, data: market.log, prefix: 3)
        _ = try market.live(restarts: 0)
        try LiveRuns.check("live", in: market.data, data: market.log)
        let older = try EventLog.create(
            at: "\(market.folder.path)/older",
            identity: LogIdentity(
                kind: .data, logID: .zero, schemaVersion: EventSchema.version))
        try DataSetting.choose(.xnys, in: older, at: .epoch)
        #expect(throws: LiveRunError.self) {
            try LiveRuns.check("live", in: market.data, data: older)
        }
        do {
            _ = try LiveRuns.open("live", in: market.data, data: older)
            Issue.record("it was opened")
        } catch LiveRunError.otherData(let run, let position, let head) {
            #expect(run == "live" && position > head && head == 1)
        }
    }

    @Test("what is wrong with its manifest or its timeline has the remedy of a live run")
    func broken() throws {
        let market = try LiveMarket(seed: 9, sessions: 70, history: 60)
        try LiveRuns.make(
            try SmallWorld.strategy(), named: "live", in: market.data, data: market.log, prefix: 3)
        let path = try market.data.run("live")
        let file = "\(path)/\(RunManifest.fileName)"
        let sound = try String(contentsOfFile: file, encoding: .utf8)
        let damages: [(String?, String)] = [
            (nil, "is missing"), ("{}", "format is missing"), ("", "no JSON"),
            (sound.replacing(",\"live\":{", with: ",\"lived\":{"), "how the live run began"),
        ]
        for (damaged, what) in damages {
            try? FileManager.default.removeItem(atPath: file)
            try damaged?.write(toFile: file, atomically: true, encoding: .utf8)
            for open in [
                { _ = try market.data.openRun("live") }, { _ = try market.open() },
            ] {
                let error = #expect(throws: RunFolderError.self) { try open() }
                let text = "\(try #require(error))"
                #expect(text.hasPrefix(file) && text.contains(what), "\(text)")
                #expect(text.contains("recount restore") && !text.contains("delete"), "\(text)")
            }
        }
        try sound.write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.removeItem(atPath: "\(path)/timeline")
        for open in [{ _ = try market.data.openRun("live") }, { _ = try market.open() }] {
            #expect(throws: RunFolderError.noLiveTimeline(path: path)) { try open() }
        }
    }

    @Test("models are trained and promoted, and people act, as in a backtest")
    func learning() throws {
        let market = try LiveMarket(
            seed: 5, sessions: 300, history: 20,
            acts: { last in
                let noon = Instant(last + 200, hour: 12)
                return [
                    SmallWorld.request(.training, at: noon),
                    SmallWorld.trade(
                        "KO", .long, gain: 0.05, entered: Instant(last + 100, hour: 15),
                        exited: Instant(last + 120, hour: 15), recorded: noon.adding(seconds: 60)),
                ]
            }, trainer: StumpTrainer())
        let strategy = try SmallWorld.strategy(SmallWorld.learning)
        try LiveRuns.make(
            strategy, named: "live", in: market.data, data: market.log, prefix: 7,
            trainer: market.trainer)
        let starts = try market.live(restarts: 0.02)
        #expect(starts > 5)
        #expect(try expectSame(market, strategy) > 2_000)
        let run = try market.data.openRun("live").merged
        #expect(try count(run, ModelTrained.templateID) > 3)
    }

    @Test("killed between any two commits of its log, it decides the same bytes again")
    func killed() throws {
        let market = try LiveMarket(seed: 3, sessions: 100, history: 50)
        try LiveRuns.make(
            try SmallWorld.strategy(), named: "live", in: market.data, data: market.log, prefix: 3)
        _ = try market.live(restarts: 0)
        let whole = try EventLog.open(at: try market.data.run("live"))
        let commits = try whole.commits()
        let path = try market.data.run("live")
        for _ in 0..<12 {
            let kept = Int.random(in: 0..<commits.count, using: &market.generator)
            // A run of another name over the same rehearsal and timeline, cut after a commit.
            let name = "cut\(kept)"
            let cut = try market.data.run(name)
            try? FileManager.default.removeItem(atPath: cut)
            try FileManager.default.createDirectory(
                atPath: cut, withIntermediateDirectories: true)
            for file in ["manifest.json", "timeline"] {
                try FileManager.default.copyItem(
                    atPath: "\(path)/\(file)", toPath: "\(cut)/\(file)")
            }
            let log = try EventLog.create(at: "\(cut)/again", identity: whole.identity)
            for commit in commits.prefix(kept) {
                try log.append(now: commit.head.recordedAt) { (batch: inout AppendBatch) in
                    try whole.read(
                        from: commit.first, through: commit.head.position, check: .checksum
                    ) { record in
                        batch.append(encoded: record.message)
                        return .proceed
                    }
                }
            }
            for file in ["data.mdb", "lock.mdb"] {
                try FileManager.default.copyItem(
                    atPath: "\(cut)/again/\(file)", toPath: "\(cut)/\(file)")
            }
            let loop = try market.open(name)
            let again = try EventLog.open(at: cut)
            #expect(try again.head() == whole.head(), "cut after \(kept) commits")
            #expect(loop.instant >= (try whole.head().recordedAt))
        }
    }

    @Test("a start finds an event of the last sessions that is another than it decides")
    func differs() throws {
        let market = try LiveMarket(seed: 6, sessions: 110, history: 50)
        try LiveRuns.make(
            try SmallWorld.strategy(), named: "live", in: market.data, data: market.log, prefix: 3)
        _ = try market.live(restarts: 0)
        let path = try market.data.run("live")
        let end = try EventLog.open(at: path).head().position
        func forge(_ name: String, at place: UInt64) throws -> UInt64? {
            try ForgedRun.make(name, of: "live", in: market.data, at: place)
        }
        let late = try #require(try forge("late", at: end - 60))
        #expect(throws: LiveRunError.decidedOtherwise("late", late)) {
            _ = try market.open("late")
        }
        // What is recorded stands, where a person lets another version go on.
        let loop = try LiveRuns.open("late", in: market.data, data: market.log, again: false)
        #expect(loop.day == market.world.days.last)
        // What is older than the last sessions is folded; recount reproduce decides all.
        let early = try #require(try forge("early", at: 30))
        #expect(early < end / 3)
        _ = try market.open("early")
        let again = try Reproduction.check(
            try market.data.openRun("early"), trainer: market.trainer)
        #expect(again.position == early)
    }

    @Test("waits for a day's bars, takes most of them from 02:00 on, and misses the day at 05:30")
    func missed() throws {
        let market = try LiveMarket(seed: 4, sessions: 100, history: 50)
        let strategy = try SmallWorld.strategy()
        try LiveRuns.make(
            strategy, named: "live", in: market.data, data: market.log, prefix: 4)
        let loop = try market.open()
        // To the evening of a session for whose open something is to be bought.
        var day = try #require(loop.day)
        while loop.world.portfolio.pendingEntries == 0 || loop.world.portfolio.holdings.isEmpty
            || day.isoWeekday > 2
        {
            day = day + 1
            try market.come(through: Instant(day, hour: 5, minute: 30))
            while case .due = try loop.turn(at: Instant(day, hour: 5, minute: 30)) {}
        }
        let lost = day
        try market.lose { type, message in
            guard type is SessionClosed.Type else { return false }
            return try SessionClosed(message: message.span.bytes).day == lost
        }
        try market.come(through: Instant(lost + 1, hour: 5))
        let held = loop.world.portfolio.holdings.map(\.ticker)
        let ticker = try #require(held.first)
        let entries = loop.world.portfolio.orders.filter { $0.request.leg == .entry }
        let exits = loop.world.portfolio.orders.count - entries.count

        // Its bars do not come: the run waits, then goes on without it.
        guard case .waiting(let standing) = try loop.turn(at: Instant(lost + 1, hour: 5)) else {
            Issue.record("the run does not wait")
            return
        }
        #expect(standing.day == lost && standing.tickers == 0 && standing.missing.contains(ticker))
        let half = Instant(lost + 1, hour: 5, minute: 30)
        #expect(try loop.turn(at: half) == .due(half, .missed, lost))
        #expect(loop.day == lost)
        #expect(loop.world.portfolio.holdings.map(\.ticker) == held)
        #expect(loop.world.portfolio.orders.count == exits)
        var reasons: [CancellationReason] = []
        try market.data.openRun("live").merged.readOwn { _, message in
            guard try MessageHeader(message).templateID == OrderCancelled.templateID else {
                return .proceed
            }
            let cancelled = try OrderCancelled(message: message)
            if cancelled.day == lost { reasons.append(cancelled.reason) }
            return .proceed
        }
        #expect(!entries.isEmpty && reasons == entries.map { _ in .noBar })

        // What comes then is late, and the next session is closed as ever; a start changes nothing.
        let late = try #require(
            try market.world.facts.first {
                guard try MessageHeader($0.span.bytes).templateID == SessionClosed.templateID
                else { return false }
                return try SessionClosed(message: $0.span.bytes).day == lost
            })
        var event = try SessionClosed(message: late.span.bytes)
        event.envelope.recordedAt = half
        try market.log.append(now: half) { (batch: inout AppendBatch) in _ = batch.append(event) }
        _ = try loop.turn(at: half)
        #expect(loop.late == 1 && loop.day == lost)
        try market.come(through: Instant(lost + 2, hour: 4))
        while case .due = try loop.turn(at: Instant(lost + 2, hour: 4)) {}
        #expect(loop.day == lost + 1)
        #expect(try market.open().late == 1)
    }

    @Test("most of a day's bars are enough from 02:00 on, and before it none may be missing")
    func most() {
        let day = Day(year: 2020, month: 3, day: 4)!
        var standing = DayStanding(
            day: day, tickers: 8, missing: Array(SmallWorld.tickers.prefix(2)), expected: 10,
            hasIndex: true)
        let rules = DayRules()
        let (before, after) = (Instant(day + 1, hour: 1, minute: 59), Instant(day + 1, hour: 2))
        #expect(!standing.isComplete(at: before, rules) && standing.isComplete(at: after, rules))
        standing.missing = Array(SmallWorld.tickers.prefix(3))
        #expect(!standing.isComplete(at: after, rules))
        (standing.missing, standing.hasIndex) = ([], false)
        #expect(!standing.isComplete(at: after, rules))
        standing.hasIndex = true
        #expect(standing.isComplete(at: before, rules))
    }

    @Test("is refused without an exchange's calendar, without a session, and as a backtest")
    func refused() throws {
        let folder = TemporaryFolder()
        let data = DataFolder(folder.path)
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: .zero, schemaVersion: EventSchema.version))
        let strategy = try SmallWorld.strategy()
        func make() throws {
            try LiveRuns.make(strategy, named: "live", in: data, data: log, prefix: 1)
        }
        #expect(throws: LiveRunError.noCalendar("live")) { try make() }
        try DataSetting.choose(.xnys, in: log, at: .epoch)
        #expect(throws: LiveRunError.noSession("live")) { try make() }
        let (other, _) = try SmallWorld.data(
            SmallWorld(sessions: 60).facts, at: "\(folder.path)/other")
        #expect(throws: LiveRunError.notLive("feedback")) {
            _ = try LiveRuns.open("feedback", in: other, data: log)
        }
    }
}
