import Digests
public import Events

/// A log's seal, signed: one line, which whoever keeps it can hold against the log later.
///
///     recount-seal 1 KIND LOG-ID POSITION:SEAL TIME PUBLIC-KEY SIGNATURE
///
/// The signature is Ed25519's (RFC 8032) over the line's bytes before it, the blank excluded. The
/// time is the signer's clock in UTC, whole seconds; ids, seals, keys and signatures are
/// hexadecimal.
public struct SignedSeal: Hashable, Sendable, CustomStringConvertible {
    /// What the log holds.
    public let kind: LogKind
    /// The log's own id.
    public let logID: Digest
    /// Where it ended, and its seal there.
    public let anchor: Anchor
    /// When it was signed, by the signer's clock.
    public let signedAt: Instant
    /// The signer's public key, hexadecimal.
    public let publicKey: String
    /// The signature, hexadecimal.
    let signature: String

    private static let mark = "recount-seal"
    private static let format = "1"

    /// Signs where a log ends.
    ///
    /// - Throws: `SealError.emptyLog`, or what libcrypto refuses.
    public init(
        _ identity: LogIdentity, _ head: LogHead, at time: Instant, by key: borrowing SealKey
    ) throws {
        guard head.position > 0 else { throw SealError.emptyLog }
        (kind, logID, anchor) = (identity.kind, identity.logID, Anchor(head))
        signedAt = Instant(rawValue: time.rawValue - time.rawValue % 1_000_000_000)
        publicKey = try key.publicKey
        let text = SignedSeal.text(kind, logID, anchor, signedAt, publicKey)
        signature = try key.sign(Array(text.utf8))
    }

    /// Reads a line; that it is genuine is another question.
    ///
    /// - Throws: `SealError.unreadable` for any line that this program would not have written.
    public init(_ line: String) throws(SealError) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 8, words[0] == SignedSeal.mark, words[1] == SignedSeal.format,
            let kind = LogKind.allCases.first(where: { $0.name == words[2] }),
            let logID = Digest(words[3]), let anchor = Anchor(words[4]),
            let time = Instant(words[5]),
            Hexadecimal.bytes(words[6])?.count == VerificationKey.size,
            Hexadecimal.bytes(words[7])?.count == VerificationKey.signatureSize
        else { throw .unreadable(line) }
        (self.kind, self.logID, self.anchor, signedAt) = (kind, logID, anchor, time)
        (publicKey, signature) = (words[6], words[7])
        guard description == line else { throw .unreadable(line) }
    }

    /// The line.
    public var description: String {
        "\(SignedSeal.text(kind, logID, anchor, signedAt, publicKey)) \(signature)"
    }

    /// Whether the owner of its key wrote every word of it.
    public func isGenuine() throws -> Bool {
        guard let key = Hexadecimal.bytes(publicKey), let signature = Hexadecimal.bytes(signature)
        else { return false }
        let text = SignedSeal.text(kind, logID, anchor, signedAt, publicKey)
        return try VerificationKey(key).isValid(signature: signature, for: Array(text.utf8))
    }

    /// Whether a text begins as such a line does.
    public static func isMeant(by text: String) -> Bool { text.hasPrefix("\(mark) ") }

    private static func text(
        _ kind: LogKind, _ logID: Digest, _ anchor: Anchor, _ time: Instant, _ key: String
    ) -> String {
        "\(mark) \(format) \(kind.name) \(logID) \(anchor) \(time) \(key)"
    }
}

/// Why a seal cannot be signed or read.
public enum SealError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A log without events has no seal.
    case emptyLog
    /// The text is no seal.
    case unreadable(String)
    /// The file is no key, or not the one that is wanted.
    case badKey(path: String, what: String)
    /// A file that is not written over.
    case keyExists(path: String)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .emptyLog: "the log is empty and has no seal; ingest something first"
        case .unreadable(let text):
            "\"\(text.prefix(80))\" is no seal; give POSITION:SEAL, with 16 digits of the seal or "
                + "more, or a whole line that recount seal --sign printed"
        case .badKey(let path, let what): "\(path): \(what)"
        case .keyExists(let path):
            "\(path): is there already, and a key is never written over; choose another name"
        }
    }
}
