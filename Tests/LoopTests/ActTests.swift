import Events
import LoopKit
import Testing

/// What people do, within a run: trades told of, promotions and rollbacks, and what is refused.
@Suite("Acts within the loop")
struct ActTests {
    private let market = Scenario("emit_threshold=0.6", base: Scenario.learning).given(
        .prices("ACME", 100), .filing("ACME", .buy, on: 2))

    private func outcome(
        _ direction: Direction = .long, gain: Double, entered: Instant?, exited: Instant?,
        measuredBy measure: String = "net"
    ) throws -> OutcomeRecorded {
        try market.with("label_return=\(measure)").given(
            .trade(
                "ACME", direction, gain: gain, entered: entered, exited: exited,
                recorded: "2020-01-20T22:00Z")
        ).when(10).one(OutcomeRecorded.self)
    }

    @Test("a trade has its own result, class and reason, and joins the evaluation before it")
    func trade() throws {
        let event = try outcome(
            gain: 0.1, entered: "2020-01-10T15:00Z", exited: "2020-01-15T15:00Z")
        #expect((event.netReturn - 0.1).magnitude < 1e-12 && event.outcome == .win)
        #expect(event.returnDollars == Money(dollars: 100) && event.label == .win)
        #expect(event.reason == .recorded && event.source == .recorded)
        #expect(event.entryDay == "2020-01-10" && event.exitDay == "2020-01-15")
        #expect(event.holdingDays == 5 && event.untrainable == nil && !event.features.isEmpty)
    }

    @Test("a short that gains is a win, and a loss of the long side")
    func short() throws {
        let event = try outcome(
            .short, gain: -0.1, entered: "2020-01-10T15:00Z", exited: "2020-01-15T15:00Z")
        #expect(event.outcome == .win && event.label == .loss)
        #expect((event.netReturn - 0.1).magnitude < 1e-12)
    }

    @Test("half a per cent is breakeven on both sides, and a hair more is none")
    func classes() throws {
        for (gain, expected) in [
            (0.0049, OutcomeClass.breakeven), (-0.0049, .breakeven), (0.0051, .win),
            (-0.0051, .loss),
        ] {
            let event = try outcome(
                gain: gain, entered: "2020-01-10T15:00Z", exited: "2020-01-15T15:00Z")
            #expect(event.outcome == expected)
        }
    }

    @Test("of prices out of their range it teaches nothing, and its result is capped")
    func outOfRange() throws {
        for (gain, net) in [(1e300, 1e6), (1e7, 1e6), (-1.0, -1.0)] {
            let event = try outcome(
                gain: gain, entered: "2020-01-10T15:00Z", exited: "2020-01-15T15:00Z")
            #expect(event.untrainable == .noPrice && event.netReturn == net)
        }
        let short = try outcome(
            .short, gain: 1e300, entered: "2020-01-10T15:00Z", exited: "2020-01-15T15:00Z")
        #expect(short.netReturn == -1e6 && short.outcome == .loss && short.label == .win)
    }

