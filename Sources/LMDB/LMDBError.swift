import CLMDB
import Glibc

/// A refusal of the LMDB library, with its code.
public struct LMDBError: Error, Sendable, CustomStringConvertible {
    /// The library's code: a negative LMDB code or an errno.
    public let code: Int32
    /// The call that failed.
    public let operation: String
    /// The folder of the environment.
    public let path: String

    /// An error of a call.
    public init(code: Int32, operation: String, path: String) {
        self.code = code
        self.operation = operation
        self.path = path
    }

    /// The code for a full table of readers.
    public static let readersFull: Int32 = MDB_READERS_FULL

    /// The library's words for the code.
    public var message: String { String(cString: mdb_strerror(code)) }

    /// What happened, where, and what to do.
    public var description: String {
        "\(path): \(operation): \(message) (code \(code))\(remedy.map { "; \($0)" } ?? "")"
    }

    /// Whether nothing may be retried in this process: the disk failed under a commit.
    public var isFatal: Bool { code == EIO || code == MDB_PANIC }

    /// Whether the file system is full.
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    /// What to do about it, where that is known.
    public var remedy: String? {
        switch code {
        case MDB_INVALID: "this is not an LMDB file, or a truncated one: restore it from a backup"
        case MDB_VERSION_MISMATCH: "the file was written by another major version of LMDB"
        case MDB_MAP_FULL: "the log has outgrown its address range of 1 TiB"
        case MDB_READERS_FULL: "too many readers: close some, or clear those of dead processes"
        case MDB_MAP_RESIZED: "end this process's transactions there and try again"
        case MDB_PANIC, EIO:
            "stop this process, and check the disk before anything writes there again"
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND: "the file is damaged: restore it from a backup"
        case EBUSY: "this process has it open for reading only: close that first"
        case ENOMEM: "raise the limit on address space (ulimit -v): the map reserves 1 TiB of it"
        case ENOSPC, EDQUOT:
            "the disk is full: free space and repeat; what was acknowledged is safe"
        case EACCES, EROFS, EPERM: "the folder cannot be written: check its owner and mount"
        case ENOENT: "there is no such folder"
        default: nil
        }
    }
}

func check(_ code: Int32, _ operation: String, _ path: String) throws(LMDBError) {
    if code != MDB_SUCCESS { throw LMDBError(code: code, operation: operation, path: path) }
}
