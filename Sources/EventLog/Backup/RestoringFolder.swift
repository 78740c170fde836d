import Events
import Foundation

/// The folder beside its place in which a restore builds: `DIR.restoring`, gone on with by whoever
/// restores the same, begun anew by whoever restores something else.
final class RestoringFolder {
    let path: String
    private let target: String
    private let hold: Backup.Hold

    private static let intentName = ".restoring"

    init(_ target: String, of logID: Digest, _ logs: [BackupIndex.Entry]) throws {
        self.target = target
        path = "\(target).restoring"
        var intent = BackupIndex(logID: logID)
        intent.logs = logs
        let text = Data(intent.text.utf8)
        let file = "\(path)/\(RestoringFolder.intentName)"
        try EventLog.makeFolder(path)
        hold = try Backup.Hold(path, isShared: false)
        if FileManager.default.contents(atPath: file) != text {
            for name in try FileManager.default.contentsOfDirectory(atPath: path) {
                try FileManager.default.removeItem(atPath: "\(path)/\(name)")
            }
            try PlacedFile.write(text, to: file)
        }
        PlacedFile.sweep(path)
    }

    /// Gives the folder its name.
    func place() throws {
        let file = "\(path)/\(RestoringFolder.intentName)"
        guard unlink(file) == 0 else { throw EventLog.systemError(file, "unlink") }
        try EventLog.flushFolder(path)
        guard rename(path, target) == 0 else {
            throw errno == ENOTEMPTY || errno == EEXIST
                ? BackupError.exists(path: target) : EventLog.systemError(target, "rename")
        }
        try EventLog.flushFolder(FilePath.folder(of: target))
    }
}
