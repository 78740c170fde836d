import EventLog
import Events
import FeedbackLoop
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("Trials")
struct TrialTests {
    private static let now = Instant(Day(year: 2026, month: 1, day: 2)!, hour: 12)

    private static let sessions: TimelineSessions = {
        let scratch = TemporaryFolder()
        let timeline = try! SmallWorld.log(
            SmallWorld(sessions: 40).facts, kind: .timeline, at: "\(scratch.path)/timeline")
        return try! TimelineSessions(timeline, window: ReplayWindow())!
    }()

    private func open(_ scratch: TemporaryFolder) throws -> TrialLog {
        try TrialLog.open(DataFolder(scratch.path), newID: Digest(w0: 1, w1: 2, w2: 3, w3: 4))
    }

    private func plan(
        _ name: String, _ kind: TrialKind = .trial, family: String = TrialPlan.commonFamily,
        setting: String = "timeout_days=20", sessions: TimelineSessions = TrialTests.sessions
    ) throws -> TrialPlan {
        TrialPlan(
            try SmallWorld.strategy([setting]), name: name, sessions: sessions, kind: kind,
            family: family)
    }

    private func result(_ sharpe: Double) -> TrialResult {
        TrialResult(
            seal: nil, value: 0.5, sharpe: sharpe, observations: 250, closedTrades: 120,
            skewness: 0, kurtosis: 3)
    }

    @Test("the sessions of a window are counted, their ends named, and no others")
    func windows() throws {
        let scratch = TemporaryFolder()
        let world = SmallWorld(sessions: 40)
        let timeline = try SmallWorld.log(
            world.facts, kind: .timeline, at: "\(scratch.path)/timeline")
        let all = try #require(try TimelineSessions(timeline, window: ReplayWindow()))
        #expect(all.first == world.days[0] && all.last == world.days[39] && all.count == 40)
        #expect(!all.isSimulated)
        let window = ReplayWindow(from: world.days[3], to: world.days[9])
        let part = try #require(try TimelineSessions(timeline, window: window))
        #expect(part.first == world.days[3] && part.last == world.days[9] && part.count == 7)
        let later = ReplayWindow(from: world.days[39] + 1)
        #expect(try TimelineSessions(timeline, window: later) == nil)
    }

    @Test("a start is in the log before anything runs, and its end names it")
    func startAndFinish() throws {
        let scratch = TemporaryFolder()
        let trials = try open(scratch)
        let trial = try trials.start([plan("first")], now: TrialTests.now)[0]
        let before = try trials.book().trials
        #expect(before.count == 1 && before[0].finished == nil && before[0].state == "unfinished")
        #expect(before[0].started.startDay == TrialTests.sessions.first)
        #expect(before[0].started.dataSeal == TrialTests.sessions.seal)
        try trials.finish(trial, result(1.5), now: TrialTests.now)
        let after = try trials.book().trials
        #expect(after[0].finished?.sharpe == 1.5 && after[0].finished?.trial == trial)
        #expect(after[0].state == "finished")
        #expect(try LogVerifier.verify(trials.log.path).isSound)
    }

    @Test("a failed trial says why, and a second end adds nothing")
    func failed() throws {
        let scratch = TemporaryFolder()
        let trials = try open(scratch)
        let trial = try trials.start([plan("first")], now: TrialTests.now)[0]
        try trials.fail(trial, reason: "no space left", now: TrialTests.now)
        let head = try trials.log.head()
        try trials.finish(trial, result(9), now: TrialTests.now)
        #expect(try trials.log.head() == head)
        let finished = try #require(try trials.book().trials[0].finished)
        #expect(finished.outcome == .failed && finished.sharpe == nil)
        #expect(String(decoding: finished.text, as: UTF8.self) == "no space left")
    }

