import Synchronization

/// When a loop gave its last sign: written by its thread, asked by others.
public final class LoopPulse: Sendable {
    private let nanoseconds = Atomic<UInt64>(0)

    /// No sign yet.
    public init() {}

    /// Gives a sign, as of so many seconds ago; by the machine's clock: what a test sets is
    /// another's.
    func beat(ago seconds: Double = 0) {
        nanoseconds.store(
            UInt64(max(1, (SystemClock().elapsed() - seconds) * 1e9)), ordering: .relaxed)
    }

    /// Seconds since the last sign; nil before the first.
    public var age: Double? {
        let last = nanoseconds.load(ordering: .relaxed)
        return last == 0 ? nil : max(0, SystemClock().elapsed() - Double(last) / 1e9)
    }
}
