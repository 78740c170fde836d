import EventLog
import Events
import FeedbackLoop
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("A run folded to one of its positions")
struct RunFoldTests {
    private let folder = TemporaryFolder()

    @Test("goes on deciding, from events and from facts between them, as the run did")
    func resumed() throws {
        let run = try LearningRun(folder, settings: ["profit_weight=dollars"])
        let merged = run.merged
        let end = try merged.end()
        var recorded: [[UInt8]] = []
        try merged.readOwn { _, message in
            recorded.append(message.withUnsafeBytes { Array($0) })
            return .proceed
        }
        var generator = SeededGenerator(seed: 13)
        for cut in 0..<16 {
            let own = Reference.own(UInt64.random(in: 1..<end.own, using: &generator))
            let fact = Reference.timeline(UInt64.random(in: 1..<end.timeline, using: &generator))
            let position = try #require(try merged.position(after: cut % 2 == 0 ? own : fact))
            let later = try decisions(of: run, after: position)
            #expect(later == Array(recorded[Int(position.own)...]), "\(position)")
        }
    }

    @Test("lends each event once, in the one order of run and timeline, up to the position")
    func lent() throws {
        let run = try LearningRun(folder, settings: ["train=false"])
        let end = try run.merged.end()
        let middle = try #require(try run.merged.position(end.position / 2))
        var wanted: [Reference] = []
        try run.merged.read(through: middle.position) { record in
            wanted.append(record.reference)
            return .proceed
        }
        var lent: [Reference] = []
        let driver = try RunFold.fold(
            run.loop, window: ReplayWindow(), run: run.merged, through: middle
        ) { reference, _ in lent.append(reference) }
        #expect(lent == wanted && driver.read == middle.timeline)
    }

    /// What a run folded to a position records from there on.
    private func decisions(of run: LearningRun, after position: MergedPosition) throws
        -> [[UInt8]]
    {
        let performer = TrainingPerformer(run.trainer)
        var replay = Replay(
            resuming: try RunFold.fold(
                run.loop, window: ReplayWindow(), run: run.merged, through: position,
                artefacts: performer),
            performer: performer)
        var found: [[UInt8]] = []
        func keep(_ recorder: inout Recorder) {
            var start = 0
            for end in recorder.ends {
                found.append(
                    recorder.arena.bytes.extracting(start..<end).withUnsafeBytes { Array($0) })
                start = end
            }
            recorder.drain()
        }
        try run.timeline.read(from: replay.read + 1) { record in
            try replay.step(record.message, at: record.position, commit: keep) ? .proceed : .stop
        }
        try replay.finish(timeline: try run.timeline.head().seal, commit: keep)
        return found
    }
}
