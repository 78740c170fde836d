import Events
import LoopKit
import TestWorlds
import Testing

/// The gate, met by models of other tools: what they say of each row is the test's to choose.
@Suite("The gate within the loop")
struct GateTests {
    static let tickers = (0..<12).map { Ticker("T\($0)")! }

    /// At 90, 100 or 110, by turns of its own.
    static func price(_ number: Int, _ session: Int) -> Double {
        90 + 10 * Double((session * session + number * session + number) % 3)
    }

    /// What a long decided after a session comes to: bought at the next open, sold two opens later.
    static func label(_ number: Int, _ session: Int) -> OutcomeClass {
        let gain = price(number, session + 3) - price(number, session + 1)
        return gain > 0 ? .win : gain < 0 ? .loss : .breakeven
    }

    /// Twelve tickers filed on each day; a label is mature three sessions after its evaluation.
    static func market(_ settings: String..., through last: Int = 24) -> Scenario {
        let base = Scenario(
            "timeout_days=1", "label_return=net", "max_volume=0", "adaptive_thresholds=false",
            base: Scenario.learning)
        return settings.reduce(base) { $0.with($1) }.given(
            tickers.enumerated().flatMap { number, ticker -> [Fact] in
                [.prices(ticker) { price(number, $0) }]
                    + (0...last).map { .purchases(ticker, on: $0, confidence: 75) }
            })
    }

    /// A model that says what each label is, or what it is not, of the first so many rows after
    /// session 5, or after its import where that is later.
    static func model(
        _ name: String, isRight: Bool, rows: Int = .max, on session: Int = 1, trained: Int = 0,
        from first: Int = 6
    ) -> Fact {
        var facts: [Fact] = [.model(name, on: session, trainedOn: trained)]
        var count = 0
        for session in max(first, session)...24 {
            for (number, ticker) in tickers.enumerated() where count < rows {
                count += 1
                var named = label(number, session)
                if !isRight { named = named == .win ? .loss : .win }
                facts.append(
                    .prediction(
                        ticker, on: session, win: named == .win ? 0.75 : 0.125,
                        loss: named == .loss ? 0.75 : 0.125, by: name))
            }
        }
        return .all(facts)
    }

    /// A model that says win or loss of each row after session 5 as it is told to.
    static func model(_ name: String, on session: Int = 1, naming: (Int, Int) -> OutcomeClass)
        -> Fact
    {
        var facts: [Fact] = [.model(name, on: session, trainedOn: 0)]
        for session in 6...24 {
            for (number, ticker) in tickers.enumerated() {
                let isWin = naming(number, session) == .win
                facts.append(
                    .prediction(
                        ticker, on: session, win: isWin ? 0.75 : 0.125,
                        loss: isWin ? 0.125 : 0.75, by: name))
            }
        }
        return .all(facts)
    }

    @Test("guarded, F1 alone promotes none with fewer rows right, where the bare rule does")
    func guarded() throws {
        let labels = (6...16).flatMap { session in (0..<12).map { Self.label($0, session) } }
        let losses = labels.count { $0 == .loss }
        func met(_ gate: String) throws -> Episode {
            // The champion names one class of everything, ours several, two rows fewer right.
            var right = 0
            let ours = Self.model("ours") { number, session in
                let label = Self.label(number, session)
                guard label != .breakeven, right < losses - 2 else {
                    return label == .win ? .loss : .win
                }
                right += 1
                return label
            }
            return try Self.market("gate=\(gate)").given(
                Self.model("champion", on: 0) { _, _ in .loss },
                .promotion(of: "champion", on: 0), ours
            ).when(19)
        }
        let bare = try met("rule")
        let compared = try bare.one(ModelCompared.self)
        #expect(compared.reason == .f1 && compared.correctNew + 2 == compared.correctOld)
        #expect(try bare.one(ModelPromoted.self).cause == .gate)
        let guarded = try met("guarded")
        guarded.thenNo(ModelPromoted.self, ModelRetired.self)
        let held = try guarded.one(ModelCompared.self)
        #expect(held.gate == .guarded && held.decision == .hold && held.ruleVerdict == .promote)
        #expect(try guarded.one(ModelHeldAsCandidate.self).reason == .gateRefused)
    }

