public import EventLog
public import Events
import Foundation

extension LiveRuns {
    /// The instant to which a rehearsal was decided, by the live run beside it that goes on from
    /// there; nil for a run that is no rehearsal.
    public static func rehearsed(_ run: OpenedRun) throws -> Instant? {
        guard try RunEnd.read(run.log) == nil else { return nil }
        let runs = (run.log.path as NSString).deletingLastPathComponent
        let folder = DataFolder((runs as NSString).deletingLastPathComponent)
        for name in folder.runNames {
            guard let path = try? folder.run(name), let manifest = try? RunManifest.read(in: path),
                let live = manifest.live, manifest.parent?.run == run.name
            else { continue }
            return live.instant
        }
        return nil
    }
}
