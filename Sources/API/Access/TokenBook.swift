import Digests
public import EventLog
public import Events
import Foundation

/// What a bearer of a token may do; each may do what those before it may.
public enum Role: String, CaseIterable, Codable, Comparable, Sendable {
    /// Read.
    case reader
    /// Tell of trades, ask for trainings, halt.
    case `operator`
    /// Promote, resume, change the mode.
    case admin

    /// By what they may do.
    public static func < (left: Role, right: Role) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// The tokens of a data folder, in `tokens.json` with mode 0600: of each only its SHA-256.
public struct TokenBook: Sendable {
    /// A token, without the secret.
    public struct Entry: Codable, Hashable, Sendable {
        /// Its id.
        public var id: String
        /// Whose it is: `who` of what its bearer does.
        public var name: String
        /// What its bearer may do.
        public var role: Role
        /// The SHA-256 of the secret, in hexadecimal.
        public var sha256: String
        /// When it was made, ISO 8601 in UTC.
        public var created: String
        /// When it was revoked; nil while it holds.
        public var revoked: String?
    }

    /// Every token, in the order in which they were made.
    public private(set) var entries: [Entry]
    private let path: String

    /// What a secret begins with.
    public static let prefix = "rct_"
    /// Bytes of randomness in a secret.
    static let secretBytes = 32

    /// The name of the file in a data folder.
    public static let fileName = "tokens.json"

    /// Reads the tokens of a folder; none where there is no file.
    ///
    /// - Throws: `TokenError` for a file that others may read, or that is damaged.
    public init(_ folder: DataFolder) throws {
        path = "\(folder.path)/\(TokenBook.fileName)"
        var status = stat()
        guard stat(path, &status) == 0 else {
            entries = []
            return
        }
        guard status.st_mode & 0o077 == 0 else {
            throw TokenError(
                description:
                    "\(path) can be read by others; chmod 600 \(path), and make new tokens "
                    + "if somebody may have read it")
        }
        guard let data = FileManager.default.contents(atPath: path),
            let entries = try? JSONDecoder().decode([Entry].self, from: data)
        else {
            throw TokenError(
                description: "\(path) is damaged; move it away, and make new tokens with "
                    + "recountd token create")
        }
        self.entries = entries
    }

    /// When the file of a folder changed last, in nanoseconds; 0 where there is none.
    static func version(_ folder: DataFolder) -> Int64 {
        var status = stat()
        guard stat("\(folder.path)/\(fileName)", &status) == 0 else { return 0 }
        return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }

    /// Makes a token and keeps it: its secret is given once, and nowhere else.
    ///
    /// - Throws: `TokenError` for a name that an event cannot hold or a token has.
    public mutating func create(name: String, role: Role, at now: Instant) throws -> (
        entry: Entry, secret: String
    ) {
        guard !name.isEmpty, WireText.fits(name, length: 48),
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw TokenError(
                description: "--name \(name): takes 1 to 48 ASCII characters without blanks")
        }
        guard !entries.contains(where: { $0.name == name && $0.revoked == nil }) else {
            throw TokenError(
                description: "there is a token of \(name); revoke it first (recountd token revoke "
                    + "\(name)), or choose another name")
        }
        let secret = TokenBook.secret()
        let entry = Entry(
            id: String(TokenBook.hash(secret).prefix(12)), name: name, role: role,
            sha256: TokenBook.hash(secret), created: "\(now)", revoked: nil)
        entries.append(entry)
        try write()
        return (entry, secret)
    }

    /// Ends the token of a name or id.
    ///
    /// - Throws: `TokenError` where none holds.
    public mutating func revoke(_ name: String, at now: Instant) throws -> Entry {
        let index = entries.firstIndex { ($0.name == name || $0.id == name) && $0.revoked == nil }
        guard let index else {
            let known = entries.filter { $0.revoked == nil }.map(\.name)
            throw TokenError(
                description: "no token of \(name) holds"
                    + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))"))
        }
        entries[index].revoked = "\(now)"
        try write()
        return entries[index]
    }

    /// The token of a secret; nil for none that holds. Every token is compared, in a time that
    /// depends on none of them.
    func token(of secret: String) -> Entry? {
        let hash = Array(TokenBook.hash(secret).utf8)
        var found: Entry?
        for entry in entries {
            let other = Array(entry.sha256.utf8)
            var difference: UInt8 = other.count == hash.count ? 0 : 1
            for (left, right) in zip(hash, other) { difference |= left ^ right }
            if difference == 0, entry.revoked == nil { found = entry }
        }
        return found
    }

    static func secret() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<secretBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator)
        }
        return prefix
            + Data(bytes).base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
    }

    static func hash(_ secret: String) -> String {
        "\(SHA256.hash(Array(secret.utf8).span.bytes))"
    }

    private func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = try encoder.encode(entries) + Data("\n".utf8)
        let beside = path + ".new"
        unlink(beside)
        let file = open(beside, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else {
            throw LogError.system(path: beside, operation: "open", code: errno)
        }
        defer { close(file) }
        let written = Array(data).withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Foundation.write(
                    file, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
        guard written, fsync(file) == 0, rename(beside, path) == 0 else {
            throw LogError.system(path: path, operation: "write", code: errno)
        }
    }
}

/// Why a token is not made, or not taken: what and what to do.
public struct TokenError: Error, CustomStringConvertible, Sendable {
    /// All of it.
    public let description: String
}
