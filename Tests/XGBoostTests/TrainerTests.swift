import Events
import Foundation
import Learning
import Testing

@testable import XGBoost

@Suite("XGBoost's trainer")
struct TrainerTests {
    // Few rounds: on a busy machine threads that wait for each other are slow.
    @Test("the bytes are equal with 1, 2 and 4 threads", arguments: [1, 0.7])
    func threads(subsample: Double) throws {
        let rows = SampleRows(seed: 1, rows: 2500)
        let models = try [1, 2, 4].map { threads in
            try rows.train(threads: threads) { ($0.subsample, $0.rounds) = (subsample, 6) }
        }
        #expect(Set(models.map(\.artefact)).count == 1)
        #expect(Set(models.map(\.gains)).count == 1)
        #expect(Set(models.map(\.rounds)) == [6])
    }

    @Test("another seed, order of rows or parameter gives other bytes")
    func sensitive() throws {
        let rows = SampleRows(seed: 4)
        let one = try rows.train { $0.subsample = 0.7 }
        let seed = try rows.train { ($0.subsample, $0.seed) = (0.7, 1) }
        let rate = try rows.train { ($0.subsample, $0.learningRate) = (0.7, 0.2) }
        #expect(Set([one.artefact, seed.artefact, rate.artefact]).count == 3)
    }

    @Test("early stopping keeps the rounds that training only so long gives", arguments: [5, 6, 7])
    func cut(seed: UInt64) throws {
        let rows = SampleRows(seed: seed)
        let stopped = try rows.train { ($0.learningRate, $0.rounds) = (0.4, 60) }
        #expect(stopped.rounds < 60)
        #expect(stopped.ensemble.roots.count == 3 * stopped.rounds)
        let short = try rows.train {
            ($0.learningRate, $0.rounds, $0.patience) = (0.4, stopped.rounds, 0)
        }
        #expect(short.artefact == stopped.artefact)
        #expect(short.gains == stopped.gains)
    }

    @Test("the round kept is the first with the least loss, and patience counts from it")
    func bestRound() throws {
        let rows = SampleRows(seed: 8)
        var rounds: [Int] = []
        var parameters = TrainingParameters()
        (parameters.learningRate, parameters.rounds, parameters.patience) = (0.4, 60, 4)
        let model = try XGBoostTrainer().train(
            rows.training, earlyStopping: rows.earlyStopping, parameters,
            proceed: {
                rounds.append($0); return true
            })
        #expect(rounds == Array(1...model.rounds + 4))
        let losses = try (1...rounds.count).map { rounds in
            let part = try rows.train {
                ($0.learningRate, $0.rounds, $0.patience) = (0.4, rounds, 0)
            }
            return loss(part.ensemble, rows.earlyStopping)
        }
        let least = try #require(losses.min())
        #expect(losses[model.rounds - 1] <= least + 1e-6)
    }

    private func loss(_ ensemble: TreeEnsemble, _ rows: TrainingMatrix) -> Double {
        var sum = 0.0
        for row in 0..<rows.rows {
            let features = rows.features[row * rows.columns..<(row + 1) * rows.columns]
            let probabilities = ensemble.probabilities(Array(features))
            let own =
                switch rows.classes[row] {
                case .loss: probabilities.loss
                case .breakeven: probabilities.breakeven
                default: probabilities.win
                }
            sum -= Double(rows.weights[row]) * log(Double(own))
        }
        return sum / rows.weights.reduce(0) { $0 + Double($1) }
    }

    @Test("no row to stop on, or no patience, keeps every round")
    func everyRound() throws {
        var rows = SampleRows(seed: 9)
        #expect(try rows.train { $0.patience = 0 }.rounds == 30)
        rows.earlyStopping = TrainingMatrix(columns: 7)
        #expect(try rows.train().rounds == 30)
    }

    @Test("training is cancelled after the round that was told so")
    func cancelled() {
        let rows = SampleRows(seed: 10)
        let error = #expect(throws: TrainerError.self) {
            _ = try XGBoostTrainer().train(
                rows.training, earlyStopping: rows.earlyStopping, TrainingParameters(),
                proceed: { $0 < 3 })
        }
        #expect(error == TrainerError(.cancelled, "cancelled after round 3"))
    }

    @Test("weights count: with heavy wins a win is likelier in every row")
    func weights() throws {
        let rows = SampleRows(seed: 11)
        var doubled = rows
        doubled.training = TrainingMatrix(columns: 7)
        for row in 0..<rows.training.rows {
            let features = Array(rows.training.features[row * 7..<row * 7 + 7])
            let isWin = rows.training.classes[row] == .win
            doubled.training.append(
                features, rows.training.classes[row], weight: isWin ? 20 : 0.1)
        }
        let plain = try rows.train { $0.patience = 0 }.ensemble
        let eager = try doubled.train { $0.patience = 0 }.ensemble
        for row in rows.others {
            #expect(eager.probabilities(row).win > plain.probabilities(row).win)
        }
    }

    @Test("gains name the features that split, and none that never does")
    func gains() throws {
        let model = try SampleRows(seed: 12).train()
        let split = Set(model.ensemble.nodes.filter { $0.left >= 0 }.map { Int($0.feature) })
        #expect(model.gains.count == 7)
        for column in 0..<7 { #expect((model.gains[column] > 0) == split.contains(column)) }
        #expect(model.gains[0] == model.gains.max())
    }
}
