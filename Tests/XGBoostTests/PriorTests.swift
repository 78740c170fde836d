import Events
import Foundation
import Learning
import TestKit
import Testing

@testable import XGBoost

@Suite("A model with a prior")
struct PriorTests {
    private let prior = TrainingParameters.Prior(column: 2, slope: 0.4)

    /// Log-odds of a win against a loss for a row in which only the prior's column is known.
    private func odds(_ model: TrainedModel, _ value: Float) -> Double {
        var row = [Float](repeating: .nan, count: 7)
        row[2] = value
        let predicted = model.ensemble.probabilities(row)
        return log(Double(predicted.win) / Double(predicted.loss))
    }

    @Test("where rows may not split anything, the log-odds grow by twice the slope a unit")
    func slope() throws {
        let model = try SampleRows(seed: 21).train {
            ($0.prior, $0.minimumGain, $0.patience) = (prior, 1e9, 0)
        }
        let level = odds(model, 0)
        for step in -30...30 {
            let value = Float(step) / 10
            #expect(
                abs(odds(model, value) - level - 0.8 * Double(value)) < 1e-4, "at \(value)")
        }
        #expect(odds(model, 9) == odds(model, 3), "level beyond three units")
        #expect(odds(model, -9) == odds(model, -3))
        #expect(abs(odds(model, .nan) - level) < 1e-4, "nothing is expected of what is unknown")
    }

    @Test("many rows at once come to the bits that each alone comes to, deeper as its trees are")
    func together() throws {
        let rows = SampleRows(seed: 26)
        let model = try rows.train { ($0.prior, $0.minimumChildWeight) = (prior, 1) }.ensemble
        var others = rows.others
        others[3][2] = .nan
        let together = model.probabilities(others.count) { others[$0] }
        #expect(together == others.map { model.probabilities($0) })
    }

    @Test("the rounds told and kept are the fitted ones; the prior's comes before them")
    func rounds() throws {
        let rows = SampleRows(seed: 22)
        let model = try rows.train { ($0.prior, $0.learningRate, $0.rounds) = (prior, 0.4, 60) }
        #expect(model.rounds < 60)
        #expect(model.ensemble.roots.count == 3 * (model.rounds + 1))
        let short = try rows.train {
            ($0.prior, $0.learningRate, $0.rounds, $0.patience) = (prior, 0.4, model.rounds, 0)
        }
        #expect(short.artefact == model.artefact)
    }

    @Test("the bytes are equal on 1 and 4 threads, and others with another prior or none")
    func bytes() throws {
        let rows = SampleRows(seed: 23, rows: 2_500)
        func artefact(_ prior: TrainingParameters.Prior?, threads: Int = 1) throws -> [UInt8] {
            try rows.train(threads: threads) { ($0.prior, $0.rounds) = (prior, 6) }.artefact
        }
        let one = try artefact(prior)
        #expect(one == (try artefact(prior, threads: 4)))
        let steeper = TrainingParameters.Prior(column: 2, slope: 0.5)
        #expect(Set([one, try artefact(steeper), try artefact(nil)]).count == 3)
    }

    @Test("a column that only rises never takes from a score")
    func rising() throws {
        let model = try SampleRows(seed: 24).train {
            // The sample's second column is what speaks against a win.
            ($0.risingColumns, $0.minimumChildWeight) = ([0, 1, 0, 0, 0, 0, 0], 1)
        }
        let free = try SampleRows(seed: 24).train { $0.minimumChildWeight = 1 }
        func falls(_ model: TrainedModel) -> Bool {
            SampleRows(seed: 24).others.contains { other in
                let scores = (-2...2).map { step in
                    var row = other
                    row[1] = Float(step)
                    let (loss, breakeven, win) = model.ensemble.scores(row)
                    return [loss, breakeven, win]
                }
                return zip(scores, scores.dropFirst()).contains { before, after in
                    zip(before, after).contains { $1 < $0 - 1e-5 }
                }
            }
        }
        #expect(falls(free))
        #expect(!falls(model))
    }

    @Test("a least gain above every split's leaves the classes' shares alone")
    func gain() throws {
        let rows = SampleRows(seed: 25)
        let model = try rows.train { ($0.minimumGain, $0.patience) = (1e9, 0) }
        let predicted = model.ensemble.probabilities(rows.others[0])
        for other in rows.others { #expect(model.ensemble.probabilities(other) == predicted) }
        #expect(model.gains.allSatisfy { $0 == 0 })
    }
}
