import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline
import Projections

/// `recount project`
struct ProjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Recount read models from a log into SQLite files, once or as it grows.",
        discussion: """
            Each read model is a file DIR/views/(RUN or data)/NAME.sqlite that sqlite3 and pandas \
            read while it is written. A read model of another version, of another log, or damaged, \
            is made anew by itself, beside the one that is served, and takes its place whole; the one \
            before is kept for --rollback. An event that is refused stops a projector; --resume goes \
            on from there, once the program is another, and skips nothing. all leaves out \
            training-set-rows, which has millions of rows in ten years.

            Example: recount project all --data DIR --run first
                     recount project signals --data DIR --follow
                     recount project signals --data DIR --rollback
            """)

    @Argument(help: "\(ProjectionCatalogue.names.joined(separator: ", ")), or all.")
    var name: String
    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("A run instead of the data log.", valueName: "name"))
    var runName: String?
    @Flag(name: .long, help: "Go on as the log grows, until interrupted.") var follow = false
    @Flag(name: .long, help: "Make the rows anew.") var rebuild = false
    @Flag(name: .long, help: "Then recompute the digest over all rows and compare it.")
    var check = false
    @Flag(name: .long, help: "Give it back the generation that it had before.")
    var rollback = false
    @Flag(name: .long, help: "Go on with one that an event or a disk stopped.") var resume = false
    @Flag(name: .long, help: "Print the result as JSON.") var json = false
    /// Ends with this process: that of a supervisor.
    @Option(name: .long, help: .hidden) var parent: Int32?

    mutating func validate() throws {
        runName = runName.map(data.run(named:))
        guard [follow, rollback, resume].filter({ $0 }).count <= 1,
            !((rollback || resume) && rebuild)
        else {
            throw ValidationError("choose one of --follow, --rebuild, --rollback and --resume")
        }
        guard !rollback || name != "all" else {
            throw ValidationError("--rollback takes one projection by its name")
        }
    }

    func run() throws {
        let known = ProjectionCatalogue.names
        guard name == "all" || known.contains(name) else {
            throw ValidationError(ProjectionCatalogue.unknown(name, known: ["all"] + known))
        }
        if let parent { ParentWatch.begin(parent) }
        if rollback { return try rollBack() }
        if resume { return try goOn(name == "all" ? known : [name]) }
        let started = ContinuousClock.now
        var progress = Progress()
        let isQuiet = json || data.quiet.quiet
        let group = ProjectorGroup(
            name == "all" ? ProjectionCatalogue.namesOfAll : [name], data: data.folder, run: runName
        ) { happening in
            switch happening {
            case .began(let name, .rebuilding(let reason), _) where !isQuiet:
                note("\(name): rebuilding: \(reason)")
            case .read(let position, let end):
                progress.show(
                    "read \(position.position) of \(end) events",
                    done: Double(position.position) / Double(max(end, 1)))
            case .caughtUp: progress.clear()
            case .switched(let comparison) where !isQuiet: note(comparison.sentence)
            case .replaced(let view): note("\(view): the log was replaced; beginning again")
            default: break
            }
        }
        Interruption.install()
        let reports =
            try follow
            ? group.follow(rebuild: rebuild) { !Interruption.wasAsked }
            : group.project(rebuild: rebuild)
        progress.clear()
        if check {
            for report in reports where report.failure == nil {
                try ReadModelCheck.run(data.folder, run: runName, projection: report.projection)
            }
        }
        let seconds = ContinuousClock.now - started
        try end(reports, milliseconds: Int(seconds / .milliseconds(1)))
    }

    /// Shows what came of each, and ends with 65 where one stopped.
    func end(_ reports: [ProjectorReport], milliseconds: Int? = nil) throws {
        for report in reports {
            let position = report.checkpoint.position.position
            if json {
                var object = JSONObject()
                object.text("projection", report.projection)
                object.integer("position", position)
                object.text("digest", "\(report.checkpoint.digest)")
                object.integer("events", report.events)
                object.boolean("rebuilt", report.start != .resumed)
                object.text("error", report.failure)
                print(object.text)
            } else if let failure = report.failure {
                note(failure)
            } else {
                let name = report.projection.padded(to: 17)
                let digest = report.checkpoint.digest.description.prefix(16)
                print("\(name) position \(position)  digest \(digest)  \(report.events) events")
            }
        }
        if !json, let milliseconds { print("\(milliseconds) ms") }
        if reports.contains(where: { $0.failure != nil }) {
            throw ExitCode(ExitStatus.data.rawValue)
        }
    }
}

/// A line on standard error.
func note(_ text: String) {
    FileHandle.standardError.write(Data("recount: \(Terminal.plain(text))\n".utf8))
}

/// Whether a person or the system asked the process to end: it then ends in order.
enum Interruption {
    nonisolated(unsafe) private static var asked: sig_atomic_t = 0

    /// Takes SIGINT and SIGTERM, also where who started the process had blocked them.
    static func install() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        sigprocmask(SIG_UNBLOCK, &signals, nil)
        signal(SIGINT) { _ in Interruption.asked = 1 }
        signal(SIGTERM) { _ in Interruption.asked = 1 }
    }

    /// Whether one came.
    static var wasAsked: Bool { asked != 0 }
}
