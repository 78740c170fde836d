import Digests
public import Events
import Foundation
public import Learning

/// The artefacts of models, each in a file named by its SHA-256.
///
/// A file is written once and never changes. Errors name it as `models/<digest>.ubj`, without the
/// folders above, so that their text may go into an event.
public struct ModelStore: Sendable {
    /// The folder, `models` in a `--data` folder.
    public let path: String

    /// Names a folder; nothing is touched.
    public init(_ path: String) {
        self.path = path
    }

    /// The digest under which an artefact is kept.
    public static func digest(of artefact: [UInt8]) -> Digest {
        SHA256.hash(artefact)
    }

    /// The file of an artefact, whether it is there or not.
    public func file(_ digest: Digest) -> String { "\(path)/\(ModelStore.name(digest))" }

    /// The folder of the trainings' cache.
    var cache: String { "\(path)/cache" }

    private static func name(_ digest: Digest) -> String { "\(digest).ubj" }

    private func place(_ digest: Digest) -> String {
        "\((path as NSString).lastPathComponent)/\(ModelStore.name(digest))"
    }

    /// Keeps an artefact, on the disk before this returns; one that is there already stays.
    ///
    /// A file that no longer has the content of its name is replaced.
    @discardableResult
    public func write(_ artefact: [UInt8]) throws(TrainerError) -> Digest {
        let digest = ModelStore.digest(of: artefact)
        if (try? PlacedFile.read(file(digest))) == artefact { return digest }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            try PlacedFile.write(artefact, ModelStore.name(digest), in: path, isDurable: true)
        } catch {
            let cause = (error as? PlacedFile.Failure).map { "\($0)" } ?? "no folder can be made"
            throw TrainerError(
                .artefactLost,
                "\(place(digest)): the model cannot be kept (\(cause)); "
                    + "make room or give write access, then run again")
        }
        return digest
    }

    /// The artefact with a digest.
    public func read(_ digest: Digest) throws(TrainerError) -> [UInt8] {
        let found: [UInt8]?
        do {
            found = try PlacedFile.read(file(digest))
        } catch {
            throw TrainerError(.artefactLost, "\(place(digest)): \(error); give read access")
        }
        let remedy = "put a copy back, or train again: the same rows give the same model"
        guard let found else {
            throw TrainerError(.artefactLost, "\(place(digest)): no such file; \(remedy)")
        }
        let own = ModelStore.digest(of: found)
        guard own == digest else {
            throw TrainerError(
                .artefactLost,
                "\(place(digest)): the file was changed, its SHA-256 is \(own); \(remedy)")
        }
        return found
    }
}
