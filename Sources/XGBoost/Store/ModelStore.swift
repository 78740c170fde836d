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
            use()
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

extension ModelStore {
    /// What is wrong with the trainings' cache: entries that are not whole, or whose artefact is
    /// lost; and how many entries there are. A whole entry is believed until it is trained again.
    public func checkCache() -> (entries: Int, findings: [String]) {
        let cache = TrainingCache(folder: cache)
        var findings: [String] = []
        let keys = cache.keys
        for key in keys {
            guard let digest = Digest(key), let entry = cache.entry(digest) else {
                findings.append("models/cache/\(key) is no whole entry; delete it")
                continue
            }
            do {
                _ = try read(entry.artefact)
            } catch {
                findings.append("models/cache/\(key): \(error.description)")
            }
        }
        return (keys.count, findings)
    }

    /// The files of the cache's entries that gave some of these artefacts, in order.
    public func trainings(giving artefacts: [Digest]) -> [String] {
        let cache = TrainingCache(folder: cache)
        let wanted = Set(artefacts)
        return cache.keys.filter { key in
            Digest(key).flatMap { cache.entry($0) }.map { wanted.contains($0.artefact) } ?? false
        }.map { "\(cache.folder)/\($0)" }
    }

    /// The artefacts that are there, each with its bytes on disk, those first that were used least
    /// recently.
    public func artefacts() -> [(artefact: Digest, bytes: Int)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let found = names.sorted().compactMap { name -> (Digest, Int, Int, Int)? in
            guard name.hasSuffix(".ubj"), let digest = Digest(String(name.dropLast(4))) else {
                return nil
            }
            var status = stat()
            guard stat(file(digest), &status) == 0 else { return nil }
            let used = status.st_mtim
            return (digest, Int(status.st_size), used.tv_sec, used.tv_nsec)
        }
        return found.sorted { ($0.2, $0.3) < ($1.2, $1.3) }.map { ($0.0, $0.1) }
    }

    /// Removes artefacts, and the trainings of the cache that gave them: those are done again where
    /// they are asked for again. Gives how many files went, and their bytes.
    public func remove(_ artefacts: [Digest]) -> (files: Int, bytes: Int) {
        var gone = (files: 0, bytes: 0)
        func remove(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0, unlink(path) == 0 else { return }
            gone.files += 1
            gone.bytes += Int(status.st_size)
        }
        let wanted = Set(artefacts)
        let cache = TrainingCache(folder: cache)
        for key in cache.keys {
            // An entry that cannot be read serves nobody, nor does one whose artefact is gone.
            let entry = Digest(key).flatMap { cache.entry($0) }
            let serves = entry.map {
                !wanted.contains($0.artefact)
                    && FileManager.default.fileExists(atPath: file($0.artefact))
            }
            if serves != true { remove("\(cache.folder)/\(key)") }
        }
        for artefact in artefacts { remove(file(artefact)) }
        return gone
    }
}
