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
        // Whoever looks whether it is held holds it for a moment.
        for _ in 0..<100 {
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
