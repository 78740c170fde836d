import Events
import Learning
import TestKit
import Testing

@testable import XGBoost

@Suite("Models read back")
struct ModelReaderTests {
    @Test(
        "scores equal XGBoost's bit by bit, probabilities to 1e-6", arguments: [1, 2, 3, 4, 5, 6])
    func predictions(seed: UInt64) throws {
        let rows = SampleRows(seed: seed)
        let model = try rows.train {
            $0.depth = 2 + Int(seed)
            $0.columnSample = seed == 5 ? 0.5 : 1
            $0.lambda = seed == 6 ? 0.1 : 1
            $0.minimumChildWeight = 1
        }
        let booster = try Booster(artefact: model.artefact)
        let matrix = try DenseMatrix(rows.others.flatMap { $0 }, columns: 7)
        let margins = try booster.predict(.margins, matrix)
        let probabilities = try booster.predict(.probabilities, matrix)
        for (index, row) in rows.others.enumerated() {
            let scores = model.ensemble.scores(row)
            #expect([scores.0, scores.1, scores.2] == Array(margins[index * 3..<index * 3 + 3]))
            let ours = model.ensemble.probabilities(row)
            for (own, its) in zip(
                [ours.loss, ours.breakeven, ours.win], probabilities[(index * 3)...])
            {
                #expect(abs(own - its) < 1e-6)
            }
        }
    }

    @Test("a model that was read is the model that was trained")
    func same() throws {
        let model = try SampleRows(seed: 7).train()
        #expect(try XGBoostTrainer().load(model.artefact) == model.ensemble)
        #expect(model.ensemble.baseScore == 0.5)
    }

    @Test("an explanation is sorted by effect, whole for its own model and not for another")
    func explanation() throws {
        let rows = SampleRows(seed: 3)
        let (model, other) = (try rows.train(), try SampleRows(seed: 8).train())
        let explainer = try XGBoostExplainer(model.artefact)
        for row in rows.others.prefix(10) {
            let parts = try explainer.contributions(row)
            let scores = model.ensemble.scores(row)
            let explanation = Explanation(parts, row: row, scores: scores)
            #expect(explanation.isWhole, "\(explanation.error)")
            let effects = explanation.terms.map(\.logOdds.magnitude)
            #expect(effects == effects.sorted(by: >) && effects[0] > 0)
            #expect(explanation.terms.map(\.feature).sorted() == Array(row.indices))
            let odds = explanation.terms.reduce(explanation.bias.logOdds) { $0 + $1.logOdds }
            #expect(abs(odds - Double(scores.2 - scores.0)) < 1e-5)
            let wrong = Explanation(parts, row: row, scores: other.ensemble.scores(row))
            #expect(!wrong.isWhole)
        }
    }

    @Test("contributions of a class sum to its score", arguments: [1, 2])
    func contributions(seed: UInt64) throws {
        let rows = SampleRows(seed: seed)
        let model = try rows.train()
        let explainer = try XGBoostExplainer(model.artefact)
        for row in rows.others.prefix(20) {
            let given = try explainer.contributions(row)
            let scores = model.ensemble.scores(row)
            for (part, score) in zip(
                [given.loss, given.breakeven, given.win], [scores.0, scores.1, scores.2])
            {
                #expect(part.features.count == 7)
                let sum = part.features.reduce(Double(part.bias)) { $0 + Double($1) }
                #expect(abs(sum - Double(score)) < 1e-5)
            }
        }
        #expect(throws: TrainerError.self) { _ = try explainer.contributions([1]) }
        let unknown = try explainer.contributions([Float](repeating: .nan, count: 7))
        #expect(unknown.win.features.contains { $0 != 0 })
    }

    private func error(_ bytes: [UInt8]) -> String? {
        do {
            _ = try XGBoostTrainer().load(bytes)
            return nil
        } catch {
            return error.description
        }
    }

