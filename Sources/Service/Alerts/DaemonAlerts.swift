import EventLog
import Events
import Foundation
import Logging
import Market
import Pipeline
import Synchronization

/// The alerts of a daemon: reads what its logs have more, lets the courier send it, and records
/// what came of it in the data log. Nothing here fails the loop: what goes wrong is logged.
///
/// What was recorded is past. A start goes on behind it: what was sent and not recorded is sent
/// again, with the same position.
final class DaemonAlerts {
    private let settings: AlertSettings
    private let rules: AlertRules
    private let data: EventLog
    private let run: OpenedRun
    private let flags: EventFlags
    private let courier: AlertCourier
    private let logger: Logger
    private var ledger: AlertLedger
    /// How far each log was read, in its own positions.
    private var read: [AlertSource: UInt64] = [:]
    private var beats: [Heartbeat]
    private var latestFiling: Instant
    /// Seconds of the clock since which no instant was run.
    private var lastRun: Double
    private let clock: any ServiceClock
    private let watch: LoopWatch
    private let metrics: ServiceMetrics

    private static let sources: [AlertSource] = [.data, .run, .timeline]

    /// The alerts of a run whose logs are open for writing; nothing is sent before `start`.
    init(
        _ settings: AlertSettings, _ senders: [any AlertSender], run name: String,
        in folder: DataFolder, data: EventLog, clock: any ServiceClock, probe: DaemonProbe,
        schedule: AlertSchedule = AlertSchedule(), logger: Logger
    ) throws {
        (self.settings, self.data, self.clock, self.logger) = (settings, data, clock, logger)
        metrics = probe.metrics
        run = try folder.openRun(name)
        let broker = run.manifest?.live?.broker ?? RunManifest.Live.simulated
        rules = AlertRules(run: name, hasBroker: broker != RunManifest.Live.simulated)
        flags = try data.simulatedFlags()
        courier = AlertCourier(senders, clock: clock, schedule: schedule)
        ledger = try AlertLedger(name, data: data)
        beats = Heartbeat.standing(ledger.raised)
        latestFiling = ledger.latestFiling ?? clock.now()
        lastRun = clock.elapsed()
        watch = LoopWatch(
            probe.pulse, seconds: Double(settings.heartbeatInstant) * 3_600, logger: logger)
    }

    /// What a run's positions are counted from, in a log of its own.
    private func offset(_ source: AlertSource) -> UInt64 {
        switch source {
        case .run: run.manifest?.parent?.position.own ?? 0
        case .timeline: run.manifest?.parent?.position.timeline ?? 0
        default: 0
        }
    }

    private func log(_ source: AlertSource) -> EventLog {
        switch source {
        case .run: run.log
        case .timeline: run.timeline
        default: data
        }
    }

    // MARK: The start

    /// Starts to send: what is recorded as open first. A channel that was not there before begins
    /// at the ends of the logs.
    func start(_ loop: any LiveLoop, at now: Instant) {
        attempt {
            try begin(at: now)
            for source in DaemonAlerts.sources {
                let past = courier.senders.compactMap { ledger.past[$0.channel]?[source] }
                let behind = past.min() ?? 0
                read[source] = behind - min(behind, offset(source))
            }
            for alert in ledger.raised { add(alert) }
        }
        courier.start()
        look()
        watch.start { [settings, data, rules, flags, courier] text in
            guard settings.kinds.contains(.heartbeat) else { return }
            let alert = try DaemonAlerts.tell(
                .heartbeat, text, rules.run, flags, courier.senders[0].channel, in: data,
                at: SystemClock().now())
            for sender in courier.senders { courier.add(alert, sender.channel) }
        }
        lack(loop, at: now)
    }

    /// Records where channels begin that were not there before.
    private func begin(at now: Instant) throws {
        for sender in courier.senders where ledger.past[sender.channel] == nil {
            try mark(sender.channel, at: now) { $1 }
            logger.notice(
                "alerts begin here; nothing of before goes out",
                metadata: ["channel": "\(sender.channel)", "to": "\(sender.place)"])
        }
        ledger = try AlertLedger(rules.run, data: data)
    }

