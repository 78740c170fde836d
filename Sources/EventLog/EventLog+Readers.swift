import LMDB

/// A reader of a log, of any process.
public struct LogReader: Hashable, Sendable, CustomStringConvertible {
    /// The process.
    public let process: Int32
    /// The thread that began to read, as the system names it.
    public let thread: UInt64
    /// The transaction whose snapshot it holds, nil when it holds none.
    public let snapshot: UInt64?
    /// Transactions committed since its snapshot, nil when it holds none.
    public let lag: UInt64?

    /// One line about it.
    public var description: String {
        let state = lag.map { "holds a snapshot \($0) commits old" } ?? "idle"
        return "process \(process), thread \(String(thread, radix: 16)): \(state)"
    }
}

extension EventLog {
    /// The readers of all processes, the one that holds the file's pages longest first.
    public func readers() throws -> [LogReader] {
        let newest = try environment.information().lastTransaction
        return try environment.readers().map { reader in
            LogReader(
                process: reader.process, thread: reader.thread, snapshot: reader.transaction,
                lag: reader.transaction.map { newest >= $0 ? newest - $0 : 0 })
        }.sorted { ($0.lag ?? 0, $1.process) > ($1.lag ?? 0, $0.process) }
    }

    /// Frees the places of readers whose processes are gone; returns how many.
    @discardableResult
    public func clearDeadReaders() throws -> Int { try environment.clearDeadReaders() }
}

extension EventLog {
    /// Bytes that the log's data file has on disk.
    public var size: Int { (try? environment.information().fileSize) ?? 0 }
}
