import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import Synchronization

extension Row {
    /// What-if variants of one strategy over one shared timeline.
    static let variants = Row(
        name: "variants",
        title: "what-if variants of disclosure-follow over one timeline, each a run of its own"
    ) { setting in
        let files = try FollowFiles.make(setting)
        let count = setting.size(1_000, quick: 4)
        let lanes = min(4, ProcessInfo.processInfo.activeProcessorCount)
        let contest = Contest(
            [
                Contestant(name: "\(count) variants") {
                    let took = try run(count, lanes: lanes, files, setting)
                    return [
                        Figure(name: "\(count) variants", unit: .seconds, value: took.seconds),
                        Figure(
                            name: "processor, all threads", unit: .seconds, value: took.processor),
                    ]
                }
            ],
            remarks: [
                "\(lanes) threads; each variant reads the whole timeline and builds, syncs and "
                    + "renames its run; the first variant's trades are those of the reference"
            ])
        contest.maximumRounds = 3
        return contest
    }

    private static func run(
        _ count: Int, lanes: Int, _ files: FollowFiles, _ setting: Setting
    ) throws -> Taken {
        let next = Atomic<Int>(0)
        let failure = FirstFailure()
        let timeline = try EventLog.open(at: files.timeline)
        let folder = setting.scratch.name("variants")
        defer { setting.scratch.remove(folder) }
        let took = timed {
            DispatchQueue.concurrentPerform(iterations: lanes) { _ in
                do {
                    while true {
                        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard index < count else { return }
                        let path = "\(folder)/\(index)"
                        _ = try Run.make(variant(index), timeline: timeline, at: path)
                        if index > 0 { try FileManager.default.removeItem(atPath: path) }
                    }
                } catch {
                    failure.note(error)
                }
            }
        }
        try failure.rethrow()
        try files.check(run: "\(folder)/0", .nextOpen)
        return took
    }

    /// The strategy itself, and then a grid of stops, targets, times and confidences.
    private static func variant(_ index: Int) -> DisclosureFollow {
        var strategy = DisclosureFollow()
        guard index > 0 else { return strategy }
        strategy.stopFraction = 0.04 + 0.02 * Double(index % 10)
        strategy.targetFraction = 0.05 + 0.05 * Double(index / 10 % 10)
        strategy.maximumSessions = 10 + 10 * (index / 100 % 5)
        strategy.minimumConfidence = index / 500 == 0 ? 0.65 : 0.75
        return strategy
    }
}
