import Events
import Foundation
import Learning
import Synchronization
import TestKit
import Testing

@testable import XGBoost

/// Counts the trainings that are really made.
private final class CountingTrainer: Trainer {
    private let base = XGBoostTrainer()
    private let made = Mutex(0)
    let library: String
    let architecture: String

    init(library: String = "xgboost 1.7.4", architecture: String = "x86_64") {
        self.library = library
        self.architecture = architecture
    }

    var trainings: Int { made.withLock { $0 } }

    func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        made.withLock { $0 += 1 }
        return try base.train(rows, earlyStopping: earlyStopping, parameters, proceed: proceed)
    }

    func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        try base.load(artefact)
    }
}

@Suite("The cache of trainings")
struct CachedTrainerTests {
    private let folder = TemporaryFolder()
    private let counting = CountingTrainer()
    private let rows = SampleRows(seed: 1, rows: 120)
    private var store: ModelStore { ModelStore("\(folder.path)/models") }
    private var trainer: CachedTrainer { CachedTrainer(counting, store: store) }
    private var parameters: TrainingParameters {
        var parameters = TrainingParameters()
        (parameters.rounds, parameters.learningRate, parameters.patience) = (40, 0.4, 3)
        return parameters
    }

    private func train(
        _ trainer: CachedTrainer? = nil, _ rows: SampleRows? = nil,
        _ parameters: TrainingParameters? = nil, proceed: (Int) -> Bool = { _ in true }
    ) throws -> TrainedModel {
        let rows = rows ?? self.rows
        return try (trainer ?? self.trainer).train(
            rows.training, earlyStopping: rows.earlyStopping, parameters ?? self.parameters,
            proceed: proceed)
    }

    private func expectEqual(_ one: TrainedModel, _ other: TrainedModel) {
        #expect(one.artefact == other.artefact)
        #expect(one.ensemble == other.ensemble)
        #expect(one.rounds == other.rounds)
        #expect(one.gains == other.gains)
        #expect(one.trainingSet != nil && one.trainingSet == other.trainingSet)
    }

    /// The cache's only file.
    private func entry() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: store.cache)
        #expect(names.count == 1)
        return "\(store.cache)/\(try #require(names.first))"
    }

    @Test("an equal training is made once and gives the same, the rounds told included")
    func once() throws {
        var rounds: ([Int], [Int]) = ([], [])
        let first = try train(proceed: {
            rounds.0.append($0); return true
        })
        let second = try train(proceed: {
            rounds.1.append($0); return true
        })
        #expect(counting.trainings == 1)
        expectEqual(first, second)
        #expect(rounds.0 == rounds.1)
        #expect(rounds.0.count == first.rounds + 3)
        #expect(try store.read(ModelStore.digest(of: first.artefact)) == first.artefact)
    }

    @Test("anything that a training depends on makes another one")
    func keys() throws {
        var others: [SampleRows] = [rows, rows, rows, rows]
        let row = [Float](repeating: 0.5, count: 7)
        others[0].training.append(row, .win, weight: 1)
        others[1].training.append(row, .loss, weight: 1)
        others[2].training.append(row, .win, weight: 2)
        others[3].earlyStopping.append(row, .win, weight: 1)
        var edited = parameters
        edited.seed += 1
        _ = try train()
        for other in others { _ = try train(nil, other) }
        _ = try train(nil, nil, edited)
        #expect(counting.trainings == 6)
        let newer = CountingTrainer(library: "xgboost 1.7.5")
        let elsewhere = CountingTrainer(architecture: "arm64")
        for base in [newer, elsewhere] {
            _ = try train(CachedTrainer(base, store: store))
            #expect(base.trainings == 1)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.cache).count == 8)
    }

    @Test("a damaged entry is made anew, whatever is wrong with it", arguments: 0..<8)
    func damagedEntry(damage: Int) throws {
        let first = try train()
        let path = try entry()
        let whole = try String(contentsOfFile: path, encoding: .utf8)
        let damaged =
            switch damage {
            case 0: ""
            case 1: String(whole.dropLast(3))
            case 2: whole.replacing("rounds ", with: "rounds 1")
            case 3: whole.replacing("gains ", with: "gains 1")
            case 4: whole + "\n"
            case 5: whole.replacing("key ", with: "yek ")
            case 6: "\0\u{ff}\n\n\n\n\n\n"
            default: whole.replacing("digest ", with: "digest 0")
            }
        try Data(damaged.utf8).write(to: URL(fileURLWithPath: path))
        expectEqual(try train(), first)
        #expect(counting.trainings == 2)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
    }

    @Test("an entry under another key is none")
    func moved() throws {
        _ = try train()
        let other = SampleRows(seed: 2, rows: 120)
        let (key, _) = TrainingCache.key(
            other.training, other.earlyStopping, parameters, library: counting.library,
            architecture: counting.architecture)
        try FileManager.default.moveItem(atPath: try entry(), toPath: "\(store.cache)/\(key)")
        _ = try train(nil, other)
        #expect(counting.trainings == 2)
    }

    @Test("a lost or changed artefact is made anew", arguments: [false, true])
    func damagedArtefact(isChanged: Bool) throws {
        let first = try train()
        let file = store.file(ModelStore.digest(of: first.artefact))
        if isChanged {
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: file))
        } else {
            try FileManager.default.removeItem(atPath: file)
        }
        expectEqual(try train(), first)
        #expect(counting.trainings == 2)
        #expect(try store.read(ModelStore.digest(of: first.artefact)) == first.artefact)
    }

    @Test("cancelling is the same error whether the result was there or not")
    func cancelled() throws {
        let before = #expect(throws: TrainerError.self) { _ = try train(proceed: { $0 < 4 }) }
        #expect(!FileManager.default.fileExists(atPath: store.cache), "nothing is kept of it")
        _ = try train()
        let after = #expect(throws: TrainerError.self) { _ = try train(proceed: { $0 < 4 }) }
        #expect(before == after)
        #expect(before?.reason == .cancelled)
        #expect(counting.trainings == 2)
    }

    @Test("a cache that cannot be written costs time only")
    func unwritableCache() throws {
        try FileManager.default.createDirectory(
            atPath: store.path, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: store.cache))
        expectEqual(try train(), try train())
        #expect(counting.trainings == 2)
    }
}
