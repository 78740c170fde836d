/// A field of an event, with the place where it stands.
public struct EventField: Hashable, Sendable {
    /// `envelope.knownAt`, `confidence`, `filings[3].filing`.
    public let path: String
    /// Its value as JSON.
    public let text: String
    /// What it names, where it is a reference; nil for all else.
    public let reference: Reference?
}

extension EventJSON {
    /// The fields of a message one by one, in the schema's order; one that the message, being of an
    /// older version, lacks is not among them.
    public static func fields(message: RawSpan) throws(DecodingError) -> [EventField] {
        let header = try MessageHeader(message)
        guard let description = EventSchema.message(id: header.templateID) else { return [] }
        let length = Int(header.blockLength)
        var end = MessageHeader.size + length
        guard end <= message.byteCount, length >= needed(description, version: header.version)
        else { throw .truncated(count: message.byteCount, needed: end) }
        var fields: [EventField] = []
        append(description.fields, in: message, at: MessageHeader.size, length, "", &fields)
        for group in description.groups {
            let extent = try GroupExtent(message, end: &end, needed: group.blockLength)
            for index in 0..<extent.count {
                append(
                    group.fields, in: message, at: extent.start + index * extent.stride,
                    extent.stride, "\(group.name)[\(index)].", &fields)
            }
        }
        if let data = description.data {
            let range = try message.dataExtent(end: &end)
            var text = ""
            JSONText.append(
                data: message.part(from: range.lowerBound, count: range.count), to: &text)
            fields.append(EventField(path: data, text: text, reference: nil))
        }
        return fields
    }

    private static func append(
        _ descriptions: [FieldDescription], in bytes: RawSpan, at base: Int, _ length: Int,
        _ prefix: String, _ fields: inout [EventField]
    ) {
        for field in descriptions where field.offset + field.kind.size <= length {
            let offset = base + field.offset
            if case .composite(let members, let size) = field.kind {
                append(members, in: bytes, at: offset, size, "\(prefix)\(field.name).", &fields)
                continue
            }
            var text = ""
            if isNull(field, in: bytes, at: offset) {
                text = "null"
            } else {
                render(field.kind, in: bytes, at: offset, into: &text)
            }
            var reference: Reference?
            if case .reference = field.kind { reference = bytes.load(Reference.self, at: offset) }
            fields.append(
                EventField(path: prefix + field.name, text: text, reference: reference))
        }
    }
}