    @Test("a model waits, and says so once, until a hundred rows are mature")
    func waits() throws {
        let ninetyNine = Self.market().given(Self.model("theirs", isRight: true, rows: 99))
        let held = try ninetyNine.when(0...19)
        held.thenNo(ModelCompared.self, ModelPromoted.self)
        let wait = try held.one(ModelHeldAsCandidate.self)
        #expect(wait.reason == .awaitingHoldout && wait.holdoutRows == 0)
        #expect(wait.comparison == .none && wait.envelope.recordedAt == "2020-01-12T04:00Z")
        let hundred = Self.market().given(Self.model("theirs", isRight: true, rows: 100))
        let compared = try hundred.when(19).one(ModelCompared.self)
        #expect(compared.rows == 100)
    }

    @Test("its rows are those after training, embargo and maturity, by whole dates")
    func holdout() throws {
        let scenario = Self.market().given(Self.model("theirs", isRight: true, from: 0))
        let compared = try scenario.when(19).one(ModelCompared.self)
        // Trained through session 0, five sessions between; of session 16 labels are mature in 19.
        #expect(compared.holdoutFrom == scenario.day(6))
        #expect(compared.holdoutThrough == scenario.day(16))
        #expect(compared.rows == 11 * 12 && compared.dates == 11 && compared.reused == 0)
        let later = Self.market().given(
            Self.model("theirs", isRight: true, on: 4, trained: 3, from: 0))
        #expect(try later.when(0...24).one(ModelCompared.self).holdoutFrom == scenario.day(9))
    }

    @Test("one that is right is promoted against the majority, and the comparison is its cause")
    func promoted() throws {
        let episode = try Self.market().given(Self.model("theirs", isRight: true)).when(19)
        let compared = try episode.one(ModelCompared.self)
        #expect(compared.decision == .promote && compared.champion == .none)
        let promotion = try episode.one(ModelPromoted.self)
        #expect(promotion.model == compared.challenger && promotion.cause == .gate)
        #expect(promotion.comparison == promotion.envelope.causation)
        #expect(promotion.previous == .none && promotion.artefact == Fact.artefact("theirs"))
        episode.thenNo(ModelRetired.self, ModelHeldAsCandidate.self)
    }

    @Test("one that is wrong is held, and met once: never again on the same rows")
    func held() throws {
        let scenario = Self.market().given(Self.model("theirs", isRight: false))
        let held = try scenario.when(19).one(ModelHeldAsCandidate.self)
        #expect(held.reason == .noChampion && held.holdoutRows == 132)
        #expect(held.comparison != .none)
        try scenario.when(20...24).thenNo(ModelCompared.self, ModelHeldAsCandidate.self)
    }

    @Test("against a champion: a better one takes its place, a worse one is refused")
    func champion() throws {
        func met(championIsRight: Bool) throws -> Episode {
            try Self.market().given(
                Self.model("champion", isRight: championIsRight, on: 0),
                .promotion(of: "champion", on: 0),
                Self.model("ours", isRight: !championIsRight)
            ).when(19)
        }
        let better = try met(championIsRight: false)
        let promotion = try better.one(ModelPromoted.self)
        let retired = try better.one(ModelRetired.self)
        #expect(retired.reason == .replaced && retired.model == promotion.previous)
        #expect(retired.successor == promotion.model && promotion.follows != .none)
        let worse = try met(championIsRight: true)
        worse.thenNo(ModelPromoted.self, ModelRetired.self)
        #expect(try worse.one(ModelHeldAsCandidate.self).reason == .gateRefused)
        let compared = try worse.one(ModelCompared.self)
        #expect(compared.champion != .none && compared.ruleVerdict == .hold)
    }

    @Test("rows that the champion was not told of, or trained on, compare nothing")
    func championsRows() throws {
        let episode = try Self.market().given(
            Self.model("champion", isRight: true, rows: 110, on: 0),
            .promotion(of: "champion", on: 0), Self.model("ours", isRight: true)
        ).when(19)
        #expect(try episode.one(ModelCompared.self).rows == 110)
        let trained = Self.market().given(
            Self.model("champion", isRight: true, on: 3, trained: 2, from: 0),
            .promotion(of: "champion", on: 3), Self.model("ours", isRight: true, from: 0))
        // Through session 2 and five between: from session 8 on.
        #expect(try trained.when(19).one(ModelCompared.self).holdoutFrom == trained.day(8))
    }

    @Test("by the evidence so few windows decide nothing; each mode by its own verdict")
    func modes() throws {
        let evidence = try Self.market("gate=evidence").given(Self.model("theirs", isRight: true))
            .when(19)
        #expect(try evidence.one(ModelHeldAsCandidate.self).reason == .insufficientEvidence)
        evidence.thenNo(ModelPromoted.self)
        let both = try Self.market("gate=both").given(Self.model("theirs", isRight: true)).when(19)
        both.thenNo(ModelPromoted.self)
        let always = try Self.market("gate=always").given(Self.model("theirs", isRight: false))
            .when(4)
        #expect(try always.one(ModelPromoted.self).cause == .everyModel)
    }

