extension Generator {
    /// The view of a message and those of its groups and their entries.
    func views(_ message: Message) -> String {
        let name = message.name
        var text = """
            /// Reads a `\(name)` in place; bounds are checked once, in `init`.
            @frozen
            public struct \(name)View: ~Escapable {
                /// The message's bytes, header included.
                public let message: RawSpan

            """
        for group in message.groups {
            text += "    @usableFromInline let \(group.name)Extent: GroupExtent\n"
        }
        if let data = message.data {
            text += "    @usableFromInline let \(data.name)Extent: Range<Int>\n"
        }
        text += viewInitialiser(message)
        for field in message.fields { text += getter(field) }
        for group in message.groups { text += groupGetter(group, of: message) }
        if let data = message.data {
            text += "\n" + doc(data.description, else: "The bytes of `\(data.name)`", indent: 4)
            text += """
                    @inlinable
                    public var \(data.name): RawSpan {
                        @_lifetime(copy self)
                        get { message.part(from: \(data.name)Extent.lowerBound, count: \(data.name)Extent.count) }
                    }

                """
        }
        text += "}\n"
        for group in message.groups {
            text += "\n" + groupView(group, of: message) + "\n" + entryView(group, of: message)
        }
        return text
    }

    private func viewInitialiser(_ message: Message) -> String {
        let lengths = message.blockVersions.map { ($0, message.blockLength(inVersion: $0)) }
        let isExtended = lengths.count > 1
        var text = """

                /// Checks header, block, groups and data of a message, once for all properties.
                @inlinable
                @_lifetime(copy message)
                public init(_ message: RawSpan) throws(DecodingError) {
                    let header = try MessageHeader(message)

            """
        if isExtended {
            text += "        let needed = switch header.version {\n"
            for (index, (_, length)) in lengths.enumerated() {
                let label =
                    index + 1 < lengths.count ? "case ..<\(lengths[index + 1].0)" : "default"
                text += "        \(label): \(length)\n"
            }
            text += "        }\n"
        }
        let moves = !message.groups.isEmpty || message.data != nil
        text += """
                    \(moves ? "var" : "let") end = try header.blockEnd(
                        in: message, templateID: \(message.id), schemaID: \(schema.id), needed: \(isExtended ? "needed" : "\(message.blockLength)"))

            """
        for group in message.groups {
            text += "        self.\(group.name)Extent = try GroupExtent("
            text += "message, end: &end, needed: \(group.blockLength))\n"
        }
        if let data = message.data {
            text += "        self.\(data.name)Extent = try message.dataExtent(end: &end)\n"
        }
        return text + """
                    try message.checkEnd(end)
                    self.message = message
                }

            """
    }

    private func getter(_ field: Field) -> String {
        let expression = load(field, from: "message", base: "\(MessageLayout.header)")
        var text = "\n" + doc(field.description, else: "The field `\(field.name)`", indent: 4)
        guard field.sinceVersion > 0 else {
            text += "    @inlinable\n    public var \(field.name): \(field.swiftType) "
            return text + "{ \(expression) }\n"
        }
        let absent = field.isOptional ? "nil" : ".none"
        text += """
                ///
                /// Since version \(field.sinceVersion); \(absent) in older messages.
                @inlinable
                public var \(field.name): \(field.swiftType) {
                    message.bits(UInt16.self, at: 0) >= \(field.end) ? \(expression) : \(absent)
                }

            """
        return text
    }

    private func groupGetter(_ group: Group, of message: Message) -> String {
        "\n" + doc(group.description, else: "The entries of `\(group.name)`", indent: 4) + """
                @inlinable
                public var \(group.name): \(message.name)\(Naming.upper(group.name))View {
                    @_lifetime(copy self)
                    get { \(message.name)\(Naming.upper(group.name))View(message, \(group.name)Extent) }
                }

            """
    }

    private func groupView(_ group: Group, of message: Message) -> String {
        let name = "\(message.name)\(Naming.upper(group.name))View"
        let entry = "\(message.name)\(group.entryName)View"
        return """
            /// The entries of `\(message.name).\(group.name)`, read in place.
            @frozen
            public struct \(name): ~Escapable {
                @usableFromInline let entries: RawSpan
                @usableFromInline let stride: Int
                /// Number of entries.
                public let count: Int

                @inlinable
                @_lifetime(copy message)
                init(_ message: RawSpan, _ extent: GroupExtent) {
                    self.entries = message.part(from: extent.start, count: extent.stride &* extent.count)
                    self.stride = extent.stride
                    self.count = extent.count
                }

                /// Whether there is no entry.
                @inlinable
                public var isEmpty: Bool { count == 0 }

                /// The entry at `index`.
                ///
                /// - Precondition: `index` is at least 0 and below `count`.
                @inlinable
                public subscript(index: Int) -> \(entry) {
                    @_lifetime(copy self)
                    get {
                        precondition(index >= 0 && index < count, "a group's index is below its count")
                        return self[unchecked: index]
                    }
                }

                /// The entry at `index`, which the caller knows to be at least 0 and below `count`.
                @inlinable
                public subscript(unchecked index: Int) -> \(entry) {
                    @_lifetime(copy self)
                    get { \(entry)(entries.part(from: index &* stride, count: stride)) }
                }
            }

            """
    }

    private func entryView(_ group: Group, of message: Message) -> String {
        let name = "\(message.name)\(group.entryName)View"
        var text = """
            /// One entry of `\(message.name).\(group.name)`, read in place.
            @frozen
            public struct \(name): ~Escapable {
                @usableFromInline let bytes: RawSpan

                @inlinable
                @_lifetime(copy bytes)
                init(_ bytes: RawSpan) {
                    self.bytes = bytes
                }

            """
        for field in group.fields {
            text += "\n" + doc(field.description, else: "The field `\(field.name)`", indent: 4)
            text += "    @inlinable\n    public var \(field.name): \(field.swiftType) "
            text += "{ \(load(field, from: "bytes", base: "0")) }\n"
        }
        return text + "}\n"
    }
}