    /// Records how far each log is past for a channel.
    private func mark(
        _ channel: AlertChannel, at now: Instant,
        _ position: (AlertSource, UInt64) -> UInt64
    ) throws {
        let marks = try DaemonAlerts.sources.map { source in
            let head = try log(source).head().position + offset(source)
            return AlertDelivered.record(
                source, position(source, head), .test, channel, run: rules.run,
                text: "alerts by \(channel) begin behind this position", flags: flags, at: now)
        }
        try data.append(now: now) { (batch: inout AppendBatch) in
            for var mark in marks {
                (mark.envelope.knownAt, mark.envelope.recordedAt) = (batch.now, batch.now)
                batch.append(mark)
            }
        }
    }

    // MARK: Each turn

    /// Gives the courier what the logs have more, and records what came of what it had.
    func look() {
        attempt {
            for source in DaemonAlerts.sources { try look(source) }
            try record()
        }
    }

    private func look(_ source: AlertSource) throws {
        let log = log(source)
        let (end, from) = (try log.head().position, read[source] ?? 0)
        guard end > from else { return }
        var found: [Alert] = []
        let offset = offset(source)
        try log.read(from: from + 1, through: end) { record in
            if source == .data,
                try MessageHeader(record.message).templateID == DisclosureFiled.templateID
            {
                latestFiling = max(
                    latestFiling, try Envelope(message: record.message).recordedAt)
            }
            if let alert = try rules.alert(
                record.message, source, at: record.position + offset)
            {
                found.append(alert)
            }
            return .proceed
        }
        read[source] = end
        for alert in found { add(alert) }
    }

    /// Gives an alert to the channels by which it is to go out.
    private func add(_ alert: Alert) {
        guard alert.kind == .test || settings.kinds.contains(alert.kind) else { return }
        for sender in courier.senders where ledger.isOpen(alert, sender.channel) {
            courier.add(alert, sender.channel)
        }
    }

    /// Whether something came of an alert that is to be recorded.
    var hasFinished: Bool { courier.hasFinished }

    private func record() throws {
        let finished = courier.takeFinished()
        guard !finished.isEmpty else { return }
        let now = clock.now()
        try data.append(now: now) { (batch: inout AppendBatch) in
            for delivery in finished {
                let alert = delivery.alert
                batch.append(
                    AlertDelivered.record(
                        alert.source, alert.position, alert.kind, delivery.channel,
                        run: rules.run,
                        text: alert.text + (delivery.reason.isEmpty ? "" : " | \(delivery.reason)"),
                        attempts: delivery.attempts, isDelivered: delivery.isDelivered,
                        flags: flags, at: batch.now))
            }
        }
        for delivery in finished {
            let alert = delivery.alert
            metrics.alert(isDelivered: delivery.isDelivered)
            guard !delivery.isDelivered else { continue }
            logger.error(
                "an alert was given up",
                metadata: [
                    "alert": "\(alert.id)", "channel": "\(delivery.channel)",
                    "attempts": "\(delivery.attempts)", "why": "\(delivery.reason)",
                ])
        }
    }

    /// Tells of what the service itself saw: durable before it goes out.
    func tell(_ kind: AlertKind, _ text: String, at now: Instant) {
        guard settings.kinds.contains(kind) else { return }
        attempt {
            add(
                try DaemonAlerts.tell(
                    kind, text, rules.run, flags, courier.senders[0].channel, in: data, at: now))
        }
    }

    /// Tells of something unless that was told before.
    func tellOnce(_ kind: AlertKind, _ text: String, at now: Instant) {
        guard !ledger.raised.contains(where: { $0.text == text }) else { return }
        tell(kind, text, at: now)
    }