    /// The bytes with the first 32-bit number behind `key` replaced.
    private func edit(
        _ bytes: [UInt8], _ key: String, item: Int = 0, size: Int = 4, _ value: UInt32
    ) throws -> [UInt8] {
        let name = Array(key.utf8)
        let found = try #require(
            bytes.indices.first { bytes[$0...].starts(with: name) }, "no \(key)")
        // Behind the key: `[`, `$`, type, `#`, `L` and eight bytes of length.
        let place = found + name.count + 13 + item * size
        var edited = bytes
        for byte in 0..<size {
            edited[place + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * (size - 1 - byte)))
        }
        return edited
    }

    @Test("what is wrong in a file is named")
    func refusals() throws {
        let good = try SampleRows(seed: 3).train { ($0.depth, $0.rounds, $0.patience) = (2, 2, 0) }
            .artefact
        #expect(error(good) == nil)
        let cases: [([UInt8], String)] = [
            (try edit(good, "left_children", 0), "tree 0, node 0: its child 0"),
            (try edit(good, "left_children", item: 1, 1), "tree 0, node 1: its child 1"),
            (try edit(good, "right_children", 1), "tree 0, node 0: its child 1"),
            (try edit(good, "right_children", .max), "its child -1"),
            (try edit(good, "left_children", 1 << 20), "its child 1048576"),
            (try edit(good, "split_indices", 7), "it splits by feature 7 of 7"),
            (try edit(good, "split_indices", .max), "it splits by feature -1 of 7"),
            (try edit(good, "split_conditions", Float.nan.bitPattern), "its threshold"),
            (
                try edit(good, "split_conditions", item: 6, Float.infinity.bitPattern),
                "its value is inf"
            ),
            (try edit(good, "default_left", size: 1, 9), "its threshold or its side"),
            (try edit(good, "split_type", size: 1, 1), "tree 0 splits by category"),
            (good + [0], "bytes follow the model"),
            ([], "the file ends early"),
            (Array("{\"learner\":{}}".utf8), "the type 34 is not read"),
            (Array(repeating: UInt8(ascii: "["), count: 100_000), "nested too deeply"),
            (Array("[#L".utf8) + [UInt8](repeating: 0x7f, count: 8), "a length of"),
            (Array("[$d#L".utf8) + [UInt8](repeating: 0x7f, count: 8), "a length of"),
            (Array("SL".utf8) + [UInt8](repeating: 0xff, count: 8), "a text of -1 bytes"),
            (Array("{U\u{1}aZU\u{1}aZ}".utf8), "the key a follows a"),
        ]
        for (bytes, text) in cases {
            let given = error(bytes)
            #expect(given?.contains(text) == true, "\(text): \(given ?? "no error")")
        }
    }

    @Test("texts in a file that say another class count, objective or base score are refused")
    func otherModels() throws {
        let good = try SampleRows(seed: 3).train { ($0.depth, $0.rounds, $0.patience) = (2, 2, 0) }
            .artefact
        let cases: [(String, String, String)] = [
            ("num_classSL\0\0\0\0\0\0\0\u{1}3", "num_classSL\0\0\0\0\0\0\0\u{1}4", "for 3 classes"),
            ("SL\0\0\0\0\0\0\0\u{4}5E-1", "SL\0\0\0\0\0\0\0\u{4}nan ", "its base score"),
            (
                "SL\0\0\0\0\0\0\0\u{e}multi:softprob", "SL\0\0\0\0\0\0\0\u{e}multi:softmaxx",
                "for multi"
            ),
            ("nameSL\0\0\0\0\0\0\0\u{6}gbtree", "nameSL\0\0\0\0\0\0\0\u{6}gblink", "it is gblink"),
            (
                "num_nodesSL\0\0\0\0\0\0\0\u{1}7", "num_nodesSL\0\0\0\0\0\0\0\u{1}6",
                "of tree 0 are not"
            ),
            ("learner_model_param", "learner_model_paran", "it has no learner"),
            (
                "i\0i\u{1}i\u{2}i\0i\u{1}i\u{2}", "i\0i\u{1}i\u{2}i\0i\u{1}i\u{3}",
                "tree 5 is for class 3"
            ),
        ]
        for (old, new, text) in cases {
            let bytes = replace(good, Array(old.utf8), Array(new.utf8))
            #expect(bytes != good, "\(old) is there")
            let given = error(bytes)
            #expect(given?.contains(text) == true, "\(text): \(given ?? "no error")")
        }
    }

    private func replace(_ bytes: [UInt8], _ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
        guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: old) }) else {
            return bytes
        }
        return Array(bytes[..<place]) + new + Array(bytes[(place + old.count)...])
    }

    @Test("a damaged file is an error or a model that predicts, whatever bytes changed")
    func fuzz() throws {
        let good = try SampleRows(seed: 3).train { ($0.depth, $0.rounds, $0.patience) = (2, 2, 0) }
            .artefact
        var random = SeededGenerator(seed: 20_261_121)
        let row: [Float] = [1, .nan, -1, 0, 3, 2, .nan]
        for _ in 0..<1500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
            }
            guard let ensemble = try? XGBoostTrainer().load(bytes) else { continue }
            guard ensemble.columns == 7 else { continue }
            let scores = ensemble.scores(row)
            guard (scores.0 + scores.1 + scores.2).isFinite else { continue }
            let sum = ensemble.probabilities(row)
            #expect(abs(sum.loss + sum.breakeven + sum.win - 1) < 1e-5)
        }
    }
}
