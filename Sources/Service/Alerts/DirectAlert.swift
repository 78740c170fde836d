public import EventLog
public import Events

/// Sends an alert through each channel, once and now, by the thread that asks for it: a test, and
/// what keeps a service from starting.
public enum DirectAlert {
    /// What came of it on a channel.
    public struct Outcome: Sendable {
        /// The channel.
        public var channel: AlertChannel
        /// Where it leads.
        public var place: String
        /// What was answered.
        public var answer: AlertAnswer
    }

    /// Sends a test and records it, where the folder has a data log.
    public static func test(
        _ senders: [any AlertSender], run: String, in folder: DataFolder, clock: any ServiceClock
    ) throws -> [Outcome] {
        let data =
            EventLog.isLog(folder.log) ? try EventLog.open(at: folder.log, access: .write) : nil
        return try send(
            .test, "a test of the alerts of run \(run)", senders, run: run, data: data,
            clock: clock)
    }

    /// Sends an alert, and records in a data log what came of it.
    static func send(
        _ kind: AlertKind, _ text: String, _ senders: [any AlertSender], run: String,
        data: EventLog?, clock: any ServiceClock
    ) throws -> [Outcome] {
        let flags = try data?.simulatedFlags() ?? []
        var alert = Alert(
            kind: kind, source: .service, position: 0, at: clock.now(), run: run, text: text)
        func record(_ events: [AlertDelivered]) throws {
            _ = try data?.append(now: clock.now()) { (batch: inout AppendBatch) in
                for var event in events {
                    (event.envelope.knownAt, event.envelope.recordedAt) = (batch.now, batch.now)
                    batch.append(event)
                }
                alert.position = max(alert.position, batch.nextPosition - 1)
            }
        }
        guard let first = senders.first else { return [] }
        try record([
            .record(
                .service, 0, kind, first.channel, run: run, text: text, flags: flags,
                at: alert.at)
        ])
        let outcomes = senders.map { sender in
            Outcome(
                channel: sender.channel, place: sender.place,
                answer: sender.send(alert, at: clock.now()) { false })
        }
        let position = alert.position
        try record(
            outcomes.map { outcome in
                var reason = ""
                if case .refused(let why) = outcome.answer { reason = " | \(why)" }
                return .record(
                    .service, position, kind, outcome.channel, run: run, text: text + reason,
                    attempts: 1, isDelivered: outcome.answer == .taken, flags: flags,
                    at: clock.now())
            })
        return outcomes
    }
}