    @Test("a comparison counts the earlier ones that used any of its rows")
    func reused() throws {
        let scenario = Self.market().given(
            Self.model("first", isRight: false), Self.model("second", isRight: false))
        #expect(try scenario.when(19).all(ModelCompared.self).map(\.reused) == [0, 1])
    }

    @Test("a later model of a name retires one that waits, before either meets the gate")
    func superseded() throws {
        let scenario = Self.market().given(
            Self.model("theirs", isRight: true), .model("other", on: 2),
            .model("theirs", on: 8, trainedOn: 7))
        let retired = try scenario.when(9).one(ModelRetired.self)
        #expect(retired.reason == .superseded && retired.model != retired.successor)
        try scenario.when(10...19).thenNo(ModelRetired.self, ModelPromoted.self)
    }

    @Test("the loop's own candidate waits too, says so once, and is met once it has the rows")
    func ownCandidate() throws {
        let scenario = LinkTests.learning(StumpTrainer(failing: 1..<999)).with("gate=rule")
        let run = try scenario.run(through: 45)
        let trained = run.filter { $0.as(ModelTrained.self) != nil }
        #expect(trained.count == 1)
        let held = run.compactMap { $0.as(ModelHeldAsCandidate.self) }
        #expect(held.first?.reason == .awaitingHoldout && held.first?.model == trained[0].reference)
        #expect(held.filter { $0.reason == .awaitingHoldout }.count == 1)
        let compared = run.compactMap { $0.as(ModelCompared.self) }
        #expect(compared.count == 1 && compared[0].rows >= 100)
        #expect(compared[0].challenger == trained[0].reference)
        #expect(compared[0].envelope.recordedAt > held[0].envelope.recordedAt)
    }

    @Test("the loop's own candidate that was compared and held is not met again")
    func ownHeld() throws {
        let run = try LinkTests.learning(StumpTrainer(failing: 1..<999)).with("gate=evidence")
            .run(through: 56)
        let held = run.compactMap { $0.as(ModelHeldAsCandidate.self) }
        #expect(held.map(\.reason) == [.awaitingHoldout, .insufficientEvidence])
        #expect(run.compactMap { $0.as(ModelCompared.self) }.count == 1)
    }

    @Test("a model's majority is the most frequent class of what it was trained on")
    func ownMajority() throws {
        let still = (0..<8).map { Fact.prices(Ticker("T\($0)")!, 100) }
        let run = try LinkTests.scenario.given(still).run(through: 45)
        let trained = try #require(run.compactMap { $0.as(ModelTrained.self) }.last)
        #expect(trained.breakevens > trained.wins + trained.losses)
        let compared = try #require(run.compactMap { $0.as(ModelCompared.self) }.last)
        #expect(compared.majority > 0.5, "\(compared.majority)")
    }

    @Test("of classes that are equally frequent the majority is the first of loss, breakeven, win")
    func majorityTie() throws {
        // Through session 0 each class has four labels; of 109 rows 37 are losses.
        let compared = try Self.market().given(Self.model("theirs", isRight: true, rows: 109))
            .when(19).one(ModelCompared.self)
        #expect(compared.rows == 109 && compared.majority == 37.0 / 109)
    }

    @Test("a newer candidate takes the place of one that waits")
    func newerCandidate() throws {
        let run = try LinkTests.learning(StumpTrainer()).with("gate=rule").run(through: 45)
        let trained = run.filter { $0.as(ModelTrained.self) != nil }.map(\.reference)
        let retired = run.compactMap { $0.as(ModelRetired.self) }
            .filter { $0.reason == .superseded }
        #expect(trained.count > 2 && retired.map(\.model) == Array(trained.dropLast()))
        #expect(retired.map(\.successor) == Array(trained.dropFirst()))
    }

    @Test("a champion before whose artefact is lost cannot be made champion again")
    func lost() throws {
        for (isLost, text) in [(true, "cannot be made champion again"), (false, nil)] {
            let scenario = LinkTests.learning(StumpTrainer(losing: isLost)).given(.rollback(on: 40))
            let refusals = try scenario.when(40).all(JobFailed.self).map {
                String(decoding: $0.text, as: UTF8.self)
            }
            #expect(refusals.contains { $0.contains(text ?? "champion") } == isLost)
            #expect(try scenario.when(40).all(ModelRolledBack.self).count == (isLost ? 0 : 1))
        }
    }
}
