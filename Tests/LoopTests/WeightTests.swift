import Events
import Learning
import LoopKit
import Synchronization
import TestWorlds
import Testing

/// A trainer that keeps the weights of the rows that it is given.
private final class WeighingTrainer: Trainer {
    let library = "weighing 1"
    let architecture = "any"
    private let stumps = StumpTrainer()
    private let seen = Mutex<[[Float]]>([])

    var weights: [[Float]] { seen.withLock { $0 } }

    func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        seen.withLock { $0.append(rows.weights) }
        return try stumps.train(rows, earlyStopping: earlyStopping, parameters, proceed: proceed)
    }

    func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        try stumps.load(artefact)
    }
}

/// What a setting makes of the rows that reach the trainer.
@Suite("Rows as the trainer gets them")
struct WeightTests {
    /// The weights of the first training on the market's rows, and of the first on outcomes.
    private func weights(_ settings: String...) throws -> (market: [Float], outcomes: [Float]) {
        let trainer = WeighingTrainer()
        let scenario = settings.reduce(LinkTests.learning(trainer)) { $0.with($1) }
        let run = try scenario.run(through: 45)
        let requests = run.compactMap { recorded in
            recorded.as(TrainingRequested.self).map { (recorded.reference, $0.useOutcomes) }
        }
        let trained = run.compactMap { $0.as(ModelTrained.self) }
        try #require(trained.count == trainer.weights.count)
        func first(_ useOutcomes: Bool) throws -> [Float] {
            let place = try #require(
                trained.firstIndex { model in
                    requests.contains { $0 == (model.request, useOutcomes) }
                })
            return trainer.weights[place]
        }
        return (try first(false), try first(true))
    }

    @Test("none: a market row weighs 1, an outcome row what the setting says")
    func none() throws {
        let found = try weights("profit_weight=none")
        #expect(found.market.count >= 100 && found.market.allSatisfy { $0 == 1 })
        #expect(found.outcomes.count >= 100 && found.outcomes.allSatisfy { $0 == 2 })
        let three = try weights("profit_weight=none", "outcome_weight=3")
        #expect(three.outcomes.allSatisfy { $0 == 3 } && three.market.allSatisfy { $0 == 1 })
    }

    @Test("return: both follow their returns; dollars: outcome rows alone follow anything")
    func others() throws {
        let byReturn = try weights("profit_weight=return")
        #expect(Set(byReturn.market).count > 3 && Set(byReturn.outcomes).count > 3)
        let byDollars = try weights("profit_weight=dollars")
        #expect(byDollars.market.allSatisfy { $0 == 1 })
        #expect(Set(byDollars.outcomes).count > 3 && byDollars.outcomes != byReturn.outcomes)
        for weights in [byReturn.outcomes, byDollars.outcomes] {
            let mean = weights.reduce(0, +) / Float(weights.count)
            #expect((mean - 2).magnitude < 1e-4)
        }
    }

    @Test("without outcomes the monthly training learns from the market too")
    func withoutOutcomes() throws {
        let run = try LinkTests.learning(WeighingTrainer()).with("use_outcomes=false")
            .run(through: 45)
        let models = run.compactMap { $0.as(ModelTrained.self) }
        #expect(models.count > 2 && models.allSatisfy { $0.outcomeRows == 0 })
        #expect(
            !run.compactMap { $0.as(TrainingRequested.self) }.contains { $0.useOutcomes })
    }
}
