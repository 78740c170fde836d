extension Generator {
    /// The tables that describe the schema to table-driven code.
    func metadataFile() -> String {
        var text = """
            /// The event schema as tables: what renderers and checks need to know of each message.
            public enum EventSchema {
                /// The schema's id, in every header.
                public static let id: UInt16 = \(schema.id)
                /// The newest version; a message is written in the oldest that holds it.
                public static let version: UInt16 = \(schema.version)

                /// Every message, ascending by template id.
                public static let messages: [MessageDescription] = [

            """
        for message in schema.messages { text += "        describe\(message.name)(),\n" }
        text += "    ]\n\n    /// Every owned message type, ascending by template id.\n"
        text += "    public static let messageTypes: [any EventMessage.Type] = [\n"
        for message in schema.messages { text += "        \(message.name).self,\n" }
        text += "    ]\n"
        for type in schema.enums + schema.sets { text += choices(type) }
        for message in schema.messages { text += description(message) }
        return text + "}\n"
    }

    private func choices(_ type: Choices) -> String {
        let list = type.choices.map { choice in
            let since = choice.sinceVersion > 0 ? ", since: \(choice.sinceVersion)" : ""
            return "ChoiceDescription(\(choice.value), \"\(choice.name)\"\(since))"
        }
        return """

                private static let choicesOf\(type.name): [ChoiceDescription] = [
                    \(list.joined(separator: ",\n        "))
                ]

            """
    }

    private func description(_ message: Message) -> String {
        var text = """

                private static func describe\(message.name)() -> MessageDescription {
                    var fields: [FieldDescription] = []

            """
        for field in message.fields { text += "        fields.append(\(describe(field)))\n" }
        let isConstant = message.groups.isEmpty
        text += "        \(isConstant ? "let" : "var") groups: [GroupDescription] = []\n"
        for group in message.groups {
            text += "        groups.append(\n            GroupDescription(\n"
            text += "                \"\(group.name)\", blockLength: \(group.blockLength),\n"
            text += "                fields: [\n"
            for field in group.fields { text += "                    \(describe(field)),\n" }
            text += "                ]))\n"
        }
        let data = message.data.map { "\"\($0.name)\"" } ?? "nil"
        let since = message.sinceVersion > 0 ? ", since: \(message.sinceVersion)" : ""
        text += """
                    return MessageDescription(
                        "\(message.name)", id: \(message.id), blockLength: \(message.blockLength), fields: fields,
                        groups: groups, data: \(data)\(since))
                }

            """
        return text
    }

    private func describe(_ field: Field) -> String {
        var text = "FieldDescription(\"\(field.name)\", at: \(field.offset), \(kind(field.kind))"
        switch field.null {
        case .integer(let null): text += ", null: .bits(\(bits(null, size: field.kind.size)))"
        case .notANumber: text += ", null: .notANumber"
        case .zeros: text += ", null: .zeros"
        case nil: break
        }
        if field.sinceVersion > 0 { text += ", since: \(field.sinceVersion)" }
        return text + ")"
    }

    private func kind(_ kind: Kind) -> String {
        switch kind {
        case .primitive(.char): ".uint8"
        case .primitive(let primitive): ".\(primitive.rawValue)"
        case .text(let length): ".text(length: \(length))"
        case .enumeration(let name): ".enumeration(choicesOf\(name))"
        case .set(let name, let encoding): ".set(choicesOf\(name), size: \(encoding.size))"
        case .composite(let name, let size):
            ".composite([\(members(name))], size: \(size))"
        case .instant, .day, .money, .quantity, .reference, .ticker, .flags, .digest, .boolean:
            ".\(kind)"
        }
    }

    private func members(_ composite: String) -> String {
        schema.composites.first { $0.swiftName == composite }?.members.map(describe)
            .joined(separator: ", ") ?? ""
    }

    /// The bit pattern of a null, as a decimal literal of UInt64.
    private func bits(_ null: String, size: Int) -> String {
        guard let signed = Int64(null) else { return null }
        let pattern = UInt64(bitPattern: signed)
        return "\(size == 8 ? pattern : pattern & (1 << UInt64(size * 8) - 1))"
    }
}
