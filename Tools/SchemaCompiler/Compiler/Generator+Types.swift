extension Generator {
    /// The enum of an SBE enum.
    func enumeration(_ type: Choices) -> String {
        var text = doc(type.description, else: "The values of `\(type.name)`")
        text +=
            "@frozen\npublic enum \(type.name): UInt8, WireValue, Hashable, Sendable, CaseIterable {\n"
        for choice in type.choices {
            text += doc(choice.description, else: "`\(choice.name)` in the schema", indent: 4)
            text += "    case \(Naming.escaped(choice.name)) = \(choice.value)\n"
        }
        let cases = type.choices.map { "." + $0.name }.joined(separator: ", ")
        text += """
                /// A value that this version of the schema does not know; it cannot be encoded.
                case unrecognised = 254

                /// Every value that can be encoded.
                public static let allCases: [\(type.name)] = [\(cases)]

                /// The value of a byte that was read.
                @inlinable
                public init(wire: UInt8) {
                    switch wire {

            """
        for choice in type.choices {
            text += "        case \(choice.value): self = .\(choice.name)\n"
        }
        return text + """
                    default: self = .unrecognised
                    }
                }
            \(sinceVersion(type))
                /// The byte to write.
                ///
                /// - Precondition: the value is not `unrecognised`.
                @inlinable
                public var wire: UInt8 {
                    precondition(self != .unrecognised, "an unrecognised value is never encoded")
                    return rawValue
                }
            }

            """
    }

    /// Of an enum or set with appended values: the version that knows a value.
    private func sinceVersion(_ type: Choices, isSet: Bool = false) -> String {
        guard type.isExtended else { return "" }
        var text = "\n    /// The version of the schema that it first appears in.\n"
        text += "    public var sinceVersion: UInt16 {\n"
        let appended = type.choices.filter { $0.sinceVersion > 0 }
            .sorted { $0.sinceVersion > $1.sinceVersion }
        if isSet {
            for choice in appended {
                text += "        if contains(.\(choice.name)) { return \(choice.sinceVersion) }\n"
            }
            text += "        return 0\n"
        } else {
            text += "        switch self {\n"
            for choice in appended {
                text += "        case .\(choice.name): \(choice.sinceVersion)\n"
            }
            text += "        default: 0\n        }\n"
        }
        return text + "    }\n"
    }

    /// The option set of an SBE set.
    func set(_ type: Choices) -> String {
        let raw = type.encoding.swiftName
        var text = doc(type.description, else: "The choices of `\(type.name)`")
        text += """
            @frozen
            public struct \(type.name): OptionSet, WireValue, Hashable, Sendable {
                /// The bits.
                public var rawValue: \(raw)

                /// Wraps the bits.
                @inlinable
                public init(rawValue: \(raw)) {
                    self.rawValue = rawValue
                }

                /// The choices of the bits that were read.
                @inlinable
                public init(wire: \(raw)) {
                    self.rawValue = wire
                }


            """
        for choice in type.choices {
            text += doc(choice.description, else: "`\(choice.name)` in the schema", indent: 4)
            text += "    @inlinable public static var \(Naming.escaped(choice.name)): \(type.name) "
            text += "{ \(type.name)(rawValue: 1 << \(choice.value)) }\n"
        }
        return text + sinceVersion(type, isSet: true) + "}\n"
    }

    /// The struct of an SBE composite.
    func composite(_ type: Composite) -> String {
        var text = doc(type.description, else: "The composite `\(type.name)`")
        text += "@frozen\npublic struct \(type.swiftName): Hashable, Sendable {\n"
        text += "    /// Bytes on the wire.\n    public static let size = \(type.size)\n\n"
        text += properties(type.members, indent: 4)
        text += "\n    /// Takes the members in order.\n    @inlinable\n"
        text += initialiser(
            type.members.map { ($0.name, $0.swiftType, compositeDefault($0)) }, indent: 4)
        text += """

                /// Loads the members without checking bounds.
                @inlinable
                init(_ bytes: RawSpan, at offset: Int) {

            """
        for member in type.members {
            text += "        self.\(member.name) = \(load(member, from: "bytes", base: "offset"))\n"
        }
        text += "    }\n\n    func store(into block: WireBlock, at offset: Int) {\n"
        text += "        let members = WireBlock(base: block.base + offset)\n"
        for member in type.members {
            text += "        \(store(member, into: "members", from: member.name, base: 0))\n"
        }
        return text + "    }\n}\n"
    }

    /// References name nothing, flags are clear and unsigned numbers are 0 unless told otherwise.
    private func compositeDefault(_ member: Field) -> String? {
        if member.isOptional { return "nil" }
        switch member.kind {
        case .reference: return ".none"
        case .flags: return "[]"
        case .primitive(let primitive): return primitive.rawValue.hasPrefix("u") ? "0" : nil
        default: return nil
        }
    }

    /// Stored properties, documented.
    func properties(_ fields: [Field], indent: Int) -> String {
        let space = String(repeating: " ", count: indent)
        return fields.map { field in
            doc(field.description, else: "The field `\(field.name)`", indent: indent)
                + "\(space)public var \(field.name): \(field.swiftType)\n"
        }.joined()
    }

    /// A memberwise initialiser.
    func initialiser(
        _ members: [(name: String, type: String, initial: String?)], indent: Int
    ) -> String {
        let space = String(repeating: " ", count: indent)
        let parameters = members.map { member in
            "\(space)    \(member.name): \(member.type)\(member.initial.map { " = \($0)" } ?? "")"
        }
        let assignments = members.map { "\(space)    self.\($0.name) = \($0.name)\n" }
        return "\(space)public init(\n\(parameters.joined(separator: ",\n"))\n\(space)) {\n"
            + assignments.joined() + "\(space)}\n"
    }
}
