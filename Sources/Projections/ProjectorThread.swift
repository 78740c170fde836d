import Foundation

/// A projector on a thread of its own, fed through a queue.
final class ProjectorThread: @unchecked Sendable {
    let queue = ChunkQueue(capacity: 4)
    // Used by the projector's thread from `begin` until `finished` is signalled.
    private let task: any ProjectorTask
    private let finished = DispatchSemaphore(value: 0)
    // Guarded by `reported`.
    private let reported = NSLock()
    private var outcome: ProjectorReport
    private var hasStopped = false

    init(_ task: any ProjectorTask) {
        self.task = task
        outcome = task.report(failure: nil)
    }

    /// Where it stands, as it last told.
    var report: ProjectorReport {
        reported.lock()
        defer { reported.unlock() }
        return outcome
    }

    /// Whether it stopped for a failure.
    var isStopped: Bool {
        reported.lock()
        defer { reported.unlock() }
        return hasStopped
    }

    /// Begins to fold what the queue brings.
    func begin() {
        let thread = Thread { [self] in
            work()
            finished.signal()
        }
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Waits until the projector has ended.
    func join() -> ProjectorReport {
        finished.wait()
        return report
    }

    private func work() {
        do {
            while true {
                let item = queue.take()
                switch item {
                case .chunk(let chunk): try task.fold(chunk)
                case .caughtUp:
                    try task.caughtUp()
                    tell(task.report(failure: nil))
                    task.beginFolding()
                case .end:
                    try task.close()
                    return
                }
            }
        } catch {
            let report = task.stop(error)
            try? task.close()
            tell(report, stopped: true)
            queue.abandon()
        }
    }

    private func tell(_ report: ProjectorReport, stopped: Bool = false) {
        reported.lock()
        defer { reported.unlock() }
        outcome = report
        hasStopped = stopped
    }
}