    @Test("N counts distinct strategies and dates; repeats, controls and failures stand apart")
    func family() throws {
        let scratch = TemporaryFolder()
        let trials = try open(scratch)
        func make(_ plan: TrialPlan, _ sharpe: Double?) throws {
            let trial = try trials.start([plan], now: TrialTests.now)[0]
            if let sharpe {
                try trials.finish(trial, result(sharpe), now: TrialTests.now)
            } else {
                try trials.fail(trial, reason: "broken", now: TrialTests.now)
            }
        }
        try make(try plan("a"), 1)
        try make(try plan("a-again"), 2)
        try make(try plan("b", setting: "timeout_days=30"), 3)
        try make(try plan("c", setting: "timeout_days=40"), nil)
        try make(try plan("gap", .control), 4)
        try make(try plan("one-fix", .ablation, setting: "timeout_days=50"), 5)
        try make(try plan("other", family: "else"), 6)
        var shorter = TrialTests.sessions
        shorter.last = shorter.last + -1
        try make(try plan("a-shorter", sessions: shorter), 7)
        let book = try trials.book()
        #expect(book.families == [TrialPlan.commonFamily, "else"])
        let family = book.family(TrialPlan.commonFamily)
        #expect(family.distinct.map(\.started.name) == ["a-again", "b", "one-fix", "a-shorter"])
        #expect(family.repeats == 1 && family.controls == 1 && family.ablations == 1)
        #expect(family.failed == 1 && family.unfinished == 0 && family.simulations == 0)
        let yearly = TrialFamily.sharpes(family.distinct).map { $0 * 252.0.squareRoot() }
        #expect(zip(yearly, [2, 3, 5, 7]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
        #expect(book.family("else").distinct.count == 1)
    }

    @Test("what failed is tried again, not repeated; a control never makes a repeat")
    func tryAgain() throws {
        let scratch = TemporaryFolder()
        let trials = try open(scratch)
        let first = try trials.start([plan("a")], now: TrialTests.now)[0]
        try trials.fail(first, reason: "broken", now: TrialTests.now)
        let control = try trials.start([plan("gap", .control)], now: TrialTests.now)[0]
        try trials.finish(control, result(1), now: TrialTests.now)
        _ = try trials.start([plan("a"), plan("a")], now: TrialTests.now)
        let started = try trials.book().trials.map(\.started)
        #expect(started.map(\.kind) == [.trial, .control, .trial, .repeat])
        #expect(started.map(\.repetition) == [0, 0, 1, 0])
    }

    @Test("a cancelled trial is no try, and cancelling what has ended changes nothing")
    func cancelled() throws {
        let scratch = TemporaryFolder()
        let trials = try open(scratch)
        let started = try trials.start(
            [plan("a"), plan("b", setting: "timeout_days=30")], now: TrialTests.now)
        try trials.finish(started[0], result(1), now: TrialTests.now)
        for trial in started {
            try trials.fail(trial, .cancelled, reason: "not reached", now: TrialTests.now)
        }
        let book = try trials.book()
        #expect(book.trials.map(\.state) == ["finished", "cancelled"])
        let family = book.family(TrialPlan.commonFamily)
        #expect(family.distinct.map(\.started.name) == ["a"] && family.failed == 1)
    }

    @Test("a trial without an end counts: what it showed nobody can know")
    func unfinished() throws {
        let scratch = TemporaryFolder()
        let trials = try open(scratch)
        _ = try trials.start([plan("a")], now: TrialTests.now)
        let family = try trials.book().family(TrialPlan.commonFamily)
        #expect(family.distinct.count == 1 && family.unfinished == 1)
    }

    @Test("on a simulated world a trial is a simulation and is flagged, a control stays one")
    func simulated() throws {
        let scratch = TemporaryFolder()
        let trials = try open(scratch)
        var sessions = TrialTests.sessions
        sessions.isSimulated = true
        let plans = [
            try plan("a", sessions: sessions), try plan("b", .ablation, sessions: sessions),
            try plan("gap", .control, sessions: sessions),
        ]
        for trial in try trials.start(plans, now: TrialTests.now) {
            try trials.finish(trial, result(1), now: TrialTests.now)
        }
        let book = try trials.book()
        #expect(book.trials.map(\.started.kind) == [.simulation, .simulation, .control])
        #expect(book.trials.allSatisfy { $0.started.envelope.flags.contains(.simulated) })
        let family = book.family(TrialPlan.commonFamily)
        #expect(family.distinct.isEmpty && family.simulated.count == 1)
        #expect(family.simulations == 2)
    }

    @Test("the log is opened again with what it holds, and another log's folder is refused")
    func reopened() throws {
        let scratch = TemporaryFolder()
        let folder = DataFolder(scratch.path)
        #expect(try TrialLog.existing(folder) == nil)
        _ = try open(scratch).start([plan("a")], now: TrialTests.now)
        #expect(try open(scratch).book().trials.count == 1)
        #expect(try TrialLog.existing(folder)?.book().trials.count == 1)
        let other = TemporaryFolder()
        let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)
        _ = try EventLog.create(at: DataFolder(other.path).trials, identity: identity)
        #expect(throws: LogError.self) { _ = try TrialLog.existing(DataFolder(other.path)) }
    }
}
