import EventLog
import Events
import Foundation
import Projections

/// The status of a view, for people and for programs.
enum StatusText {
    static func text(
        _ view: ViewStatus, _ stuck: StuckReaders, _ models: [(artefact: Digest, bytes: Int)],
        _ sessions: FolderCalendar?
    ) -> String {
        var lines = [
            "\(view.name): head \(view.head.position), seal \(view.head.seal.description.prefix(16)),"
                + " \(size(view.logSize))"
        ]
        if let parent = view.parent {
            lines.append(
                "  fork of \(parent.run), whose past it shares through r\(parent.position.own) and "
                    + "t\(parent.position.timeline)")
        }
        if let sessions { lines.append("  \(padded("sessions", 14)) \(sessions)") }
        for (name, status) in view.readModels {
            lines.append("  \(padded(name, 14)) \(line(status, view))")
        }
        if !models.isEmpty {
            lines.append(
                "  models         \(models.count), \(size(models.reduce(0) { $0 + $1.bytes })); "
                    + "recount models prune takes away those that no run names")
        }
        for reader in view.readers { lines.append("  reader: \(reader)") }
        for (reader, seconds) in stuck.stuck(view.name) {
            lines.append(
                "  STUCK reader: process \(reader.process) has held one snapshot for "
                    + "\(String(format: "%.1f", seconds)) s, \(reader.lag ?? 0) commits old; "
                    + "the log's file grows until it ends")
        }
        return lines.joined(separator: "\n")
    }

    /// A view of which nothing can be shown, and why: the others are shown all the same.
    static func unreadable(_ name: String, _ error: any Error, json: Bool) -> String {
        json
            ? "{\"view\":\(JSONText.quoted(name)),\"error\":\(JSONText.quoted("\(error)"))}"
            : "\(name): cannot be read: \(error)"
    }

    /// Whether the rows are those of the log as it stands: they are believed by whoever reads them.
    private static func word(_ standing: ReadModelStanding) -> String {
        switch standing {
        case .current: "current"
        case .behind: "behind"
        case .foreign: "stale"
        case .otherVersion: "stale"
        }
    }

    private static func line(
        _ status: Result<(model: ReadModelStatus, standing: ReadModelStanding), any Error>?,
        _ view: ViewStatus
    ) -> String {
        switch status {
        case nil: return "none; run recount project"
        case .failure(let error): return "cannot be read: \(error)"
        case .success((let model, let standing)):
            let position = model.checkpoint.position.position
            var text =
                standing == .foreign
                ? "position \(position), STALE: made from another log; run recount project"
                : "position \(position), lag \(view.end - min(view.end, position))"
            if let rate = model.eventsPerSecond { text += ", \(Int(rate)) events/s" }
            text += ", \(size(model.size)), \(model.isRunning ? "following" : "at rest")"
            text += ", written \(model.updatedAt)"
            if let known = ProjectionCatalogue.version(of: model.projection),
                known != model.version
            {
                text += ", of version \(model.version): rebuilt when next projected"
            }
            if let error = model.error { text += "\n    STOPPED: \(error)" }
            return text
        }
    }

    static func json(
        _ view: ViewStatus, _ stuck: StuckReaders, _ artefacts: [(artefact: Digest, bytes: Int)],
        _ sessions: FolderCalendar?
    ) -> String {
        let models = view.readModels.map { name, status -> String in
            var fields = ["\"name\":\"\(name)\""]
            switch status {
            case nil: fields.append("\"state\":\"none\"")
            case .failure(let error):
                fields.append("\"state\":\"unreadable\"")
                fields.append("\"error\":\(JSONText.quoted("\(error)"))")
            case .success((let model, let standing)):
                let position = model.checkpoint.position.position
                fields += [
                    "\"standing\":\"\(word(standing))\"",
                    "\"state\":\"\(model.error != nil ? "stopped" : model.isRunning ? "following" : "at rest")\"",
                    "\"version\":\(model.version)", "\"position\":\(position)",
                    standing == .foreign
                        ? "\"lag\":null" : "\"lag\":\(view.end - min(view.end, position))",
                    "\"digest\":\"\(model.checkpoint.digest)\"", "\"bytes\":\(model.size)",
                    "\"updated_at\":\(JSONText.quoted(model.updatedAt))",
                    "\"events_per_second\":\(model.eventsPerSecond.map { "\(Int($0))" } ?? "null")",
                    "\"error\":\(model.error.map { JSONText.quoted($0) } ?? "null")",
                ]
            }
            return "{\(fields.joined(separator: ","))}"
        }
        let stuck = stuck.stuck(view.name)
        let readers = view.readers.map { reader -> String in
            let seconds = stuck.first { $0.reader == reader }?.seconds
            return "{\"process\":\(reader.process),\"lag\":\(reader.lag.map { "\($0)" } ?? "null"),"
                + "\"stuck_seconds\":\(seconds.map { String(format: "%.1f", $0) } ?? "null")}"
        }
        return "{\"view\":\(JSONText.quoted(view.name)),\"head\":\(view.head.position),"
            + "\"seal\":\"\(view.head.seal)\",\"bytes\":\(view.logSize),\"end\":\(view.end),"
            + fork(view.parent)
            + (sessions.map { "\"calendar\":\($0.json)," } ?? "")
            + (view.name == "data"
                ? "\"models\":\(artefacts.count),"
                    + "\"model_bytes\":\(artefacts.reduce(0) { $0 + $1.bytes })," : "")
            + "\"read_models\":[\(models.joined(separator: ","))],"
            + "\"readers\":[\(readers.joined(separator: ","))]}"
    }

    private static func fork(_ parent: RunManifest.Parent?) -> String {
        guard let parent else { return "" }
        var object = JSONObject()
        object.text("run", parent.run)
        object.integer("own", parent.position.own)
        object.integer("timeline", parent.position.timeline)
        return "\"fork\":\(object.text),"
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1 << 20
            ? "\((bytes + 1_023) / 1_024) KiB"
            : String(format: "%.1f MiB", Double(bytes) / 1_048_576)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text.padded(to: width)
    }
}
