import CLMDB

/// An open LMDB environment: a folder with one memory-mapped file.
///
/// Rules: one environment a folder and process; a write transaction begins and ends on one thread;
/// a read transaction is short, because it stops the reuse of pages while it lives.
public final class Environment: @unchecked Sendable {
    // Guarded by LMDB itself: its handle may be used from every thread.
    let handle: OpaquePointer
    /// The folder.
    public let path: String

    /// How an environment is opened.
    public struct Options: Sendable {
        /// Refuse every write.
        public var isReadOnly = false
        /// Commit without a flush; the caller syncs before anyone relies on it.
        public var isDeferred = false
        /// Take no lock file, for folders that cannot be written; no writer may be at work.
        public var hasNoLock = false
        /// The address range, bytes; the file grows only as it is written.
        public var mapSize = 1 << 40
        /// Places in the reader table.
        public var maximumReaders: UInt32 = 1_024

        /// The defaults.
        public init() {}
    }

    /// Opens the environment in an existing folder.
    public init(path: String, options: Options = Options()) throws(LMDBError) {
        var handle: OpaquePointer?
        try check(mdb_env_create(&handle), "mdb_env_create", path)
        guard let handle else {
            throw LMDBError(code: MDB_PANIC, operation: "mdb_env_create", path: path)
        }
        do {
            try check(mdb_env_set_mapsize(handle, options.mapSize), "mdb_env_set_mapsize", path)
            try check(
                mdb_env_set_maxreaders(handle, options.maximumReaders), "mdb_env_set_maxreaders",
                path)
            try check(mdb_env_set_maxdbs(handle, 8), "mdb_env_set_maxdbs", path)
            var flags = UInt32(MDB_NOTLS)
            if options.isReadOnly { flags |= UInt32(MDB_RDONLY) }
            if options.isDeferred { flags |= UInt32(MDB_NOSYNC) }
            if options.hasNoLock { flags |= UInt32(MDB_NOLOCK) }
            try check(mdb_env_open(handle, path, flags, 0o644), "mdb_env_open", path)
        } catch {
            mdb_env_close(handle)
            throw error
        }
        self.handle = handle
        self.path = path
    }

    deinit {
        mdb_env_close(handle)
    }

    /// Begins a read transaction; it sees what was committed before.
    public func beginRead() throws(LMDBError) -> ReadTransaction {
        ReadTransaction(handle: try begin(UInt32(MDB_RDONLY)), path: path)
    }

    /// Begins the one write transaction, waiting for the writer before it.
    public func beginWrite() throws(LMDBError) -> WriteTransaction {
        WriteTransaction(handle: try begin(0), path: path)
    }

    /// Flushes everything committed to the disk.
    public func sync() throws(LMDBError) {
        try check(mdb_env_sync(handle, 1), "mdb_env_sync", path)
    }

    /// Clears the reader places of dead processes; returns how many.
    @discardableResult
    public func clearDeadReaders() throws(LMDBError) -> Int {
        var dead: Int32 = 0
        try check(mdb_reader_check(handle, &dead), "mdb_reader_check", path)
        return Int(dead)
    }

    private func begin(_ flags: UInt32) throws(LMDBError) -> OpaquePointer {
        var transaction: OpaquePointer?
        var code = mdb_txn_begin(handle, nil, flags, &transaction)
        if code == MDB_MAP_RESIZED {
            try check(mdb_env_set_mapsize(handle, 0), "mdb_env_set_mapsize", path)
            code = mdb_txn_begin(handle, nil, flags, &transaction)
        }
        if code == MDB_READERS_FULL {
            try clearDeadReaders()
            code = mdb_txn_begin(handle, nil, flags, &transaction)
        }
        try check(code, "mdb_txn_begin", path)
        guard let transaction else {
            throw LMDBError(code: MDB_PANIC, operation: "mdb_txn_begin", path: path)
        }
        return transaction
    }

    /// The library's version, `major.minor.patch`.
    public static var libraryVersion: (major: Int, minor: Int, patch: Int) {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        _ = mdb_version(&major, &minor, &patch)
        return (Int(major), Int(minor), Int(patch))
    }
}

/// A named tree of an environment, opened in a committed transaction.
public struct Database: Sendable {
    let handle: MDB_dbi

    /// How its keys are compared.
    public enum Keys: Sendable {
        /// Native 8-byte integers.
        case integers
        /// Bytes.
        case bytes
    }
}
