import Events
import Foundation
import Service
import Synchronization

/// A clock that stands still until it is waited for, and then moves to what comes next.
final class ScriptedClock: ServiceClock {
    private let instant: Mutex<Instant>
    /// Seconds that the wall clock was set by.
    let set = Mutex(0.0)
    private let next: @Sendable (Instant) -> Instant

    /// A clock at an instant; `next` is told the time whenever somebody waits, does what happens
    /// then, and gives the time that it is afterwards.
    init(_ instant: Instant, next: @escaping @Sendable (Instant) -> Instant) {
        self.instant = Mutex(instant)
        self.next = next
    }

    func now() -> Instant { instant.withLock { $0 } }

    func elapsed() -> Double {
        Double(now().rawValue) / 1e9 - set.withLock { $0 }
    }

    func wait(_ seconds: Double, until isDone: () -> Bool) {
        let then = next(now())
        instant.withLock { $0 = max($0, then) }
    }
}
