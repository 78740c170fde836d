/// What makes a message take the oldest version that holds it: the appended fields that have a
/// value, and the appended values of enums and sets.
extension Generator {
    /// The property `version` of a message whose version depends on its values; nothing for one
    /// that is of one version only.
    func versioning(_ message: Message) -> String {
        var demands = demands(of: message.fields, on: "", indent: 8)
        for group in message.groups {
            let inner = self.demands(of: group.fields, on: "item.", indent: 12)
            if !inner.isEmpty {
                demands += "        for item in \(group.name) {\n\(inner)        }\n"
            }
        }
        guard !demands.isEmpty else { return "" }
        return """

                /// The oldest version of the schema that holds the values.
                private var oldestVersion: UInt16 {
                    var version: UInt16 = \(message.sinceVersion)
            \(demands)        return version
                }

            """
    }

    /// The start of an encoder whose header never changes.
    func fixedHead(_ message: Message) -> String {
        """
                let block = buffer.extend(by: \(MessageLayout.header + message.blockLength))
                block.putHeader(
                    blockLength: Self.blockLength, templateID: Self.templateID,
                    version: \(message.sinceVersion))

        """
    }

    /// The start of an encoder whose version and block depend on the values.
    func versionedHead(_ message: Message) -> String {
        let versions = message.blockVersions
        var text = "        let version = oldestVersion\n"
        if versions.count == 1 {
            text += "        let length: UInt16 = \(message.blockLength)\n"
        } else {
            text += "        let length: UInt16 = switch version {\n"
            for (index, version) in versions.enumerated() {
                let label =
                    index + 1 < versions.count ? "case ..<\(versions[index + 1])" : "default"
                text += "        \(label): \(message.blockLength(inVersion: version))\n"
            }
            text += "        }\n"
        }
        return text + """
                    let block = buffer.extend(by: \(MessageLayout.header) + Int(length))
                    block.putHeader(
                        blockLength: length, templateID: Self.templateID, version: version)

            """
    }

    /// The statements that raise `version` for the values of `fields`.
    private func demands(of fields: [Field], on owner: String, indent: Int) -> String {
        let space = String(repeating: " ", count: indent)
        var text = ""
        for field in fields {
            let name = owner + field.name
            if field.sinceVersion > 0 {
                text += "\(space)if \(hasValue(field, name)) { "
                text += "version = max(version, \(field.sinceVersion)) }\n"
            }
            switch field.kind {
            case .enumeration(let type), .set(let type, _):
                guard
                    (schema.enums + schema.sets).contains(where: {
                        $0.name == type && $0.isExtended
                    })
                else { continue }
                let value =
                    field.isOptional ? "(\(name)?.sinceVersion ?? 0)" : "\(name).sinceVersion"
                text += "\(space)version = max(version, \(value))\n"
            case .composite(let type, _):
                let members = schema.composites.first { $0.swiftName == type }?.members ?? []
                text += demands(of: members, on: "\(name).", indent: indent)
            default: continue
            }
        }
        return text
    }

    /// Whether a field that may be null has a value.
    private func hasValue(_ field: Field, _ name: String) -> String {
        switch (field.kind, field.null) {
        case (.reference, _): "\(name) != .none"
        case (_, .notANumber): "\(name)?.isNaN == false"
        default: "\(name) != nil"
        }
    }
}
