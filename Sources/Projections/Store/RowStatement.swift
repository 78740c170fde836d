import GRDB
import GRDBSQLite

/// Binds canonical rows to a prepared statement and reads them back, without a value in between.
///
/// Unsafe: SQLite is given pointers into the row, which it must not keep; each statement is reset
/// and its bindings cleared before the row's bytes go away.
struct RowStatement {
    private let statement: Statement
    private var handle: OpaquePointer { statement.sqliteStatement }

    /// Prepares a statement, or takes the one prepared before.
    init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
    }

    /// Runs the statement with a row's values.
    func run(_ row: UnsafeRawBufferPointer) throws {
        sqlite3_reset(handle)
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        bind(row)
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE else { throw failure(code) }
    }

    /// Takes the canonical row that the statement selects by a key; false when there is none.
    func row(_ key: RowKey, into row: inout RowEncoder) throws -> Bool {
        sqlite3_reset(handle)
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        bind(key)
        switch sqlite3_step(handle) {
        case SQLITE_DONE: return false
        case SQLITE_ROW:
            row.removeAll()
            append(to: &row)
            return true
        case let code: throw failure(code)
        }
    }

    /// Lends the canonical bytes of each row that the statement selects, by a key if it takes one.
    func forEachRow(
        _ key: RowKey? = nil, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        sqlite3_reset(handle)
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        if let key { bind(key) }
        var row = RowEncoder()
        while true {
            let code = sqlite3_step(handle)
            guard code == SQLITE_ROW else {
                if code == SQLITE_DONE { return }
                throw failure(code)
            }
            row.removeAll()
            append(to: &row)
            try row.bytes.withUnsafeBytes { try body($0) }
        }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
        return DatabaseError(
            resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
    }

    /// Binds every value of a row from 1 on.
    private func bind(_ row: UnsafeRawBufferPointer) {
        var (offset, index) = (0, Int32(1))
        while offset < row.count {
            switch row[offset] {
            case RowTag.null:
                sqlite3_bind_null(handle, index)
                offset += 1
            case RowTag.integer:
                let value = row.loadUnaligned(fromByteOffset: offset + 1, as: Int64.self)
                sqlite3_bind_int64(handle, index, Int64(littleEndian: value))
                offset += 9
            case RowTag.real:
                let bits = row.loadUnaligned(fromByteOffset: offset + 1, as: UInt64.self)
                sqlite3_bind_double(handle, index, Double(bitPattern: UInt64(littleEndian: bits)))
                offset += 9
            default:
                let size = row.loadUnaligned(fromByteOffset: offset + 1, as: UInt32.self)
                let length = Int(UInt32(littleEndian: size))
                let text = row.baseAddress.map { $0 + offset + 5 }
                sqlite3_bind_text(
                    handle, index, text?.assumingMemoryBound(to: CChar.self), Int32(length), nil)
                offset += 5 + length
            }
            index += 1
        }
    }

    private func bind(_ key: RowKey) {
        switch key {
        case .integer(let value):
            sqlite3_bind_int64(handle, 1, value)
        case .pair(let first, let second):
            sqlite3_bind_int64(handle, 1, first)
            sqlite3_bind_int64(handle, 2, second)
        case .text(let text):
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            sqlite3_bind_text(handle, 1, text, Int32(text.utf8.count), transient)
        }
    }

    /// Appends the current row's canonical bytes.
    private func append(to row: inout RowEncoder) {
        for column in 0..<sqlite3_column_count(handle) {
            switch sqlite3_column_type(handle, column) {
            case SQLITE_INTEGER: row.integer(sqlite3_column_int64(handle, column))
            case SQLITE_FLOAT: row.real(sqlite3_column_double(handle, column))
            case SQLITE_TEXT:
                row.text(
                    UnsafeBufferPointer(
                        start: sqlite3_column_text(handle, column),
                        count: Int(sqlite3_column_bytes(handle, column))))
            default: row.null()
            }
        }
    }
}
