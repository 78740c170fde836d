import CPlatform
import Events
import Foundation
import LMDB
import Synchronization

/// An append-only log of events in one LMDB environment.
///
/// Positions are gapless from 1. Each record carries a CRC-32C over its position and message, each
/// commit a seal over its records and the seal before it. One object a folder and process.
public final class EventLog: Sendable {
    /// The folder.
    public let path: String
    /// What the log says of itself.
    public let identity: LogIdentity

    let environment: Environment
    let trees: Trees
    /// The word that tells other processes of a new head; nil where it cannot be shared.
    let wake: WakeWord?
    /// Writes the batches of this process's threads.
    let appender: Appender
    /// What a person should hear of: an overlay file system, a doubtful LMDB version. Given once a
    /// process and folder, empty afterwards.
    public let remarks: [String]

    /// Handles of trees are opened by one thread at a time.
    private static let opening = Mutex(())
    private static let remarked = Mutex<Set<String>>([])

    /// The trees of a log.
    struct Trees: Sendable {
        let events: Database
        let seals: Database
    }

    /// The newest format that this program knows.
    public static let format: UInt32 = 0
    static let magic = Array("recount event log".utf8)

    init(path: String, identity: LogIdentity, environment: Environment, trees: Trees) {
        self.path = path
        self.identity = identity
        self.environment = environment
        self.trees = trees
        let isWriter = identity.kind.isAppended && !environment.options.isReadOnly
        let wake = WakeWord(folder: path, create: isWriter)
        self.wake = wake
        appender = Appender(path: path, environment: environment, trees: trees, wake: wake)
        let isNew = EventLog.remarked.withLock { $0.insert(path).inserted }
        remarks = isNew ? EventLog.remarks(path) : []
    }

    /// How a log is opened.
    public enum Access: Sendable {
        /// For reading; works in a folder that cannot be written.
        case read
        /// For reading and appending.
        case write
    }

    /// Opens the log in a folder.
    public static func open(at path: String, access: Access = .read) throws(LogError) -> EventLog {
        guard let size = fileSize("\(path)/data.mdb") else { throw absent(path) }
        guard size > 0 else { throw .truncated(path: path, size: 0, needed: 8_192) }
        try refuseFileSystem(path)
        // Whoever made the log may have died before its name was on the disk.
        if access == .write { try flushNames(path) }
        var options = Environment.Options()
        options.isReadOnly = access == .read
        options.hasNoLock = access == .read && !isWritable(path)
        do {
            let environment = try Environment.open(path: path, options: options)
            let sizes = try environment.information()
            guard sizes.fileSize >= sizes.neededSize else {
                throw LogError.truncated(
                    path: path, size: sizes.fileSize, needed: sizes.neededSize)
            }
            return try opening.withLock { _ in try attach(environment, path) }
        } catch let error as LogError {
            throw error
        } catch let error as LMDBError {
            throw error.code == invalidFile ? .notALog(path: path) : .storage(error)
        } catch {
            throw .system(path: path, operation: "open", code: 0)
        }
    }

    private static func attach(_ environment: Environment, _ path: String) throws -> EventLog {
        let transaction = try environment.beginRead()
        let identity = try readIdentity(transaction, path)
        guard let events = try transaction.database("events"),
            let seals = try transaction.database("seals")
        else { throw LogError.notALog(path: path) }
        try transaction.commit()
        return EventLog(
            path: path, identity: identity, environment: environment,
            trees: Trees(events: events, seals: seals))
    }

    /// Makes an empty log in a folder, which is made too, and opens it for appending.
    ///
    /// It is built beside its place: a crash leaves no half-made log in the way of the next try.
    public static func create(at path: String, identity: LogIdentity) throws(LogError) -> EventLog {
        let made = Result { try LogBuilder.make(at: path, identity: identity) { _ in } }
        if case .failure(let error) = made {
            if let error = error as? LMDBError { throw .storage(error) }
            throw error as? LogError ?? .system(path: path, operation: "create", code: 0)
        }
        return try open(at: path, access: .write)
    }

    /// Flushes the names of a log's file and folder.
    private static func flushNames(_ path: String) throws(LogError) {
        try flushFolder(path)
        let parent = FilePath.parent(path)
        try flushFolder(parent.isEmpty ? "." : parent)
    }

    /// Whether the log on disk is no longer the one that was opened: replaced, or gone.
    public var isReplaced: Bool { environment.isReplaced }

    /// How far the log goes.
    public func head() throws(LogError) -> LogHead {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(trees.seals)
            guard try cursor.last() else { return .empty }
            guard let commit = Commit(first: cursor.integerKey, stored: cursor.bytes) else {
                throw LMDBError(code: 0, operation: "seal", path: path)
            }
            return commit.head
        } catch {
            throw error.operation == "seal" ? .notALog(path: path) : .storage(error)
        }
    }

    static func initialise(_ environment: Environment, _ identity: LogIdentity)
        throws(LMDBError) -> Trees
    {
        let transaction = try environment.beginWrite()
        let trees = Trees(
            events: try transaction.makeDatabase("events", keys: .integers),
            seals: try transaction.makeDatabase("seals", keys: .integers))
        let meta = try transaction.makeDatabase("meta", keys: .bytes)
        try transaction.put("magic", magic, in: meta)
        try transaction.put("format", [UInt8(format), 0, 0, 0], in: meta)
        let version = identity.schemaVersion
        try transaction.put("schema", [UInt8(version & 255), UInt8(version >> 8)], in: meta)
        try transaction.put("kind", [identity.kind.rawValue], in: meta)
        try transaction.put("id", identity.logID.bytes, in: meta)
        try transaction.commit()
        return trees
    }

    private static func readIdentity(_ transaction: borrowing ReadTransaction, _ path: String)
        throws -> LogIdentity
    {
        guard let meta = try transaction.database("meta") else {
            throw LogError.notALog(path: path)
        }
        func value(_ name: String, _ size: Int) throws -> [UInt8] {
            var cursor = try transaction.cursor(meta)
            guard try cursor.find(name) else { throw LogError.notALog(path: path) }
            let bytes = cursor.bytes.withUnsafeBytes { Array($0) }
            guard bytes.count == size else { throw LogError.notALog(path: path) }
            return bytes
        }
        guard try value("magic", magic.count) == magic else { throw LogError.notALog(path: path) }
        let found = try value("format", 4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard found <= format else {
            throw LogError.newerFormat(path: path, format: found, known: format)
        }
        let schema = try value("schema", 2)
        guard let kind = LogKind(rawValue: try value("kind", 1)[0]) else {
            throw LogError.notALog(path: path)
        }
        return LogIdentity(
            kind: kind, logID: Digest(bytes: try value("id", 32)),
            schemaVersion: UInt16(schema[0]) | UInt16(schema[1]) << 8)
    }

    private static let invalidFile: Int32 = -30_793
}
