import EventLog
import Events

/// How projectors are doing, as Prometheus reads it.
enum ProjectorMetrics {
    /// One projector.
    struct Row {
        var view: String
        var projection: String
        /// What its file says; nil when there is none yet.
        var status: ReadModelStatus?
        /// Where its log ends; nil when it is not there.
        var end: UInt64?
        var state: SupervisedProjector.State
        var restarts: Int
        var errors: Int
    }

    private static let metrics: [(name: String, kind: String, help: String)] = [
        ("log_events", "gauge", "Events of the view's log, those of its timeline included."),
        ("projector_position", "gauge", "Events that are in the read model."),
        ("projector_lag_events", "gauge", "Events that are not in it yet."),
        ("projector_events_per_second", "gauge", "Events folded a second when it was last busy."),
        ("projector_running", "gauge", "1 while its process runs."),
        (
            "projector_stopped", "gauge",
            "1 where it stopped for a reason that a restart does not mend."
        ),
        ("projector_restarts_total", "counter", "Starts after the first, of this supervisor."),
        ("projector_errors_total", "counter", "Ends that nobody asked for, of this supervisor."),
        ("projector_info", "gauge", "1; the version, the digest, and why it stopped."),
    ]

    /// The text exposition format.
    static func text(_ rows: [Row]) -> String {
        var text = PrometheusText()
        for (name, kind, help) in metrics {
            text.metric("recount_\(name)", kind, help)
            var views: [String] = []
            for row in rows {
                let isOfView = name == "log_events"
                if isOfView {
                    if views.contains(row.view) { continue }
                    views.append(row.view)
                }
                guard let value = value(name, row) else { continue }
                text.sample("recount_\(name)", labels(name, row), value)
            }
        }
        return text.text
    }

    private static func value(_ name: String, _ row: Row) -> String? {
        let position = row.status?.checkpoint.position.position
        var isRunning = false
        var isStopped = false
        switch row.state {
        case .running: isRunning = true
        case .stopped: isStopped = true
        case .waiting, .ended: break
        }
        switch name {
        case "log_events": return row.end.map { "\($0)" }
        case "projector_position": return "\(position ?? 0)"
        case "projector_lag_events":
            return row.end.map { "\($0 - min($0, position ?? 0))" }
        case "projector_events_per_second":
            return row.status?.eventsPerSecond.map { "\($0)" }
        case "projector_running": return isRunning ? "1" : "0"
        case "projector_stopped": return isStopped ? "1" : "0"
        case "projector_restarts_total": return "\(row.restarts)"
        case "projector_errors_total": return "\(row.errors)"
        default: return "1"
        }
    }

    private static func labels(_ name: String, _ row: Row) -> [(name: String, value: String)] {
        var labels = [(name: "view", value: row.view)]
        if name != "log_events" { labels.append(("projection", row.projection)) }
        if name == "projector_info" {
            labels.append(("version", row.status.map { "\($0.version)" } ?? ""))
            labels.append(("digest", row.status.map { "\($0.checkpoint.digest)" } ?? ""))
            var reason = ""
            if case .stopped(let text) = row.state { reason = text }
            labels.append(("error", reason))
        }
        return labels
    }
}
