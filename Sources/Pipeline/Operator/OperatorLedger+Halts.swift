public import EventLog
public import Events

extension OperatorLedger {
    /// `simulated` where a log's facts are.
    public static func flags(of log: some Log) throws -> EventFlags {
        var flags: EventFlags = []
        try log.read(from: 1, through: 1, check: .checksum) { record in
            flags = try Envelope(message: record.message).flags.intersection(.simulated)
            return .stop
        }
        return flags
    }

    /// Halts entries; with `stopsExits` new exits too. Whoever asks has seen what stands.
    ///
    /// A cause other than `person` is what a service saw: it says so without a name.
    public static func halt(
        _ cause: HaltCause, stopsExits: Bool = false, who: String?, reason: String,
        flags: EventFlags = [], in log: some Log, now: Instant
    ) throws -> Recorded {
        try log.append(now: now) { (batch: inout AppendBatch) in
            batch.append(
                EntriesHalted(
                    envelope: Envelope(
                        knownAt: batch.acted(at: now), recordedAt: batch.now,
                        actor: cause == .person ? .person : .scheduler, flags: flags),
                    cause: cause, who: who.map { WireText.fitted($0, length: 48) },
                    exits: stopsExits ? true : nil, text: Array(reason.utf8)))
            return Recorded(position: batch.nextPosition - 1, recordedAt: batch.now)
        }
    }

    /// Ends every halt, or those of a cause.
    public static func resume(
        _ cause: HaltCause?, who: String?, reason: String, flags: EventFlags = [],
        in log: some Log, now: Instant
    ) throws -> Recorded {
        try log.append(now: now) { (batch: inout AppendBatch) in
            batch.append(
                EntriesResumed(
                    envelope: Envelope(
                        knownAt: batch.acted(at: now), recordedAt: batch.now,
                        actor: who == nil ? .scheduler : .person, flags: flags),
                    halt: .none, who: who.map { WireText.fitted($0, length: 48) }, cause: cause,
                    text: Array(reason.utf8)))
            return Recorded(position: batch.nextPosition - 1, recordedAt: batch.now)
        }
    }
}
