import Brokerage
import Foundation
import Glibc

/// A file of credentials: three lines, `mode: paper`, `key_id: …`, `secret_key: …`, in any order;
/// of mode 0600, its reader's own, and no link.
public enum CredentialsFile {
    /// Bytes that such a file has at most.
    static let limit = 4_096

    /// The text of a file that nobody else may read. It is checked as it is open, so that it cannot
    /// be another one by then.
    public static func read(_ path: String) throws(CredentialsRefusal) -> String {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw .file(path, String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .file(path, "is not a regular file")
        }
        guard status.st_uid == geteuid() else { throw .file(path, "belongs to another user") }
        guard status.st_mode & 0o7777 == 0o600 else {
            throw .file(path, "has not the mode 0600: chmod 600 it")
        }
        guard status.st_size <= limit else { throw .file(path, "is too long") }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: false)
        guard let data = try? handle.readToEnd() ?? Data(), data.count <= limit else {
            throw .file(path, "cannot be read")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// The credentials in a text.
    static func parse(
        _ text: String, path: String, mode: AlpacaMode
    ) throws(CredentialsRefusal) -> AlpacaCredentials {
        var (modes, keys, secrets): ([String], [String], [String]) = ([], [], [])
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            switch (parts.first, parts.count) {
            case ("mode", 2): modes.append(parts[1])
            case ("key_id", 2): keys.append(parts[1])
            case ("secret_key", 2): secrets.append(parts[1])
            default: throw .file(path, "has a line that is not mode, key_id or secret_key")
            }
        }
        guard modes.count == 1, keys.count == 1, secrets.count == 1 else {
            throw .file(path, "must have one line each of mode, key_id and secret_key")
        }
        guard modes[0] == mode.rawValue else { throw .otherMode(mode) }
        return AlpacaCredentials(keyID: keys[0], secretKey: secrets[0])
    }
}
