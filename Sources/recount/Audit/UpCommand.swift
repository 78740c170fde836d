import ArgumentParser
import EventLog
import Events
import Foundation
import Projections

/// `recount up`
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run every projector as a process: start, watch, start again, end in order.",
        discussion: """
            Each projection of the data log, or of the runs that are named, is a process of its own \
            (recount project NAME --follow). One that ends is started again, after .25 s, then after \
            twice as long each time, up to 30 s; one that an event stopped is not, until recount \
            project NAME --resume has got it past the event. SIGINT and SIGTERM end all in order. \
            Position, lag, rate, restarts and errors are written each second, whole, as Prometheus \
            text to DIR/views/recount.prom.

            Example: recount up --data DIR --run first --run second
            """)

    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("A run instead of the data log; may be repeated.", valueName: "name"))
    var runNames: [String] = []
    @Flag(name: .long, help: "With --run: the data log too.") var andData = false
    @Option(
        name: .long,
        help: ArgumentHelp("Where the metrics are written instead.", valueName: "file"))
    var metrics: String?

    @Flag(name: .long, help: "What happens as JSON, one object a line, on standard output.")
    var json = false

    mutating func validate() throws {
        runNames = runNames.map(data.run(named:))
        guard !andData || !runNames.isEmpty else {
            throw ValidationError("--and-data goes with --run")
        }
        guard Set(runNames).count == runNames.count else {
            throw ValidationError("a run is named twice")
        }
    }

    func run() throws {
        for run in runNames { _ = try data.folder.existingRun(run) }
        guard FileManager.default.fileExists(atPath: data.folder.path) else {
            throw LogError.missing(path: data.folder.log)
        }
        if let metrics {
            try OutputFile.check(metrics, option: "--metrics", inputs: [], data: data.folder)
        }
        Interruption.install()
        let runs = (runNames.isEmpty || andData ? [nil] : []) + runNames.map(Optional.some)
        let folder = data.data
        let parent = getpid()
        let supervisor = Supervisor(
            data.folder, runs: runs, metrics: metrics,
            arguments: { projection, run in
                ["project", projection, "--data", folder, "--follow", "--parent=\(parent)"]
                    + (run.map { ["--run=\($0)"] } ?? [])
            }, tell: { tell("projector", $0) })
        let count = runs.count * ProjectionCatalogue.names.count
        let path = metrics ?? Supervisor.metricsPath(data.folder)
        tell("started", "\(count) projectors; \(path) tells how they do")
        try supervisor.run { !Interruption.wasAsked }
        tell("ended", "all ended in order")
    }

    /// Says what happened: to people on standard error, to programs at once on standard output.
    private func tell(_ event: String, _ text: String) {
        guard json else { return note(text) }
        var object = JSONObject()
        object.text("at", "\(wallClock())")
        object.text("event", event)
        object.text("text", text)
        var output = Output()
        output.write(object.text + "\n")
        output.flush()
    }
}
