import EventLog
import Events
import Logging
import Pipeline

/// How a daemon begins to tell people.
extension Daemon {
    /// Tells people, by this thread, that a run cannot be opened.
    func failToStart(_ error: any Error, _ log: EventLog) {
        guard configuration.settings.alerts.kinds.contains(.error) else { return }
        do {
            _ = try DirectAlert.send(
                .error, "recountd does not start: \(LogError.text(of: error))",
                configuration.senders,
                run: configuration.run, data: log, clock: clock)
        } catch {
            logger.error("alerts", metadata: ["why": "\(LogError.text(of: error))"])
        }
    }

    /// Starts to send alerts, where a channel is there. What keeps it from that is logged: the
    /// loop does not depend on it.
    func startAlerts(_ loop: any LiveLoop, _ log: EventLog) {
        guard !configuration.senders.isEmpty else { return }
        let alerts: DaemonAlerts
        do {
            alerts = try DaemonAlerts(
                configuration.settings.alerts, configuration.senders, run: loop.name, in: folder,
                data: log, clock: clock, probe: probe, schedule: configuration.alertSchedule,
                logger: logger)
        } catch {
            logger.error(
                "nobody is told of anything", metadata: ["why": "\(LogError.text(of: error))"])
            return
        }
        self.alerts = alerts
        alerts.start(loop, at: clock.now())
        for text in failedTexts { alerts.tell(.error, text, at: clock.now()) }
        failedTexts = []
    }
}
