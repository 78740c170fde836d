public import EventLog
public import Events
import Foundation

/// The log of what was tried in a data folder: a start is durable before the run begins, the end is
/// written after it, so that no trial can be forgotten because its result was not liked.
public struct TrialLog: Sendable {
    /// The log.
    public let log: EventLog

    /// Opens the folder's log of trials for writing; makes it under `newID` when there is none.
    public static func open(_ folder: DataFolder, newID: @autoclosure () -> Digest) throws
        -> TrialLog
    {
        if let existing = try existing(folder, access: .write) { return existing }
        let identity = LogIdentity(
            kind: .trials, logID: newID(), schemaVersion: EventSchema.version)
        let made: Result<EventLog, any Error> = Result {
            try EventLog.create(at: folder.trials, identity: identity)
        }
        // Another process may have been faster.
        if case .failure(let error) = made {
            guard case .exists? = error as? LogError,
                let existing = try existing(folder, access: .write)
            else { throw error }
            return existing
        }
        return TrialLog(log: try made.get())
    }

    /// Opens the folder's log of trials; nil when nothing was tried yet.
    public static func existing(_ folder: DataFolder, access: EventLog.Access = .read) throws
        -> TrialLog?
    {
        guard FileManager.default.fileExists(atPath: "\(folder.trials)/data.mdb") else {
            return nil
        }
        let log = try EventLog.open(at: folder.trials, access: access)
        guard log.identity.kind == .trials else {
            throw LogError.wrongKind(path: log.path, kind: log.identity.kind, wanted: .trials)
        }
        return TrialLog(log: log)
    }

    /// Everything that was tried so far.
    public func book() throws -> TrialBook {
        var book = TrialBook()
        try log.read { record in
            try book.take(record.message, at: record.position)
            return .proceed
        }
        return book
    }

    /// Writes down what is about to be tried, durably; gives a reference to each, in order.
    public func start(_ plans: [TrialPlan], now: Instant) throws -> [Reference] {
        try log.append(now: now) { (batch: inout AppendBatch) in
            var book = TrialBook()
            try batch.read { record in
                try book.take(record.message, at: record.position)
                return .proceed
            }
            var references: [Reference] = []
            for plan in plans {
                let event = TrialLog.event(plan, book, at: batch.now)
                let position = batch.append(event)
                book.take(event, at: position)
                references.append(.own(position))
            }
            return references
        }
    }

    /// Writes down what came of a trial.
    public func finish(_ trial: Reference, _ result: TrialResult, now: Instant) throws {
        try finish(trial, now) { envelope in
            TrialFinished(
                envelope: envelope, trial: trial, seal: result.seal, value: result.value,
                sharpe: result.sharpe, observations: UInt32(result.observations),
                closedTrades: UInt32(result.closedTrades), skewness: result.skewness,
                kurtosis: result.kurtosis, outcome: .finished, text: [])
        }
    }

    /// Writes down that a trial failed, or was cancelled, and why.
    public func fail(
        _ trial: Reference, _ outcome: TrialOutcome = .failed, reason: String, now: Instant
    ) throws {
        try finish(trial, now) { envelope in
            TrialFinished(
                envelope: envelope, trial: trial, seal: nil, value: nil, sharpe: nil,
                observations: 0, closedTrades: 0, skewness: nil, kurtosis: nil, outcome: outcome,
                text: Array(reason.utf8.prefix(1_000)))
        }
    }

    private func finish(
        _ trial: Reference, _ now: Instant, _ make: (Envelope) -> TrialFinished
    ) throws {
        try log.append(now: now) { (batch: inout AppendBatch) in
            var flags: EventFlags = []
            var isOpen = false
            try batch.read(from: trial.position) { record in
                switch try MessageHeader(record.message).templateID {
                case TrialStarted.templateID where record.position == trial.position:
                    flags = try Envelope(message: record.message).flags
                    isOpen = true
                case TrialFinished.templateID:
                    if try TrialFinishedView(record.message).trial == trial { isOpen = false }
                default: break
                }
                return .proceed
            }
            // Its natural key is the trial: a second end adds nothing.
            guard isOpen else { return }
            let event = make(
                Envelope(
                    knownAt: batch.now, recordedAt: batch.now, causation: trial,
                    correlation: trial, actor: .person, flags: flags))
            batch.append(event)
        }
    }

    private static func event(_ plan: TrialPlan, _ book: TrialBook, at now: Instant)
        -> TrialStarted
    {
        var event = TrialStarted(
            envelope: Envelope(
                knownAt: now, recordedAt: now, actor: .person,
                flags: plan.isSimulated ? .simulated : []),
            strategy: plan.strategy, dataSeal: plan.dataSeal, startDay: plan.from,
            endDay: plan.to, kind: plan.kind, metric: .informationRatioDifference, repetition: 0,
            family: plan.family, name: plan.name)
        if plan.kind == .trial, book.hasTried(event) { event.kind = .repeat }
        event.repetition = UInt32(book.repetitions(of: event))
        return event
    }
}
