import EventLog
import Events
import Foundation
import XGBoost

/// The bound of the models that nobody names, which holds by itself.
enum ModelCache {
    /// The variable that says how many megabytes of them are kept.
    static let variable = "RECOUNT_MODEL_CACHE_MB"
    /// How many are kept where it says nothing.
    static let megabytes = 256

    /// Takes away what is beyond the bound, the least recently used first, at the end of a command
    /// that trained. Nothing goes while another process uses the models, or where a log that may
    /// name them cannot be read: the next command sees to it.
    static func bound(_ data: DataOption) {
        let kept = limit()
        let size = data.models.artefacts().reduce(0) { $0 + $1.bytes }
        // Logs are read only when there can be something to take.
        guard size > kept << 20 else { return }
        _ = data.models.whileUnused {
            do {
                let going = try ModelUsage(data).beyond(megabytes: kept)
                guard !going.isEmpty else { return }
                let gone = data.models.remove(going.map(\.artefact))
                note(
                    "\(going.count) models that no run names are gone, \(gone.bytes >> 20) MB: "
                        + "\(kept) MB of them are kept (\(variable))")
            } catch {
                note("models that no run names were left, since a log cannot be read: \(error)")
            }
        }
    }

    /// Megabytes to keep.
    private static func limit() -> Int {
        guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
            return megabytes
        }
        guard let wanted = Int(text), (0...largest).contains(wanted) else {
            note(
                "\(variable)=\(text) is no number of megabytes, 0 to \(largest); "
                    + "\(megabytes) are kept")
            return megabytes
        }
        return wanted
    }

    /// A petabyte: what is kept in bytes is a number still.
    private static let largest = 1 << 30
}

/// Which models of a data folder somebody names.
struct ModelUsage {
    /// Named by a run's log, or by a person's promotion in the data log.
    private(set) var named: [(artefact: Digest, bytes: Int)] = []
    /// Named by nobody: left over from comparisons, sweeps and runs that are gone.
    private(set) var cached: [(artefact: Digest, bytes: Int)] = []

    init(_ data: DataOption) throws {
        var names: Set<Digest> = []
        let folder = data.folder
        for path in [folder.log] + folder.runNames.map({ "\(folder.path)/runs/\($0)" })
        where FileManager.default.fileExists(atPath: "\(path)/data.mdb") {
            // A log that cannot be read may name any of them: nothing goes then.
            try EventLog.open(at: path).read { record in
                switch try MessageHeader(record.message).templateID {
                case ModelTrained.templateID:
                    names.insert(try ModelTrained(message: record.message).artefact)
                case ModelPromoted.templateID:
                    names.insert(try ModelPromoted(message: record.message).artefact)
                default: break
                }
                return .proceed
            }
        }
        for model in data.models.artefacts() {
            if names.contains(model.artefact) {
                named.append(model)
            } else {
                cached.append(model)
            }
        }
    }

    /// What goes of the cache when so many megabytes are kept: those first that were used least
    /// recently.
    func beyond(megabytes: Int) -> [(artefact: Digest, bytes: Int)] {
        var excess = cached.reduce(0) { $0 + $1.bytes } - megabytes << 20
        var going: [(artefact: Digest, bytes: Int)] = []
        for model in cached where excess > 0 {
            going.append(model)
            excess -= model.bytes
        }
        return going
    }
}
