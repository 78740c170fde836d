public import CoreMetrics
import Events
import Market
import Pipeline

/// What a service measures of itself, over a backend of swift-metrics.
///
/// A value costs a lock that nobody else holds, and is recorded between two instants.
public final class ServiceMetrics: Sendable {
    private let instants: Counter
    private let filesTaken: Counter
    private let filesFailed: Counter
    private let late: Meter
    private let holdings: Meter
    private let orders: Meter
    private let lastInstant: Meter
    private let lastSession: Meter
    private let halts: [(cause: HaltCause, meter: Meter)]
    private let busy: CoreMetrics.Timer
    private let idle: CoreMetrics.Timer
    private let delivered: Counter
    private let givenUp: Counter
    private let waiting: Meter
    private let refused: Meter
    private let answers: [(kind: BrokerAnswerKind, counter: Counter)]

    /// What a request to a broker came to.
    enum BrokerAnswerKind: String, CaseIterable, Sendable {
        /// A status below 400.
        case taken
        /// A status of 400 to 499.
        case refused
        /// A status of 500 and above.
        case failed
        /// None, in time or at all.
        case silent
    }

    /// Metrics of a backend.
    public init(_ factory: any MetricsFactory) {
        func counter(_ name: String, _ labels: [(String, String)] = []) -> Counter {
            Counter(label: name, dimensions: labels, factory: factory)
        }
        func meter(_ name: String, _ labels: [(String, String)] = []) -> Meter {
            Meter(label: name, dimensions: labels, factory: factory)
        }
        instants = counter("recountd_instants_total")
        filesTaken = counter("recountd_inbox_files_total", [("result", "taken")])
        filesFailed = counter("recountd_inbox_files_total", [("result", "failed")])
        late = meter("recountd_late_facts")
        holdings = meter("recountd_holdings")
        orders = meter("recountd_orders_working")
        lastInstant = meter("recountd_last_instant_seconds")
        lastSession = meter("recountd_last_session_seconds")
        halts = HaltCause.allCases.map { ($0, meter("recountd_halted", [("cause", "\($0)")])) }
        func timer(_ kind: String) -> CoreMetrics.Timer {
            CoreMetrics.Timer(
                label: "recountd_step_seconds", dimensions: [("kind", kind)], factory: factory)
        }
        busy = timer("instant")
        idle = timer("idle")
        delivered = counter("recountd_alerts_total", [("result", "delivered")])
        givenUp = counter("recountd_alerts_total", [("result", "given_up")])
        waiting = meter("recountd_alerts_waiting")
        refused = meter("recountd_alert_attempts_refused")
        answers = BrokerAnswerKind.allCases.map {
            ($0, counter("recountd_broker_requests_total", [("answer", $0.rawValue)]))
        }
    }

    /// Metrics with what each means.
    public convenience init(_ registry: PrometheusRegistry) {
        for (name, help) in ServiceMetrics.help { registry.describe(name, help) }
        self.init(registry as any MetricsFactory)
    }

    private static let help = [
        ("recountd_instants_total", "Instants run since the start."),
        ("recountd_inbox_files_total", "Files of the inbox, by what came of them."),
        ("recountd_late_facts", "Facts that came too late, and stay in the data log."),
        ("recountd_holdings", "Holdings."),
        ("recountd_orders_working", "Orders that are not over."),
        ("recountd_last_instant_seconds", "The latest instant that was run, Unix seconds."),
        ("recountd_last_session_seconds", "The date of the latest session, Unix seconds."),
        ("recountd_halted", "1 while entries are halted for the cause."),
        ("recountd_step_seconds", "How long a step of the loop took, waiting left out."),
        ("recountd_alerts_total", "Alerts, by what came of them on a channel."),
        ("recountd_alerts_waiting", "Alerts that wait for a channel."),
        ("recountd_alert_attempts_refused", "Sendings of alerts that were not taken."),
        ("recountd_broker_requests_total", "Requests to the broker, by its answer."),
    ]

    /// Records that an instant was run.
    func ran() { instants.increment() }

    /// Records files of the inbox.
    func files(taken: Int, failed: Int) {
        filesTaken.increment(by: taken)
        filesFailed.increment(by: failed)
    }

    /// Records a run as it stands.
    func record(_ loop: any LiveLoop) {
        late.set(loop.late)
        holdings.set(loop.world.portfolio.holdings.count)
        orders.set(loop.world.portfolio.orders.count)
        lastInstant.set(loop.instant.rawValue / 1_000_000_000)
        if let day = loop.day { lastSession.set(Instant(day).rawValue / 1_000_000_000) }
        let standing = loop.world.halts.standing
        for (cause, meter) in halts {
            meter.set(standing.contains { $0.cause == cause } ? 1 : 0)
        }
    }

    /// Records a step of the loop.
    func step(nanoseconds: Int64, isBusy: Bool) {
        (isBusy ? busy : idle).recordNanoseconds(nanoseconds)
    }

    /// Records what came of an alert.
    func alert(isDelivered: Bool) { (isDelivered ? delivered : givenUp).increment() }

    /// Records what channels have before them.
    func alerts(waiting count: Int, refused attempts: Int) {
        waiting.set(count)
        refused.set(attempts)
    }

    /// Records what a request to a broker came to: the status of its answer, nil for none.
    public func broker(status: Int?) {
        let kind: BrokerAnswerKind =
            switch status {
            case nil: .silent
            case (..<400)?: .taken
            case (..<500)?: .refused
            default: .failed
            }
        answers.first { $0.kind == kind }?.counter.increment()
    }
}
