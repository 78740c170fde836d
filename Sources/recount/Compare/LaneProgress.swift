import Synchronization

/// How many of many replays are done, told on a terminal from any thread.
final class LaneProgress: Sendable {
    private struct State: Sendable {
        var done = 0
        var line = Progress()
    }

    private let state = Mutex(State())
    private let total: Int
    private let what: String

    /// Nothing done of `total`.
    init(total: Int, _ what: String) {
        self.total = total
        self.what = what
    }

    /// One more is done.
    func finished() {
        state.withLock { state in
            state.done += 1
            let done = state.done
            state.line.show(
                "\(done) of \(total) \(what)", done: Double(done) / Double(max(total, 1)))
        }
    }

    /// Takes the line away.
    func clear() {
        state.withLock { $0.line.clear() }
    }
}
