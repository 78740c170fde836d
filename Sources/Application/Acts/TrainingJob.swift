import EventLog
public import Events
public import FeedbackLoop
import Learning
public import Pipeline
import Projections

/// A training that a person asked for: a fact of the data log, and what the live run made of it.
public struct TrainingJob: Sendable {
    /// How far it is.
    public enum Status: String, Sendable {
        /// The run has not read the fact yet.
        case pending
        /// It trains.
        case running
        /// It ended with a model, or without one because nothing was there to learn from.
        case completed
        /// It ended badly.
        case failed
    }

    /// Its position in the data log.
    public let position: UInt64
    /// How far it is.
    public private(set) var status = Status.pending
    /// When it was asked for.
    public let askedAt: Instant
    /// Who asked.
    public let who: String
    /// When it ended; nil before.
    public private(set) var completedAt: Instant?
    /// The run's event that began it; none before.
    public private(set) var start: Reference = .none
    /// What it came to.
    public private(set) var story = TrainingStory()
    /// The model that it gave; none before, and without one.
    public private(set) var model: Reference = .none
    /// Why it failed.
    public private(set) var failure: String?

    /// Its id: `d` and its position in the data log.
    public var id: String { "d\(position)" }

    /// Refuses what no strategy takes.
    public static func check(_ terms: TrainingTerms) throws(ApplicationError) {
        if let fault = terms.fault { throw .invalid(fault.field.rawValue, fault.reason) }
    }

    /// Refuses what no strategy takes, and what this one cannot give.
    public static func check(
        _ terms: TrainingTerms, under configuration: LoopConfiguration
    ) throws(ApplicationError) {
        try check(terms)
        if let fault = terms.fault(under: configuration) { throw .refused("\(fault)") }
    }

    /// Asks a live run for a training, with what is wanted in place of its strategy's rules.
    ///
    /// - Throws: `ApplicationError.refused` where the run is no live run, trains no models, or
    ///   cannot give what is wanted; `ApplicationError.invalid` for a value that nobody takes.
    public static func ask(
        _ job: JobKind, _ terms: TrainingTerms, who: String, run name: String,
        in workspace: Workspace, _ ledger: inout OperatorLedger
    ) throws -> TrainingJob {
        try PersonAct.check(who: who)
        try check(terms)
        let run = try workspace.folder.openRun(name)
        guard run.manifest?.live != nil else {
            throw ApplicationError.refused(
                "run \(name) is a backtest and is over: recount retrain --like \(name) --run NAME "
                    + "makes another")
        }
        guard case .loop(let loop) = try RunOrigin.read(run, at: run.merged.end()).strategy,
            loop.jobs.contains(.training)
        else {
            throw ApplicationError.refused("run \(name) trains no models")
        }
        try check(terms, under: loop.configuration)
        let log = try workspace.logForActs()
        let now = workspace.instant
        let recorded = try ledger.retrain(job, terms, who: who, in: log, now: now)
        return TrainingJob(
            position: recorded.position, askedAt: recorded.recordedAt ?? now, who: who)
    }

    private init(position: UInt64, askedAt: Instant, who: String) {
        (self.position, self.askedAt, self.who) = (position, askedAt, who)
    }

    /// The training of an id, as far as a run has come with it.
    ///
    /// - Throws: `ApplicationError.missing` for an id that is none.
    public static func find(_ id: String, run name: String, in workspace: Workspace) throws
        -> TrainingJob
    {
        let log = try workspace.log()
        let missing = ApplicationError.missing(
            "there is no job \(id); a job's id is d and a position of the data log, as the request "
                + "was answered")
        guard id.first == "d", let position = UInt64(id.dropFirst()), position > 0,
            try position <= log.head().position
        else { throw missing }
        var job: TrainingJob?
        _ = try log.record(at: position) { record in
            guard try MessageHeader(record.message).templateID == JobStarted.templateID else {
                return
            }
            let event = try JobStarted(message: record.message)
            job = TrainingJob(
                position: position, askedAt: event.envelope.knownAt, who: event.who ?? "")
        }
        guard var job else { throw missing }
        try job.follow(try workspace.folder.openRun(name))
        return job
    }

    /// Reads what a run made of it.
    private mutating func follow(_ run: OpenedRun) throws {
        guard let fact = try place(in: run) else { return }
        try run.merged.readOwn { reference, message in
            try take(message, at: reference, of: fact)
            return completedAt == nil ? .proceed : .stop
        }
        if status == .running, story.isTrained == false, story.failed != nil { status = .failed }
    }

    /// Where the run has its fact.
    private func place(in run: OpenedRun) throws -> Reference? {
        let offset = run.manifest?.parent?.position.timeline ?? 0
        let position = position
        var found: Reference?
        try run.timeline.read { record in
            guard try MessageHeader(record.message).templateID == JobStarted.templateID,
                try Envelope(message: record.message).through == position
            else { return .proceed }
            found = .timeline(record.position + offset)
            return .stop
        }
        return found
    }

    private mutating func take(_ message: RawSpan, at reference: Reference, of fact: Reference)
        throws
    {
        let template = try MessageHeader(message).templateID
        guard start != .none else {
            if template == JobStarted.templateID,
                try Envelope(message: message).causation == fact
            {
                (start, status) = (reference, .running)
            } else if template == JobFailed.templateID,
                try JobFailed(message: message).start == fact
            {
                try fail(message)
            }
            return
        }
        try story.take(message, at: try Envelope(message: message).knownAt)
        switch template {
        case ModelTrained.templateID: model = reference
        case JobFinished.templateID:
            let event = try JobFinished(message: message)
            guard event.start == start else { return }
            completedAt = event.envelope.knownAt
            status = story.isTrained ? .completed : .failed
            failure = story.failed.map {
                "\($0.reason): \(String(decoding: $0.text, as: UTF8.self))"
            }
        case JobFailed.templateID:
            guard try JobFailed(message: message).start == start else { return }
            try fail(message)
        default: break
        }
    }

    private mutating func fail(_ message: RawSpan) throws {
        let event = try JobFailed(message: message)
        (status, completedAt) = (.failed, event.envelope.knownAt)
        failure = String(decoding: event.text, as: UTF8.self)
    }

    /// Whether it is over.
    public var isOver: Bool { status == .completed || status == .failed }

    /// As a JSON object.
    public var json: String {
        var object = JSONObject()
        object.text("job_id", id)
        object.text("status", status.rawValue)
        object.text("asked_at", "\(askedAt)")
        object.text("triggered_by", who)
        object.reference("start", start)
        object.text("started_at", start == .none ? nil : "\(askedAt)")
        object.text("completed_at", completedAt.map { "\($0)" })
        object.text("error", failure)
        object.reference("model_id", model)
        object.json("request", story.request)
        object.json("metrics", story.metrics)
        object.json("comparison", story.comparison)
        object.boolean("promoted", story.isPromoted)
        object.text("reason", story.reason)
        return object.text
    }
}
