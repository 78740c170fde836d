import Digests
import Foundation

/// A key that signs seals: Ed25519, in a file of PKCS#8 in PEM that its owner alone may read.
///
/// Its public half lies beside it as `FILE.pub`, which openssl reads too.
public struct SealKey: ~Copyable {
    private let key: SigningKey

    /// PKCS#8's and SubjectPublicKeyInfo's bytes before the 32 of an Ed25519 key (RFC 8410).
    private static let privateHeader: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]
    private static let publicHeader: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// Makes a key and writes its two files.
    ///
    /// - Returns: the public key, hexadecimal.
    /// - Throws: `SealError.keyExists` where one of the files is there, `LogError.system`.
    public static func make(at path: String) throws -> String {
        for file in [path, publicFile(path)] where EventLog.isThere(file) {
            throw SealError.keyExists(path: file)
        }
        let key = try SealKey(SigningKey())
        try write(pem("PRIVATE", privateHeader, try key.key.seed()), to: path, mode: 0o600)
        let bytes = try key.key.verificationKey().bytes
        try write(pem("PUBLIC", publicHeader, bytes), to: publicFile(path), mode: 0o666)
        try EventLog.flushFolder(FilePath.folder(of: path))
        return Hexadecimal.text(bytes)
    }

    /// Where the public half of a key lies.
    public static func publicFile(_ path: String) -> String { "\(path).pub" }

    /// Reads a key.
    ///
    /// - Throws: `SealError.badKey` for a file that others may read or that is no key.
    public init(at path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw EventLog.systemError(path, "open") }
        guard status.st_mode & 0o077 == 0 else {
            throw SealError.badKey(
                path: path,
                what: "others may read or write it; chmod 600 it, and where they did "
                    + "make a new key")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EventLog.systemError(path, "read")
        }
        let text = String(decoding: data, as: UTF8.self)
        guard let seed = SealKey.bytes(text, "PRIVATE", SealKey.privateHeader) else {
            throw SealError.badKey(
                path: path,
                what: "is no private key of Ed25519; make one with recount seal "
                    + "--make-key")
        }
        self.init(try SigningKey(seed: seed))
    }

    private init(_ key: consuming SigningKey) { self.key = key }

    /// A public key in hexadecimal: of a file that `make` wrote, or of the text itself.
    ///
    /// - Throws: `SealError.badKey`.
    public static func publicKey(_ text: String) throws -> String {
        if Hexadecimal.bytes(text)?.count == VerificationKey.size { return text }
        guard let data = FileManager.default.contents(atPath: text) else {
            throw EventLog.systemError(text, "open")
        }
        let content = String(decoding: data, as: UTF8.self)
        guard let bytes = bytes(content, "PUBLIC", publicHeader) else {
            throw SealError.badKey(
                path: text,
                what: "is no public key of Ed25519; give the file that --make-key "
                    + "wrote beside the key, or its 64 hexadecimal digits")
        }
        return Hexadecimal.text(bytes)
    }

    /// Its public half, hexadecimal.
    var publicKey: String {
        get throws { Hexadecimal.text(try key.verificationKey().bytes) }
    }

    /// The signature of a message, hexadecimal.
    func sign(_ message: [UInt8]) throws -> String { Hexadecimal.text(try key.sign(message)) }

    private static func pem(_ name: String, _ header: [UInt8], _ key: [UInt8]) -> String {
        """
        -----BEGIN \(name) KEY-----
        \(Data(header + key).base64EncodedString())
        -----END \(name) KEY-----

        """
    }

    /// The 32 bytes of a key in a PEM file; nil for any other content.
    private static func bytes(_ text: String, _ name: String, _ header: [UInt8]) -> [UInt8]? {
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        guard lines.count == 3, lines[0] == "-----BEGIN \(name) KEY-----",
            lines[2] == "-----END \(name) KEY-----",
            let data = Data(base64Encoded: lines[1]), data.count == header.count + 32,
            data.starts(with: header)
        else { return nil }
        return Array(data.suffix(32))
    }

    private static func write(_ text: String, to path: String, mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw EventLog.systemError(path, "open") }
        defer { close(descriptor) }
        try EventLog.write(Array(text.utf8), to: descriptor, path)
        guard fsync(descriptor) == 0 else { throw EventLog.systemError(path, "fsync") }
    }
}
