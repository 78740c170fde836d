import EventLog
public import Events
import Foundation

/// What a first reading of a whole file tells.
struct FileSurvey {
    /// SHA-256 of its uncompressed content, as far as it can be read.
    var digest: Digest
    /// Whether a simulation wrote it: by a mark in it, or by a truth file beside it.
    var isSimulated: Bool
}

extension InputFile {
    /// The SHA-256 of a file's uncompressed content.
    public static func contentDigest(_ name: String) throws(IngestError) -> Digest {
        let file = try InputFile(name)
        var buffer: [UInt8] = []
        while try file.read(into: &buffer) > 0 { buffer.removeAll(keepingCapacity: true) }
        return file.digest
    }

    /// Reads a file as far as it can be read: a break is met again by who reads the rows, and what
    /// stands before it counts.
    static func survey(_ name: String) throws(IngestError) -> FileSurvey {
        let file = try InputFile(name)
        var buffer: [UInt8] = []
        var mark = SimulatedMark()
        do throws(IngestError) {
            while try file.read(into: &buffer) > 0 {
                mark.read(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        } catch {
            // The rows are read up to here.
        }
        return FileSurvey(
            digest: file.digest, isSimulated: mark.isFound || isInTruth(name, file.digest))
    }

    /// Whether the truth of a simulated world, in the same folder, names this content.
    private static func isInTruth(_ name: String, _ digest: Digest) -> Bool {
        let folder = FilePath.parent(name)
        let truth = folder.isEmpty ? "truth.json" : "\(folder)/truth.json"
        guard let data = FileManager.default.contents(atPath: truth) else { return false }
        let text = String(decoding: data, as: UTF8.self)
        return text.contains("\"recount-simulated-truth\"") && text.contains("\"\(digest)\"")
    }

    /// The first byte of a file's content that is no blank; nil when there is none.
    static func firstByte(_ name: String) throws(IngestError) -> UInt8? {
        let file = try InputFile(name)
        var buffer: [UInt8] = []
        _ = try file.read(into: &buffer, limit: 4_096)
        return buffer.first { !isBlank($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
    }
}
