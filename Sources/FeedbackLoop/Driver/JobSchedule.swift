public import Events

/// When each job is due, in fixed UTC.
public enum JobSchedule {
    /// Calendar days after the latest session from which on no job runs: there is nothing new to
    /// look at, and a person's act may come years after the last price.
    public static let restDays = 14

    /// The first instant after another at which any of these jobs is due, and that job.
    ///
    /// Jobs of one instant come in the order feature analysis, training, feedback retraining,
    /// comparison; `job` is the one that was run last, so that each comes once.
    public static func next(
        of jobs: [JobKind], after instant: Instant, _ job: JobKind?
    ) -> (instant: Instant, job: JobKind)? {
        var next: (instant: Instant, job: JobKind)?
        for kind in order where jobs.contains(kind) {
            var due = first(kind, from: instant)
            if due == instant, job.map({ !comes(kind, after: $0) }) ?? true {
                due = first(kind, from: instant.adding(seconds: 1))
            }
            if next.map({ due < $0.instant }) ?? true { next = (due, kind) }
        }
        return next
    }

    private static let order: [JobKind] = [
        .featureAnalysis, .training, .feedbackRetraining, .calibration, .recomparison,
    ]

    private static func comes(_ job: JobKind, after other: JobKind) -> Bool {
        (order.firstIndex(of: job) ?? 0) > (order.firstIndex(of: other) ?? 0)
    }

    /// The first instant of a job at or after another.
    private static func first(_ job: JobKind, from instant: Instant) -> Instant {
        switch job {
        case .featureAnalysis: weekly(7, hour: 1, minute: 30, from: instant)
        case .training: weekly(7, hour: 2, minute: 0, from: instant)
        case .feedbackRetraining: monthly(hour: 3, minute: 0, from: instant)
        case .calibration: monthly(hour: 3, minute: 30, from: instant)
        default: weekly(7, hour: 4, minute: 0, from: instant)
        }
    }

    private static func weekly(
        _ weekday: Int, hour: Int, minute: Int, from instant: Instant
    ) -> Instant {
        let due = Instant(instant.day.mondayOfWeek + (weekday - 1), hour: hour, minute: minute)
        return due >= instant
            ? due
            : Instant(instant.day.mondayOfWeek + (weekday + 6), hour: hour, minute: minute)
    }

    private static func monthly(hour: Int, minute: Int, from instant: Instant) -> Instant {
        let (year, month, _) = instant.day.civil
        for step in 0...1 {
            let number = month - 1 + step
            if let day = Day(year: year + number / 12, month: number % 12 + 1, day: 1) {
                let due = Instant(day, hour: hour, minute: minute)
                if due >= instant { return due }
            }
        }
        preconditionFailure("each month has a first day")
    }
}
