import Digests
public import Events
public import Learning
import Synchronization

/// A trainer in plain Swift: one stump a class on the first feature, so that a loop that learns can
/// be tested without the library, in no time.
public struct StumpTrainer: Trainer {
    /// Its name.
    public let library = "stump 1"
    /// It needs none.
    public let architecture = "any"
    /// Requests that fail, counted from 0.
    private let failing: Range<Int>
    /// Whether nothing that it makes is kept.
    private let losing: Bool
    private let memory = Memory()

    /// Shared by copies and, where variants are replayed side by side, by threads.
    private final class Memory: Sendable {
        let requests = Mutex(0)
        let artefacts = Mutex<[Digest: [UInt8]]>([:])
    }

    /// A trainer that fails the requests of these numbers, and loses what it made if told to.
    public init(failing: Range<Int> = 0..<0, losing: Bool = false) {
        self.failing = failing
        self.losing = losing
    }

    /// The artefact with a digest.
    public func stored(_ artefact: Digest) throws(TrainerError) -> [UInt8] {
        guard let found = memory.artefacts.withLock({ $0[artefact] }) else {
            throw TrainerError(.artefactLost, "no stump \(artefact)")
        }
        return found
    }

    /// The share of wins as a stump.
    public func train(
        _ rows: TrainingMatrix, earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        proceed: (_ round: Int) -> Bool
    ) throws(TrainerError) -> TrainedModel {
        let number = memory.requests.withLock { requests in
            defer { requests += 1 }
            return requests
        }
        if failing.contains(number) { throw TrainerError(.memory, "no memory left") }
        guard rows.rows > 0 else { throw TrainerError(.library, "there is no row to train on") }
        let wins = rows.classes.reduce(0) { $0 + ($1 == .win ? 1 : 0) }
        let share = Float(wins) / Float(max(rows.rows, 1))
        let artefact = [UInt8](withUnsafeBytes(of: share.bitPattern.littleEndian) { Array($0) })
        if !losing {
            let digest = SHA256.hash(artefact)
            memory.artefacts.withLock { $0[digest] = artefact }
        }
        return TrainedModel(
            artefact: artefact, ensemble: try load(artefact), rounds: 1,
            gains: [share] + [Float](repeating: 0, count: rows.columns - 1))
    }

    /// Reads a stump back.
    public func load(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        guard artefact.count == 4 else { throw TrainerError(.artefactLost, "no stump") }
        var bits: UInt32 = 0
        for index in (0..<4).reversed() { bits = bits << 8 | UInt32(artefact[index]) }
        let share = Float(bitPattern: bits)
        func leaf(_ value: Float) -> TreeEnsemble.Node {
            TreeEnsemble.Node(
                feature: 0, threshold: 0, left: -1, right: -1, isUnknownLeft: true, value: value)
        }
        return TreeEnsemble(
            nodes: [
                TreeEnsemble.Node(
                    feature: 0, threshold: 3, left: 1, right: 2, isUnknownLeft: true, value: 0),
                leaf(share), leaf(-share),
            ], roots: [0], classOf: [2], baseScore: 0.5, columns: FeatureCatalogue.count)
    }
}
