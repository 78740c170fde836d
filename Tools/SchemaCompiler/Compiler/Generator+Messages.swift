extension Generator {
    /// The owned struct of a message.
    func message(_ message: Message) -> String {
        var text = doc(message.description, else: "The message `\(message.name)`")
        text += """
            public struct \(message.name): EventMessage {
                /// The template id, \(message.id).
                public static let templateID: UInt16 = \(message.id)
                /// The name in the schema.
                public static let messageName = "\(message.name)"
                /// Bytes of the block in the newest version.
                public static let blockLength: UInt16 = \(message.blockLength)


            """
        text += properties(message.fields, indent: 4)
        for group in message.groups {
            text += doc(group.description, else: "The group `\(group.name)`", indent: 4)
            text += "    public var \(group.name): [\(group.entryName)]\n"
        }
        if let data = message.data {
            text += doc(data.description, else: "The data field `\(data.name)`", indent: 4)
            text += "    public var \(data.name): [UInt8]\n"
        }
        text += "\n    /// Takes the fields in order, then groups and data.\n"
        var members: [(String, String, String?)] = message.fields.map {
            ($0.name, $0.swiftType, $0.isOptional ? "nil" : nil)
        }
        members += message.groups.map { ($0.name, "[\($0.entryName)]", "[]") }
        members += message.data.map { [($0.name, "[UInt8]", "[]")] } ?? []
        text += initialiser(members, indent: 4)
        text += fits(message.fields, indent: 4)
        text += encoder(message)
        text += copier(message)
        text += message.groups.map { entry($0, in: message) }.joined()
        return text + "}\n"
    }

    /// Tests of texts against their fields' lengths.
    private func fits(_ fields: [Field], indent: Int) -> String {
        let space = String(repeating: " ", count: indent)
        return fields.map { field in
            guard case .text(let length) = field.kind else { return "" }
            return """

                \(space)/// Whether `text` is ASCII of at most \(length) characters, as `\(field.name)` must be.
                \(space)public static func fits(\(field.name) text: String) -> Bool {
                \(space)    WireText.fits(text, length: \(length))
                \(space)}

                """
        }.joined()
    }

    private func encoder(_ message: Message) -> String {
        let versioning = versioning(message)
        var text = versioning
        text += """

                /// Appends header, block, groups and data to `buffer`, in the oldest version of the
                /// schema that holds them.
                ///
                /// - Precondition: every value fits its field (see `EventMessage`).
                public func encode(into buffer: inout EventBuffer) {

            """
        text += versioning.isEmpty ? fixedHead(message) : versionedHead(message)
        for field in message.fields {
            let statement = store(
                field, into: "block", from: field.name, base: MessageLayout.header)
            let isAppended = field.sinceVersion > message.sinceVersion
            text += "        "
            text +=
                isAppended
                ? "if version >= \(field.sinceVersion) { \(statement) }\n" : "\(statement)\n"
        }
        for group in message.groups {
            text += """
                        buffer.extend(by: 4).putGroupHeader(
                            blockLength: \(group.blockLength), count: \(group.name).count)
                        for item in \(group.name) {
                            let block = buffer.extend(by: \(group.blockLength))

                """
            for field in group.fields {
                let statement = store(field, into: "block", from: "item.\(field.name)", base: 0)
                text += "            \(statement)\n"
            }
            text += "        }\n"
        }
        if let data = message.data {
            text += """
                        precondition(
                            \(data.name).count <= Int(UInt32.max) - 1, "a data field is shorter than 4 GiB")
                        buffer.append(UInt32(\(data.name).count))
                        buffer.append(contentsOf: \(data.name))

                """
        }
        return text + "    }\n"
    }

    private func copier(_ message: Message) -> String {
        var text = """

                /// Copies a message out of its bytes, header included.
                public init(message: RawSpan) throws(DecodingError) {
                    self.init(try \(message.name)View(message))
                }

                /// Copies what a view shows.
                public init(_ view: borrowing \(message.name)View) {

            """
        for field in message.fields {
            text += "        self.\(field.name) = view.\(field.name)\n"
        }
        for group in message.groups {
            text += """
                        let \(group.name)View = view.\(group.name)
                        var \(group.name): [\(group.entryName)] = []
                        \(group.name).reserveCapacity(\(group.name)View.count)
                        for index in 0..<\(group.name)View.count {
                            \(group.name).append(\(group.entryName)(\(group.name)View[index]))
                        }
                        self.\(group.name) = \(group.name)

                """
        }
        if let data = message.data {
            text += "        self.\(data.name) = view.\(data.name).copied()\n"
        }
        return text + "    }\n"
    }

    /// The struct of a group's entry.
    private func entry(_ group: Group, in message: Message) -> String {
        var text = "\n    /// One entry of `\(group.name)`.\n"
        text += "    public struct \(group.entryName): Equatable, Sendable {\n"
        text += properties(group.fields, indent: 8)
        text += "\n        /// Takes the fields in order.\n"
        text += initialiser(
            group.fields.map { ($0.name, $0.swiftType, $0.isOptional ? "nil" : nil) }, indent: 8)
        text += fits(group.fields, indent: 8)
        text += """

                    /// Copies what a view shows.
                    public init(_ view: borrowing \(message.name)\(group.entryName)View) {

            """
        for field in group.fields {
            text += "            self.\(field.name) = view.\(field.name)\n"
        }
        return text + "        }\n    }\n"
    }
}

/// Sizes that SBE fixes.
enum MessageLayout {
    /// Bytes of the message header.
    static let header = 8
}
