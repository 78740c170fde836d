import Foundation
import Synchronization

/// What must not outlive this program when it is interrupted: processes it started and its files.
enum Cleanup {
    private struct Pending {
        var processes: Set<Int32> = []
        var folders: Set<String> = []
    }

    private static let pending = Mutex<Pending>(Pending())

    /// Sees to it that SIGINT and SIGTERM leave nothing behind. Programs that are started later do
    /// not inherit it.
    static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { Cleanup.asked.store($0, ordering: .relaxed) }
        }
        Thread {
            while Cleanup.asked.load(ordering: .relaxed) == 0 { usleep(50_000) }
            Cleanup.run()
            _exit(128 + Cleanup.asked.load(ordering: .relaxed))
        }.start()
    }

    private static let asked = Atomic<Int32>(0)

    /// Ends the processes that run and removes the folders that are there.
    static func run() {
        let left = pending.withLock { $0 }
        for process in left.processes { kill(process, SIGKILL) }
        for folder in left.folders { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Takes a process in, until `ended`.
    static func began(_ process: Int32) {
        pending.withLock { _ = $0.processes.insert(process) }
    }

    /// A process is gone.
    static func ended(_ process: Int32) {
        pending.withLock { _ = $0.processes.remove(process) }
    }

    /// Takes a folder in, until `removed`.
    static func made(_ folder: String) {
        pending.withLock { _ = $0.folders.insert(folder) }
    }

    /// A folder is gone.
    static func removed(_ folder: String) {
        pending.withLock { _ = $0.folders.remove(folder) }
    }
}
