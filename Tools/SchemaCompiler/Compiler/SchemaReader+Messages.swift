extension SchemaReader {
    mutating func readMessage(_ element: Element) throws(Refusal) {
        try element.check(required: ["name", "id"], optional: ["sinceVersion", "description"])
        try element.checkNoText()
        var message = Message(
            name: element.required("name"),
            id: try element.number(element.required("id"), "template id", in: 1...65_534),
            sinceVersion: try readVersion(element),
            description: element.attributes["description"], line: element.line)
        try Naming.checkUpper(message.name, element)
        let names =
            schema.messages.map(\.name) + schema.enums.map(\.name) + schema.sets.map(\.name)
            + schema.composites.map(\.swiftName)
        guard !names.contains(message.name) else {
            throw element.refusal("the name '\(message.name)' is used twice", "another name")
        }
        if let other = schema.messages.first(where: { $0.id == message.id }) {
            throw element.refusal(
                "'\(message.name)' and '\(other.name)' both have id \(message.id)",
                "a template id that was never used")
        }
        var used = UsedNames()
        for child in element.children {
            try readPart(child, of: &message, &used)
        }
        guard let first = message.fields.first, first.name == "envelope",
            first.typeName == "envelope"
        else {
            throw element.refusal(
                "the first field of '\(message.name)' is not its envelope",
                "<field name=\"envelope\" id=\"1\" type=\"envelope\"/> first")
        }
        schema.messages.append(message)
    }

    private func readPart(
        _ child: Element, of message: inout Message, _ used: inout UsedNames
    ) throws(Refusal) {
        switch child.name {
        case "field":
            guard message.groups.isEmpty, message.data == nil else {
                throw child.refusal(
                    "a field stands after a group or data field", "fields first")
            }
            let field = try readField(child, after: message.fields.last, &used)
            guard field.sinceVersion == 0 || field.sinceVersion > message.sinceVersion else {
                throw child.refusal(
                    "'\(field.name)' of version \(field.sinceVersion) is no newer than its message",
                    "no sinceVersion")
            }
            guard field.end <= 65_535 else {
                throw child.refusal(
                    "the block of '\(message.name)' is longer than 65535 bytes", "a shorter block")
            }
            message.fields.append(field)
        case "group":
            guard message.data == nil else {
                throw child.refusal("a group stands after the data field", "the data field last")
            }
            let group = try readGroup(child, &used)
            guard !message.groups.contains(where: { $0.entryName == group.entryName }) else {
                throw child.refusal(
                    "two groups would both have entries named '\(group.entryName)'", "another name")
            }
            message.groups.append(group)
        case "data":
            guard message.data == nil else {
                throw child.refusal(
                    "'\(message.name)' has two data fields", "one, or two messages")
            }
            message.data = try readData(child, &used)
        default:
            throw child.refusal(
                "<\(child.name)> is not supported here", "<field>, <group> or <data>")
        }
    }

    private func readField(
        _ element: Element, after previous: Field?, _ used: inout UsedNames, inGroup: Bool = false
    ) throws(Refusal) -> Field {
        try element.check(
            required: ["name", "id", "type"],
            optional: ["sinceVersion", "presence", "description"])
        try checkLeaf(element)
        let typeName = element.required("type")
        let type: DeclaredType
        if let primitive = Primitive(rawValue: typeName) {
            type = DeclaredType(kind: primitive == .char ? .text(length: 1) : .primitive(primitive))
        } else if let declared = types[typeName],
            !["messageHeader", "groupSizeEncoding", "varDataEncoding"].contains(typeName)
        {
            type = declared
        } else {
            throw element.refusal("the type '\(typeName)' is unknown", "a type declared above")
        }
        var field = Field(
            name: element.required("name"), id: try used.take(element), kind: type.kind,
            typeName: typeName, null: try null(of: element, type), offset: previous?.end ?? 0,
            description: element.attributes["description"], line: element.line)
        if typeName == "envelope", previous != nil || inGroup {
            throw element.refusal("the envelope is not the first field", "it first, and once")
        }
        if element.attributes["sinceVersion"] != nil {
            guard !inGroup else {
                throw element.refusal(
                    "a field of a group has a sinceVersion", "a new message with a new id")
            }
            try readVersion(of: &field, after: previous, element)
        } else if let previous, previous.sinceVersion > 0 {
            throw element.refusal(
                "'\(field.name)' of version 0 stands after '\(previous.name)' of version "
                    + "\(previous.sinceVersion)",
                "new fields last")
        }
        return field
    }

    private func null(of element: Element, _ type: DeclaredType) throws(Refusal) -> Null? {
        switch element.attributes["presence"] ?? (type.null == nil ? "required" : "optional") {
        case "optional":
            guard let null = type.null ?? type.fieldNull else {
                throw element.refusal(
                    "'\(element.required("name"))' is optional but type "
                        + "'\(element.required("type"))' has no null",
                    "a type with presence=\"optional\" and a nullValue")
            }
            return null
        case "required":
            guard type.null == nil || type.kind == .reference else {
                throw element.refusal(
                    "'\(element.required("name"))' is required but its type is optional",
                    "a required type")
            }
            return type.null
        default:
            throw element.refusal(
                "presence is '\(element.required("presence"))'", "required or optional")
        }
    }

    /// The `sinceVersion` of an element, 0 where it has none.
    func readVersion(_ element: Element) throws(Refusal) -> Int {
        guard let text = element.attributes["sinceVersion"] else { return 0 }
        let version = try element.number(text, "sinceVersion", in: 0...65_534)
        guard version <= schema.version else {
            throw element.refusal(
                "sinceVersion \(version) is later than the schema's version \(schema.version)",
                "version=\"\(version)\" in <sbe:messageSchema>")
        }
        return version
    }

    private func readVersion(
        of field: inout Field, after previous: Field?, _ element: Element
    ) throws(Refusal) {
        let version = try readVersion(element)
        if let previous, previous.sinceVersion > version {
            throw element.refusal(
                "'\(field.name)' of version \(version) stands after '\(previous.name)' of version "
                    + "\(previous.sinceVersion)",
                "new fields last")
        }
        guard version == 0 || field.null != nil else {
            throw element.refusal(
                "'\(field.name)' is new in version \(version) but required, and older messages "
                    + "have none",
                "an optional type")
        }
        field.sinceVersion = version
    }

    private func readGroup(_ element: Element, _ used: inout UsedNames) throws(Refusal) -> Group {
        try element.check(required: ["name", "id", "dimensionType"], optional: ["description"])
        try element.checkNoText()
        guard element.required("dimensionType") == "groupSizeEncoding" else {
            throw element.refusal(
                "dimensionType is '\(element.required("dimensionType"))'",
                "dimensionType=\"groupSizeEncoding\"")
        }
        let name = element.required("name")
        var group = Group(
            name: name, entryName: Naming.singular(name), id: try used.take(element), fields: [],
            description: element.attributes["description"], line: element.line)
        var names = UsedNames(ids: used.ids)
        for child in element.children {
            guard child.name == "field" else {
                throw child.refusal(
                    child.name == "group"
                        ? "a group inside a group is not supported"
                        : "<\(child.name)> in a group is not supported",
                    "only <field> in a group")
            }
            let field = try readField(child, after: group.fields.last, &names, inGroup: true)
            guard field.end <= 65_535 else {
                throw child.refusal(
                    "an entry of '\(name)' is longer than 65535 bytes", "a shorter entry")
            }
            group.fields.append(field)
        }
        guard !group.fields.isEmpty else {
            throw element.refusal("the group '\(name)' has no field", "a <field> in it")
        }
        used.ids = names.ids
        return group
    }

    private func readData(_ element: Element, _ used: inout UsedNames) throws(Refusal) -> DataField
    {
        try element.check(required: ["name", "id", "type"], optional: ["description"])
        try checkLeaf(element)
        guard element.required("type") == "varDataEncoding" else {
            throw element.refusal(
                "the data field's type is '\(element.required("type"))'",
                "type=\"varDataEncoding\"")
        }
        return DataField(
            name: element.required("name"), id: try used.take(element),
            description: element.attributes["description"], line: element.line)
    }
}

/// Names taken in a block or entry, and ids taken in a message.
private struct UsedNames {
    var names: [String] = []
    var ids: [Int] = []

    /// The element's id, after refusing a name or id that was used before.
    mutating func take(_ element: Element) throws(Refusal) -> Int {
        let name = element.required("name")
        try Naming.checkLower(name, element)
        guard !names.contains(name) else {
            throw element.refusal("the name '\(name)' is used twice", "another name")
        }
        let id = try element.number(element.required("id"), "id", in: 1...65_534)
        guard !ids.contains(id) else {
            throw element.refusal("the id \(id) is used twice in the message", "another id")
        }
        names.append(name)
        ids.append(id)
        return id
    }
}
