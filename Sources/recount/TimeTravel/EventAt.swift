import Application
import EventLog
import Events
import Projections

/// The event that a position stands after, as a person and as JSON sees it; nothing at the start.
struct EventAt {
    let position: UInt64
    let reference: RowValue
    let knownAt: RowValue
    let type: RowValue
    /// The message as JSON; empty at the start.
    let message: String

    init(_ position: UInt64, in history: History) throws {
        self.position = position
        let merged = history.view.merged
        let event = try merged.position(position).map { try merged.event(at: $0) } ?? .none
        var (knownAt, type, text) = (RowValue.null, RowValue.null, "")
        try merged.event(event) { message in
            knownAt = .text("\(try Envelope(message: message).knownAt)")
            let template = try MessageHeader(message).templateID
            type = .text(EventSchema.message(id: template)?.name ?? "?")
            try EventJSON.render(message: message, into: &text)
        }
        reference = event == .none ? .null : .text("\(event)")
        (self.knownAt, self.type, message) = (knownAt, type, text)
    }

    /// On one line.
    var text: String {
        guard !message.isEmpty else { return "before the first event" }
        let parts = [reference, knownAt, type].map { RowText.plain($0) }
        return "\(parts.joined(separator: "  "))  \(EventLine.text(message))"
    }

    /// As an object.
    var json: String {
        var object = JSONObject()
        object.integer("position", position)
        object.json("reference", RowText.json(reference))
        object.json("known_at", RowText.json(knownAt))
        object.json("type", RowText.json(type))
        object.json("event", message.isEmpty ? "null" : message)
        return object.text
    }
}
