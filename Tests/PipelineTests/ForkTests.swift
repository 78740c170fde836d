import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("Forks of runs")
struct ForkTests {
    private let temporary = TemporaryFolder()

    @Test("that change nothing decide what their parent decided, wherever they leave it")
    func unchanged() throws {
        let made = try ForkedRun(temporary)
        let parent = try made.folder.openRun("feedback")
        let end = try parent.merged.end()
        var generator = SeededGenerator(seed: 41)
        for number in 0..<9 {
            // Behind own events, most of them inside an instant, and behind facts.
            let event =
                number % 3 == 2
                ? Reference.timeline(UInt64.random(in: 1..<end.timeline, using: &generator))
                : .own(UInt64.random(in: 1..<end.own, using: &generator))
            let name = "same-\(number)"
            let result = try made.fork(name, AsOf(.event(event)))
            let cut = try #require(try parent.merged.position(after: event)).own
            let (old, new) = (
                try made.decisions("feedback", behind: cut, less: 0),
                try made.decisions(name, behind: cut, less: 1)
            )
            #expect(!old.isEmpty && old.count == new.count, "behind \(event)")
            for (one, other) in zip(old, new) where one != other {
                Issue.record("behind \(event): \(other), not \(one)")
                break
            }
            let fork = try made.folder.openRun(name)
            let (loop, window) = try made.loop(fork)
            let read = try RunReading.result(of: fork.merged, strategy: loop, window: window)
            #expect(read.marks == result.marks && read.open.count == result.open.count)
            let found = try Divergence.search(parent.merged, fork.merged)
            #expect(found.parting == nil, "\(found)")
        }
    }