    private static func tell(
        _ kind: AlertKind, _ text: String, _ run: String, _ flags: EventFlags,
        _ channel: AlertChannel, in data: EventLog, at now: Instant
    ) throws -> Alert {
        let (position, known) = try data.append(now: now) { (batch: inout AppendBatch) in
            batch.append(
                AlertDelivered.record(
                    .service, 0, kind, channel, run: run, text: text, flags: flags,
                    at: batch.now))
            return (batch.nextPosition - 1, batch.now)
        }
        return Alert(
            kind: kind, source: .service, position: position, at: known, run: run, text: text)
    }

    // MARK: What does not come

    /// An instant was run.
    func ran(_ turn: LiveTurn, _ loop: any LiveLoop, at now: Instant) {
        lastRun = clock.elapsed()
        beat(.instant, nil, "\(loop.instant)", at: now)
        guard case .due(_, .session, let day?) = turn else { return }
        beat(.bars, nil, "the session of \(day) is closed", at: now)
        lack(loop, at: now)
    }

    /// Nothing was run: looks what should have come by now.
    func idle(_ turn: LiveTurn, _ rules: DayRules, at now: Instant) {
        let hours = settings.heartbeatBars
        if case .waiting(let day) = turn, hours > 0,
            now >= Instant(day.day, hour: 21).adding(seconds: Int64(hours) * 3_600)
        {
            beat(.bars, day.text(rules), "", at: now)
        }
        let silence = (now.rawValue &- latestFiling.rawValue) / 3_600_000_000_000
        let isSilent = settings.heartbeatFilings > 0 && silence >= settings.heartbeatFilings
        beat(
            .filings,
            isSilent ? "none since \(latestFiling), \(silence) hours ago" : nil,
            "the latest at \(latestFiling)", at: now)
        let waited = clock.elapsed() - lastRun
        if case .due(let instant, _, _) = turn, settings.heartbeatInstant > 0,
            waited >= Double(settings.heartbeatInstant) * 3_600
        {
            beat(.instant, "that of \(instant) is due", "", at: now)
        }
    }

    /// Tells once that something does not come, and once that it is over.
    private func beat(_ heartbeat: Heartbeat, _ trouble: String?, _ over: String, at now: Instant) {
        let stands = beats.contains(heartbeat)
        if let trouble, !stands {
            beats.append(heartbeat)
            logger.error("\(heartbeat.began)\(trouble)")
            tell(.heartbeat, heartbeat.began + trouble, at: now)
        } else if trouble == nil, stands {
            beats.removeAll { $0 == heartbeat }
            logger.notice("\(heartbeat.ended)\(over)")
            tell(.heartbeat, heartbeat.ended + over, at: now)
        }
    }

    /// Tells of holdings that had no bar in the latest session, once a session.
    private func lack(_ loop: any LiveLoop, at now: Instant) {
        guard let day = loop.day else { return }
        for holding in loop.world.portfolio.holdings
        where loop.world.prices.sessionsWithoutBar(holding.slot) > 0 {
            let text =
                "\(holding.ticker), which is held, had no bar in the session of \(day); its stop "
                + "stays where it was"
            tellOnce(.lag, text, at: now)
        }
    }

    // MARK: The end

    /// Ends the sending and records what came of it, and how far all is past.
    func close(at now: Instant) {
        watch.stop()
        courier.close(seconds: 3)
        attempt {
            try record()
            let open = courier.open
            for sender in courier.senders {
                try mark(sender.channel, at: now) { source, _ in
                    open.filter { key in
                        key.channel == sender.channel
                            && (key.source == .service ? .data : key.source) == source
                    }.map(\.position).min().map { $0 - 1 } ?? (read[source] ?? 0) + offset(source)
                }
            }
        }
    }

    /// Alerts that wait for being sent, and sendings that were not taken, since the start.
    var standing: (waiting: Int, failed: Int) { courier.standing }

    private func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            logger.error("alerts", metadata: ["why": "\(error)"])
        }
    }
}

extension EventLog {
    /// `simulated` where this log's facts are.
    func simulatedFlags() throws -> EventFlags {
        var flags: EventFlags = []
        _ = try record(at: 1) {
            flags = try Envelope(message: $0.message).flags.intersection(.simulated)
        }
        return flags
    }
}
