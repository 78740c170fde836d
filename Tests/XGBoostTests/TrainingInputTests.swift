import CXGBoost
import Events
import Learning
import Testing

@testable import XGBoost

@Suite("What the trainer refuses")
struct TrainingInputTests {
    private func failure(
        _ rows: SampleRows, _ edit: (inout TrainingParameters) -> Void = { _ in }
    ) -> TrainerError? {
        do {
            _ = try rows.train(edit)
            return nil
        } catch {
            return error as? TrainerError
        }
    }

    @Test("rows that no model can come of are named with their place")
    func rows() {
        var rows = SampleRows(seed: 1)
        let row = [Float](repeating: 1, count: 7)
        rows.training.append(Array(row.dropLast()) + [.infinity], .win, weight: 1)
        let place = rows.training.rows - 1
        #expect(
            failure(rows)?.description
                == "training row \(place), feature 6: inf; give NaN for what is unknown")
        rows = SampleRows(seed: 1)
        rows.earlyStopping.append(row, .loss, weight: -1)
        #expect(
            failure(rows)?.description
                == "early-stopping row \(rows.earlyStopping.rows - 1): weight -1.0; give 0 or more")
        rows = SampleRows(seed: 1)
        rows.training.append(row, .unrecognised, weight: 1)
        #expect(failure(rows)?.description.contains("its class is none of") == true)
        rows.training = TrainingMatrix(columns: 7)
        #expect(failure(rows)?.reason == .tooFewRows)
        rows.training = TrainingMatrix(columns: 8)
        rows.training.append(row + [2], .win, weight: 1)
        #expect(failure(rows)?.description.contains("7 features and a training row 8") == true)
        rows.earlyStopping = TrainingMatrix(columns: 8)
        rows.training = TrainingMatrix(columns: 8)
        rows.training.append(row + [2], .win, weight: 0)
        #expect(failure(rows)?.description == "every training row has weight 0")
    }

    @Test("a parameter out of range is named")
    func parameters() {
        let cases: [(String, (inout TrainingParameters) -> Void)] = [
            ("max_depth", { $0.depth = 0 }), ("rounds", { $0.rounds = 0 }),
            ("max_bin", { $0.bins = 1 }), ("early_stopping_rounds", { $0.patience = -1 }),
            ("subsample", { $0.subsample = 0 }), ("colsample_bytree", { $0.columnSample = 1.1 }),
            ("eta", { $0.learningRate = .nan }), ("lambda", { $0.lambda = -1 }),
            ("min_child_weight", { $0.minimumChildWeight = .infinity }),
            ("seed", { $0.seed = .max }), ("gamma", { $0.minimumGain = -1 }),
            (
                "monotone_constraints: feature 1 has 2",
                { $0.risingColumns = [0, 2, 0, 0, 0, 0, 0] }
            ),
            ("the prior's slope", { $0.prior = .init(column: 0, slope: .nan) }),
        ]
        for (name, edit) in cases {
            let error = failure(SampleRows(seed: 2), edit)
            #expect(error?.reason == .library)
            #expect(error?.description.hasPrefix(name) == true, "\(name): \(error as Any)")
        }
        #expect(
            failure(SampleRows(seed: 2)) { $0.risingColumns = [1] }?.description
                == "monotone_constraints are 1; give one for each of 7")
        #expect(
            failure(SampleRows(seed: 2)) { $0.prior = .init(column: 7, slope: 1) }?.description
                == "the prior is of feature 7; there are 7")
    }

    @Test("what the library refuses is told in its words, without time, place and stack trace")
    func libraryError() {
        let number = #expect(throws: TrainerError.self) {
            _ = try Booster([("num_class", "deep")], matrices: []).artefact()
        }
        let expected = "XGBoost: Invalid Parameter format for num_class expect int"
        #expect(number?.reason == .library)
        #expect(number?.description.hasPrefix(expected) == true, "\(number as Any)")
        let empty = #expect(throws: TrainerError.self) {
            _ = try Booster([], matrices: []).artefact()
        }
        #expect(empty?.description.hasPrefix("XGBoost: Check failed: ") == true, "\(empty as Any)")
        #expect(empty?.description.contains("\n") == false)
    }

    @Test("the library's want of memory is told as such")
    func memory() {
        let features: [Float] = [1]
        var made: DMatrixHandle?
        let error = #expect(throws: TrainerError.self) {
            // More rows than any machine has room for, without columns: nothing is read.
            try XGBoostLibrary.check(XGDMatrixCreateFromMat(features, 1 << 50, 0, .nan, &made))
        }
        #expect(error?.reason == .memory)
        #expect(made == nil)
    }
}
