import Glibc
public import LMDB

/// Why a log refuses, in words for the person who reads it.
public enum LogError: Error, Sendable, CustomStringConvertible {
    /// There is no log in the folder.
    case missing(path: String)
    /// There is one already.
    case exists(path: String)
    /// The file is not a log of Recount.
    case notALog(path: String)
    /// The log was written in a newer format.
    case newerFormat(path: String, format: UInt32, known: UInt32)
    /// The log is of another kind than asked for.
    case wrongKind(path: String, kind: LogKind, wanted: LogKind)
    /// The file system does not keep LMDB's promises.
    case fileSystem(path: String, name: String)
    /// A position is missing.
    case gap(path: String, expected: UInt64, found: UInt64)
    /// A record's checksum does not match: a flipped bit, or a record under the wrong position.
    case damaged(path: String, position: UInt64)
    /// A commit's seal does not match its records or its predecessor.
    case brokenSeal(path: String, first: UInt64)
    /// Recorded before its predecessor.
    case timeRunsBack(path: String, position: UInt64)
    /// Timelines and runs are built once and never appended to.
    case sealed(path: String, kind: LogKind)
    /// A log that is appended to is never written without flushes.
    case deferredDataLog(path: String)
    /// The data file is shorter than its own header says.
    case truncated(path: String, size: Int, needed: Int)
    /// A line of an export is not what it should be.
    case badLine(file: String, line: Int, what: String)
    /// The library or the disk refused.
    case storage(LMDBError)
    /// The system refused a call.
    case system(path: String, operation: String, code: Int32)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .missing(let path): "\(path): no event log here; ingest something first"
        case .exists(let path): "\(path): a log is here already; choose another name"
        case .notALog(let path): "\(path): not an event log of Recount"
        case .newerFormat(let path, let format, let known):
            "\(path): written in format \(format), this program knows up to \(known); update it"
        case .wrongKind(let path, let kind, let wanted):
            "\(path): this is a \(kind.name) log, a \(wanted.name) log is needed"
        case .fileSystem(let path, let name):
            "\(path): lies on \(name), where memory-mapped files and locks cannot be trusted; "
                + "use a local disk"
        case .gap(let path, let expected, let found):
            "\(path): position \(expected) is missing, \(found) follows; restore from a backup"
        case .damaged(let path, let position):
            "\(path): the event at position \(position) is damaged; restore from a backup"
        case .brokenSeal(let path, let first):
            "\(path): the seal of the commit at position \(first) does not match; "
                + "restore from a backup"
        case .timeRunsBack(let path, let position):
            "\(path): the event at position \(position) was recorded before its predecessor"
        case .sealed(let path, let kind):
            "\(path): this is a \(kind.name), which is never changed; build a new one"
        case .deferredDataLog(let path):
            "\(path): a data log is never written without flushes; append to it"
        case .truncated(let path, let size, let needed):
            "\(path): data.mdb is truncated: \(size) bytes of \(needed); restore from a backup"
        case .badLine(let file, let line, let what): "\(file): line \(line): \(what)"
        case .storage(let error): "\(error)"
        case .system(let path, let operation, let code):
            "\(path): \(operation): \(String(cString: strerror(code))) (code \(code)); "
                + LogError.remedy(code)
        }
    }

    /// The number of the system, or of LMDB, that stands behind an error of a log; nil for what is
    /// wrong with a log itself, and for other errors.
    public static func code(of error: any Error) -> Int32? {
        switch error {
        case LogError.system(_, _, let code): code
        case LogError.storage(let error): error.code
        case let error as LMDBError: error.code
        default: nil
        }
    }

    /// Whether such a number says that all places for readers are taken.
    public static func isFullOfReaders(_ code: Int32) -> Bool { code == LMDBError.readersFull }

    /// The system's error that kept a call from looking at the log at all: memory, descriptors,
    /// permission. Nil for what is wrong with the log itself.
    public var systemCode: Int32? {
        let code: Int32
        switch self {
        case .system(_, _, let number): code = number
        case .storage(let error): code = error.code
        default: return nil
        }
        let ofSystem = [
            ENOMEM, EMFILE, ENFILE, EACCES, EPERM, EROFS, EAGAIN, EINTR, ENOSPC, EDQUOT, EIO,
            LMDBError.readersFull,
        ]
        return ofSystem.contains(code) ? code : nil
    }

    /// What to do about a system's error.
    private static func remedy(_ code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "the disk is full: free space and repeat"
        case EIO: "check the disk before anything writes there again"
        case EACCES, EPERM, EROFS: "check who may write there"
        default: "mend that and repeat"
        }
    }
}

/// What a log holds.
public enum LogKind: UInt8, Sendable, CaseIterable {
    /// Facts as they came, and live decisions.
    case data = 1
    /// Market facts in order of knowledge.
    case timeline = 2
    /// A replay's own events.
    case run = 3
    /// What was tried, and what came of it.
    case trials = 4
    /// A live run's own events.
    case liveRun = 5
    /// The facts that a live run was moved, as they became known to it.
    case liveTimeline = 6

    /// Whether events are appended to it for as long as it lives; the others are built once.
    public var isAppended: Bool { self != .timeline && self != .run }

    /// What it is beside that: a live run's logs are a run's and a timeline's.
    public var role: LogKind {
        switch self {
        case .liveRun: .run
        case .liveTimeline: .timeline
        default: self
        }
    }

    /// The word for it.
    public var name: String {
        switch self {
        case .data: "data"
        case .timeline: "timeline"
        case .run: "run"
        case .trials: "trials"
        case .liveRun: "live-run"
        case .liveTimeline: "live-timeline"
        }
    }
}
