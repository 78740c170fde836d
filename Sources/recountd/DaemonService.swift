import Events
import Foundation
import Learning
import Logging
import Service
import ServiceLifecycle

/// The daemon as a service of a group: it decides on a thread of its own until it is asked to stop.
struct DaemonService: ServiceLifecycle.Service {
    private let configuration: Daemon.Configuration
    private let logger: Logger
    private let trainer: any Trainer
    private let isReady: Latch
    private let failures: FailureCount
    private let probe: DaemonProbe
    private let clock: any ServiceClock
    private let isOver = Latch()

    /// Tells systemd, where it started the process and waits to hear (`Type=notify`).
    private static func tell(_ notice: Daemon.Notice) {
        let name = ProcessInfo.processInfo.environment[SystemdNotice.variable] ?? ""
        switch notice {
        case .ready: SystemdNotice.send("READY=1", to: name)
        case .next(let text): SystemdNotice.send("STATUS=\(PlainText.line(text))", to: name)
        case .stopping: SystemdNotice.send("STOPPING=1", to: name)
        }
    }

    init(
        _ configuration: Daemon.Configuration, logger: Logger, trainer: any Trainer,
        isReady: Latch, failures: FailureCount, probe: DaemonProbe,
        clock: any ServiceClock = SystemClock()
    ) {
        self.clock = clock
        (self.failures, self.probe) = (failures, probe)
        (self.configuration, self.logger, self.trainer) = (configuration, logger, trainer)
        self.isReady = isReady
    }

    func run() async throws {
        let (configuration, logger, trainer, clock) = (configuration, logger, trainer, clock)
        let (over, ready, failures, probe) = (isOver, isReady, failures, probe)
        try await withGracefulShutdownHandler {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread {
                    continuation.resume(
                        with: Result {
                            try Daemon(
                                configuration, clock: clock, logger: logger,
                                trainer: trainer, failures: failures,
                                broker: Daemon.Configuration.source(probe.metrics), probe: probe,
                                tell: {
                                    if case .ready = $0 { ready.set() }
                                    DaemonService.tell($0)
                                }
                            ).run { !over.isSet }
                        })
                }
                // The loop's own: a training's trees are deep.
                thread.stackSize = 8 << 20
                thread.start()
            }
        } onGracefulShutdown: {
            over.set()
        }
    }
}
