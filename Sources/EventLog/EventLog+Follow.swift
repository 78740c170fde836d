import CPlatform
import Glibc

extension EventLog {
    /// Waits until the log is durable beyond a position or the seconds are over; returns the head.
    ///
    /// It blocks its thread. The shared word wakes it; it looks again every 50 ms all the same.
    public func waitForHead(beyond position: UInt64, seconds: Double) throws -> LogHead {
        let deadline = recount_monotonic_clock() + Int64(seconds * 1e9)
        while true {
            // Read before the log, so that what is told in between ends the wait at once.
            let announced = wake?.head ?? 0
            let head = try head()
            let left = deadline - recount_monotonic_clock()
            if head.position > position || left <= 0 { return head }
            let pause = min(left, EventLog.recheckNanoseconds)
            if let wake {
                wake.wait(beyond: max(position, announced), nanoseconds: pause)
            } else {
                usleep(useconds_t(pause / 1_000))
            }
        }
    }

    private static let recheckNanoseconds: Int64 = 50_000_000
}
