import Events
import LoopKit
import Testing

/// When jobs run, seen by the events that they leave.
@Suite("The schedule of jobs")
struct ScheduleTests {
    private static let scheduled: [JobKind] = [
        .featureAnalysis, .training, .feedbackRetraining, .calibration, .recomparison,
    ]

    /// The jobs that began in sessions of a quiet market, without those of each session.
    private func jobs(
        start: Day, holidays: [Day] = [], sessions: Int, given: [Fact] = []
    ) throws -> [String] {
        let scenario = Scenario(base: Scenario.learning, start: start, holidays: holidays)
            .given(.prices("ACME", 100)).given(given)
        return try scenario.when(0...(sessions - 1)).all(JobStarted.self)
            .filter { Self.scheduled.contains($0.job) }
            .map { event in
                #expect(event.envelope.recordedAt == event.scheduledAt)
                return "\(event.scheduledAt) \(event.job)"
            }
    }

    @Test("in a week without a month's first day there are Sunday's jobs, in their order")
    func week() throws {
        #expect(
            try jobs(start: "2020-01-06", sessions: 5) == [
                "2020-01-12T01:30:00Z featureAnalysis", "2020-01-12T02:00:00Z training",
                "2020-01-12T04:00:00Z recomparison",
            ])
    }

    @Test("on the first of a month outcomes are learnt from and confidence is fitted")
    func month() throws {
        // A Wednesday.
        #expect(
            try jobs(start: "2020-03-30", sessions: 4) == [
                "2020-04-01T03:00:00Z feedbackRetraining", "2020-04-01T03:30:00Z calibration",
            ])
    }

    @Test("where the first is a Sunday all five run, each at its own hour")
    func sundayFirst() throws {
        #expect(
            try jobs(start: "2020-02-28", sessions: 1) == [
                "2020-03-01T01:30:00Z featureAnalysis", "2020-03-01T02:00:00Z training",
                "2020-03-01T03:00:00Z feedbackRetraining", "2020-03-01T03:30:00Z calibration",
                "2020-03-01T04:00:00Z recomparison",
            ])
    }

    @Test(
        "the first after a last of 28, 29, 30 or 31 days, and of the year",
        arguments: [
            ("2019-02-26" as Day, "2019-03-01"), ("2020-02-26", "2020-03-01"),
            ("2020-04-28", "2020-05-01"), ("2020-07-29", "2020-08-01"),
            ("2019-12-30", "2020-01-01"), ("2000-02-28", "2000-03-01"),
        ])
    func monthEnds(start: Day, first: String) throws {
        let monthly = try jobs(start: start, sessions: 4).filter {
            $0.hasSuffix("feedbackRetraining") || $0.hasSuffix("calibration")
        }
        #expect(
            monthly == [
                "\(first)T03:00:00Z feedbackRetraining", "\(first)T03:30:00Z calibration",
            ])
    }

    @Test("what fell into a gap between sessions is caught up, each once, at its own instant")
    func gap() throws {
        // Closed from Wednesday the 29th to the 7th: a month's first and a Sunday lie in it.
        let closed = (0..<10).map { "2020-01-29" as Day + $0 }
        #expect(
            try jobs(start: "2020-01-27", holidays: closed, sessions: 2) == [
                "2020-02-01T03:00:00Z feedbackRetraining", "2020-02-01T03:30:00Z calibration",
                "2020-02-02T01:30:00Z featureAnalysis", "2020-02-02T02:00:00Z training",
                "2020-02-02T04:00:00Z recomparison", "2020-02-09T01:30:00Z featureAnalysis",
                "2020-02-09T02:00:00Z training", "2020-02-09T04:00:00Z recomparison",
            ])
    }

    @Test(
        "fourteen days after the latest session nothing is due any more, and on the day before it is"
    )
    func rest() throws {
        func monthly(_ last: Day) throws -> [String] {
            try jobs(start: last, holidays: (1...40).map { last + $0 }, sessions: 1)
                .filter { $0.hasSuffix("feedbackRetraining") }
        }
        #expect(try monthly("2020-03-18") == [])
        #expect(try monthly("2020-03-19") == ["2020-04-01T03:00:00Z feedbackRetraining"])
    }

    @Test("after a rest they go on with the first session, and what was missed is not made up")
    func afterRest() throws {
        let closed = (1...40).map { "2020-03-18" as Day + $0 }
        let later = try jobs(start: "2020-03-18", holidays: closed, sessions: 4).filter {
            $0 > "2020-04-02"
        }
        #expect(later.first == "2020-05-01T03:00:00Z feedbackRetraining")
    }

    @Test("each session has its outcomes at 23:00, its evaluation at 23:30, its cycle at 05:30")
    func daily() throws {
        let scenario = Scenario(base: Scenario.learning).given(.prices("ACME", 100))
        try scenario.when(1).then(
            .job(.signalOutcome, at: "2020-01-07T23:00Z"),
            .job(.modelEvaluation, at: "2020-01-07T23:30Z"), .job(.cycle, at: "2020-01-08T05:30Z"))
        try Scenario().given(.prices("ACME", 100)).when(1).then(
            .job(.signalOutcome, at: "2020-01-07T23:00Z"), .job(.cycle, at: "2020-01-08T05:30Z"))
    }

    @Test(
        "a strategy that does not learn has no jobs of learning, one without calibration none of it"
    )
    func without() throws {
        let still = Scenario(start: "2020-02-27").given(.prices("ACME", 100))
        try still.when(0...2).thenNo(TrainingRequested.self)
        #expect(
            try still.when(0...2).all(JobStarted.self).allSatisfy {
                [.signalOutcome, .cycle].contains($0.job)
            })
        let fixed = Scenario("calibration=none", base: Scenario.learning, start: "2020-02-28")
            .given(.prices("ACME", 100))
        #expect(!(try fixed.when(0).all(JobStarted.self).contains { $0.job == .calibration }))
    }

    @Test("a person's request at the instant of a job comes first, and the job runs all the same")
    func tie() throws {
        let scenario = Scenario(base: Scenario.learning).given(
            .prices("ACME", 100), .request(.training, at: "2020-01-12T02:00Z"))
        let trainings = try scenario.when(4).all(JobStarted.self).filter { $0.job == .training }
        #expect(trainings.map(\.trigger) == [.manual, .scheduled])
        #expect(trainings.allSatisfy { $0.scheduledAt == "2020-01-12T02:00Z" })
        #expect(trainings.map(\.who) == ["cyd", nil])
    }

    @Test("a job counts what it recorded, and one that fails says why and stops nothing")
    func ends() throws {
        let scenario = Scenario(base: Scenario.learning).given(.prices("ACME", 100))
        let episode = try scenario.when(4)
        let failed = try episode.one(JobFailed.self)
        #expect(failed.job == .training)
        let failure = try episode.one(TrainingFailed.self)
        #expect(failure.reason == .tooFewRows)
        let started = episode.all(JobStarted.self).count
        #expect(episode.all(JobFinished.self).count == started - 1)
    }

    @Test("what a session brings is written at once, at its cycle, and the rest at the end")
    func commits() throws {
        for scenario in [
            LinkTests.scenario,
            Scenario("min_confidence=0", base: [], strategy: "disclosure-follow").given(
                .prices("ACME", 100), .filing("ACME", .buy, on: 1)),
        ] {
            let commits = try scenario.commits(through: 8)
            #expect(commits.count == 10 && commits.last?.last?.as(RunFinished.self) != nil)
            for (session, commit) in commits.dropLast().enumerated() {
                let cycle = Instant(scenario.day(session) + 1, hour: 5, minute: 30)
                #expect(commit.allSatisfy { $0.envelope.recordedAt <= cycle })
                let isOfLater = commits[session + 1].allSatisfy {
                    $0.envelope.recordedAt >= cycle
                }
                #expect(isOfLater)
            }
        }
    }

    @Test("before the window's first session no job runs")
    func window() throws {
        let scenario = Scenario(base: Scenario.learning, window: 7...9).given(.prices("ACME", 100))
        try scenario.when(0...6).thenNo(JobStarted.self)
        #expect(try scenario.when(9).all(JobStarted.self).count == 6)
    }
}
