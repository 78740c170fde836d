import CPlatform
public import Events
import Foundation
import LMDB

/// Builds a timeline or a run beside its place: without flushes, synced once, then renamed.
public struct LogBuilder: ~Copyable {
    private let environment: Environment
    private var transaction: WriteTransaction?
    private var writer: RecordWriter
    private var pending = 0
    private var written = 0

    /// Bytes after which pages are written out, while they are still in the processor's cache; the
    /// commits of the log do not depend on it.
    private static let flushBytes = 512 << 10
    private static let shortBytes = 16 << 20

    private init(environment: Environment, trees: EventLog.Trees) throws(LMDBError) {
        self.environment = environment
        self.writer = RecordWriter(head: .empty, trees: trees)
        self.transaction = try environment.beginWrite()
    }

    /// Position of the last appended event.
    public var position: UInt64 { writer.nextPosition - 1 }

    /// Head as of the last commit.
    public var head: LogHead { writer.head }

    /// Puts a message behind the others.
    public mutating func append(_ message: RawSpan) throws {
        if pending > LogBuilder.flushBytes { try writeOut() }
        if transaction == nil { transaction = try environment.beginWrite() }
        try writer.append(message, to: transaction!)
        pending += message.byteCount
    }

    /// Ends a commit of the log; one without events is nothing.
    public mutating func commit(recordedAt: Instant) throws {
        guard position > head.position else { return }
        _ = try sealed(recordedAt: recordedAt)
    }

    /// Ends a commit that has events, and gives it.
    mutating func sealed(recordedAt: Instant) throws -> Commit {
        if transaction == nil { transaction = try environment.beginWrite() }
        return try writer.commit(recordedAt: recordedAt, to: transaction!)
    }

    private mutating func writeOut() throws {
        writer.release()
        try transaction.take()?.commit()
        written += pending
        pending = 0
        // So that the flush at the end of a short log finds little left. A long one would wait for
        // the disk here; the system begins to write it by itself.
        if written < LogBuilder.shortBytes, let descriptor = environment.descriptor {
            recount_begin_writing(descriptor)
        }
    }

    private mutating func finish() throws -> LogHead {
        precondition(
            writer.nextPosition == writer.head.position + 1, "every appended event is committed")
        try writeOut()
        try environment.sync()
        return writer.head
    }

    private mutating func abandon() {
        writer.release()
        transaction = nil
    }

    /// Builds a log at `path` through `body`; nothing is there unless all of it is.
    ///
    /// `place` may name another final path, once the head is known. A log that is already there is
    /// kept and `body`'s work dropped when `keepsExisting` says so, else it is an error. A run's
    /// manifest is written before its first event, and is there whenever the log is.
    public static func build<Result>(
        at path: String, identity: LogIdentity, manifest: RunManifest? = nil,
        keepsExisting: Bool = false, place: ((LogHead) -> String)? = nil,
        _ body: (inout LogBuilder) throws -> Result
    ) throws -> (result: Result, head: LogHead) {
        if identity.kind.isAppended { throw LogError.deferredDataLog(path: path) }
        return try make(
            at: path, identity: identity, manifest: manifest, keepsExisting: keepsExisting,
            place: place, body)
    }

    /// Builds a log of any kind: an import brings its own acknowledgement, at its end.
    static func make<Result>(
        at path: String, identity: LogIdentity, manifest: RunManifest? = nil,
        keepsExisting: Bool = false, place: ((LogHead) -> String)? = nil,
        _ body: (inout LogBuilder) throws -> Result,
        beside: (String) throws -> Void = { _ in }
    ) throws -> (result: Result, head: LogHead) {
        if !keepsExisting, EventLog.fileSize("\(path)/data.mdb") != nil {
            throw LogError.exists(path: path)
        }
        let parent = FilePath.parent(path)
        let folder = parent.isEmpty ? "." : parent
        let missing = missingFolders(folder)
        try EventLog.makeFolder(folder)
        removeStale(in: folder)
        var temporary = ""
        var isPlaced = false
        defer {
            if !isPlaced {
                if !temporary.isEmpty { try? FileManager.default.removeItem(atPath: temporary) }
                // What was made for nothing goes again, unless somebody else has put a file there.
                for made in missing { rmdir(made) }
            }
        }
        temporary = try makeTemporary(in: folder)
        try EventLog.refuseFileSystem(temporary)
        try manifest?.write(in: temporary)
        let (result, head) = try fill(temporary, identity, body)
        try beside(temporary)
        let final = place?(head) ?? path
        if keepsExisting, EventLog.fileSize("\(final)/data.mdb") != nil { return (result, head) }
        if manifest != nil { try RunManifest.flush(in: temporary) }
        try EventLog.flushFolder(temporary)
        guard rename(temporary, final) == 0 else {
            let code = errno
            throw code == EEXIST || code == ENOTEMPTY
                ? LogError.exists(path: final)
                : LogError.system(path: final, operation: "rename", code: code)
        }
        isPlaced = true
        try EventLog.flushFolder(folder)
        return (result, head)
    }

    /// The folders of a path that are not there, the innermost first.
    private static func missingFolders(_ path: String) -> [String] {
        var missing: [String] = []
        var folder = path
        while !folder.isEmpty, EventLog.fileSize(folder) == nil {
            missing.append(folder)
            let parent = FilePath.parent(folder)
            guard parent != folder else { break }
            folder = parent
        }
        return missing
    }

    /// Makes a folder to build in, which no other thread has. It is not flushed: a loss of power
    /// may take it, until it has its name.
    private static func makeTemporary(in folder: String) throws(LogError) -> String {
        while true {
            let path = "\(folder)/.building-\(getpid())-\(recount_monotonic_clock())"
            if mkdir(path, 0o777) == 0 { return path }
            // Two threads may look at the clock in the same nanosecond.
            guard errno == EEXIST else {
                throw .system(path: path, operation: "mkdir", code: errno)
            }
        }
    }

    /// Removes what builders left that died at work. Their processes are looked up by number, so
    /// containers that share a volume must share the PID namespace too.
    private static func removeStale(in folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let parts = name.split(separator: "-")
            guard parts.count == 3, parts[0] == ".building", let process = Int32(parts[1]),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    private static func fill<Result>(
        _ temporary: String, _ identity: LogIdentity, _ body: (inout LogBuilder) throws -> Result
    ) throws -> (Result, LogHead) {
        var options = Environment.Options()
        options.isDeferred = true
        let environment = try Environment.open(path: temporary, options: options)
        let trees = try EventLog.initialise(environment, identity)
        var builder = try LogBuilder(environment: environment, trees: trees)
        do {
            let result = try body(&builder)
            return (result, try builder.finish())
        } catch {
            builder.abandon()
            throw error
        }
    }
}