    @Test("without an entry time, before any evaluation or long after it, it teaches nothing")
    func untrainable() throws {
        #expect(
            try outcome(gain: 0.1, entered: nil, exited: "2020-01-15T15:00Z").untrainable
                == .noEntryTime)
        #expect(
            try outcome(gain: 0.1, entered: "2020-01-08T15:00Z", exited: nil).untrainable
                == .noFeatures, "the evaluation is of the 9th at 05:30")
        #expect(
            try outcome(gain: 0.1, entered: "2020-01-19T15:00Z", exited: nil).untrainable == nil)
        #expect(
            try outcome(gain: 0.1, entered: "2020-01-20T15:00Z", exited: nil).untrainable
                == .noFeatures, "eleven days later")
    }

    @Test("measured by an index that lacks the days, it teaches nothing")
    func unmeasured() throws {
        let event = try outcome(
            gain: 0.1, entered: "2020-01-10T15:00Z", exited: "2020-01-15T15:00Z",
            measuredBy: "excess")
        #expect(event.untrainable == .noLabel && event.excessReturn == nil)
    }

    @Test("a trade that is told of twice is a duplicate the second time")
    func duplicate() throws {
        func trade(_ recorded: Instant) -> Fact {
            .trade(
                "ACME", gain: 0.1, entered: "2020-01-10T15:00Z", exited: "2020-01-15T15:00Z",
                recorded: recorded)
        }
        let outcomes = try market.with("label_return=net").given(
            trade("2020-01-20T22:00Z"), trade("2020-01-20T22:05Z")
        )
        .when(10).all(OutcomeRecorded.self)
        #expect(outcomes.map(\.untrainable) == [nil, .duplicate])
    }

    @Test("a promotion makes its model the champion, and ends the one before")
    func promotion() throws {
        let scenario = market.given(
            .model("theirs"), .promotion(of: "theirs", on: 1), .model("ours", on: 2),
            .promotion(of: "ours", on: 3))
        let first = try scenario.when(1).one(ModelPromoted.self)
        #expect(first.cause == .person && first.who == "ann" && first.previous == .none)
        #expect(first.follows == .none && first.comparison == .none)
        let episode = try scenario.when(3)
        let second = try episode.one(ModelPromoted.self)
        #expect(second.previous == first.model && second.follows != .none)
        let retired = try episode.one(ModelRetired.self)
        #expect(retired.model == first.model && retired.successor == second.model)
        #expect(retired.reason == .replaced)
    }

    @Test("the champion already, or a model that nobody knows, is refused with the reason")
    func refusedPromotion() throws {
        let twice = market.given(.champion, .promotion(of: "theirs", on: 2))
        let refusal = try twice.when(2).one(JobFailed.self)
        #expect(String(decoding: refusal.text, as: UTF8.self).contains("champion already"))
        try twice.when(2).thenNo(ModelPromoted.self, ModelRetired.self)
        let unknown = try market.given(.promotion(of: "nobody", on: 2)).when(2)
        #expect(
            String(decoding: try unknown.one(JobFailed.self).text, as: UTF8.self)
                .contains("none that this run had trained"))
        unknown.thenNo(ModelPromoted.self)
    }

    @Test("a rollback gives back the champion before, then none, and then is refused")
    func rollback() throws {
        let scenario = market.given(
            .model("theirs"), .promotion(of: "theirs", on: 1), .model("ours", on: 2),
            .promotion(of: "ours", on: 3), .rollback(on: 4), .rollback(on: 5), .rollback(on: 6))
        let promoted = try scenario.when(1...3).all(ModelPromoted.self).map(\.model)
        let first = try scenario.when(4).one(ModelRolledBack.self)
        #expect(first.model == promoted[0] && first.replaced == promoted[1] && first.who == "bob")
        #expect(try scenario.when(4).one(ModelRetired.self).reason == .rolledBack)
        let second = try scenario.when(5).one(ModelRolledBack.self)
        #expect(second.model == .none && second.replaced == promoted[0])
        let third = try scenario.when(6)
        third.thenNo(ModelRolledBack.self)
        #expect(
            String(decoding: try third.one(JobFailed.self).text, as: UTF8.self)
                .contains("no champion"))
    }

    @Test("what a person did before the window is done at its first session")
    func early() throws {
        let late = Scenario(base: Scenario.learning, window: 3...6).given(
            .prices("ACME", 100), .champion)
        let promoted = try late.when(0...6).one(ModelPromoted.self)
        #expect(promoted.envelope.recordedAt == Instant(late.day(3), hour: 21))
    }

    @Test(
        "a strategy without models refuses what is said of them, and a training of one that does not train"
    )
    func withoutModels() throws {
        let follow = Scenario(base: [], strategy: "disclosure-follow").given(
            .prices("ACME", 100), .promotion(of: "theirs", on: 1))
        #expect(
            String(decoding: try follow.when(1).one(JobFailed.self).text, as: UTF8.self)
                .contains("no models"))
        let still = Scenario().given(
            .prices("ACME", 100), .request(.training, at: "2020-01-07T22:00Z"))
        let failed = try still.when(1).one(JobFailed.self)
        #expect(String(decoding: failed.text, as: UTF8.self).contains("trains no models"))
        try still.when(1).thenNo(TrainingRequested.self)
    }
}
