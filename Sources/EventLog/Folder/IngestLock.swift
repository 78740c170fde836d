import Foundation

/// Held while files are read into a data log, by any number of processes: a live run closes no
/// session meanwhile, of which it might see a part.
public final class IngestLock {
    private let lock: FileLock?

    /// Takes it; nothing is held where there is no data folder yet, and no live run.
    public init(_ folder: DataFolder) throws {
        guard EventLog.fileSize(folder.path) != nil else {
            lock = nil
            return
        }
        // A live run holds it while it looks at the log.
        for _ in 0..<1_000 {
            do {
                lock = try FileLock(folder.ingestLock, .shared)
                return
            } catch FileLockError.held {
                usleep(10_000)
            }
        }
        lock = try FileLock(folder.ingestLock, .shared)
    }
}
