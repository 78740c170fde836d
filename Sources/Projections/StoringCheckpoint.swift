import Foundation

/// Changes that are stored on a thread of their own while their projector folds on.
final class StoringCheckpoint: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    // Written before `done` is signalled, read after it was waited for.
    private var changes: RowChanges
    private var failure: (any Error)?

    /// Begins to store.
    init(_ changes: RowChanges, _ store: @escaping @Sendable (borrowing RowChanges) throws -> Void)
    {
        self.changes = changes
        DispatchQueue.global().async { [self] in
            do { try store(self.changes) } catch { failure = error }
            done.signal()
        }
    }

    /// Waits until all is stored and gives the changes back for their room; called once.
    ///
    /// - Throws: why they were not stored.
    func wait() throws -> RowChanges {
        done.wait()
        if let failure { throw failure }
        defer { changes = RowChanges(tables: []) }
        return changes
    }
}
