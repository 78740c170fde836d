import CLMDB
import Glibc

extension Environment {
    /// Sizes of an environment.
    public struct Information: Hashable, Sendable {
        /// Bytes of address space reserved.
        public let mapSize: Int
        /// Bytes that a page takes.
        public let pageSize: Int
        /// The highest page in use.
        public let lastPage: Int
        /// The last committed transaction.
        public let lastTransaction: UInt64
        /// Bytes that the data file has.
        public let fileSize: Int

        /// Bytes that the data file must have to hold every page in use.
        public var neededSize: Int { (lastPage + 1) * pageSize }
    }

    /// Measures the environment.
    public func information() throws(LMDBError) -> Information {
        var information = MDB_envinfo()
        try check(mdb_env_info(handle, &information), "mdb_env_info", path)
        var statistics = MDB_stat()
        try check(mdb_env_stat(handle, &statistics), "mdb_env_stat", path)
        return Information(
            mapSize: Int(information.me_mapsize), pageSize: Int(statistics.ms_psize),
            lastPage: Int(information.me_last_pgno),
            lastTransaction: UInt64(information.me_last_txnid),
            fileSize: try status().size)
    }

    /// Makes the file long enough for every page in use: LMDB may leave the last one unwritten,
    /// and a reader would take that for a truncated file.
    func extendFile() {
        guard let information = try? information(), information.fileSize < information.neededSize,
            let descriptor = try? status().descriptor
        else { return }
        _ = ftruncate(descriptor, information.neededSize)
    }

    /// The data file's descriptor, for advice to the system; nil where there is none.
    package var descriptor: Int32? { try? status().descriptor }

    private func status() throws(LMDBError) -> (descriptor: Int32, size: Int) {
        var descriptor: Int32 = -1
        try check(mdb_env_get_fd(handle, &descriptor), "mdb_env_get_fd", path)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw LMDBError(code: errno, operation: "fstat", path: path)
        }
        return (descriptor, Int(status.st_size))
    }
}

extension Environment {
    /// A reader's slot in the lock file.
    public struct Reader: Hashable, Sendable {
        /// The process.
        public let process: Int32
        /// The thread that began the transaction, as the system names it.
        public let thread: UInt64
        /// The transaction it holds, nil when it holds none now.
        public let transaction: UInt64?
    }

    /// All readers of all processes.
    public func readers() throws(LMDBError) -> [Reader] {
        final class Text { var lines = "" }
        let text = Text()
        let code = mdb_reader_list(
            handle,
            { line, context in
                guard let line = line, let context = context else { return 0 }
                Unmanaged<Text>.fromOpaque(context).takeUnretainedValue().lines +=
                    String(cString: line)
                return 0
            }, Unmanaged.passUnretained(text).toOpaque())
        if code < 0 { throw LMDBError(code: code, operation: "mdb_reader_list", path: path) }
        return text.lines.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count == 3, let process = Int32(fields[0]),
                let thread = UInt64(fields[1], radix: 16)
            else { return nil }
            return Reader(process: process, thread: thread, transaction: UInt64(fields[2]))
        }
    }

    /// Frees the slots of processes that are gone; returns how many there were.
    @discardableResult
    public func clearDeadReaders() throws(LMDBError) -> Int {
        var dead: Int32 = 0
        try check(mdb_reader_check(handle, &dead), "mdb_reader_check", path)
        return Int(dead)
    }
}
