import CLMDB

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

    /// The library's words for the code.
    public var message: String { String(cString: mdb_strerror(code)) }

    /// What happened, where, and what to do.
    public var description: String {
        "\(path): \(operation): \(message) (code \(code))\(remedy.map { "; \($0)" } ?? "")"
    }

    /// What to do about it, where that is known.
    public var remedy: String? {
        switch code {
        case MDB_INVALID: "this is not an LMDB file, or a truncated one: restore it from a backup"
        case MDB_VERSION_MISMATCH: "the file was written by another major version of LMDB"
        case MDB_MAP_FULL: "the log has outgrown its address range of 1 TiB"
        case MDB_READERS_FULL: "too many readers: close some, or clear those of dead processes"
        case 28: "the disk is full: free space and repeat; what was acknowledged is safe"
        case 13, 30: "the folder cannot be written: check its owner and mount"
        case 2: "there is no such folder"
        default: nil
        }
    }
}

func check(_ code: Int32, _ operation: String, _ path: String) throws(LMDBError) {
    if code != MDB_SUCCESS { throw LMDBError(code: code, operation: operation, path: path) }
}
