import Events
import Foundation
import Service
import Synchronization

/// The clock of a world in which a day takes seconds: it stands still until the world is there, and
/// again at its end.
final class DemoClock: ServiceClock {
    private struct Run {
        var start: Instant
        var end: Instant
        var since: Double
    }

    private let run = Mutex<Run?>(nil)
    private let secondsADay: Double
    private let machine = SystemClock()

    init(secondsADay: Double) { self.secondsADay = secondsADay }

    var pace: Double { 86_400 / secondsADay }

    /// Lets time go on from an instant, to an end.
    func start(at instant: Instant, end: Instant) {
        run.withLock { $0 = Run(start: instant, end: end, since: machine.elapsed()) }
    }

    func now() -> Instant {
        run.withLock { run in
            guard let run else { return machine.now() }
            let days = (machine.elapsed() - run.since) / secondsADay
            return min(run.end, run.start.adding(seconds: Int64(days * 86_400)))
        }
    }

    /// As the world's time goes: it is never found set.
    func elapsed() -> Double {
        guard let start = run.withLock({ $0?.start }) else { return machine.elapsed() }
        return Double(now().rawValue - start.rawValue) / 1e9
    }

    func wait(_ seconds: Double, until isDone: () -> Bool) {
        // A second of the world is soon over: the loop looks again ten times a second.
        machine.wait(min(seconds, 0.1), until: isDone)
    }
}
