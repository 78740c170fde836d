import ArgumentParser
import EventLog
import Events
import Foundation

/// `recount backup`
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy what came since the last backup: logs, runs, timelines, named models.",
        discussion: """
            A backup is a folder of segments, whole commits with their seals, each read back and \
            checked before it counts. It holds no views and no caches. One that is interrupted is \
            gone on with; until its end recount restore gives the one before. A data folder whose \
            past is not what was copied is refused with the first position that differs.

            Example: recount backup --data DIR --to /mnt/other/backup
            """)

    @OptionGroup var data: DataOption
    @Option(name: .long, help: ArgumentHelp("The folder of the backup.", valueName: "folder"))
    var to: String
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard !to.isEmpty else { throw ValidationError("--to is empty; name a folder") }
    }

    func run() throws {
        try OutputFile.checkApart(to, data.folder.path)
        var progress = Progress()
        let taken = try Backup(to).take(data.folder, now: wallClock()) { progress.show($0) }
        progress.clear()
        for remark in taken.remarks { note(remark) }
        let events = taken.events.reduce(0) { $0 + $1.count }
        if json {
            var object = JSONObject()
            object.integer("events", events)
            object.integer("logs", taken.index.logs.count)
            object.text("seal", taken.index.entry("log").map { "\($0.position):\($0.seal)" })
            object.json(
                "copied",
                JSONObject.list(
                    taken.events.map { name, count in
                        var object = JSONObject()
                        object.text("name", name)
                        object.integer("events", count)
                        return object.text
                    }))
            return print(object.text)
        }
        for (name, count) in taken.events { print("\(name): \(count) events") }
        print("\(to): \(events) events came to \(taken.index.logs.count) logs, each checked")
        if let facts = taken.index.entry("log") { print("seal \(facts.position):\(facts.seal)") }
    }
}

/// `recount restore`
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a data folder of a backup, whole or as it was at a position or a time.",
        discussion: """
            Every checksum, content and seal is checked on the way, and the folder takes its place \
            at once. A log is cut where one of its commits ends, so that its seals stay what they \
            were; of an earlier moment those runs are left out whose facts came later. Views are \
            made again: recount project all.

            Example: recount restore --from /mnt/other/backup --data NEW
                     recount restore --from /mnt/other/backup --data NEW --as-of 2026-06-30T00:00:00Z
            """)

    @OptionGroup var data: DataOption
    @Option(name: .long, help: ArgumentHelp("The folder of the backup.", valueName: "folder"))
    var from: String
    @Option(name: .long, help: .hidden) var toPosition: EventArgument?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The data log as it was recorded by then: an event (r45), an instant, or the end of a "
                + "date.", valueName: "when"))
    var asOf: String?
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard toPosition == nil || asOf == nil else {
            throw ValidationError("choose one moment, --as-of")
        }
        _ = try moment()
        try data.refuseAncestor()
    }

    private func moment() throws -> Backup.Moment {
        if let toPosition = toPosition ?? asOf.flatMap({ EventArgument(argument: $0) }) {
            guard toPosition.isTimeline != true else {
                throw ValidationError("--as-of: the data log has no timeline; write r45")
            }
            return .position(toPosition.position)
        }
        guard let asOf else { return .end }
        if let instant = Instant(asOf) { return .instant(instant) }
        guard let day = Day(asOf) else {
            throw ValidationError(
                "--as-of \(asOf): write an event (r45), an instant (2026-06-30T12:00:00Z) or a "
                    + "date, whose end is meant")
        }
        return .instant(Instant(day + 1).adding(nanoseconds: -1))
    }

    func run() throws {
        try OutputFile.checkApart(data.folder.path, from)
        var progress = Progress()
        let restored = try Backup(from).restore(to: data.folder, try moment()) { progress.show($0) }
        progress.clear()
        for remark in restored.remarks { note(remark) }
        let facts = restored.logs.first { $0.name == "log" }
        let runs = restored.logs.count {
            $0.name.hasPrefix("runs/") && !$0.name.hasSuffix("/timeline")
        }
        let events = restored.logs.reduce(0) { $0 + $1.position }
        if json {
            var object = JSONObject()
            object.integer("events", events)
            object.integer("runs", runs)
            object.integer("models", restored.models)
            object.text("seal", facts.map { "\($0.position):\($0.seal)" })
            return print(object.text)
        }
        print(
            "\(data.folder.path): \(events) events of \(restored.logs.count) logs, \(runs) runs, "
                + "\(restored.models) models; every seal is what it was")
        if let facts { print("seal \(facts.position):\(facts.seal)") }
    }
}
