/// Renders messages as JSON from the schema's tables.
///
/// Instants and days are ISO 8601 strings, money and quantities numbers with eight exact decimals,
/// floating-point numbers the shortest that read back equal, digests hexadecimal, references
/// `"r45"` or `"t123"`, enums their names, sets and flags arrays of names. What has no value, NaN
/// and enum values of a later version are null; infinities are the strings `"inf"` and `"-inf"`.
/// Data is a string when it is UTF-8, otherwise `{"base64":"…"}`. Fields of later versions are
/// skipped, and so are fields that the message, being of an older version, lacks: its object says
/// the same under every later schema.
public enum EventJSON {
    /// Appends one JSON object, `{"type":…,"version":…,"envelope":{…},…}`, to `text`.
    ///
    /// A message that this schema does not know is rendered with `"type":null`, its
    /// `"templateId"`, and its envelope.
    public static func render(message: RawSpan, into text: inout String) throws(DecodingError) {
        let header = try MessageHeader(message)
        guard header.schemaID == EventSchema.id else {
            throw .schema(found: header.schemaID, expected: EventSchema.id)
        }
        let end = MessageHeader.size + Int(header.blockLength)
        guard end <= message.byteCount else {
            throw .truncated(count: message.byteCount, needed: end)
        }
        guard let description = EventSchema.message(id: header.templateID) else {
            return try renderUnknown(message, header, into: &text)
        }
        let needed = needed(description, version: header.version)
        guard Int(header.blockLength) >= needed else {
            throw .blockTooShort(found: Int(header.blockLength), needed: needed)
        }
        // Rendered aside, so that a message that turns out malformed leaves `text` as it was.
        var object = "{\"type\":\"\(description.name)\",\"version\":\(header.version)"
        render(
            description.fields, in: message, at: MessageHeader.size,
            length: Int(header.blockLength), into: &object)
        try renderParts(description, message, from: end, into: &object)
        text += object
        text += "}"
    }

    /// One JSON object as `render(message:into:)` appends it.
    public static func string(message: RawSpan) throws(DecodingError) -> String {
        var text = ""
        try render(message: message, into: &text)
        return text
    }

    static func needed(_ description: MessageDescription, version: UInt16) -> Int {
        var needed = 0
        for field in description.fields where field.sinceVersion <= version {
            needed = field.offset + field.kind.size
        }
        return needed
    }

    private static func renderUnknown(
        _ message: RawSpan, _ header: MessageHeader, into text: inout String
    ) throws(DecodingError) {
        _ = try Envelope(message: message)
        text += "{\"type\":null,\"templateId\":\(header.templateID),\"version\":\(header.version)"
        let fields = EventSchema.messages[0].fields.prefix(1)
        render(
            Array(fields), in: message, at: MessageHeader.size,
            length: Int(header.blockLength), into: &text)
        text += "}"
    }

    /// The groups and the data field, which must end where the message does.
    private static func renderParts(
        _ description: MessageDescription, _ message: RawSpan, from blockEnd: Int,
        into text: inout String
    ) throws(DecodingError) {
        var end = blockEnd
        for group in description.groups {
            let extent = try GroupExtent(message, end: &end, needed: group.blockLength)
            text += ",\"\(group.name)\":["
            for index in 0..<extent.count {
                var entry = ""
                render(
                    group.fields, in: message, at: extent.start + index * extent.stride,
                    length: extent.stride, into: &entry)
                // Every field is preceded by a comma; an entry has none before its first.
                text += index == 0 ? "{" : ",{"
                text += entry.dropFirst()
                text += "}"
            }
            text += "]"
        }
        if let data = description.data {
            let range = try message.dataExtent(end: &end)
            text += ",\"\(data)\":"
            JSONText.append(
                data: message.part(from: range.lowerBound, count: range.count), to: &text)
        }
        try message.checkEnd(end)
    }

