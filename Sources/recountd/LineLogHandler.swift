import Events
import Foundation
import Logging
import Service

/// Writes each message as a line on standard error: words, or a JSON object.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    let isJSON: Bool

    init(isJSON: Bool) { self.isJSON = isJSON }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
            .sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        FileHandle.standardError.write(
            Data((line("\(event.level)", "\(event.message)", fields) + "\n").utf8))
    }

    private func line(
        _ level: String, _ message: String, _ fields: [(key: String, value: String)]
    ) -> String {
        let now = "\(SystemClock().now())"
        guard isJSON else {
            let words = fields.map { field in
                // Names and texts come from files: a line is one line, and a value ends where it
                // ends.
                let value = PlainText.line(field.value)
                let isWord = !value.contains { $0 == " " || $0 == "\"" }
                let quoted = value.replacing("\"", with: "\\\"")
                return "\(field.key)=\(isWord ? value : "\"\(quoted)\"")"
            }
            return ([now, level, PlainText.line(message)] + words).joined(separator: " ")
        }
        var object = JSONObject()
        object.text("time", now)
        object.text("level", level)
        object.text("message", message)
        for (key, value) in fields { object.text(key, value) }
        return object.text
    }
}
