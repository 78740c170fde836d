public import EventLog
import Events
public import FeedbackLoop
public import Market

/// The detector of look-ahead by inspection: every event known no earlier than what it read.
///
/// It shares no fold with the loop or the read models, on purpose: an auditor that asks them would
/// believe their errors. Timeline and run are read one after the other, not merged, for an event
/// that stands in the wrong order is a finding here and not a refusal.
public enum Causality {
    /// Inspects a run over its timeline.
    ///
    /// With the settings of a loop that trains, each training set and each holdout is computed
    /// again as well.
    public static func check(
        run: EventLog, timeline: EventLog, configuration: LoopConfiguration? = nil,
        calendar: ExchangeCalendar? = nil
    ) throws -> Report {
        try check(
            MergedLog(run, over: timeline), timeline: timeline, configuration: configuration,
            calendar: calendar)
    }

    /// Inspects a run over its timeline, a fork with the past that it shares.
    ///
    /// Of a fork the training sets and holdouts of its own are computed again: those before are its
    /// parent's, computed under its settings.
    ///
    /// With a calendar, a fill at the close that decided it is a finding where it follows a filing
    /// that was not known before the session really closed.
    public static func check(
        _ run: MergedLog, timeline: EventLog, configuration: LoopConfiguration? = nil,
        calendar: ExchangeCalendar? = nil
    ) throws -> Report {
        var report = Report()
        var knownAt: [Instant] = [.epoch]
        var sessions = SessionCalendar()
        var imports = ImportTable()
        knownAt.reserveCapacity(Int(try timeline.head().position) + 1)
        try facts(of: run, timeline) { position, message in
            let envelope = try Envelope(message: message)
            knownAt.append(envelope.knownAt)
            try inspect(fact: message, at: position, envelope, &report, &sessions)
            try imports.take(message, at: position)
        }
        var models = ModelInspection(run, sessions, imports)
        var own: [Instant] = [.epoch]
        own.reserveCapacity(Int(try run.end().own) + 1)
        var through: UInt64 = 0
        var previous = Instant.epoch
        try run.readOwn { reference, message in
            let envelope = try Envelope(message: message)
            report.events += 1
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
            try inspect(
                decision: message, reference, envelope, timeline: knownAt, sessions, calendar,
                &report)
            try models.inspect(message, reference, envelope, &report)
            return .proceed
        }
        if let configuration, configuration.learns {
            do {
                try TrainingInspection.check(run, timeline, configuration, sessions, &report)
                try HoldoutInspection.check(run, configuration, sessions, &report)
            } catch let error as MergeError {
                report.add(error.event, "\(error)")
            }
        }
        return report
    }

    /// Lends all facts of a timeline; of a live run those that it and its rehearsal have read.
    static func facts(
        of run: MergedLog, _ timeline: EventLog, _ body: (UInt64, RawSpan) throws -> Void
    ) throws {
        guard run.isOverSeveral else {
            try timeline.read { record in
                try body(record.position, record.message)
                return .proceed
            }
            return
        }
        try run.readFacts { reference, message in
            try body(reference.position, message)
            return .proceed
        }
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
        decision message: RawSpan, _ reference: Reference, _ envelope: Envelope,
        timeline: [Instant],
        _ sessions: SessionCalendar, _ calendar: ExchangeCalendar?, _ report: inout Report
    ) throws {
        switch try MessageHeader(message).templateID {
        case OrderFilled.templateID:
            let fill = try OrderFilledView(message)
            if envelope.flags.contains(.tradesDecisionClose) {
                report.add(reference, "trades the close it decided on", isDeclared: true)
                let filing = envelope.correlation
                if let calendar, fill.side == .buy, filing.isTimeline,
                    filing.position < UInt64(timeline.count),
                    case let known = timeline[Int(filing.position)],
                    try !calendar.isKnown(at: known, beforeCloseOf: fill.filledOn)
                {
                    report.add(
                        reference,
                        "trades the close of \(fill.filledOn) on \(filing), known \(known): the "
                            + "exchange really closed at \(try calendar.close(of: fill.filledOn))")
                }
            } else if fill.timing != .lastClose, fill.filledOn <= fill.decidedOn {
                report.add(
                    reference,
                    "filled on \(fill.filledOn), decided after \(fill.decidedOn): too early")
            }
            if fill.executedAt > envelope.knownAt {
                report.add(reference, "known before it was executed")
            }
        case SignalGenerated.templateID:
            let view = try SignalGeneratedView(message)
            for index in 0..<view.filings.count {
                let filing = view.filings[index].filing
                guard filing.isTimeline, filing.position < UInt64(timeline.count),
                    timeline[Int(filing.position)] <= envelope.knownAt
                else {
                    report.add(reference, "counts \(filing), known only later")
                    continue
                }
            }
            if !sessions.closed(view.day, before: envelope.knownAt) {
                report.add(reference, "decides after a session that had not closed")
            }
        case RegimeChanged.templateID:
            let view = try RegimeChangedView(message)
            if !sessions.closed(view.day, before: envelope.knownAt) {
                report.add(reference, "names the regime of a session that had not closed")
            }
        case OutcomeRecorded.templateID:
            let view = try OutcomeRecordedView(message)
            // A session's fills are known at its close, a trade made elsewhere once it is told of.
            let hour = view.source == .loop ? 21 : 0
            if let day = view.exitDay, Instant(day, hour: hour) > envelope.knownAt {
                report.add(reference, "is known before its exit")
            }
        default: break
        }
    }

    /// A filing's knownAt, recomputed from the source row by a reader of its own.
    private static func inspect(
        fact message: RawSpan, at position: UInt64, _ envelope: Envelope, _ report: inout Report,
        _ sessions: inout SessionCalendar
    ) throws {
        switch try MessageHeader(message).templateID {
        case SessionClosed.templateID:
            sessions.append(try SessionClosedView(message).day)
        case DisclosureFiled.templateID:
            let view = try DisclosureFiledView(message)
            report.filings += 1
            let row = view.row.withUnsafeBytes { Array($0) }
            let expected = SourceRowReader.filedOn(row, format: view.format)
            let reference = Reference.timeline(position)
            guard let filedOn = expected else {
                report.add(reference, "its source row has no filing date")
                return
            }
            let knownAt =
                view.knownMinute.map { Instant(filedOn, minute: Int($0)) }
                ?? Instant(filedOn + 1, hour: 5)
            // What was moved to a live run came perhaps later than it was known.
            let isMoved = envelope.through > 0
            if isMoved ? envelope.knownAt < knownAt : envelope.knownAt != knownAt {
                report.add(
                    reference,
                    "known at \(envelope.knownAt), by its source row at \(knownAt)")
            }
        default: break
        }
    }
}
