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
            goes. By itself it is kept within \(ModelCache.megabytes) MB, or as many as \
            \(ModelCache.variable) says: what was used least recently goes at the end of a command \
            that trained.

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
        guard (0...1 << 30).contains(keep) else {
            throw ValidationError("--keep \(keep): takes 0 to \(1 << 30)")
        }
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
        let going = usage.beyond(megabytes: keep)
        let bytes = going.reduce(0) { $0 + $1.bytes }
        if !dryRun, !going.isEmpty {
            let isDone: Void? = data.models.whileUnused {
                _ = data.models.remove(going.map(\.artefact))
            }
            guard isDone != nil else {
                throw OutputRefusal(
                    .later,
                    "another process uses the models in \(data.models.path); wait for its end")
            }
        }
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
