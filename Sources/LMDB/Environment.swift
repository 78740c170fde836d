import CLMDB
import Glibc
package import Synchronization

/// An open LMDB environment: a folder with one memory-mapped file.
///
/// Rules: one environment a folder and process (`open` shares the one there is); a write
/// transaction begins and ends on one thread; a read transaction is short, because it stops the
/// reuse of pages while it lives; a transaction keeps its environment open. When another process
/// has outgrown the map, this process's transactions are waited for and the map is taken anew.
public final class Environment: @unchecked Sendable {
    // Guarded by LMDB itself: its handle may be used from every thread.
    let handle: OpaquePointer
    /// The folder.
    public let path: String
    /// How it was opened.
    public let options: Options
    let gate = TransactionGate()
    /// The code of the commit that failed for good, 0 while there was none.
    let fatalCode = Atomic<Int32>(0)
    /// A code that the next commit fails with instead of being made, 0 for none: for tests.
    package let plantedFault = Atomic<Int32>(0)
    private let identity: FileIdentity
    private let file: FileIdentity?

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
        /// Seconds to wait for this process's transactions before the map is taken anew.
        public var drainSeconds = 10

        /// The defaults.
        public init() {}
    }

    private struct Entry {
        weak var environment: Environment?
    }

    private static let registry = Mutex<[FileIdentity: Entry]>([:])

    /// Opens the environment in an existing folder, or shares the one that this process has open.
    ///
    /// One that is open for reading only is not shared with a writer: `EBUSY`.
    public static func open(
        path: String, options: Options = Options()
    ) throws(LMDBError) -> Environment {
        guard let identity = FileIdentity(path: path) else {
            throw LMDBError(code: errno, operation: "stat", path: path)
        }
        while true {
            let outcome = registry.withLock { entries -> Result<Environment?, LMDBError> in
                if let entry = entries[identity] {
                    guard let shared = entry.environment else { return .success(nil) }
                    guard options.isReadOnly || !shared.options.isReadOnly else {
                        return .failure(LMDBError(code: EBUSY, operation: "open", path: path))
                    }
                    return .success(shared)
                }
                do throws(LMDBError) {
                    let opened = try Environment(path, identity, options)
                    entries[identity] = Entry(environment: opened)
                    return .success(opened)
                } catch {
                    return .failure(error)
                }
            }
            if let environment = try outcome.get() { return environment }
            usleep(100)
        }
    }

    private init(
        _ path: String, _ identity: FileIdentity, _ options: Options
    ) throws(LMDBError) {
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
            try check(mdb_env_open(handle, path, flags, 0o666), "mdb_env_open", path)
        } catch {
            mdb_env_close(handle)
            throw error
        }
        self.handle = handle
        self.path = path
        self.options = options
        self.identity = identity
        file = FileIdentity(path: "\(path)/data.mdb")
    }

    deinit {
        Environment.registry.withLock { entries in
            mdb_env_close(handle)
            entries[identity] = nil
        }
    }

    /// Whether its path no longer leads to the file that was opened: replaced, or gone.
    public var isReplaced: Bool { FileIdentity(path: "\(path)/data.mdb") != file }

    /// Begins a read transaction; it sees what was committed before.
    public func beginRead() throws(LMDBError) -> ReadTransaction {
        ReadTransaction(handle: try begin(UInt32(MDB_RDONLY)), environment: self)
    }

    /// Begins the one write transaction, waiting for the writer before it.
    public func beginWrite() throws(LMDBError) -> WriteTransaction {
        WriteTransaction(handle: try begin(0), environment: self)
    }

    /// Flushes everything committed to the disk.
    public func sync() throws(LMDBError) {
        try check(mdb_env_sync(handle, 1), "mdb_env_sync", path)
    }

    private func begin(_ flags: UInt32) throws(LMDBError) -> OpaquePointer {
        var mayClear = true
        while true {
            guard fatalCode.load(ordering: .acquiring) == 0 else {
                throw LMDBError(code: MDB_PANIC, operation: "mdb_txn_begin", path: path)
            }
            var transaction: OpaquePointer?
            gate.enter()
            let code = mdb_txn_begin(handle, nil, flags, &transaction)
            if code == MDB_SUCCESS, let transaction { return transaction }
            gate.leave()
            if code == MDB_MAP_RESIZED {
                try remap()
            } else if code == MDB_READERS_FULL, mayClear {
                mayClear = false
                try clearDeadReaders()
            } else {
                throw LMDBError(code: code, operation: "mdb_txn_begin", path: path)
            }
        }
    }

    /// Takes the size of the map from the file, once no transaction of this process is left.
    private func remap() throws(LMDBError) {
        let code = gate.drained(seconds: options.drainSeconds) { mdb_env_set_mapsize(handle, 0) }
        guard let code else {
            throw LMDBError(code: MDB_MAP_RESIZED, operation: "mdb_txn_begin", path: path)
        }
        try check(code, "mdb_env_set_mapsize", path)
    }

    /// Ends a write transaction for good: its code, with a full disk told from a broken one.
    func commit(_ transaction: OpaquePointer) -> Int32 {
        let planted = plantedFault.exchange(0, ordering: .relaxed)
        if planted != 0 { mdb_txn_abort(transaction) }
        let code = planted != 0 ? planted : mdb_txn_commit(transaction)
        // LMDB says EIO for a write that came out short, which is how a disk fills up.
        if code == EIO, planted == 0, isDiskFull { return ENOSPC }
        if code == EIO || code == MDB_PANIC { fatalCode.store(code, ordering: .releasing) }
        return code
    }

    private var isDiskFull: Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0
            && UInt64(status.f_bavail) * UInt64(status.f_frsize) < 1 << 20
    }

    /// The library's version, `major.minor.patch`.
    public static var libraryVersion: (major: Int, minor: Int, patch: Int) {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        _ = mdb_version(&major, &minor, &patch)
        return (Int(major), Int(minor), Int(patch))
    }

    /// Why a version of the library is not to be trusted, nil when it is.
    ///
    /// 0.9.26 to 0.9.31 race when several processes open and close one environment (ITS#10095).
    public static func warning(
        about version: (major: Int, minor: Int, patch: Int) = libraryVersion
    ) -> String? {
        guard version.major == 0, version.minor == 9, 26...31 ~= version.patch else { return nil }
        return "LMDB 0.9.\(version.patch) can lose a reader's place when several processes open "
            + "and close one log (ITS#10095); use 0.9.24, or 0.9.32 and later"
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

/// What a path leads to, whatever its spelling.
private struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
