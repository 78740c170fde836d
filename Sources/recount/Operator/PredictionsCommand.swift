import ArgumentParser
import EventLog
import Events
import Foundation
import Ingest

/// `recount predictions …`
struct PredictionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predictions",
        abstract: "Bring your own model: import what another tool predicts.",
        discussion: "Example: recount predictions import mine.csv --model mine --data DIR",
        subcommands: [PredictionsImport.self])
}

struct PredictionsImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read class probabilities (CSV) as a model that meets the loop's own gate.",
        discussion: """
            Columns: ticker, decided_at (the session), p_win, p_loss, p_breakeven, trained_through \
            (the last date whose labels the model had seen, one a file). A row is refused when it \
            was decided at or before trained_through, or recorded after its decision, which is at \
            05:30 UTC of the day after the session. --backfill takes the past too: such rows are \
            known at their session's close and carry hindsight, which every report counts. A name \
            and a trained_through are one model; later files add rows to it and change none.

            Every replay that trains reads them: the model predicts in shadow, meets the gate once \
            a hundred of its rows are mature, and is blended, audited and rolled back like any.

            Example: recount predictions import mine.csv --model mine --data DIR --backfill
            """)

    @Argument(help: ArgumentHelp("The file, plain or gzip.", valueName: "file")) var file: String
    @Option(name: .long, help: ArgumentHelp("The model's name.", valueName: "name"))
    var model: String
    @OptionGroup var data: DataOption
    @Flag(name: .long, help: "Take rows whose decision lies in the past, with hindsight.")
    var backfill = false
    @Flag(name: .long, help: "Say what would become of each row, and write nothing.")
    var dryRun = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard !model.isEmpty, WireText.fits(model, length: 32) else {
            throw ValidationError("--model \(model): takes 1 to 32 ASCII characters")
        }
    }

    func run() throws {
        let log: any Log =
            dryRun
            ? DeferredLog(existing: try EventLog.open(at: data.folder.log), .rehearse)
            : try data.openForWriting()
        let report = try PredictionImporter(
            log, model: model, isBackfill: backfill, now: wallClock()
        ).run(file)
        for refused in report.refused.prefix(json ? 0 : 20) {
            let field = refused.field.isEmpty ? "" : " (\(refused.field))"
            print("\(file):\(refused.line): \(refused.reason.rawValue)\(field)")
        }
        if !json, report.refused.count > 20 {
            print("… and \(report.refused.count - 20) further rows; --json has them all")
        }
        print(json ? object(report) : text(report))
        if dryRun {
            note("--dry-run: nothing was written")
        } else if !json {
            try data.printAnchor()
        }
        if report.added + report.repeats == 0 { throw ExitCode(65) }
    }

    private func text(_ report: PredictionReport) -> String {
        var lines = [
            "\(file): \(report.rows) rows = \(report.added) added + \(report.repeats) repeats + "
                + "\(report.refused.count) refused"
        ]
        for reason in PredictionRefusal.allCases {
            let count = report.refused.count { $0.reason == reason }
            if count > 0 { lines.append("  \(count) \(reason.rawValue)") }
        }
        if report.refused.contains(where: { $0.reason == .tooLate }) {
            lines.append("  --backfill takes what was decided before, marked hindsight")
        }
        if report.backfilled > 0 {
            lines.append("  \(report.backfilled) rows of the past carry hindsight")
        }
        if let model = report.model, let source = report.source {
            lines.append(
                "model \(self.model) is r\(model) of the data log, SHA-256 "
                    + "\("\(source)".prefix(12))…; the next replay that trains reads it")
        }
        return lines.joined(separator: "\n")
    }

    private func object(_ report: PredictionReport) -> String {
        var object = JSONObject()
        object.text("model", model)
        object.text("model_id", report.model.map { "r\($0)" })
        object.text("artifact_sha256", report.source.map { "\($0)" })
        object.integer("rows", report.rows)
        object.integer("added", report.added)
        object.integer("backfilled", report.backfilled)
        object.integer("repeats", report.repeats)
        let refused = report.refused.map { row in
            var object = JSONObject()
            object.integer("line", row.line)
            object.text("reason", row.reason.rawValue)
            object.text("field", row.field.isEmpty ? nil : row.field)
            return object.text
        }
        object.json("refused", JSONObject.list(refused))
        if !dryRun { object.text("seal", try? data.anchor()) }
        return object.text
    }
}
