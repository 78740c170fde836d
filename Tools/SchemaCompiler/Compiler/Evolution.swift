/// Holds a schema against one that logs were written with.
public enum Evolution {
    /// Refuses every difference that is not a new message, a new last field of a block or an
    /// appended enum value or set choice, each with `sinceVersion` above the old version, or a
    /// higher version.
    public static func check(old: Schema, new: Schema) throws(Refusal) {
        func refuse(_ line: Int, _ what: String, _ remedy: String) throws(Refusal) {
            throw Refusal(file: new.file, line: line, what: what, remedy: remedy)
        }
        guard new.id == old.id else {
            return try refuse(1, "the schema id changed from \(old.id) to \(new.id)", "\(old.id)")
        }
        guard new.version >= old.version else {
            return try refuse(
                1, "the version fell from \(old.version) to \(new.version)",
                "a version above \(old.version)")
        }
        guard new.version > old.version || unlocated(new) == unlocated(old) else {
            return try refuse(
                1, "the schema changed but its version is still \(old.version)",
                "version=\"\(old.version + 1)\"")
        }
        for type in old.enums {
            try check(
                type, new.enums.first { $0.name == type.name }, in: new, old.version, "enum")
        }
        for type in old.sets {
            try check(
                type, new.sets.first { $0.name == type.name }, in: new, old.version, "set")
        }
        for composite in old.composites {
            let successor = new.composites.first { $0.name == composite.name }
            guard let successor, unlocated(successor.members) == unlocated(composite.members) else {
                return try refuse(
                    successor?.line ?? 1, "the composite '\(composite.name)' changed or is gone",
                    "it as it was")
            }
        }
        for message in old.messages {
            try check(message, in: new, oldVersion: old.version)
        }
        for message in new.messages where !old.messages.contains(where: { $0.id == message.id }) {
            guard message.sinceVersion > old.version else {
                return try refuse(
                    message.line,
                    "the new message '\(message.name)' has sinceVersion \(message.sinceVersion)",
                    "sinceVersion=\"\(new.version)\"")
            }
        }
    }

    private static func check(
        _ old: Choices, _ new: Choices?, in schema: Schema, _ oldVersion: Int, _ what: String
    ) throws(Refusal) {
        guard let new, new.encoding == old.encoding else {
            throw Refusal(
                file: schema.file, line: new?.line ?? 1,
                what: "the \(what) '\(old.name)' changed its encoding or is gone",
                remedy: "it as it was")
        }
        for (index, choice) in old.choices.enumerated() {
            let successor = index < new.choices.count ? new.choices[index] : nil
            guard successor?.name == choice.name, successor?.value == choice.value,
                successor?.sinceVersion == choice.sinceVersion
            else {
                throw Refusal(
                    file: schema.file, line: successor?.line ?? new.line,
                    what: "'\(choice.name)' = \(choice.value) of the \(what) '\(old.name)' "
                        + "changed, moved or is gone",
                    remedy: "it as it was, new ones behind")
            }
        }
        for choice in new.choices.dropFirst(old.choices.count)
        where choice.sinceVersion <= oldVersion {
            throw Refusal(
                file: schema.file, line: choice.line,
                what: "the new '\(choice.name)' of the \(what) '\(old.name)' has sinceVersion "
                    + "\(choice.sinceVersion)",
                remedy: "sinceVersion=\"\(schema.version)\"")
        }
    }

    private static func check(
        _ old: Message, in schema: Schema, oldVersion: Int
    ) throws(Refusal) {
        guard let new = schema.messages.first(where: { $0.id == old.id }), new.name == old.name,
            new.sinceVersion == old.sinceVersion
        else {
            throw Refusal(
                file: schema.file, line: schema.messages.first { $0.id == old.id }?.line ?? 1,
                what: "the message '\(old.name)' with id \(old.id) is gone or renamed",
                remedy: "it as it was, and a new message with a new id")
        }
        func refuse(_ line: Int, _ what: String, _ remedy: String) -> Refusal {
            Refusal(file: schema.file, line: line, what: what, remedy: remedy)
        }
        for (index, field) in old.fields.enumerated() {
            guard index < new.fields.count,
                unlocated([new.fields[index]]) == unlocated([field])
            else {
                throw refuse(
                    index < new.fields.count ? new.fields[index].line : new.line,
                    "field '\(field.name)' of '\(old.name)' changed, moved or is gone",
                    "it as it was, new fields behind")
            }
        }
        for field in new.fields.dropFirst(old.fields.count) where field.sinceVersion <= oldVersion {
            throw refuse(
                field.line,
                "the new field '\(field.name)' of '\(old.name)' has sinceVersion "
                    + "\(field.sinceVersion)", "sinceVersion=\"\(schema.version)\"")
        }
        guard unlocated(new.groups) == unlocated(old.groups) else {
            throw refuse(
                new.line, "a group of '\(old.name)' changed", "a new message with a new id")
        }
        guard new.data?.name == old.data?.name, new.data?.id == old.data?.id else {
            throw refuse(
                new.line, "the data field of '\(old.name)' changed", "a new message with a new id")
        }
    }

    // What follows removes lines, descriptions and type names, which may change freely.

    private static func unlocated(_ fields: [Field]) -> [Field] {
        fields.map { field in
            var field = field
            field.line = 0
            field.description = nil
            field.typeName = ""
            return field
        }
    }

    private static func unlocated(_ groups: [Group]) -> [Group] {
        groups.map { group in
            var group = group
            group.line = 0
            group.description = nil
            group.fields = unlocated(group.fields)
            return group
        }
    }

    private static func unlocated(_ types: [Choices]) -> [Choices] {
        types.map { type in
            var type = type
            type.line = 0
            type.description = nil
            type.choices = type.choices.map {
                Choice(
                    name: $0.name, value: $0.value, sinceVersion: $0.sinceVersion,
                    description: nil, line: 0)
            }
            return type
        }
    }

    private static func unlocated(_ schema: Schema) -> Schema {
        var schema = schema
        schema.file = ""
        schema.enums = unlocated(schema.enums)
        schema.sets = unlocated(schema.sets)
        schema.composites = schema.composites.map { composite in
            var composite = composite
            composite.line = 0
            composite.description = nil
            composite.members = unlocated(composite.members)
            return composite
        }
        schema.messages = schema.messages.map { message in
            var message = message
            message.line = 0
            message.description = nil
            message.fields = unlocated(message.fields)
            message.groups = unlocated(message.groups)
            message.data = message.data.map {
                DataField(name: $0.name, id: $0.id, description: nil, line: 0)
            }
            return message
        }
        return schema
    }
}
