import Events

/// Messages as their encoder writes them.
enum CanonicalMessage {
    /// A readable message with each value that no encoder writes replaced by one that it does:
    /// enum values without a name, characters that are not ASCII, leftovers behind a text's end,
    /// NaNs other than the usual one.
    static func rewrite(
        _ bytes: [UInt8], _ description: MessageDescription, _ header: MessageHeader
    ) -> [UInt8] {
        var bytes = bytes
        rewrite(
            description.fields, in: &bytes, at: MessageHeader.size, length: Int(header.blockLength))
        var end = MessageHeader.size + Int(header.blockLength)
        for group in description.groups {
            let (stride, count) = extent(bytes, at: end)
            for index in 0..<count {
                rewrite(group.fields, in: &bytes, at: end + 4 + index * stride, length: stride)
            }
            end += 4 + stride * count
        }
        return bytes
    }

    /// Whether a message has the version and the lengths that its encoder gives it: no earlier
    /// version than its values need, nor a later one.
    static func isCurrent(
        _ bytes: [UInt8], _ description: MessageDescription, _ header: MessageHeader,
        _ encoded: [UInt8]
    ) throws -> Bool {
        guard try MessageHeader(encoded.span.bytes) == header else { return false }
        var end = MessageHeader.size + Int(header.blockLength)
        for group in description.groups {
            let (stride, count) = extent(bytes, at: end)
            guard stride == group.blockLength else { return false }
            end += 4 + stride * count
        }
        return true
    }

    private static func extent(_ bytes: [UInt8], at offset: Int) -> (stride: Int, count: Int) {
        (
            Int(bytes[offset]) | Int(bytes[offset + 1]) << 8,
            Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
        )
    }

    private static func rewrite(
        _ fields: [FieldDescription], in bytes: inout [UInt8], at base: Int, length: Int
    ) {
        for field in fields where field.offset + field.kind.size <= length {
            let start = base + field.offset
            switch field.kind {
            case .enumeration(let choices):
                let value = bytes[start]
                if case .bits(let null)? = field.null, UInt64(value) == null { continue }
                if !choices.contains(where: { $0.value == value }) {
                    bytes[start] = choices.first?.value ?? 0
                }
            case .boolean: bytes[start] &= 1
            case .text(let length): rewriteText(in: &bytes, start..<start + length)
            case .double, .float:
                guard case .notANumber? = field.null else { continue }
                rewriteNaN(in: &bytes, start, field.kind.size)
            case .composite(let members, let size):
                rewrite(members, in: &bytes, at: start, length: size)
            default: continue
            }
        }
    }

    private static func rewriteText(in bytes: inout [UInt8], _ range: Range<Int>) {
        var ended = false
        for index in range {
            ended = ended || bytes[index] == 0
            if ended { bytes[index] = 0 }
            if bytes[index] > 0x7F { bytes[index] = UInt8(ascii: "?") }
        }
    }

    private static func rewriteNaN(in bytes: inout [UInt8], _ start: Int, _ size: Int) {
        var bits: UInt64 = 0
        for index in 0..<size { bits |= UInt64(bytes[start + index]) << (8 * index) }
        let isNaN =
            size == 8
            ? Double(bitPattern: bits).isNaN
            : Float(bitPattern: UInt32(truncatingIfNeeded: bits)).isNaN
        guard isNaN else { return }
        let usual = size == 8 ? Double.nan.bitPattern : UInt64(Float.nan.bitPattern)
        for index in 0..<size {
            bytes[start + index] = UInt8(truncatingIfNeeded: usual >> (8 * index))
        }
    }
}
