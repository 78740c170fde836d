import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("A run's manifest")
struct RunManifestTests {
    private let folder = TemporaryFolder()

    @Test("says what the run was made from, and the run without it is the same")
    func written() throws {
        let (data, result) = try SmallWorld.data(SmallWorld().facts, at: folder.path)
        let run = try data.openRun("feedback")
        let manifest = try #require(run.manifest)
        #expect(manifest.logID == run.log.identity.logID)
        #expect(manifest.timeline == result.timeline.seal)
        #expect(try run.timeline.head() == result.timeline)
        #expect(manifest.strategy == "feedback" && manifest.program == Program.name)
        #expect(manifest.strategyDigest == Run.digest(of: try SmallWorld.strategy()))
        #expect((manifest.firstDay, manifest.lastDay) == (nil, nil))
        #expect(manifest.parent == nil)
        try FileManager.default.removeItem(
            atPath: "\(data.run("feedback"))/\(RunManifest.fileName)")
        let without = try data.openRun("feedback")
        #expect(without.manifest == nil)
        #expect(try without.timeline.head() == result.timeline)
        #expect(try without.log.head() == result.head)
    }

    @Test("names the window")
    func window() throws {
        let (data, _) = try SmallWorld.data(SmallWorld().facts, at: folder.path)
        let timeline = try data.openRun("feedback").timeline
        let (from, to) = (Day("2020-02-03")!, Day("2020-03-05")!)
        let result = try Run.make(
            try SmallWorld.strategy(), timeline: timeline, at: data.run("short"),
            window: ReplayWindow(from: from, to: to))
        let run = try data.openRun("short")
        #expect(run.manifest?.firstDay == from && run.manifest?.lastDay == to)
        let end = try run.merged.end()
        #expect(end.own == result.head.position)
        #expect(end.timeline < result.timeline.position, "it read no further than its window")
        #expect(try RunEnd.read(run.log)?.timelineEvents == end.timeline)
    }
}
