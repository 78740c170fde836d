import Events
import Ingest

/// Compressed files: the content, or the refusal, depends on the bytes alone.
enum CompressionTarget {
    static let target = FuzzTarget(name: "compression") { bytes in
        let file = InputInMemory(bytes)
        let large = try content(file.path, step: 1 << 20)
        let small = try content(file.path, step: 4_093)
        try demand(large.count == small.count, "the content does not depend on the step")
        try demand(large.digest == small.digest, "the digest does not depend on the step")
        try demand(large.refusal == small.refusal, "the refusal does not depend on the step")
        if bytes.prefix(2) != [0x1F, 0x8B] {
            try demand(large.count == bytes.count, "a plain file is delivered whole")
        }
    }

    private static func content(_ path: String, step: Int) throws -> (
        count: Int, digest: Digest, refusal: String
    ) {
        let file = try InputFile(path)
        var buffer: [UInt8] = []
        do {
            while try file.read(into: &buffer, limit: step) > 0 {
                buffer.removeAll(keepingCapacity: true)
            }
        } catch {
            try demand(error.code == .corruptedGzip, "the disk is not to blame")
            return (file.delivered, file.digest, error.message)
        }
        return (file.delivered, file.digest, "")
    }
}
