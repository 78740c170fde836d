extension LoopConfiguration {
    /// The JSON schema (draft 2020-12) of a strategy file of the loop: editors check it as one
    /// types.
    ///
    /// What one key asks of another is not in it; `recount strategy show FILE` checks that too.
    public static var jsonSchema: String {
        let feedback = LoopConfiguration.feedback
        var properties = [
            property(
                "extends", ["\"enum\": [\"feedback\", \"baseline\", \"oracle\"]"],
                "the built-in strategy whose values hold where the file says nothing"),
            property(
                "strategy", ["\"enum\": [\"feedback-loop\", \"oracle\"]"],
                "written by recount; extends says the same"),
            property(
                "name", ["\"type\": \"string\"", "\"maxLength\": 48"], "the name in reports"),
            property(
                "filers", ["\"type\": \"string\""],
                "an oracle's: the filers it follows, separated by semicolons"),
        ]
        for field in fields {
            var parts = ["\"type\": \"\(field.type)\""]
            if let bounds = field.bounds {
                parts.append("\"minimum\": \(bounds.lowerBound)")
                parts.append("\"maximum\": \(bounds.upperBound)")
            }
            if let step = field.step { parts.append("\"multipleOf\": \(step)") }
            if !field.words.isEmpty {
                let words = field.words.map { "\"\($0)\"" }.joined(separator: ", ")
                parts.append("\"enum\": [\(words)]")
            }
            let value = field.text(feedback)
            parts.append("\"default\": \(field.type == "string" ? "\"\(value)\"" : value)")
            properties.append(property(field.key, parts, field.summary))
        }
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": "A strategy of recount",
              "description": "Written by recount strategy schema; the defaults are feedback's.",
              "type": "object",
              "additionalProperties": false,
              "properties": {
            \(properties.joined(separator: ",\n"))
              }
            }

            """
    }

    private static func property(_ key: String, _ parts: [String], _ summary: String) -> String {
        let all = parts + ["\"description\": \"\(summary)\""]
        return "    \"\(key)\": {\(all.joined(separator: ", "))}"
    }
}
