public import EventLog
import Foundation

/// Projectors over one view, fed by one scan of its log.
///
/// Each has its own thread, file and checkpoint; one that stops for a poison event stops alone.
public struct ProjectorGroup {
    /// What happens as they work.
    public enum Happening: Sendable {
        /// A projector begins, so and at this position.
        case began(String, ProjectorStart, MergedPosition)
        /// So much of the log was read, of so much.
        case read(MergedPosition, of: UInt64)
        /// All have stored everything up to the head.
        case caughtUp([ProjectorReport])
        /// A generation that was made anew took the place of the one before.
        case switched(GenerationComparison)
        /// The log is not the one that was opened; everything begins again.
        case replaced(String)
    }

    private let data: DataFolder
    private let run: String?
    private let names: [String]
    private let views: String?
    private let tell: (Happening) -> Void

    /// Projectors of these names over a run, or over the data log when `run` is nil; their files go
    /// to the folder `views`, to the view's own when it is left out.
    public init(
        _ names: [String], data: DataFolder, run: String?, views: String? = nil,
        tell: @escaping (Happening) -> Void
    ) {
        (self.names, self.data, self.run, self.views, self.tell) = (names, data, run, views, tell)
    }

    /// Brings all up to the head of the log.
    public func project(rebuild: Bool) throws -> [ProjectorReport] {
        try follow(rebuild: rebuild) { false }
    }

    /// Brings all up to the head and on, as the log grows, until `isWanted` says no.
    ///
    /// It is asked whenever all have caught up, at least twice a second.
    public func follow(rebuild: Bool, while isWanted: () -> Bool) throws -> [ProjectorReport] {
        var rebuild = rebuild
        while true {
            let (reports, isReplaced) = try serve(rebuild: rebuild, while: isWanted)
            guard isReplaced else { return reports }
            tell(.replaced(run ?? "data"))
            try awaitLog()
            rebuild = false
        }
    }

    /// The log was taken away; another takes its place.
    private func awaitLog() throws {
        let path = try run.map { try data.run($0) } ?? data.log
        while !FileManager.default.fileExists(atPath: "\(path)/data.mdb") { usleep(50_000) }
    }

    private func serve(rebuild: Bool, while isWanted: () -> Bool) throws
        -> (reports: [ProjectorReport], isReplaced: Bool)
    {
        let view = try LogView.open(data, run: run, views: views)
        var threads: [ProjectorThread] = []
        var first: MergedPosition?
        for name in names {
            let task = try ProjectionCatalogue.projector(name, view, rebuild: rebuild)
            tell(.began(name, task.start, task.folding))
            if first.map({ task.folding.position < $0.position }) ?? true { first = task.folding }
            threads.append(ProjectorThread(task))
        }
        for thread in threads { thread.begin() }
        var switched: Set<GenerationComparison> = []
        func tellSwitches(_ reports: [ProjectorReport]) {
            for comparison in reports.compactMap(\.replaced)
            where switched.insert(comparison).inserted { tell(.switched(comparison)) }
        }
        let scanned = Result {
            try scan(view, from: first ?? .start, to: threads) {
                tellSwitches(threads.map(\.report))
                return isWanted()
            }
        }
        for thread in threads { thread.queue.put(.end) }
        let reports = threads.map { $0.join() }
        tellSwitches(reports)
        return (reports, try scanned.get())
    }

    /// Reads the view and hands its chunks to all; true when the log was replaced.
    private func scan(
        _ view: LogView, from first: MergedPosition, to threads: [ProjectorThread],
        while isWanted: () -> Bool
    ) throws -> Bool {
        var feed = EventFeed(view, after: first)
        while true {
            let end = try view.merged.end()
            if end.own < feed.position.own { return true }
            while let chunk = try feed.next() {
                for thread in threads { thread.queue.put(.chunk(chunk)) }
                tell(.read(feed.position, of: max(end.position, feed.position.position)))
                if threads.allSatisfy(\.isStopped) { return false }
            }
            for thread in threads { thread.queue.put(.caughtUp) }
            tell(.caughtUp(threads.map(\.report)))
            repeat {
                guard isWanted(), !threads.allSatisfy(\.isStopped) else { return false }
                if view.isReplaced { return true }
            } while try view.merged.waitForEnd(beyond: feed.position, seconds: 0.25).own
                == feed.position.own
        }
    }
}
