import Brokerage
import EventLog
import Events
import FeedbackLoop
public import Learning
import Logging
import Market
public import Pipeline
import Synchronization

/// The limits of a service's trainings: ten minutes, and with a broker none from an hour before the
/// open to 16:30 New York, when a stop must not wait for a model.
public final class ServiceTrainingLimits: TrainingLimits {
    /// Seconds that a training may take.
    public static let longest = 600.0
    /// What a training that is kept out of those hours fails with.
    static let postponed = "no training from an hour before the open to 16:30 New York"

    private let clock: any ServiceClock
    private let hasBroker: Bool
    private let failures: FailureCount
    private let began = Mutex(0.0)

    /// Limits by a clock; what the trainer fails by itself is counted.
    public init(_ clock: any ServiceClock, hasBroker: Bool, failures: FailureCount) {
        (self.clock, self.hasBroker, self.failures) = (clock, hasBroker, failures)
    }

    /// Whether none may be under way at an instant.
    static func isMarket(at now: Instant) -> Bool {
        let (day, minute) = NewYorkTime.local(now)
        return ((try? ExchangeCalendar.xnys.isSession(day)) ?? false)
            && (ExitHours.open - 60..<16 * 60 + 30).contains(minute)
    }

    /// Why none may be begun now.
    public func objection() -> String? {
        began.withLock { $0 = clock.elapsed() }
        return hasBroker && ServiceTrainingLimits.isMarket(at: clock.now())
            ? ServiceTrainingLimits.postponed : nil
    }

    /// Why the one that is under way must end now.
    public func interruption() -> String? {
        if hasBroker, ServiceTrainingLimits.isMarket(at: clock.now()) {
            return ServiceTrainingLimits.postponed
        }
        let taken = clock.elapsed() - began.withLock { $0 }
        return taken > ServiceTrainingLimits.longest * clock.pace
            ? "not done within \(Int(ServiceTrainingLimits.longest / 60)) minutes" : nil
    }

    /// The trainer failed by itself.
    public func failed(_ error: TrainerError) {
        failures.count("the trainer", at: clock.elapsed())
    }
}

/// Trainings that were kept out of market hours, and are made up for once.
struct PostponedTrainings {
    private let run: EventLog
    private var readThrough: UInt64 = 0
    private var dataThrough: UInt64 = 0
    /// A training: which job, and what was asked for beside the strategy's rules.
    private struct Wanted: Hashable {
        let job: JobKind
        let terms: TrainingTerms

        init(_ job: JobStarted) {
            (self.job, terms) = (job.job, TrainingTerms(job))
        }
    }

    /// The job that was begun last.
    private var begun: Wanted?
    /// What the latest request was for.
    private var requested: Wanted?
    /// Jobs that failed so and were not begun again.
    private var jobs: [Wanted] = []
    /// Jobs that were asked for and not begun yet.
    private var asked: [Wanted] = []

    /// Those of a run's log.
    init(_ name: String, in folder: DataFolder) throws {
        run = try folder.openRun(name).log
    }

    /// Reads what the logs have more than before.
    private mutating func look(_ data: EventLog) throws {
        var next = self
        next.dataThrough = try data.head().position
        next.readThrough = try run.head().position
        if next.dataThrough > dataThrough {
            try data.read(from: dataThrough + 1, through: next.dataThrough, check: .checksum) {
                record in
                guard try MessageHeader(record.message).templateID == JobStarted.templateID else {
                    return .proceed
                }
                let event = try JobStarted(message: record.message)
                if event.trigger == .caughtUp { next.asked.append(Wanted(event)) }
                return .proceed
            }
        }
        if next.readThrough > readThrough {
            try run.read(from: readThrough + 1, through: next.readThrough, check: .checksum) {
                record in
                try next.take(record.message)
                return .proceed
            }
        }
        self = next
    }

    private mutating func take(_ message: RawSpan) throws {
        switch try MessageHeader(message).templateID {
        case JobStarted.templateID:
            let event = try JobStarted(message: message)
            let job = Wanted(event)
            begun = job
            guard event.trigger == .caughtUp else { return }
            jobs.removeAll { $0 == job }
            if let place = asked.firstIndex(of: job) { asked.remove(at: place) }
        case TrainingRequested.templateID: requested = begun
        case TrainingFailed.templateID:
            let event = try TrainingFailed(message: message)
            let text = String(decoding: event.text, as: UTF8.self)
            guard event.reason == .cancelled, text == ServiceTrainingLimits.postponed,
                let job = requested, !jobs.contains(job)
            else { return }
            jobs.append(job)
        default: break
        }
    }

    /// Asks for those that wait, once each, where they may be begun. Whether any was.
    mutating func makeUp(_ data: EventLog, at now: Instant, logger: Logger) throws -> Bool {
        try look(data)
        let due = jobs.filter { !asked.contains($0) }
        guard !due.isEmpty, !ServiceTrainingLimits.isMarket(at: now) else { return false }
        var ledger = OperatorLedger()
        for job in due {
            _ = try ledger.retrain(
                job.job, job.terms, who: "recountd", trigger: .caughtUp, in: data, now: now)
            logger.notice("a training is made up for", metadata: ["job": "\(job.job)"])
        }
        return true
    }
}
