import Synchronization

/// What one thread says once and others ask.
final class Latch: Sendable {
    private let state = Atomic(false)

    /// Whether it was said.
    var isSet: Bool { state.load(ordering: .relaxed) }

    /// Says it.
    func set() { state.store(true, ordering: .relaxed) }
}
