import Digests
public import Events

/// One commit: its events, when, and the digest that chains it to all before it.
public struct Commit: Hashable, Sendable {
    /// Position of its first event.
    public var first: UInt64
    /// Number of events.
    public var count: UInt64
    /// When it was recorded.
    public var recordedAt: Instant
    /// SHA-256 of its records as stored.
    public var content: Digest
    /// SHA-256 of (previous seal ‖ first ‖ count ‖ recordedAt ‖ content), integers little-endian.
    public var seal: Digest

    /// A commit sealed onto `previous`.
    public init(
        first: UInt64, count: UInt64, recordedAt: Instant, content: Digest, previous: Digest
    ) {
        self.first = first
        self.count = count
        self.recordedAt = recordedAt
        self.content = content
        self.seal = withUnsafeTemporaryAllocation(byteCount: 88, alignment: 8) { bytes in
            Commit.store(previous, in: bytes, at: 0)
            bytes.storeBytes(of: first.littleEndian, toByteOffset: 32, as: UInt64.self)
            bytes.storeBytes(of: count.littleEndian, toByteOffset: 40, as: UInt64.self)
            bytes.storeBytes(
                of: recordedAt.rawValue.littleEndian, toByteOffset: 48, as: Int64.self)
            Commit.store(content, in: bytes, at: 56)
            return SHA256.hash(UnsafeRawBufferPointer(bytes))
        }
    }

    /// The head of a log that ends with this commit.
    public var head: LogHead {
        LogHead(position: first + count - 1, seal: seal, recordedAt: recordedAt)
    }

    /// The stored value: count, recordedAt, content, seal.
    var stored: [UInt8] {
        var stored = [UInt8](repeating: 0, count: 80)
        stored.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: count.littleEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(
                of: recordedAt.rawValue.littleEndian, toByteOffset: 8, as: Int64.self)
            Commit.store(content, in: bytes, at: 16)
            Commit.store(seal, in: bytes, at: 48)
        }
        return stored
    }

    /// Reads a stored value; nil when its length is wrong.
    init?(first: UInt64, stored: RawSpan) {
        guard stored.byteCount == 80 else { return nil }
        let bytes = stored.withUnsafeBytes { Array($0) }
        self.first = first
        count = Commit.integer(bytes[0..<8])
        recordedAt = Instant(rawValue: Int64(bitPattern: Commit.integer(bytes[8..<16])))
        content = Digest(bytes: bytes[16..<48])
        seal = Digest(bytes: bytes[48..<80])
    }

    private static func store(
        _ digest: Digest, in bytes: UnsafeMutableRawBufferPointer, at offset: Int
    ) {
        bytes.storeBytes(of: digest.w0.littleEndian, toByteOffset: offset, as: UInt64.self)
        bytes.storeBytes(of: digest.w1.littleEndian, toByteOffset: offset + 8, as: UInt64.self)
        bytes.storeBytes(of: digest.w2.littleEndian, toByteOffset: offset + 16, as: UInt64.self)
        bytes.storeBytes(of: digest.w3.littleEndian, toByteOffset: offset + 24, as: UInt64.self)
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
