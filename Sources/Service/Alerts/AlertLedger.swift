public import EventLog
public import Events

/// What a data log has of a live run's alerts.
///
/// A record with attempts says what came of an alert on a channel. One without either tells of what
/// the service saw (position 0; its own position is then the alert's), or says that all of a log
/// through a position is past for a channel.
public struct AlertLedger: Sendable {
    /// An alert on a channel.
    struct Key: Hashable {
        var source: AlertSource
        var position: UInt64
        var channel: AlertChannel

        init(source: AlertSource, position: UInt64, channel: AlertChannel) {
            (self.source, self.position, self.channel) = (source, position, channel)
        }

        init(_ alert: Alert, _ channel: AlertChannel) {
            self.init(source: alert.source, position: alert.position, channel: channel)
        }
    }

    /// What came of an alert, as it is recorded.
    public struct Entry: Sendable {
        /// Of the record, in the data log.
        public var position: UInt64
        /// When it was recorded.
        public var at: Instant
        /// What came of the alert.
        public var event: AlertDelivered
    }

    /// What came of alerts, in order.
    public private(set) var entries: [Entry] = []
    /// What the service saw, in order.
    private(set) var raised: [Alert] = []
    /// How far each log is past for a channel.
    private(set) var past: [AlertChannel: [AlertSource: UInt64]] = [:]
    private(set) var settled: Set<Key> = []
    /// When the latest filing was recorded.
    private(set) var latestFiling: Instant?
    /// Where the log ended when it was read.
    private(set) var head: UInt64 = 0

    /// Reads what a data log has of a run's alerts.
    public init(_ run: String, data: EventLog) throws {
        head = try data.head().position
        try data.read(from: 1, through: head, check: .trust) { record in
            switch try MessageHeader(record.message).templateID {
            case AlertDelivered.templateID:
                let event = try AlertDelivered(message: record.message)
                if event.run == run { take(event, at: record.position) }
            case DisclosureFiled.templateID, DisclosureAmended.templateID:
                latestFiling = try Envelope(message: record.message).recordedAt
            default: break
            }
            return .proceed
        }
    }

    private mutating func take(_ event: AlertDelivered, at position: UInt64) {
        if event.attempts > 0 {
            entries.append(Entry(position: position, at: event.envelope.recordedAt, event: event))
            settled.insert(
                Key(source: event.source, position: event.position, channel: event.channel))
        } else if event.source == .service {
            raised.append(
                Alert(
                    kind: event.kind, source: .service, position: position,
                    at: event.envelope.knownAt, run: event.run,
                    text: String(decoding: event.text, as: UTF8.self)))
        } else {
            past[event.channel, default: [:]][event.source] = event.position
        }
    }

    /// Whether an alert is to go out by a channel: it is not past, and nothing came of it yet.
    func isOpen(_ alert: Alert, _ channel: AlertChannel) -> Bool {
        let source = alert.source == .service ? .data : alert.source
        guard let past = past[channel]?[source], alert.position > past else { return false }
        return !settled.contains(Key(alert, channel))
    }
}

extension AlertDelivered {
    /// A record of the service about a run's alerts.
    static func record(
        _ source: AlertSource, _ position: UInt64, _ kind: AlertKind, _ channel: AlertChannel,
        run: String, text: String, attempts: Int = 0, isDelivered: Bool = false,
        flags: EventFlags, at now: Instant
    ) -> AlertDelivered {
        AlertDelivered(
            envelope: Envelope(knownAt: now, recordedAt: now, actor: .scheduler, flags: flags),
            position: position, attempts: UInt16(clamping: attempts), isDelivered: isDelivered,
            kind: kind, channel: channel, source: source, run: run, text: Array(text.utf8))
    }
}
