import Application
import ArgumentParser
import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline

/// `recount late`
struct LateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "late",
        abstract: "List the facts that were recorded when the cycle that wanted them was over.",
        discussion: """
            A fact is read by the first cycle, 05:30 UTC, at or after the instant at which it was \
            known; recorded after that, it is late. What a log took in the first \
            \(LateFacts.historyHours) hours after its first fact is its history, late by years and no \
            news: it is counted by kind; --from says that the history ended at another moment. \
            Facts of no date are counted apart.

            With --run what would have been decided otherwise: the run's strategy is replayed twice \
            in memory over its window, over all facts, as if each had come in time, and over those \
            without the late ones; both are compared as recount diff compares runs.

            Of each live run (with --run of that one) it lists besides what the run was told of when \
            the first cycle that could have read it was over, and bars that came when their session \
            was over for it: as many as recountd status counts.

            \(EventArgument.explained)

            Example: recount late --data DIR --run first
            """)

    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Whose strategy, settings and window decide.", valueName: "name"))
    var runName: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where the history ends: a date or an instant of recording.", valueName: "when"))
    var from: String?
    @Option(name: .long, help: .hidden) var since: String?
    @Option(name: .long, help: "Most facts, and most trades, to list.") var limit = 20
    @Flag(name: .long, help: "One JSON object.") var json = false

    mutating func validate() throws {
        runName = runName.map(data.run(named:))
        guard limit >= 0 else { throw ValidationError("--limit \(limit): takes 0 or more") }
    }

    func run() throws {
        let log = try EventLog.open(at: data.folder.log)
        let late = try LateFacts(
            log, since: try parsed(from ?? since, "--from") { Moment.first($0) })
        let otherwise = try runName.map { try decidedOtherwise($0, late, log) } ?? nil
        let live = try (runName.map { [$0] } ?? data.folder.runNames).compactMap { name in
            try LiveLateness(name, in: data.folder, log)
        }
        guard !json else { return print(object(late, otherwise, live)) }
        print(([text(late, otherwise)] + live.map { $0.text(limit) }).joined(separator: "\n\n"))
    }

    /// What the late facts change; nil where there are none.
    private func decidedOtherwise(_ name: String, _ late: LateFacts, _ log: EventLog) throws
        -> RunDifference?
    {
        let run = try EventLog.open(at: try data.folder.existingRun(name))
        let origin = try RunOrigin.read(run)
        guard !late.late.isEmpty else { return nil }
        if try RunManifest.read(in: run.path)?.parent != nil {
            note("\(name) is a fork: its settings, from the beginning; no past is shared")
        }
        var progress = Progress()
        defer { progress.clear() }
        return try Timeline.aside(log, through: late.end, FactEdit()) { whole in
            try Timeline.aside(log, through: late.end, late.edit) { without in
                try RunDifference(
                    origin.strategy, window: origin.window, trainer: data.trainer,
                    left: ("without", without), right: ("in-time", whole)
                ) { day in progress.show("replaying \(day)") }
            }
        }
    }

    private func text(_ late: LateFacts, _ otherwise: RunDifference?) -> String {
        let rows = late.counts.map {
            [$0.kind, "\($0.history)", "\($0.inTime)", "\($0.late)", "\($0.undated)"]
        }
        var lines = ["history: recorded before \(late.since)"]
        lines += ModelsText.table(
            ["kind", "history", "in time", "late", "no date"], rows, numbers: [1, 2, 3, 4])
        guard !late.late.isEmpty else {
            return (lines + ["No fact came late."]).joined(separator: "\n")
        }
        if limit > 0 {
            lines.append("")
            lines += ModelsText.table(
                ["fact", "kind", "ticker", "known at", "recorded at", "late by"],
                late.late.prefix(limit).map {
                    [
                        "r\($0.position)", $0.kind, $0.ticker ?? "", "\($0.knownAt)",
                        "\($0.recordedAt)", LateCommand.duration($0.delay),
                    ]
                }, numbers: [5])
        }
        if late.late.count > limit {
            lines.append("… \(late.late.count - limit) more; --limit shows them")
        }
        if let otherwise, let runName {
            lines += [
                "",
                "As \(runName) decides, without the late facts | with them in time:",
                DiffText.text(otherwise, limit: limit, isOfRuns: false),
            ]
        }
        return lines.joined(separator: "\n")
    }

    private static func duration(_ seconds: Int64) -> String {
        if seconds < 3_600 { return "\(seconds / 60) min" }
        if seconds < 172_800 { return "\(seconds / 3_600) h" }
        return "\(seconds / 86_400) days"
    }

    private func object(
        _ late: LateFacts, _ otherwise: RunDifference?, _ live: [LiveLateness]
    ) -> String {
        var object = JSONObject()
        object.text("since", "\(late.since)")
        object.json(
            "kinds",
            JSONObject.list(
                late.counts.map {
                    var kind = JSONObject()
                    kind.text("kind", $0.kind)
                    kind.integer("history", $0.history)
                    kind.integer("in_time", $0.inTime)
                    kind.integer("late", $0.late)
                    kind.integer("undated", $0.undated)
                    return kind.text
                }))
        object.json(
            "late",
            JSONObject.list(
                late.late.map {
                    var fact = JSONObject()
                    fact.integer("position", $0.position)
                    fact.text("kind", $0.kind)
                    fact.text("ticker", $0.ticker)
                    fact.text("known_at", "\($0.knownAt)")
                    fact.text("recorded_at", "\($0.recordedAt)")
                    fact.integer("late_seconds", $0.delay)
                    return fact.text
                }))
        object.json("decided_otherwise", otherwise.map { DiffJSON.text($0) } ?? "null")
        object.json("live", JSONObject.list(live.map(\.json)))
        return object.text
    }
}
