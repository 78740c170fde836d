import EventLog
import Events

/// How a published read model stands to the log that it should be of.
public enum ReadModelStanding: Hashable, Sendable {
    /// It goes to the log's end.
    case current
    /// Of the very log, without so many of its last events.
    case behind(UInt64)
    /// Of another log or run, or of one whose past was another: nothing of it can be believed.
    case foreign
    /// Of the very log, in the form of another version of the projection.
    case otherVersion(Int)

    /// A sentence for the person who asks; nil where there is nothing to say.
    public func remark(_ projection: String, view: String) -> String? {
        let remedy =
            "run recount project \(projection)\(view == "data" ? "" : " --run \(view)")"
        let what = projection == "all" ? "every read model" : projection
        return switch self {
        case .current: nil
        case .behind(let events):
            "\(what) is stale: without the last \(events) events of \(view); \(remedy)"
        case .foreign:
            "\(what) is stale: it was made from another log than \(view) is now; \(remedy)"
        case .otherVersion(let version):
            "\(what) is stale: of version \(version) of the projection; \(remedy)"
        }
    }
}

extension LogView {
    /// How a read model stands to this view: its log, and the seals of both logs where it ends.
    public func standing(of status: ReadModelStatus) throws -> ReadModelStanding {
        let checkpoint = status.checkpoint
        let end = try merged.end()
        guard checkpoint.logID == log.identity.logID,
            checkpoint.position.own <= end.own, checkpoint.position.timeline <= end.timeline,
            try merged.seal(of: .own(checkpoint.position.own)) == checkpoint.logSeal,
            try merged.seal(of: .timeline(checkpoint.position.timeline)) == checkpoint.timelineSeal
        else { return .foreign }
        if let known = ProjectionCatalogue.version(of: status.projection), known != status.version {
            return .otherVersion(status.version)
        }
        let missing = end.position - min(end.position, checkpoint.position.position)
        return missing == 0 ? .current : .behind(missing)
    }
}
