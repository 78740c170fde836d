/// Why a backup is not made or not restored, in words for the person who reads it.
public enum BackupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder holds something else.
    case notABackup(path: String)
    /// It was written in a newer format.
    case newerFormat(path: String, format: Int)
    /// It is of another data folder.
    case otherFolder(path: String)
    /// What was copied is not the source's past.
    case otherPast(log: String, PastDifference)
    /// A file of the backup is not what was written.
    case damaged(path: String, position: UInt64?, what: String)
    /// A file of the backup is gone.
    case missing(path: String)
    /// No backup was ever taken to its end.
    case incomplete(path: String)
    /// Another process writes it.
    case busy(path: String)
    /// A folder that is not written over.
    case exists(path: String)
    /// One of the two folders lies within the other.
    case nested(path: String, within: String)
    /// The backup does not reach back, or forward, to a moment.
    case beyond(moment: String, what: String)

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .notABackup(let path):
            "\(path): holds files and is no backup of Recount; name another folder, or an empty one"
        case .newerFormat(let path, let format):
            "\(path): written in format \(format), this program knows up to \(Backup.format); "
                + "update it"
        case .otherFolder(let path):
            "\(path): is the backup of another data log; name another folder"
        case .otherPast(let log, let difference):
            "\(log): the past is not what was copied, first at \(difference); nothing was written: "
                + "find out which of the two is right (recount verify --chain --backup, recount "
                + "seal --check), then restore, or back up into another folder"
        case .damaged(let path, let position, let what):
            "\(path): DAMAGED\(position.map { " at position \($0)" } ?? ""): \(what); take another "
                + "backup, into another folder"
        case .missing(let path):
            "\(path): is gone from the backup; take another, into another folder"
        case .incomplete(let path):
            "\(path): no backup was taken to its end here; run recount backup again"
        case .busy(let path): "\(path): another process works on it; wait for its end"
        case .exists(let path):
            "\(path): is there and not empty; a restore never writes over anything: name a folder "
                + "that is not there"
        case .nested(let path, let folder):
            "\(path): lies within \(folder); name a folder elsewhere, best on another disk"
        case .beyond(let moment, let what): "\(moment): \(what)"
        }
    }
}
