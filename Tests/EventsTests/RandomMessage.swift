import Events

/// SplitMix64: small, seeded, the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Lawful bytes of a message, made from the schema's tables and so without its encoder.
struct RandomMessage {
    let description: MessageDescription
    /// Bytes that a later version would add to the block and to each entry.
    var growth = 0
    /// The version to write, all of its fields present; the oldest that holds the values when nil.
    var version: UInt16?
    /// The newest version whose fields have values.
    var newest = EventSchema.version
    /// Whether the fields of the version `newest` all have one.
    var isNewestPresent = false

    func bytes(using random: inout SeededGenerator) -> [UInt8] {
        var source = random
        defer { random = source }
        return build(using: &source)
    }

    private func build(using random: inout SeededGenerator) -> [UInt8] {
        var filler = SeededGenerator(state: 77)
        var bytes = [UInt8](repeating: 0, count: 8)
        var oldest = description.sinceVersion
        for field in description.fields {
            oldest = max(oldest, append(field, to: &bytes, using: &random) ?? 0)
        }
        var block = bytes
        for _ in 0..<growth { block.append(UInt8.random(in: 0...255, using: &filler)) }
        bytes = []
        for group in description.groups {
            let count = Int.random(in: 0...4, using: &random)
            bytes.append(integer: UInt64(group.blockLength + growth), size: 2)
            bytes.append(integer: UInt64(count), size: 2)
            for _ in 0..<count {
                for field in group.fields {
                    oldest = max(oldest, append(field, to: &bytes, using: &random) ?? 0)
                }
                for _ in 0..<growth { bytes.append(UInt8.random(in: 0...255, using: &filler)) }
            }
        }
        if description.data != nil {
            let count = Int.random(in: 0...9, using: &random)
            bytes.append(integer: UInt64(count), size: 4)
            for _ in 0..<count { bytes.append(UInt8.random(in: 0...255, using: &random)) }
        }
        if version == nil { block.removeLast(description.blockLength - length(in: oldest)) }
        var header: [UInt8] = []
        header.append(integer: UInt64(block.count - 8), size: 2)
        header.append(integer: UInt64(description.id), size: 2)
        header.append(integer: UInt64(EventSchema.id), size: 2)
        header.append(integer: UInt64(version ?? oldest), size: 2)
        block.replaceSubrange(0..<8, with: header)
        return block + bytes
    }

    /// Bytes of the block in a version.
    private func length(in version: UInt16) -> Int {
        description.fields.last { $0.sinceVersion <= version }.map { $0.offset + $0.kind.size } ?? 0
    }

    /// Appends a value, or null; the oldest version that knows the value, nil for null.
    private func append(
        _ field: FieldDescription, to bytes: inout [UInt8], using random: inout SeededGenerator
    ) -> UInt16? {
        let size = field.kind.size
        let isForced = isNewestPresent && field.sinceVersion == newest && newest > 0
        let isNullDrawn = field.null != nil && Int.random(in: 0..<4, using: &random) == 0
        if let null = field.null, isNullDrawn && !isForced || field.sinceVersion > newest {
            switch null {
            case .bits(let bits): bytes.append(integer: bits, size: size)
            case .notANumber: bytes.appendNaN(size: size)
            case .zeros: bytes += [UInt8](repeating: 0, count: size)
            }
            return nil
        }
        var value: [UInt8]
        repeat { value = self.value(field.kind, using: &random) } while isNull(value, field)
        bytes += value
        return max(field.sinceVersion, since(value, field.kind))
    }

    /// The version that appended the choice, or the last of the choices, that a value is of.
    private func since(_ value: [UInt8], _ kind: FieldKind) -> UInt16 {
        switch kind {
        case .enumeration(let choices):
            return choices.first { [$0.value] == value }?.sinceVersion ?? 0
        case .set(let choices, _):
            return choices.reduce(0) { newest, choice in
                let isIn = value[Int(choice.value) / 8] & (1 << (choice.value % 8)) != 0
                return isIn ? max(newest, choice.sinceVersion) : newest
            }
        default: return 0
        }
    }

    private func isNull(_ value: [UInt8], _ field: FieldDescription) -> Bool {
        switch field.null {
        case .bits(let bits)?:
            var null: [UInt8] = []
            null.append(integer: bits, size: value.count)
            return value == null
        case .zeros?: return value.allSatisfy { $0 == 0 }
        case .notANumber?, nil: return false
        }
    }

    private func value(_ kind: FieldKind, using random: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        switch kind {
        case .double, .float:
            let edges: [Double] = [0, -0.0, 1, 0.1, .pi, -123.456, .infinity, -.infinity]
            let number = edges.randomElement(using: &random) ?? 0
            let tiny = Bool.random(using: &random)
            if kind.size == 8 {
                let value = tiny && number == 1 ? Double.leastNonzeroMagnitude : number
                bytes.append(integer: value.bitPattern, size: 8)
            } else {
                let value = tiny && number == 1 ? Float.greatestFiniteMagnitude : Float(number)
                bytes.append(integer: UInt64(value.bitPattern), size: 4)
            }
        case .day:
            bytes.append(integer: UInt64.random(in: 0...40_000, using: &random), size: 4)
        case .boolean: bytes.append(UInt8.random(in: 0...1, using: &random))
        case .flags: bytes.append(UInt8.random(in: 0...15, using: &random))
        case .enumeration(let choices):
            bytes.append(choices.randomElement(using: &random)?.value ?? 0)
        case .set(let choices, let size):
            var bits: UInt64 = 0
            for choice in choices where Bool.random(using: &random) {
                bits |= 1 << UInt64(choice.value)
            }
            bytes.append(integer: bits, size: size)
        case .text(let length): bytes = text(length, using: &random)
        case .ticker: bytes = text(8, using: &random)
        case .composite(let members, _):
            for member in members { _ = append(member, to: &bytes, using: &random) }
        case .digest: for _ in 0..<32 { bytes.append(UInt8.random(in: 0...255, using: &random)) }
        default:
            let edges: [UInt64] = [
                0, 1, .max, 1 << 63, .max >> 1, random.next(), random.next() >> 32,
            ]
            bytes.append(integer: edges.randomElement(using: &random) ?? 0, size: kind.size)
        }
        return bytes
    }

    private func text(_ length: Int, using random: inout SeededGenerator) -> [UInt8] {
        let used = Int.random(in: 1...length, using: &random)
        return (0..<length).map { $0 < used ? UInt8.random(in: 0x21...0x7E, using: &random) : 0 }
    }
}

extension [UInt8] {
    mutating func append(integer: UInt64, size: Int) {
        for index in 0..<size { append(UInt8(truncatingIfNeeded: integer >> UInt64(index * 8))) }
    }

    mutating func appendNaN(size: Int) {
        append(
            integer: size == 8 ? Double.nan.bitPattern : UInt64(Float.nan.bitPattern), size: size)
    }

    /// From hexadecimal digits; white space is skipped.
    init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    /// Lower-case hexadecimal digits.
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The JSON object of a message.
func json(_ bytes: [UInt8]) throws(DecodingError) -> String {
    let span = bytes.span
    return try EventJSON.string(message: span.bytes)
}
