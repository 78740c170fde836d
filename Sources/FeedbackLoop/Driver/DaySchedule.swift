public import Events

/// What falls due when: the stages of the latest session's day, and the jobs between them.
///
/// It is fed with each session and asked for what comes next; it knows no clock. Stages of one
/// instant come in the order in which they stand here; a job of the same instant comes after them.
public struct DaySchedule: Hashable, Sendable {
    /// Stages of the latest sessions that are not over, in order of instant.
    public private(set) var stages: [Due] = []
    /// The job that was passed last, and its instant; nil before the window's first session.
    private var latestJob: LatestJob?

    private struct LatestJob: Hashable, Sendable {
        var instant: Instant
        var kind: JobKind?
    }

    /// Nothing is due.
    public init() {}

    /// A session closed at an instant: its cycle is due, and in the window its outcomes; a weekly
    /// pass that is still due gives way to the one behind this session.
    public mutating func close(
        _ day: Day, at instant: Instant, isInWindow: Bool, jobs: [JobKind]
    ) {
        stages.removeAll { $0.stage == .weekly }
        let cycle = Instant(day + 1, hour: 5, minute: 30)
        if isInWindow {
            if latestJob == nil { latestJob = LatestJob(instant: instant) }
            stages.append(Due(Instant(day, hour: 23), .outcomes))
            if jobs.contains(.modelEvaluation) {
                stages.append(
                    Due(Instant(day, hour: 23, minute: 30), .job(JobCall(.modelEvaluation))))
            }
        }
        stages.append(Due(cycle, .cycle))
        stages.append(
            Due(max(Instant(day.mondayOfWeek + 5, hour: 5, minute: 30), cycle), .weekly))
    }

    /// What is asked of a broker for the open of a session is due at an instant, behind all else of
    /// that instant but what comes once a week.
    public mutating func request(_ session: Day, at instant: Instant) {
        let place = stages.firstIndex {
            $0.instant > instant || $0.instant == instant && $0.stage == .weekly
        }
        stages.insert(Due(instant, .requests(session)), at: place ?? stages.endIndex)
    }

    /// What falls due next, up to an instant; `latest` is the latest session, nil outside of the
    /// window, where no job runs. Without a bound only stages are due, and the jobs before them.
    ///
    /// Jobs that come so long after the latest session that there is nothing to look at are passed.
    public mutating func next(through bound: Instant?, jobs: [JobKind], latest: Day?) -> Due? {
        let stage = stages.first.flatMap { due in
            bound.map { due.instant <= $0 } ?? true ? due : nil
        }
        guard let latest, !jobs.isEmpty, let limit = stage?.instant ?? bound else { return stage }
        while let last = latestJob,
            let next = JobSchedule.next(of: jobs, after: last.instant, last.kind),
            stage == nil ? next.instant <= limit : next.instant < limit
        {
            if next.instant < Instant(latest + JobSchedule.restDays) {
                return Due(next.instant, .job(JobCall(next.job)))
            }
            latestJob = LatestJob(instant: next.instant, kind: next.job)
        }
        return stage
    }

    /// A stage that was due is over.
    public mutating func pass(_ due: Due) {
        if stages.first == due {
            stages.removeFirst()
        } else if case .job(let call) = due.stage, call.fact == .none {
            latestJob = LatestJob(instant: due.instant, kind: call.kind)
        }
    }
}
