import CPlatform
import EventLog
import Events

/// Messages and stored records.
enum RecordTarget {
    static let target = FuzzTarget(name: "records") { bytes in
        try checkMessage(bytes)
        try checkRecord(bytes)
    }

    /// Whoever reads a message says the same of it; a canonical one encodes to its bytes.
    private static func checkMessage(_ bytes: [UInt8]) throws {
        let json = text(bytes)
        let header = try? MessageHeader(bytes.span.bytes)
        guard let header, header.schemaID == EventSchema.id,
            let description = EventSchema.message(id: header.templateID),
            let type = EventSchema.messageType(id: header.templateID)
        else { return }
        let event = try? type.init(bytes: bytes)
        try demand(
            (event != nil) == (json != nil), "\(description.name) is read by all or by none")
        guard event != nil else { return }
        let canonical = CanonicalMessage.rewrite(bytes, description, header)
        let whole = try type.init(bytes: canonical)
        let encoded = whole.encoded()
        let envelope = try Envelope(message: canonical.span.bytes)
        try demand(envelope == whole.envelope, "the envelope is read alike")
        if try CanonicalMessage.isCurrent(canonical, description, header, encoded) {
            try demand(encoded == canonical, "\(description.name) encodes to its bytes")
        }
        let again = try type.init(bytes: encoded)
        try demand(again.encoded() == encoded, "what is encoded is read as it was")
        try demand(text(encoded) != nil, "what is encoded is rendered")
    }

    private static func text(_ bytes: [UInt8]) -> String? {
        try? EventJSON.string(message: bytes.span.bytes)
    }

    /// A record is what was stored under its position, or it is refused.
    private static func checkRecord(_ bytes: [UInt8]) throws {
        let position: UInt64 = 7
        for check in [RecordCheck.trust, .checksum] { _ = message(bytes, position, check) }
        guard !bytes.isEmpty else { return }
        let crc = recount_record_crc(position, bytes, bytes.count)
        var stored = bytes + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) }
        try demand(message(stored, position, .checksum) == bytes, "a record gives its message")
        try demand(message(stored, position + 1, .checksum) == nil, "a record knows its position")
        let place = Int(crc % UInt32(stored.count * 8))
        stored[place / 8] ^= 1 << UInt8(place % 8)
        try demand(message(stored, position, .checksum) == nil, "a flipped bit is noticed")
    }

    private static func message(_ stored: [UInt8], _ position: UInt64, _ check: RecordCheck)
        -> [UInt8]?
    {
        do throws(LogError) {
            let record = try Record(
                stored: stored.span.bytes, position: position, expected: 7, check: check,
                path: "fuzz")
            return record.message.withUnsafeBytes { Array($0) }
        } catch {
            return nil
        }
    }
}
