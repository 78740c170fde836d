public import EventLog
public import Events

/// The detector of look-ahead by inspection: every event known no earlier than what it read.
public enum Causality {
    /// One thing that is wrong.
    public struct Finding: Sendable, Hashable {
        /// Position in the run, or in the timeline.
        public var reference: Reference
        /// The rule that is broken, and how.
        public var text: String
        /// Whether it is the declared property of a `same_close` run.
        public var isDeclared: Bool
    }

    /// What an inspection came to.
    public struct Report: Sendable {
        /// Events inspected.
        public var events: UInt64 = 0
        /// Filings whose knownAt was recomputed from the source row.
        public var filings: UInt64 = 0
        /// Findings, the first hundred.
        public var findings: [Finding] = []
        /// Fills at the close that decided them.
        public var declared: UInt64 = 0

        /// Whether nothing was found but what the run declares.
        public var isSound: Bool { findings.allSatisfy(\.isDeclared) }

        mutating func add(_ reference: Reference, _ text: String, isDeclared: Bool = false) {
            if isDeclared { declared += 1 }
            if findings.count < 100, !isDeclared || declared == 1 {
                findings.append(
                    Finding(reference: reference, text: text, isDeclared: isDeclared))
            }
        }
    }

    /// Inspects a run over its timeline.
    public static func check(run: EventLog, timeline: EventLog) throws -> Report {
        var report = Report()
        var knownAt: [Instant] = [.epoch]
        var sessions: [Day] = []
        try timeline.read { record in
            let envelope = try Envelope(message: record.message)
            knownAt.append(envelope.knownAt)
            try inspect(fact: record, envelope, &report, &sessions)
            return .proceed
        }
        var own: [Instant] = [.epoch]
        var through: UInt64 = 0
        var previous = Instant.epoch
        try run.read { record in
            let envelope = try Envelope(message: record.message)
            report.events += 1
            let reference = Reference.own(record.position)
            if envelope.recordedAt < previous {
                report.add(reference, "recorded before its predecessor")
            }
            if envelope.through < through {
                report.add(reference, "read less than its predecessor")
            }
            previous = envelope.recordedAt
            through = max(through, envelope.through)
            own.append(envelope.knownAt)
            inspect(envelope, reference, timeline: knownAt, own: own, &report)
            try inspect(decision: record, envelope, timeline: knownAt, sessions, &report)
            return .proceed
        }
        return report
    }

    /// Causes and the read position lie no later than the event.
    private static func inspect(
        _ envelope: Envelope, _ reference: Reference, timeline: [Instant], own: [Instant],
        _ report: inout Report
    ) {
        if envelope.through >= UInt64(timeline.count) {
            report.add(reference, "read a timeline event that does not exist")
        } else if timeline[Int(envelope.through)] > envelope.knownAt {
            report.add(reference, "had read t\(envelope.through), known only later")
        }
        for cause in [envelope.causation, envelope.correlation] where cause != .none {
            let known = cause.isTimeline ? timeline : own
            guard cause.position < UInt64(known.count) else {
                report.add(reference, "names \(cause), which comes later")
                continue
            }
            if cause.isTimeline, cause.position > envelope.through {
                report.add(reference, "names \(cause) without having read it")
            }
            if known[Int(cause.position)] > envelope.knownAt {
                report.add(reference, "names \(cause), known only later")
            }
        }
    }

    private static func inspect(
        decision record: borrowing Record, _ envelope: Envelope, timeline: [Instant],
        _ sessions: [Day], _ report: inout Report
    ) throws {
        let reference = Reference.own(record.position)
        switch try MessageHeader(record.message).templateID {
        case OrderFilled.templateID:
            let fill = try OrderFilledView(record.message)
            if envelope.flags.contains(.tradesDecisionClose) {
                report.add(reference, "trades the close it decided on", isDeclared: true)
            } else if fill.timing != .lastClose, fill.filledOn <= fill.decidedOn {
                report.add(
                    reference,
                    "filled on \(fill.filledOn), decided after \(fill.decidedOn): too early")
            }
            if fill.executedAt > envelope.knownAt {
                report.add(reference, "known before it was executed")
            }
        case SignalGenerated.templateID:
            let view = try SignalGeneratedView(record.message)
            for index in 0..<view.filings.count {
                let filing = view.filings[index].filing
                guard filing.isTimeline, filing.position < UInt64(timeline.count),
                    timeline[Int(filing.position)] <= envelope.knownAt
                else {
                    report.add(reference, "counts \(filing), known only later")
                    continue
                }
            }
            if !closed(view.day, sessions, before: envelope.knownAt) {
                report.add(reference, "decides after a session that had not closed")
            }
        case RegimeChanged.templateID:
            let view = try RegimeChangedView(record.message)
            if !closed(view.day, sessions, before: envelope.knownAt) {
                report.add(reference, "names the regime of a session that had not closed")
            }
        case OutcomeRecorded.templateID:
            let view = try OutcomeRecordedView(record.message)
            // A session's fills are known at its close, a trade made elsewhere once it is told of.
            let hour = view.source == .loop ? 21 : 0
            if let day = view.exitDay, Instant(day, hour: hour) > envelope.knownAt {
                report.add(reference, "is known before its exit")
            }
        default: break
        }
    }

    private static func closed(_ day: Day, _ sessions: [Day], before instant: Instant) -> Bool {
        Instant(day, hour: 21) <= instant && sessions.contains(sorted: day)
    }

    /// A filing's knownAt, recomputed from the source row by a reader of its own.
    private static func inspect(
        fact record: borrowing Record, _ envelope: Envelope, _ report: inout Report,
        _ sessions: inout [Day]
    ) throws {
        switch try MessageHeader(record.message).templateID {
        case SessionClosed.templateID:
            sessions.append(try SessionClosedView(record.message).day)
        case DisclosureFiled.templateID:
            let view = try DisclosureFiledView(record.message)
            report.filings += 1
            let row = view.row.withUnsafeBytes { Array($0) }
            let expected = SourceRowReader.filedOn(row, format: view.format)
            let reference = Reference.timeline(record.position)
            guard let filedOn = expected else {
                report.add(reference, "its source row has no filing date")
                return
            }
            let knownAt =
                view.knownMinute.map { Instant(filedOn, minute: Int($0)) }
                ?? Instant(filedOn + 1, hour: 5)
            if knownAt != envelope.knownAt {
                report.add(
                    reference,
                    "known at \(envelope.knownAt), by its source row at \(knownAt)")
            }
        default: break
        }
    }
}

extension [Day] {
    /// Whether an ascending array holds a day.
    fileprivate func contains(sorted day: Day) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == day
    }
}
