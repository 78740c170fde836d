extension SchemaReader {
    /// Composites of fixed layout: name, and members with their primitive types.
    private static let fixed: [(name: String, members: [(String, Primitive)])] = [
        (
            "messageHeader",
            [
                ("blockLength", .uint16), ("templateId", .uint16), ("schemaId", .uint16),
                ("version", .uint16),
            ]
        ),
        ("groupSizeEncoding", [("blockLength", .uint16), ("numInGroup", .uint16)]),
        ("varDataEncoding", [("length", .uint32), ("varData", .uint8)]),
    ]

    mutating func readTypes(_ element: Element) throws(Refusal) {
        try element.check(required: [])
        try element.checkNoText()
        for child in element.children {
            switch child.name {
            case "type": try declare(child, try readType(child))
            case "composite": try readComposite(child)
            case "enum":
                try child.check(required: ["name", "encodingType"], optional: ["description"])
                try declare(child, try readEnum(child, swiftName: child.required("name")))
            case "set": try readSet(child)
            default:
                throw child.refusal(
                    "<\(child.name)> is not supported here", "<type>, <composite>, <enum> or <set>")
            }
        }
    }

    private mutating func declare(_ element: Element, _ type: DeclaredType) throws(Refusal) {
        let name = element.required("name")
        guard types[name] == nil, Primitive(rawValue: name) == nil else {
            throw element.refusal("the type '\(name)' is declared twice", "another name")
        }
        types[name] = type
    }

    /// The Swift kind and null of a `<type>`.
    private func readType(_ element: Element) throws(Refusal) -> DeclaredType {
        try element.check(
            required: ["name", "primitiveType"],
            optional: ["length", "presence", "nullValue", "semanticType", "description"])
        try checkLeaf(element)
        guard let primitive = Primitive(rawValue: element.required("primitiveType")) else {
            throw element.refusal(
                "'\(element.required("primitiveType"))' is not a primitive type",
                Primitive.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let kind = try readKind(element, primitive)
        let null = try readNull(element, primitive, kind)
        var fieldNull: Null?
        switch kind {
        case .text, .ticker: fieldNull = .zeros
        case .reference: fieldNull = .integer("0")
        default: fieldNull = null
        }
        return DeclaredType(
            kind: kind, null: kind == .reference ? .integer("0") : null, fieldNull: fieldNull)
    }

    private func readKind(_ element: Element, _ primitive: Primitive) throws(Refusal) -> Kind {
        var length = 1
        if let text = element.attributes["length"] {
            guard primitive == .char else {
                throw element.refusal(
                    "an array of \(primitive.rawValue) is not supported", "a group, or char")
            }
            length = try element.number(text, "length", in: 1...65_535)
        }
        let semantics: [(name: String, primitive: Primitive, length: Int, kind: Kind)] = [
            ("UTCTimestamp", .int64, 1, .instant), ("LocalMktDate", .int32, 1, .day),
            ("Amt", .int64, 1, .money), ("Qty", .int64, 1, .quantity),
            ("Reference", .uint64, 1, .reference), ("Ticker", .char, 8, .ticker),
            ("EventFlags", .uint8, 1, .flags),
        ]
        guard let name = element.attributes["semanticType"] else {
            return primitive == .char ? .text(length: length) : .primitive(primitive)
        }
        guard let semantic = semantics.first(where: { $0.name == name }) else {
            throw element.refusal(
                "the semanticType '\(name)' is unknown",
                "one of " + semantics.map(\.name).joined(separator: ", ") + ", or none")
        }
        guard semantic.primitive == primitive, semantic.length == length else {
            let array = semantic.length == 1 ? "" : "[\(semantic.length)]"
            throw element.refusal(
                "semanticType '\(name)' does not go with \(primitive.rawValue)[\(length)]",
                "\(semantic.primitive.rawValue)\(array)")
        }
        return semantic.kind
    }

    private func readNull(
        _ element: Element, _ primitive: Primitive, _ kind: Kind
    ) throws(Refusal) -> Null? {
        let presence = element.attributes["presence"] ?? "required"
        guard presence == "optional" || presence == "required" else {
            throw element.refusal("presence is '\(presence)'", "required or optional")
        }
        let text = element.attributes["nullValue"]
        if presence == "required" {
            guard text == nil else {
                throw element.refusal("a required type has a nullValue", "presence=\"optional\"")
            }
            return nil
        }
        if primitive == .char {
            guard text == nil || text == "0" else {
                throw element.refusal("nullValue '\(text ?? "")' of characters", "nullValue=\"0\"")
            }
            return .zeros
        }
        guard kind != .flags else {
            throw element.refusal("flags are optional but have no null", "presence=\"required\"")
        }
        let example =
            primitive.isFloating ? "NaN" : primitive.rawValue.hasPrefix("u") ? "255" : "-1"
        guard let text else {
            throw element.refusal(
                "an optional type has no nullValue, so other decoders would not know its null",
                "nullValue=\"\(kind == .reference ? "0" : example)\"")
        }
        guard primitive.holds(text), kind != .reference || text == "0" else {
            throw element.refusal(
                "nullValue '\(text)' is not a null of \(element.required("name"))",
                "nullValue=\"\(kind == .reference ? "0" : example)\"")
        }
        return primitive.isFloating ? .notANumber : .integer(text)
    }

    /// An enum's kind, having added it to the schema.
    private mutating func readEnum(
        _ element: Element, swiftName: String
    ) throws(Refusal) -> DeclaredType {
        try Naming.checkUpper(swiftName, element)
        try element.checkNoText()
        guard element.required("encodingType") == "uint8" else {
            throw element.refusal(
                "encodingType '\(element.required("encodingType"))' of an enum is not supported",
                "encodingType=\"uint8\"")
        }
        var choices: [Choice] = []
        for child in element.children {
            let choice = try readChoice(child, "validValue", choices)
            guard choice.value < 254 else {
                throw child.refusal(
                    "the value \(choice.value) of '\(choice.name)' is "
                        + (choice.value == 255 ? "the null" : "kept for unrecognised values"),
                    "a value from 0 to 253")
            }
            choices.append(choice)
        }
        guard !choices.isEmpty else {
            throw element.refusal("the enum '\(swiftName)' has no value", "a <validValue>")
        }
        let isBoolean = swiftName == "Boolean"
        if isBoolean {
            guard choices.map(\.name) == ["no", "yes"], choices.map(\.value) == [0, 1] else {
                throw element.refusal("Boolean has other values than no 0 and yes 1", "those two")
            }
        } else {
            try checkSwiftNameIsFree(swiftName, element)
            schema.enums.append(
                Choices(
                    name: swiftName, encoding: .uint8, choices: choices,
                    description: element.attributes["description"], line: element.line))
        }
        return DeclaredType(
            kind: isBoolean ? .boolean : .enumeration(swiftName), fieldNull: .integer("255"))
    }

    private mutating func readSet(_ element: Element) throws(Refusal) {
        try element.check(required: ["name", "encodingType"], optional: ["description"])
        try element.checkNoText()
        let name = element.required("name")
        try Naming.checkUpper(name, element)
        guard let encoding = Primitive(rawValue: element.required("encodingType")),
            encoding == .uint8 || encoding == .uint16
        else {
            throw element.refusal(
                "encodingType '\(element.required("encodingType"))' of a set is not supported",
                "uint8 or uint16")
        }
        var choices: [Choice] = []
        for child in element.children {
            let choice = try readChoice(child, "choice", choices)
            guard choice.value < encoding.size * 8 else {
                throw child.refusal(
                    "bit \(choice.value) is outside \(encoding.rawValue)",
                    "a bit from 0 to \(encoding.size * 8 - 1)")
            }
            choices.append(choice)
        }
        try checkSwiftNameIsFree(name, element)
        try declare(element, DeclaredType(kind: .set(name, encoding)))
        schema.sets.append(
            Choices(
                name: name, encoding: encoding, choices: choices,
                description: element.attributes["description"], line: element.line))
    }

    private func readChoice(
        _ element: Element, _ name: String, _ others: [Choice]
    ) throws(Refusal) -> Choice {
        guard element.name == name else {
            throw element.refusal("<\(element.name)> is not supported here", "<\(name)>")
        }
        try element.check(required: ["name"], optional: ["sinceVersion", "description"])
        guard element.children.isEmpty else {
            throw element.refusal("<\(name)> contains elements", "its number alone")
        }
        let choice = Choice(
            name: element.required("name"),
            value: try element.number(element.text, "the value", in: 0...255),
            sinceVersion: try readVersion(element),
            description: element.attributes["description"], line: element.line)
        try Naming.checkChoice(choice.name, element)
        if others.contains(where: { $0.name == choice.name }) {
            throw element.refusal("the name '\(choice.name)' is used twice", "another name")
        }
        if let other = others.first(where: { $0.value == choice.value }) {
            throw element.refusal(
                "'\(choice.name)' and '\(other.name)' are both \(choice.value)", "another number")
        }
        return choice
    }

    private mutating func readComposite(_ element: Element) throws(Refusal) {
        try element.check(required: ["name"], optional: ["semanticType", "description"])
        try element.checkNoText()
        let name = element.required("name")
        var members: [Field] = []
        for child in element.children {
            let member = try readMember(child, offset: members.last?.end ?? 0, of: name)
            guard !members.contains(where: { $0.name == member.name }) else {
                throw child.refusal("the member '\(member.name)' is declared twice", "another name")
            }
            members.append(member)
        }
        if let fixed = Self.fixed.first(where: { $0.name == name }) {
            guard members.map(\.name) == fixed.members.map(\.0),
                members.map(\.kind) == fixed.members.map({ .primitive($0.1) })
            else {
                let layout = fixed.members.map { "\($0.0) \($0.1.rawValue)" }
                throw element.refusal(
                    "'\(name)' has another layout", layout.joined(separator: ", "))
            }
            return try declare(element, DeclaredType(kind: .primitive(.uint8)))
        }
        try declareComposite(element, members)
    }

    private mutating func declareComposite(
        _ element: Element, _ members: [Field]
    ) throws(Refusal) {
        let name = element.required("name")
        if let semantic = element.attributes["semanticType"] {
            guard semantic == "Digest", members.map(\.name) == ["w0", "w1", "w2", "w3"],
                members.allSatisfy({ $0.kind == .primitive(.uint64) })
            else {
                throw element.refusal(
                    "'\(name)' is not a digest", "semanticType=\"Digest\" and w0 … w3 as uint64")
            }
            return try declare(element, DeclaredType(kind: .digest, fieldNull: .zeros))
        }
        guard !members.isEmpty else {
            throw element.refusal("the composite '\(name)' is empty", "a <type> or <enum> in it")
        }
        let swiftName = Naming.upper(name)
        if name != "envelope" { try Naming.checkUpper(swiftName, element) }
        try checkSwiftNameIsFree(swiftName, element)
        let composite = Composite(
            name: name, swiftName: swiftName, members: members,
            description: element.attributes["description"], line: element.line)
        try declare(
            element, DeclaredType(kind: .composite(swiftName, size: composite.size)))
        schema.composites.append(composite)
    }

    private mutating func readMember(
        _ element: Element, offset: Int, of composite: String
    ) throws(Refusal) -> Field {
        let type: DeclaredType
        switch element.name {
        case "type": type = try readType(element)
        case "enum":
            try element.check(required: ["name", "encodingType"], optional: ["description"])
            type = try readEnum(element, swiftName: Naming.upper(element.required("name")))
        default:
            throw element.refusal(
                "<\(element.name)> in a composite is not supported", "<type> or an inline <enum>")
        }
        let name = element.required("name")
        if !Self.fixed.contains(where: { $0.name == composite }) {
            try Naming.checkLower(name, element)
        }
        return Field(
            name: name, id: 0, kind: type.kind,
            typeName: element.attributes["primitiveType"] ?? name,
            null: type.null, offset: offset, description: element.attributes["description"],
            line: element.line)
    }

    private func checkSwiftNameIsFree(_ name: String, _ element: Element) throws(Refusal) {
        let names =
            schema.enums.map(\.name) + schema.sets.map(\.name) + schema.composites.map(\.swiftName)
            + schema.messages.map(\.name)
        guard !names.contains(name) else {
            throw element.refusal("the name '\(name)' is used twice", "another name")
        }
    }

    /// Refuses elements and text inside an element that holds neither.
    func checkLeaf(_ element: Element) throws(Refusal) {
        try element.checkNoText()
        guard element.children.isEmpty else {
            throw element.refusal("<\(element.name)> contains elements", "it empty")
        }
    }
}
