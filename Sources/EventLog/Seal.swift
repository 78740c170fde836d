public import Events

import struct Crypto.SHA256

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
        var hasher = SHA256()
        hasher.update(data: previous.bytes)
        hasher.update(data: Commit.littleEndian(first))
        hasher.update(data: Commit.littleEndian(count))
        hasher.update(data: Commit.littleEndian(UInt64(bitPattern: recordedAt.rawValue)))
        hasher.update(data: content.bytes)
        self.seal = Digest(bytes: hasher.finalize())
    }

    /// The head of a log that ends with this commit.
    public var head: LogHead {
        LogHead(position: first + count - 1, seal: seal, recordedAt: recordedAt)
    }

    /// The stored value: count, recordedAt, content, seal.
    var stored: [UInt8] {
        Commit.littleEndian(count)
            + Commit.littleEndian(UInt64(bitPattern: recordedAt.rawValue))
            + content.bytes + seal.bytes
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

    private static func littleEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
