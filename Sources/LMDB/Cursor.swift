import CLMDB

/// Walks a tree in order of keys; what it lends lives until it moves.
///
/// It must end before its transaction does: keep both in one scope. In a write transaction this is
/// a matter of memory: LMDB frees the cursors that are left.
public struct Cursor: ~Copyable {
    let handle: OpaquePointer
    let path: String
    private var key = MDB_val(mv_size: 0, mv_data: nil)
    private var value = MDB_val(mv_size: 0, mv_data: nil)

    init(handle: OpaquePointer, path: String) {
        self.handle = handle
        self.path = path
    }

    deinit {
        mdb_cursor_close(handle)
    }

    /// Moves to the first key at or above an integer; false when there is none.
    public mutating func seek(_ integer: UInt64) throws(LMDBError) -> Bool {
        var integer = integer
        let code = withUnsafeMutableBytes(of: &integer) { bytes -> Int32 in
            key = MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
            return mdb_cursor_get(handle, &key, &value, MDB_SET_RANGE)
        }
        return try found(code)
    }

    /// Moves to a name; false when it is not there.
    public mutating func find(_ name: String) throws(LMDBError) -> Bool {
        let code = Array(name.utf8).withUnsafeBytes { bytes -> Int32 in
            key = MDB_val(
                mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return mdb_cursor_get(handle, &key, &value, MDB_SET)
        }
        return try found(code)
    }

    /// Moves to the next key; false at the end.
    public mutating func next() throws(LMDBError) -> Bool {
        try found(mdb_cursor_get(handle, &key, &value, MDB_NEXT))
    }

    /// Moves to the key before; false at the start.
    public mutating func previous() throws(LMDBError) -> Bool {
        try found(mdb_cursor_get(handle, &key, &value, MDB_PREV))
    }

    /// Moves to the last key; false in an empty tree.
    public mutating func last() throws(LMDBError) -> Bool {
        try found(mdb_cursor_get(handle, &key, &value, MDB_LAST))
    }

    /// Makes room for `size` bytes behind all others and lends it to be filled at once; only in a
    /// write transaction.
    @inline(__always)
    public mutating func reserve(
        _ integer: UInt64, size: Int, _ fill: (UnsafeMutableRawPointer) -> Void
    ) throws(LMDBError) {
        var integer = integer
        let code = withUnsafeMutableBytes(of: &integer) { bytes -> Int32 in
            var name = MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
            var room = MDB_val(mv_size: size, mv_data: nil)
            let code = mdb_cursor_put(handle, &name, &room, UInt32(MDB_APPEND | MDB_RESERVE))
            if code == MDB_SUCCESS, let place = room.mv_data { fill(place) }
            return code
        }
        try check(code, "mdb_cursor_put", path)
    }

    /// The key here as an integer; 0 when it is no 8-byte key.
    public var integerKey: UInt64 {
        guard key.mv_size == 8, let bytes = key.mv_data else { return 0 }
        return bytes.loadUnaligned(as: UInt64.self)
    }

    /// The value here.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = RawSpan(
                _unsafeBytes: UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// The key and value here, for a holder that sees to their lifetime itself.
    package mutating func unsafeEntry() -> (key: UInt64, value: UnsafeRawBufferPointer) {
        (integerKey, UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
    }

    private mutating func found(_ code: Int32) throws(LMDBError) -> Bool {
        if code == MDB_NOTFOUND { return false }
        try check(code, "mdb_cursor_get", path)
        return true
    }
}
