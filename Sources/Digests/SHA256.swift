import CCrypto
public import Events

/// SHA-256 (FIPS 180-4) by the system's libcrypto.
///
/// A value hashes one message after the other: `update` adds to the message, `finalize` ends it.
/// What fails here is a want of memory or a library without SHA-256, which ends the process.
public struct SHA256: ~Copyable {
    private let context = DigestContexts.take()
    private var isBegun = false

    /// Begins a message.
    public init() {}

    deinit {
        DigestContexts.giveBack(context)
    }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        begin()
        SHA256.check(
            unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count), "EVP_DigestUpdate")
    }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: [UInt8]) {
        update(bytes.span.bytes)
    }

    /// The digest of the message; what is added then begins the next one.
    public mutating func finalize() -> Digest {
        begin()
        isBegun = false
        return SHA256.finish(context)
    }

    /// The digest of what was added so far, after which more may be added.
    public mutating func soFar() -> Digest {
        begin()
        let copy = DigestContexts.take()
        defer { DigestContexts.giveBack(copy) }
        SHA256.check(unsafe EVP_MD_CTX_copy_ex(copy, context), "EVP_MD_CTX_copy_ex")
        return SHA256.finish(copy)
    }

    /// The digest of bytes.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        unsafe hasher.update(bytes)
        return hasher.finalize()
    }

    /// The digest of bytes.
    public static func hash(_ bytes: RawSpan) -> Digest {
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    /// The digest of bytes.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        hash(bytes.span.bytes)
    }

    /// The digest of a text's UTF-8.
    public static func hash(_ text: String) -> Digest {
        hash(Array(text.utf8))
    }

    private mutating func begin() {
        guard !isBegun else { return }
        // Without an algorithm the context's own is kept, which is the cheapest.
        SHA256.check(unsafe EVP_DigestInit_ex2(context, nil, nil), "EVP_DigestInit_ex2")
        isBegun = true
    }

    private static func finish(_ context: OpaquePointer) -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { room in
            let bytes = unsafe room.assumingMemoryBound(to: UInt8.self)
            check(unsafe EVP_DigestFinal_ex(context, bytes.baseAddress, nil), "EVP_DigestFinal_ex")
        }
        return Digest(
            w0: UInt64(littleEndian: words.0), w1: UInt64(littleEndian: words.1),
            w2: UInt64(littleEndian: words.2), w3: UInt64(littleEndian: words.3))
    }

    private static func check(_ result: Int32, _ operation: String) {
        if result != 1 { fatalError("\(CryptoError(operation))") }
    }
}
