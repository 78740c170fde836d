import ArgumentParser
import EventLog
import Events
import Foundation
import XGBoost

struct ModelsPrune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove the models that no run and no person names.",
        discussion: """
            A comparison or sweep leaves the models of its variants behind, so that the next one \
            need not train them. Those that a run's log or a person's promotion names stay; the \
            others are a cache, and come back by training again. Without --keep all of the cache \
            goes.

            Example: recount models prune --data DIR --keep 200 --dry-run
            """)

    @OptionGroup var data: DataOption
    @Option(
        name: .long,
        help: ArgumentHelp("Leave so many megabytes of the cache.", valueName: "megabytes"))
    var keep = 0
    @Flag(name: .long, help: "Say what would go, and remove nothing.") var dryRun = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard keep >= 0 else { throw ValidationError("--keep \(keep): takes 0 or more") }
    }

    func run() throws {
        let building = try? FileManager.default.contentsOfDirectory(
            atPath: "\(data.folder.path)/runs"
        ).first { $0.hasPrefix(".building-") }
        if let building {
            throw OutputRefusal(
                .later,
                "a run is being made (\(data.folder.path)/runs/\(building)), which may name any "
                    + "model; wait for its end")
        }
        let usage = try ModelUsage(data)
        var excess = usage.cached.reduce(0) { $0 + $1.bytes } - keep << 20
        var going: [(artefact: Digest, bytes: Int)] = []
        for model in usage.cached where excess > 0 {
            going.append(model)
            excess -= model.bytes
        }
        let bytes = going.reduce(0) { $0 + $1.bytes }
        if !dryRun { _ = data.models.remove(going.map(\.artefact)) }
        if json {
            var object = JSONObject()
            object.boolean("dry_run", dryRun)
            object.integer("named", usage.named.count)
            object.integer("removed", going.count)
            object.integer("bytes", bytes)
            object.integer("kept", usage.cached.count - going.count)
            return print(object.text)
        }
        print(
            "\(going.count) models, \(bytes >> 10) KiB, \(dryRun ? "would go" : "are gone"); "
                + "\(usage.cached.count - going.count) of the cache stay, and \(usage.named.count) "
                + "that runs or people name")
    }
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
}
