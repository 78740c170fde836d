import EventLog
import Foundation
import RawLoops
import Synchronization

/// Watches the table of a log's readers, and says how long one held a snapshot at most.
///
/// It looks about every half millisecond. A reader that is seen twice in a row with one snapshot is
/// taken to have held it in between, so that the figure may be too large but hardly too small.
final class ReaderWatch: Sendable {
    private let log: EventLog
    private let isWanted = Atomic<Bool>(true)
    private let findings = Mutex(Findings())
    private let ended = DispatchSemaphore(value: 0)

    /// What was seen.
    struct Findings {
        /// Seconds that one reader of another process held one snapshot at most.
        var longest = 0.0
        /// Commits made since a held snapshot at most.
        var lag: UInt64 = 0
        /// Other processes that were seen holding a snapshot. A reader is in the table only while
        /// it holds one.
        var processes = Set<Int32>()
        /// Looks at the table.
        var looks = 0
        /// Seconds between two looks at most: how far `longest` may be off.
        var pause = 0.0
    }

    /// One snapshot in the hands of one reader.
    private struct Hold: Hashable {
        let process: Int32
        let thread: UInt64
        let snapshot: UInt64
    }

    /// Begins to watch, on a thread of its own.
    init(_ log: EventLog) {
        self.log = log
        let thread = Thread { [self] in
            watch()
            ended.signal()
        }
        thread.start()
    }

    /// Ends and gives what was seen.
    func end() -> Findings {
        isWanted.store(false, ordering: .relaxed)
        ended.wait()
        return findings.withLock { $0 }
    }

    private func watch() {
        // Without it the followers under watch keep the watcher off the processor.
        raw_hurry()
        let itself = getpid()
        var since: [Hold: ContinuousClock.Instant] = [:]
        var before = ContinuousClock.now
        while isWanted.load(ordering: .relaxed) {
            let readers = ((try? log.readers()) ?? []).filter { $0.process != itself }
            let now = ContinuousClock.now
            var held: [Hold: ContinuousClock.Instant] = [:]
            var longest = 0.0
            for reader in readers {
                guard let snapshot = reader.snapshot else { continue }
                let key = Hold(
                    process: reader.process, thread: reader.thread, snapshot: snapshot)
                held[key] = since[key] ?? now
                longest = max(longest, (now - held[key]!) / .seconds(1))
            }
            since = held
            let pause = (now - before) / .seconds(1)
            before = now
            findings.withLock { found in
                found.longest = max(found.longest, longest)
                found.lag = max(found.lag, readers.compactMap(\.lag).max() ?? 0)
                found.processes.formUnion(readers.map(\.process))
                found.looks += 1
                found.pause = max(found.pause, pause)
            }
            usleep(500)
        }
    }
}
