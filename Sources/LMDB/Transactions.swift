import CLMDB

/// A snapshot for reading. It lends what it finds; nothing lent outlives it.
public struct ReadTransaction: ~Copyable {
    let handle: OpaquePointer
    let environment: Environment
    private var isOver = false

    init(handle: OpaquePointer, environment: Environment) {
        self.handle = handle
        self.environment = environment
    }

    deinit {
        if !isOver { mdb_txn_abort(handle) }
        environment.gate.leave()
    }

    private var path: String { environment.path }

    /// Ends it so that the handles opened in it stay: those of an aborted one are gone.
    public consuming func commit() throws(LMDBError) {
        isOver = true
        try check(mdb_txn_commit(handle), "mdb_txn_commit", path)
    }

    /// Opens an existing tree, nil when there is none of that name.
    public func database(_ name: String) throws(LMDBError) -> Database? {
        var database: MDB_dbi = 0
        let code = mdb_dbi_open(handle, name, 0, &database)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "mdb_dbi_open(\(name))", path)
        return Database(handle: database)
    }

    /// A cursor over a tree.
    public func cursor(_ database: Database) throws(LMDBError) -> Cursor {
        Cursor(handle: try openCursor(handle, database, path), path: path)
    }
}

/// The one write transaction. Dropped without a commit, it is undone.
public struct WriteTransaction: ~Copyable {
    let handle: OpaquePointer
    let environment: Environment
    private var isOver = false

    init(handle: OpaquePointer, environment: Environment) {
        self.handle = handle
        self.environment = environment
    }

    deinit {
        if !isOver { mdb_txn_abort(handle) }
        environment.gate.leave()
    }

    private var path: String { environment.path }

    /// Opens a tree, making it when there is none.
    public func makeDatabase(_ name: String, keys: Database.Keys) throws(LMDBError) -> Database {
        var database: MDB_dbi = 0
        let flags = UInt32(MDB_CREATE) | (keys == .integers ? UInt32(MDB_INTEGERKEY) : 0)
        try check(
            mdb_dbi_open(handle, name, flags, &database), "mdb_dbi_open(\(name))", path)
        return Database(handle: database)
    }

    /// A cursor over a tree.
    public func cursor(_ database: Database) throws(LMDBError) -> Cursor {
        Cursor(handle: try openCursor(handle, database, path), path: path)
    }

    /// Commits, durably unless the environment is deferred.
    ///
    /// After an error whose `isFatal` is true nothing may be retried in this process.
    public consuming func commit() throws(LMDBError) {
        isOver = true
        try check(environment.commit(handle), "mdb_txn_commit", path)
        environment.extendFile()
    }

    /// Stores bytes under an integer key behind all others.
    public func append(_ key: UInt64, _ bytes: [UInt8], to database: Database) throws(LMDBError) {
        try reserve(key, size: bytes.count, in: database) { room in
            bytes.withUnsafeBytes { room.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        }
    }

    /// Makes room for `size` bytes under an integer key behind all others, and lends it to be
    /// filled at once.
    public func reserve(
        _ key: UInt64, size: Int, in database: Database,
        _ fill: (UnsafeMutableRawPointer) -> Void
    ) throws(LMDBError) {
        var key = key
        let code = withUnsafeMutableBytes(of: &key) { key -> Int32 in
            var keyValue = MDB_val(mv_size: key.count, mv_data: key.baseAddress)
            var value = MDB_val(mv_size: size, mv_data: nil)
            let code = mdb_put(
                handle, database.handle, &keyValue, &value, UInt32(MDB_APPEND | MDB_RESERVE))
            if code == MDB_SUCCESS, let room = value.mv_data { fill(room) }
            return code
        }
        try check(code, "mdb_put", path)
    }

    /// Stores bytes under a name.
    public func put(_ name: String, _ bytes: [UInt8], in database: Database) throws(LMDBError) {
        let code = Array(name.utf8).withUnsafeBytes { key in
            bytes.withUnsafeBytes { data -> Int32 in
                var keyValue = MDB_val(
                    mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
                var value = MDB_val(
                    mv_size: data.count,
                    mv_data: UnsafeMutableRawPointer(mutating: data.baseAddress))
                return mdb_put(handle, database.handle, &keyValue, &value, 0)
            }
        }
        try check(code, "mdb_put(\(name))", path)
    }
}

private func openCursor(_ transaction: OpaquePointer, _ database: Database, _ path: String)
    throws(LMDBError) -> OpaquePointer
{
    var cursor: OpaquePointer?
    try check(mdb_cursor_open(transaction, database.handle, &cursor), "mdb_cursor_open", path)
    guard let cursor else {
        throw LMDBError(code: MDB_PANIC, operation: "mdb_cursor_open", path: path)
    }
    return cursor
}
