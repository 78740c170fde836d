import EventLog
import Events
import Pipeline

/// What a live run was told of too late: for `recount late`.
struct LiveLateness {
    private let run: String
    private let late: [LateMove]

    /// Reads a run; nil where it is no live run.
    init?(_ name: String, in folder: DataFolder, _ log: EventLog) throws {
        guard try RunManifest.read(in: try folder.existingRun(name))?.live != nil else {
            return nil
        }
        run = name
        late = try LateMove.all(try folder.openRun(name), data: log)
    }

    /// The first so many, in a table.
    func text(_ limit: Int) -> String {
        guard !late.isEmpty else { return "Live run \(run) was told of nothing too late." }
        var lines = ["Live run \(run) was told of \(late.count) too late:"]
        if limit > 0 {
            lines += ModelsText.table(
                ["fact", "kind", "ticker", "known at", "recorded at", "moved at"],
                late.prefix(limit).map { fact in
                    [
                        "r\(fact.position)", fact.kind, LiveLateness.tickers(fact),
                        "\(fact.knownAt)", "\(fact.recordedAt)",
                        fact.movedAt.map { "\($0)" } ?? "never: its session was over",
                    ]
                }, numbers: [])
        }
        if late.count > limit { lines.append("… \(late.count - limit) more; --limit shows them") }
        lines.append("recount shadow \(run) --derived prices them.")
        return lines.joined(separator: "\n")
    }

    private static func tickers(_ fact: LateMove) -> String {
        if let ticker = fact.ticker { return "\(ticker)" }
        return switch fact.bars.count {
        case 0: ""
        case 1...3: fact.bars.map { "\($0)" }.joined(separator: " ")
        default: "\(fact.bars[0]) and \(fact.bars.count - 1) more"
        }
    }

    /// All of it.
    var json: String {
        var object = JSONObject()
        object.text("run", run)
        object.json(
            "late",
            JSONObject.list(
                late.map { fact in
                    var line = JSONObject()
                    line.integer("position", fact.position)
                    line.text("kind", fact.kind)
                    line.text("ticker", fact.ticker.map { "\($0)" })
                    line.text("session", fact.session.map { "\($0)" })
                    line.integer("bars", fact.bars.count)
                    line.text("known_at", "\(fact.knownAt)")
                    line.text("recorded_at", "\(fact.recordedAt)")
                    line.text("moved_at", fact.movedAt.map { "\($0)" })
                    return line.text
                }))
        return object.text
    }
}
