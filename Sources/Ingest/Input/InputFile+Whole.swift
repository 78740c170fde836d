public import Events

extension InputFile {
    /// The SHA-256 of a file's uncompressed content.
    public static func contentDigest(_ name: String) throws(IngestError) -> Digest {
        let file = try InputFile(name)
        var buffer: [UInt8] = []
        while try file.read(into: &buffer) > 0 { buffer.removeAll(keepingCapacity: true) }
        return file.digest
    }

    /// The SHA-256 of a file's content as far as it can be read: a break is met again by who reads
    /// the rows, and what stands before it counts.
    static func readableDigest(_ name: String) throws(IngestError) -> Digest {
        let file = try InputFile(name)
        var buffer: [UInt8] = []
        do throws(IngestError) {
            while try file.read(into: &buffer) > 0 { buffer.removeAll(keepingCapacity: true) }
        } catch {
            return file.digest
        }
        return file.digest
    }

    /// The first byte of a file's content that is no blank; nil when there is none.
    static func firstByte(_ name: String) throws(IngestError) -> UInt8? {
        let file = try InputFile(name)
        var buffer: [UInt8] = []
        _ = try file.read(into: &buffer, limit: 4_096)
        return buffer.first { !isBlank($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
    }
}
