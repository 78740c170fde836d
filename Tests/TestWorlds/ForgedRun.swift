public import EventLog
import Events
import Foundation

/// A copy of a live run whose log has one signal with another confidence, its chain sound.
public enum ForgedRun {
    /// Makes the copy; gives the position of the signal, the first from a place on.
    public static func make(
        _ name: String, of run: String, in folder: DataFolder, at place: UInt64
    ) throws -> UInt64? {
        let (path, forged) = (try folder.run(run), try folder.run(name))
        let whole = try EventLog.open(at: path)
        try FileManager.default.createDirectory(atPath: forged, withIntermediateDirectories: true)
        for file in ["manifest.json", "timeline"] {
            try FileManager.default.copyItem(
                atPath: "\(path)/\(file)", toPath: "\(forged)/\(file)")
        }
        let log = try EventLog.create(at: "\(forged)/again", identity: whole.identity)
        var changed: UInt64?
        for commit in try whole.commits() {
            try log.append(now: commit.head.recordedAt) { (batch: inout AppendBatch) in
                try whole.read(
                    from: commit.first, through: commit.head.position, check: .checksum
                ) { record in
                    let template = try MessageHeader(record.message).templateID
                    if changed == nil, record.position >= place,
                        template == SignalGenerated.templateID
                    {
                        var event = try SignalGenerated(message: record.message)
                        event.heuristicConfidence += 0.01
                        batch.append(event)
                        changed = record.position
                    } else {
                        batch.append(encoded: record.message)
                    }
                    return .proceed
                }
            }
        }
        for file in ["data.mdb", "lock.mdb"] {
            try FileManager.default.copyItem(
                atPath: "\(forged)/again/\(file)", toPath: "\(forged)/\(file)")
        }
        return changed
    }
}
