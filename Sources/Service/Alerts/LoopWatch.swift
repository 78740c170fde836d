import Foundation
import Logging
import Synchronization

/// Watches a loop from another thread: one that stands still cannot say so itself.
final class LoopWatch: Sendable {
    private let pulse: LoopPulse
    private let seconds: Double
    private let logger: Logger
    private let isOver = Atomic(false)

    /// Watches for a sign within so many seconds; 0 for never.
    init(_ pulse: LoopPulse, seconds: Double, logger: Logger) {
        (self.pulse, self.seconds, self.logger) = (pulse, seconds, logger)
    }

    /// Starts the thread; `tell` is told once that the loop stands still, and once that it goes on.
    func start(_ tell: @escaping @Sendable (String) throws -> Void) {
        guard seconds > 0 else { return }
        let thread = Thread { self.watch(tell) }
        thread.name = "watch"
        thread.start()
    }

    func stop() { isOver.store(true, ordering: .relaxed) }

    private func watch(_ tell: (String) throws -> Void) {
        var isStill = false
        let pause = useconds_t(min(1, seconds / 4) * 1_000_000)
        while !isOver.load(ordering: .relaxed) {
            usleep(pause)
            guard let age = pulse.age, (age >= seconds) != isStill else { continue }
            isStill.toggle()
            let text =
                isStill
                ? "\(Heartbeat.loop.began)no sign of it for \(Int(age / 60)) min"
                : "\(Heartbeat.loop.ended)it gave a sign \(Int(age)) s ago"
            logger.error("\(text)")
            do {
                try tell(text)
            } catch {
                logger.error("alerts", metadata: ["why": "\(error)"])
            }
        }
    }
}
