import Foundation
import Learning
import Logging
import Service
import ServiceLifecycle
import Synchronization

/// The daemon as a service of a group: it decides on a thread of its own until it is asked to stop.
struct DaemonService: ServiceLifecycle.Service {
    private let configuration: Daemon.Configuration
    private let logger: Logger
    private let trainer: any Trainer
    private let isWanted = Wanted()

    private final class Wanted: Sendable {
        let flag = Atomic(true)
    }

    init(_ configuration: Daemon.Configuration, logger: Logger, trainer: any Trainer) {
        (self.configuration, self.logger, self.trainer) = (configuration, logger, trainer)
    }

    func run() async throws {
        let (configuration, logger, trainer) = (configuration, logger, trainer)
        let wanted = isWanted
        try await withGracefulShutdownHandler {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread {
                    continuation.resume(
                        with: Result {
                            try Daemon(
                                configuration, clock: SystemClock(), logger: logger,
                                trainer: trainer
                            ).run { wanted.flag.load(ordering: .relaxed) }
                        })
                }
                // The loop's own: a training's trees are deep.
                thread.stackSize = 8 << 20
                thread.start()
            }
        } onGracefulShutdown: {
            wanted.flag.store(false, ordering: .relaxed)
        }
    }
}
