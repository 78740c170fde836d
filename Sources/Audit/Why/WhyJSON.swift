import Events

extension WhyNode {
    /// The tree as one JSON object: what is named alone has `"named": true` and no causes.
    public var json: String { object(role: nil, isNamedOnly: false).text }

    private func object(role: String?, isNamedOnly: Bool) -> JSONObject {
        var object = JSONObject()
        if let role { object.text("role", role) }
        object.reference("event", event)
        object.text("type", type.isEmpty ? nil : type)
        object.text("known_at", knownAt.map { "\($0)" })
        object.text("title", title)
        if isNamedOnly {
            object.boolean("named", true)
            return object
        }
        object.json("sentences", JSONObject.list(sentences.map { JSONText.quoted($0) }))
        object.json("figures", JSONObject.list(figures.map(\.json)))
        if let source {
            var row = JSONObject()
            row.text("format", source.format)
            row.text("text", source.text)
            object.json("source", row.text)
        }
        object.json("later", JSONObject.list(later.map { JSONText.quoted($0) }))
        object.json(
            "causes",
            JSONObject.list(
                causes.map { $0.node.object(role: $0.role, isNamedOnly: $0.isNamedOnly).text }))
        return object
    }
}

extension WhyFigure {
    var json: String {
        var object = JSONObject()
        object.text("name", name)
        object.real("value", value)
        object.text("text", text)
        object.text("rule", rule)
        object.real("bound", bound)
        object.json("met", isMet.map { $0 ? "true" : "false" } ?? "null")
        object.text("margin", margin)
        object.text("origin", origin.rawValue)
        return object.text
    }
}