    /// `,"name":value` for each field.
    private static func render(
        _ fields: [FieldDescription], in bytes: RawSpan, at base: Int, length: Int,
        into text: inout String
    ) {
        for field in fields where field.offset + field.kind.size <= length {
            text += ",\"\(field.name)\":"
            if isNull(field, in: bytes, at: base + field.offset) {
                text += "null"
            } else {
                render(field.kind, in: bytes, at: base + field.offset, into: &text)
            }
        }
    }

    static func isNull(
        _ field: FieldDescription, in bytes: RawSpan, at offset: Int
    ) -> Bool {
        switch field.null {
        case nil, .notANumber: return false
        case .bits(let null):
            switch field.kind.size {
            case 1: return UInt64(bytes.bits(UInt8.self, at: offset)) == null
            case 2: return UInt64(bytes.bits(UInt16.self, at: offset)) == null
            case 4: return UInt64(bytes.bits(UInt32.self, at: offset)) == null
            default: return bytes.bits(UInt64.self, at: offset) == null
            }
        case .zeros:
            for index in 0..<field.kind.size
            where bytes.bits(UInt8.self, at: offset + index) != 0 {
                return false
            }
            return true
        }
    }

    static func render(
        _ kind: FieldKind, in bytes: RawSpan, at offset: Int, into text: inout String
    ) {
        switch kind {
        case .int8: text += String(bytes.load(Int8.self, at: offset))
        case .int16: text += String(bytes.load(Int16.self, at: offset))
        case .int32: text += String(bytes.load(Int32.self, at: offset))
        case .int64: text += String(bytes.load(Int64.self, at: offset))
        case .uint8: text += String(bytes.load(UInt8.self, at: offset))
        case .uint16: text += String(bytes.load(UInt16.self, at: offset))
        case .uint32: text += String(bytes.load(UInt32.self, at: offset))
        case .uint64: text += String(bytes.load(UInt64.self, at: offset))
        case .float: JSONText.append(number: bytes.load(Float.self, at: offset), to: &text)
        case .double: JSONText.append(number: bytes.load(Double.self, at: offset), to: &text)
        case .instant: text += "\"\(bytes.load(Instant.self, at: offset))\""
        case .day: text += "\"\(bytes.load(Day.self, at: offset))\""
        case .money: text += bytes.load(Money.self, at: offset).description
        case .quantity: text += bytes.load(Quantity.self, at: offset).description
        case .reference:
            let reference = bytes.load(Reference.self, at: offset)
            text += reference == .none ? "null" : "\"\(reference)\""
        case .ticker: JSONText.append(bytes.loadText(at: offset, length: 8), to: &text)
        case .text(let length):
            JSONText.append(bytes.loadText(at: offset, length: length), to: &text)
        case .flags:
            JSONText.append(
                names: flagNames, of: UInt16(bytes.bits(UInt8.self, at: offset)), to: &text)
        case .digest: text += "\"\(bytes.loadDigest(at: offset))\""
        case .boolean: text += bytes.load(Bool.self, at: offset) ? "true" : "false"
        case .enumeration(let choices):
            let value = bytes.bits(UInt8.self, at: offset)
            let choice = choices.first { $0.value == value }
            text += choice.map { "\"\($0.name)\"" } ?? "null"
        case .set(let choices, let size):
            let bits =
                size == 1
                ? UInt16(bytes.bits(UInt8.self, at: offset))
                : bytes.bits(UInt16.self, at: offset)
            JSONText.append(names: choices, of: bits, to: &text)
        case .composite(let members, let size):
            var object = ""
            render(members, in: bytes, at: offset, length: size, into: &object)
            text += "{"
            text += object.dropFirst()
            text += "}"
        }
    }

    private static let flagNames = [
        ChoiceDescription(0, "hindsight"), ChoiceDescription(1, "simulated"),
        ChoiceDescription(2, "unverifiedDate"), ChoiceDescription(3, "tradesDecisionClose"),
    ]
}

extension EventSchema {
    /// The description of the message with this template id, or nil when the schema has none.
    public static func message(id: UInt16) -> MessageDescription? {
        var low = 0
        var high = messages.count
        while low < high {
            let middle = (low + high) / 2
            if messages[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < messages.count && messages[low].id == id ? messages[low] : nil
    }
}
