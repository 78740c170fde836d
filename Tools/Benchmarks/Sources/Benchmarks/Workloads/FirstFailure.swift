import Synchronization

/// The first error of several threads.
final class FirstFailure: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    /// Keeps an error unless there is one.
    func note(_ failure: any Error) {
        error.withLock { if $0 == nil { $0 = failure } }
    }

    /// Throws the one that was kept.
    func rethrow() throws {
        if let failure = error.withLock({ $0 }) { throw failure }
    }
}
