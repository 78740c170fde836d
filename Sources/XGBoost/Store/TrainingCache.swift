import Digests
import Events
import Foundation
import Learning

/// What came of trainings, one small file for each, under everything the result depends on.
///
/// A file holds lines of `name value`, the first the SHA-256 of the rest: one that was cut, changed
/// or put under another name is no entry, and the training is done anew.
struct TrainingCache: Sendable {
    /// What a training gave.
    struct Entry: Hashable {
        /// Under which the artefact is in the store.
        var artefact: Digest
        /// Rounds kept.
        var rounds: Int
        /// Rounds made, those after the best among them.
        var made: Int
        /// Mean gain of each feature.
        var gains: [Float]
    }

    /// Changes when this code would train another model of the same rows and parameters.
    static let version = "recount training 2, base score \(XGBoostTrainer.baseScore)"

    let folder: String

    /// The digest of everything that a training's result depends on, and of its rows alone.
    static func key(
        _ rows: TrainingMatrix, _ earlyStopping: TrainingMatrix, _ parameters: TrainingParameters,
        library: String, architecture: String
    ) -> (key: Digest, rows: Digest) {
        var rowsHasher = SHA256()
        for matrix in [rows, earlyStopping] {
            matrix.forEachPart { rowsHasher.update($0) }
        }
        let digest = rowsHasher.finalize()
        var hasher = SHA256()
        for text in [version, parameters.canonicalJSON, library, architecture, "\(digest)"] {
            add(Array(text.utf8), to: &hasher)
        }
        // The counts, so that nothing can move from one part of the rows to the next.
        add([rows, earlyStopping].flatMap { [UInt64($0.columns), UInt64($0.rows)] }, to: &hasher)
        return (hasher.finalize(), digest)
    }

    /// The count, then the bits.
    private static func add<Value: BitwiseCopyable>(_ values: [Value], to hasher: inout SHA256) {
        withUnsafeBytes(of: UInt64(values.count)) { hasher.update($0) }
        values.withUnsafeBytes { hasher.update($0) }
    }

    /// The entry of a key, nil where there is none that is whole.
    func entry(_ key: Digest) -> Entry? {
        guard let bytes = try? PlacedFile.read("\(folder)/\(key)") else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 7, lines[6].isEmpty else { return nil }
        let names = ["digest", "key", "artefact", "rounds", "made", "gains"]
        var values: [String] = []
        for (line, name) in zip(lines, names) {
            guard line.hasPrefix("\(name) ") else { return nil }
            values.append(String(line.dropFirst(name.count + 1)))
        }
        let body = lines[1...].joined(separator: "\n")
        let gains = values[5].split(separator: " ").map { Float($0) }
        guard values[0] == "\(ModelStore.digest(of: Array(body.utf8)))", values[1] == "\(key)",
            let artefact = Digest(values[2]), let rounds = Int(values[3]),
            let made = Int(values[4]), made >= rounds, rounds > 0, !gains.contains(nil)
        else { return nil }
        return Entry(
            artefact: artefact, rounds: rounds, made: made, gains: gains.compactMap { $0 })
    }

    /// The keys of all entries, in order.
    var keys: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Keeps an entry. One that cannot be kept costs a training the next time and nothing else.
    func keep(_ entry: Entry, _ key: Digest) {
        let body = """
            key \(key)
            artefact \(entry.artefact)
            rounds \(entry.rounds)
            made \(entry.made)
            gains \(entry.gains.map { "\($0)" }.joined(separator: " "))

            """
        let digest = ModelStore.digest(of: Array(body.utf8))
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try? PlacedFile.write(
            Array("digest \(digest)\n\(body)".utf8), "\(key)", in: folder, isDurable: false)
    }
}
