import RawLoops

/// A raw loop's log: LMDB or SQLite, appended to commit by commit.
final class RawLog {
    private let handle: OpaquePointer

    /// Which library, and how.
    enum Kind {
        case lmdb
        case sqlite
    }

    /// Makes a new one in an empty folder.
    init(_ kind: Kind, in folder: String, checksum: Bool, durable: Bool) throws {
        let options = raw_append_options(checksum: checksum, durable: durable)
        var handle: OpaquePointer?
        let code =
            kind == .lmdb
            ? raw_lmdb_open(folder, options, &handle) : raw_sqlite_open(folder, options, &handle)
        try BenchmarkFailure.check(code, "opening a raw \(kind) log")
        guard let handle else { throw BenchmarkFailure("a raw \(kind) log was not opened") }
        self.handle = handle
    }

    deinit {
        raw_close(handle)
    }

    /// Appends messages in one transaction.
    func commit(_ messages: TradingMessages, _ range: Range<Int>) throws {
        let code = messages.withRaw {
            raw_commit(handle, $0, Int64(range.lowerBound), Int64(range.upperBound))
        }
        try BenchmarkFailure.check(code, "a raw commit")
    }

    /// Appends all messages, `batch` a transaction.
    func append(_ messages: TradingMessages, batch: Int) throws {
        for first in stride(from: 0, to: messages.count, by: batch) {
            try commit(messages, first..<min(first + batch, messages.count))
        }
    }
}
