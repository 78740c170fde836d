import Events
import Learning
import TestKit
import Testing
import XGBoost

@Suite("The gate over models that were trained")
struct GateOfModelsTests {
    /// A holdout drawn like the rows that both were trained on: 30 rows a session.
    private func holdout(_ champion: TreeEnsemble?, _ challenger: TreeEnsemble) -> [HoldoutRow] {
        let rows = SampleRows(seed: 77, rows: 3_600).training
        return (0..<rows.rows).map { index in
            let features = Array(
                rows.features[index * rows.columns..<(index + 1) * rows.columns])
            let label = rows.classes[index]
            return HoldoutRow(
                day: Day(rawValue: 18_000 + Int32(index / 30)), session: index / 30,
                ticker: Ticker("T\(String(100 + index % 30))")!, label: label,
                netReturn: label == .win ? 0.05 : label == .loss ? -0.05 : 0,
                champion: champion?.probabilities(features),
                challenger: challenger.probabilities(features))
        }
    }

    /// The class that most rows have.
    private var majority: OutcomeClass {
        let classes = SampleRows(seed: 3, rows: 2_000).training.classes
        func count(_ wanted: OutcomeClass) -> Int { classes.filter { $0 == wanted }.count }
        return count(.win) > count(.loss) ? .win : .loss
    }

    private func verdicts(_ champion: TreeEnsemble?, _ challenger: TreeEnsemble)
        -> (rule: GateVerdict, evidence: GateVerdict)
    {
        let statistics = GateStatistics(
            rows: holdout(champion, challenger), majority: majority, trainingWins: [],
            settings: GateSettings(mode: .both, labelSessions: 5, draws: 2_000, seed: 1))
        return (statistics.rule.verdict, statistics.evidence.verdict)
    }

    /// The rows with their labels dealt out again.
    private func shuffling(
        _ rows: TrainingMatrix, _ generator: inout SeededGenerator
    ) -> TrainingMatrix {
        let labels = rows.classes.shuffled(using: &generator)
        var dealt = TrainingMatrix(columns: rows.columns)
        for index in 0..<rows.rows {
            dealt.append(
                Array(rows.features[index * rows.columns..<(index + 1) * rows.columns]),
                labels[index], weight: rows.weights[index])
        }
        return dealt
    }

    @Test("a model trained on shuffled labels replaces nobody, and one on true labels replaces it")
    func shuffledLabels() throws {
        let honest = SampleRows(seed: 3, rows: 2_000)
        var shuffled = honest
        var generator = SeededGenerator(seed: 9)
        shuffled.training = shuffling(honest.training, &generator)
        shuffled.earlyStopping = shuffling(honest.earlyStopping, &generator)
        let (good, blind) = (try honest.train().ensemble, try shuffled.train().ensemble)
        let refused = verdicts(good, blind)
        #expect(refused.rule == .hold && refused.evidence == .hold)
        let alone = verdicts(nil, blind)
        #expect(alone.rule == .hold, "nor does it pass where there is no champion")
        let promoted = verdicts(blind, good)
        #expect(promoted.rule == .promote && promoted.evidence == .promote)
    }

    @Test("a worse model, trained on a tenth of the rows, does not replace the better")
    func worse() throws {
        let good = try SampleRows(seed: 3, rows: 2_000).train().ensemble
        let poor = try SampleRows(seed: 4, rows: 40).train { $0.rounds = 2 }.ensemble
        let refused = verdicts(good, poor)
        #expect(refused.rule == .hold && refused.evidence == .hold)
    }
}
