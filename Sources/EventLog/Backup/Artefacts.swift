import Digests
import Events
import Foundation

/// The artefacts of models as files, each named by its SHA-256, copied from folder to folder.
struct Artefacts {
    let source: String
    let target: String

    private static func file(_ digest: Digest, _ folder: String) -> String {
        "\(folder)/\(digest).ubj"
    }

    /// The artefact that an event names; nil when it names none.
    static func named(by message: RawSpan) throws -> Digest? {
        let digest: Digest? =
            switch try MessageHeader(message).templateID {
            case ModelTrained.templateID: try ModelTrainedView(message).artefact
            case ModelPromoted.templateID: try ModelPromotedView(message).artefact
            default: nil
            }
        return digest == .zero ? nil : digest
    }

    /// Copies one unless it is there; false when the source has none of that content.
    func copy(_ digest: Digest) throws -> Bool {
        let place = Artefacts.file(digest, target)
        if EventLog.isThere(place) { return true }
        guard let bytes = try Artefacts.read(digest, in: source) else { return false }
        try EventLog.makeFolder(target)
        try PlacedFile.write(bytes, to: place)
        return true
    }

    /// The content of one; nil when there is none, or it is another than its name says.
    static func read(_ digest: Digest, in folder: String) throws -> [UInt8]? {
        let path = file(digest, folder)
        guard let data = FileManager.default.contents(atPath: path) else {
            if EventLog.isThere(path) { throw EventLog.systemError(path, "read") }
            return nil
        }
        let bytes = [UInt8](data)
        return SHA256.hash(bytes) == digest ? bytes : nil
    }

    /// Those that lie in a folder, in order.
    static func all(in folder: String) -> [Digest] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            name.hasSuffix(".ubj") ? Digest(String(name.dropLast(4))) : nil
        }
    }
}
