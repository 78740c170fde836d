import Foundation

/// A lock on a file, which the system lets go of when its process ends, however it ends.
///
/// The file stays when the lock is gone: whoever holds it may have written into it who they are.
public final class FileLock: Sendable {
    /// How a lock is held.
    public enum Mode: Sendable {
        /// By several at once.
        case shared
        /// By one alone.
        case exclusive
    }

    /// Where the file lies.
    public let path: String
    private let descriptor: Int32

    /// Takes the lock, or says that another has it.
    ///
    /// - Throws: `FileLockError.held`; `LogError.system` where the file cannot be made.
    public init(_ path: String, _ mode: Mode) throws {
        self.path = path
        descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw LogError.system(path: path, operation: "open", code: errno)
        }
        // What throws from here on is closed where it ends, and nowhere else: closed twice, the
        // second time is another's file.
        guard flock(descriptor, (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            throw FileLockError.held(path: path, by: FileLock.text(path))
        }
    }

    deinit {
        // Not by closing alone: a child that was forked a moment ago may still hold a copy.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Writes who holds it.
    public func write(_ text: String) throws {
        guard ftruncate(descriptor, 0) == 0 else {
            throw LogError.system(path: path, operation: "truncate", code: errno)
        }
        let bytes = Array(text.utf8)
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw LogError.system(path: path, operation: "write", code: errno)
        }
    }

    /// What the holder wrote; empty where there is no file.
    public static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    }

    /// Whether anybody holds the lock of a file.
    public static func isHeld(_ path: String) -> Bool {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }
}

/// Why a lock cannot be taken.
public enum FileLockError: Error, Hashable, Sendable {
    /// Another holds it, who wrote this.
    case held(path: String, by: String)
}
