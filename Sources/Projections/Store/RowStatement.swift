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

    /// Runs the statement with a row's values, then a key's.
    func run(_ row: [UInt8], key: RowKey? = nil) throws {
        try row.withUnsafeBytes { bytes in
            sqlite3_reset(handle)
            defer {
                sqlite3_reset(handle)
                sqlite3_clear_bindings(handle)
            }
            var index = bind(bytes)
            if let key { bind(key, &index) }
            let code = sqlite3_step(handle)
            guard code == SQLITE_DONE else { throw failure(code) }
        }
    }

    /// The canonical row that the statement selects by a key, nil when there is none.
    func row(_ key: RowKey) throws -> [UInt8]? {
        sqlite3_reset(handle)
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        var index: Int32 = 1
        bind(key, &index)
        switch sqlite3_step(handle) {
        case SQLITE_DONE: return nil
        case SQLITE_ROW:
            var row: [UInt8] = []
            append(to: &row)
            return row
        case let code: throw failure(code)
        }
    }

    /// Lends the canonical bytes of each row that the statement selects.
    func forEachRow(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        sqlite3_reset(handle)
        defer { sqlite3_reset(handle) }
        var row: [UInt8] = []
        while true {
            let code = sqlite3_step(handle)
            guard code == SQLITE_ROW else {
                if code == SQLITE_DONE { return }
                throw failure(code)
            }
            row.removeAll(keepingCapacity: true)
            append(to: &row)
            try row.withUnsafeBytes { try body($0) }
        }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
        return DatabaseError(
            resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
    }

    /// Binds every value of a row from 1 on; returns the index after the last.
    private func bind(_ row: UnsafeRawBufferPointer) -> Int32 {
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
        return index
    }

    private func bind(_ key: RowKey, _ index: inout Int32) {
        switch key {
        case .integer(let value):
            sqlite3_bind_int64(handle, index, value)
        case .pair(let first, let second):
            sqlite3_bind_int64(handle, index, first)
            index += 1
            sqlite3_bind_int64(handle, index, second)
        case .text(let text):
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), transient)
        }
        index += 1
    }

    /// Appends the current row's canonical bytes.
    private func append(to row: inout [UInt8]) {
        for column in 0..<sqlite3_column_count(handle) {
            switch sqlite3_column_type(handle, column) {
            case SQLITE_INTEGER:
                row.append(RowTag.integer)
                withUnsafeBytes(of: sqlite3_column_int64(handle, column).littleEndian) {
                    row.append(contentsOf: $0)
                }
            case SQLITE_FLOAT:
                row.append(RowTag.real)
                let bits = sqlite3_column_double(handle, column).bitPattern
                withUnsafeBytes(of: bits.littleEndian) { row.append(contentsOf: $0) }
            case SQLITE_TEXT:
                let text = sqlite3_column_text(handle, column)
                let length = Int(sqlite3_column_bytes(handle, column))
                row.append(RowTag.text)
                withUnsafeBytes(of: UInt32(length).littleEndian) { row.append(contentsOf: $0) }
                row.append(contentsOf: UnsafeBufferPointer(start: text, count: length))
            default: row.append(RowTag.null)
            }
        }
    }
}