    @Test("under any other setting live on to the end, and are decided again to the byte")
    func settings() throws {
        let made = try ForkedRun(temporary, settings: SmallWorld.settings, sessions: 160)
        let parent = try made.folder.openRun("feedback")
        let late = AsOf(.position(try parent.merged.end().position * 3 / 4))
        var refused: [String] = []
        var nobody: [String] = []
        for field in LoopConfiguration.fields {
            let before = try made.loop(parent).loop.configuration
            guard let value = ForkTests.other(field, before) else { continue }
            let name = "with-\(field.key)"
            do {
                try made.fork(name, late, ["\(field.key)=\(value)"])
            } catch let error as ForkError {
                guard case .startSetting = error else { throw error }
                refused.append(field.key)
                continue
            } catch is StrategyFileError {
                continue
            } catch FilingFilterError.nobody {
                nobody.append(field.key)
                continue
            }
            let fork = try #require(try ForkStart.read(made.folder.openRun(name)))
            let (loop, window) = try made.loop(fork.run)
            let report = try Reproduction.check(
                loop, fork: fork, window: window, trainer: made.trainer)
            #expect(report.isReproduced && report.equal > 1, "\(field.key)=\(value): \(report)")
            #expect(
                try ForkOrigin.read(fork.run)?.changes.map(\.key) == [field.key], "\(field.key)")
        }
        let starts = ["ml_blend_weight", "buy_threshold", "sell_threshold", "start_cash"]
        // The small world's rows name no chamber, and no account but the filer's own.
        #expect(nobody == ["follow_chamber", "follow_owner"])
        #expect(refused.contains("start_cash") && refused.allSatisfy { starts.contains($0) })
    }

    /// Another value that a setting takes.
    private static func other(
        _ field: ConfigurationField<LoopConfiguration>, _ configuration: LoopConfiguration
    ) -> String? {
        let own = field.text(configuration)
        let candidates =
            [
                "Filer 1", "true", "false", "0", "1", "2", "0.5", "0.1", "30", "none", "exits",
                "horizon",
            ]
            + ["net", "excess", "return", "dollars", "binary", "graded", "isotonic", "always"]
            + ["house", "democrat", "child"]
        return candidates.first { candidate in
            var changed = configuration
            return candidate != own && field.set(&changed, candidate) == nil
                && field.text(changed) != own
        }
    }

    @Test("keep cash, interest and models as they were, whatever the settings say of them later")
    func past() throws {
        let made = try ForkedRun(temporary)
        let parent = try made.folder.openRun("feedback")
        let half = try #require(
            try parent.merged.position(try parent.merged.end().position / 2))
        let result = try made.fork(
            "rich", AsOf(.position(half.position)),
            ["cash_rate=0.5", "timeout_days=5"])
        let fork = try made.folder.openRun("rich")
        let (loop, window) = try made.loop(parent)
        let before = try RunReading.result(of: parent.merged, strategy: loop, window: window)
        let shared = try RunFold.fold(
            loop, window: window, run: parent.merged, through: half
        ).marks.count
        #expect(shared > 100)
        #expect(result.marks.prefix(shared) == before.marks.prefix(shared))
        #expect(result.marks[shared].cash > before.marks[shared].cash)
        let origin = try #require(try ForkOrigin.read(fork))
        #expect(origin.parent == "feedback" && origin.who == "ann")
        #expect(
            origin.changes.map(\.key).sorted() == ["cash_rate", "timeout_days"])
        // Behind its first event the fork stands where its parent stood.
        let settings = try made.loop(fork)
        let begun = try RunFold.fold(
            settings.loop, window: window, run: fork.merged,
            through: fork.merged.position(after: .own(half.own + 1))
        ).strategy.standing
        let stood = try RunFold.fold(
            loop, window: window, run: parent.merged, through: half
        ).strategy.standing
        #expect(stood.champion != nil && begun.champion == stood.champion)
        #expect(begun.blendTenths == stood.blendTenths && begun.thresholds == stood.thresholds)
    }

    @Test("that would change where the run began are refused with what to do instead")
    func refused() throws {
        let made = try ForkedRun(temporary)
        let end = try made.folder.openRun("feedback").merged.end()
        let late = AsOf(.position(end.position - 10))
        for (asOf, settings, words) in [
            (late, ["start_cash=5"], "cash and holdings are as they were"),
            (late, ["ml_blend_weight=0.6"], "the weight is what it had come to"),
            (late, ["train=false", "feature_history_sessions=0"], "stored with features"),
            (AsOf(.position(0)), ["timeout_days=5"], "nothing that a fork could share"),
            (.end, ["timeout_days=5"], "is over"), (nil, ["timeout_days=5"], "--as-of"),
        ] as [(AsOf?, [String], String)] {
            let error = #expect(throws: ForkError.self) { try made.fork("x", asOf, settings) }
            #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
            #expect(!FileManager.default.fileExists(atPath: try made.folder.run("x")))
        }
    }

    @Test("of forks share every past in turn, also one that their parent had left by then")
    func chain() throws {
        let made = try ForkedRun(temporary, settings: SmallWorld.settings)
        let end = try made.folder.openRun("feedback").merged.end().position
        try made.fork("one", AsOf(.position(end / 2)), ["timeout_days=10"])
        try made.fork("two", of: "one", AsOf(.position(end * 2 / 3)), ["max_positions=2"])
        try made.fork("early", of: "one", AsOf(.position(end / 3)), ["timeout_days=10"])
        for name in ["one", "two", "early"] {
            let fork = try #require(try ForkStart.read(made.folder.openRun(name)))
            let (loop, window) = try made.loop(fork.run)
            let report = try Reproduction.check(
                loop, fork: fork, window: window, trainer: made.trainer)
            #expect(report.isReproduced, "\(name): \(report)")
            let audit = try Causality.check(
                fork.run.merged, timeline: fork.run.timeline, configuration: loop.configuration)
            #expect(audit.isSound, "\(name): \(audit.findings.prefix(2))")
        }
        let two = try made.folder.openRun("two")
        #expect(two.merged.forks.count == 2)
        let common = try two.merged.commonPast(
            with: try made.folder.openRun("feedback").merged)
        #expect(common == two.merged.forks[0])
        #expect(try made.folder.openRun("early").merged.forks.count == 1)
    }

    @Test("without the run that they left, or the file that names it, say so")
    func orphans() throws {
        let made = try ForkedRun(temporary, settings: SmallWorld.settings)
        let end = try made.folder.openRun("feedback").merged.end().position
        try made.fork("fork", AsOf(.position(end / 2)), ["timeout_days=10"])
        let manifest = "\(try made.folder.run("fork"))/manifest.json"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try FileManager.default.removeItem(atPath: manifest)
        #expect(throws: RunFolderError.lostParent(path: try made.folder.run("fork"))) {
            try made.folder.openRun("fork")
        }
        try text.write(toFile: manifest, atomically: true, encoding: .utf8)
        _ = try made.folder.openRun("fork")
        try FileManager.default.moveItem(
            atPath: try made.folder.run("feedback"), toPath: "\(temporary.path)/away")
        #expect(throws: DataFolderError.self) { try made.folder.openRun("fork") }
    }
}
