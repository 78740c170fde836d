/// A JSON value with the range of its bytes.
struct JSONValue {
    enum Content {
        case string(String)
        /// A number, `true`, `false` or `null`, as it is written.
        case literal(String)
        case array([JSONValue])
        case object([(name: String, value: JSONValue)])
    }

    var content: Content
    var range: Range<Int>

    /// The text of a string, and of a literal other than `null`.
    var text: String? {
        switch content {
        case .string(let text): text
        case .literal(let text): text == "null" ? nil : text
        case .array, .object: nil
        }
    }

    /// Its members, and behind them those of the objects in it whose names it has not: interfaces
    /// put what belongs together into objects of their own.
    var flattened: [(name: String, value: JSONValue)] {
        guard case .object(let members) = content else { return [] }
        var flat: [(name: String, value: JSONValue)] = []
        var nested: [(name: String, value: JSONValue)] = []
        for member in members {
            if case .object(let inner) = member.value.content {
                nested += inner.filter { $0.value.text != nil }
            } else {
                flat.append(member)
            }
        }
        for member in nested where !flat.contains(where: { $0.name == member.name }) {
            flat.append(member)
        }
        return flat
    }

    /// The names of its members; none of what is no object.
    var names: [String] {
        guard case .object(let members) = content else { return [] }
        return members.map(\.name)
    }

    /// The value of member `name`, nil when this is no object or has none.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.name == name }?.value
    }
}

/// Parses one JSON document; strict, nested at most 64 deep, of at most 200,000 values: each takes
/// many times the bytes that it is written in.
struct JSONParser {
    /// The most values of a document.
    static let maximumValues = 200_000

    private let bytes: [UInt8]
    private var position = 0
    private var values = 0

    /// What stands where is not JSON.
    struct Failure: Error {
        var offset: Int
    }

    /// A parser at the start of `bytes`.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value that `bytes` hold.
    static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        try parser.expectEnd()
        return value
    }

    /// Fails unless nothing but blanks is left.
    mutating func expectEnd() throws(Failure) {
        skipBlanks()
        guard position == bytes.count else { throw failure }
    }

    /// The byte that comes next; nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var failure: Failure { Failure(offset: position) }

    mutating func skipBlanks() {
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        skipBlanks()
        values += 1
        guard position < bytes.count, depth < 64, values <= JSONParser.maximumValues else {
            throw failure
        }
        let start = position
        let content: JSONValue.Content
        switch bytes[position] {
        case 0x22: content = .string(try string())
        case 0x7B: content = .object(try members(depth: depth))
        case 0x5B: content = .array(try elements(depth: depth))
        default: content = .literal(try literal())
        }
        return JSONValue(content: content, range: start..<position)
    }

    /// Moves past `byte` after blanks, or fails.
    mutating func expect(_ byte: UInt8) throws(Failure) {
        guard take(byte) else { throw failure }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func members(
        depth: Int
    ) throws(Failure) -> [(name: String, value: JSONValue)] {
        var result: [(name: String, value: JSONValue)] = []
        try expect(0x7B)
        if take(0x7D) { return result }
        repeat {
            skipBlanks()
            guard position < bytes.count, bytes[position] == 0x22 else { throw failure }
            let name = try string()
            try expect(0x3A)
            result.append((name, try value(depth: depth + 1)))
        } while take(0x2C)
        try expect(0x7D)
        return result
    }

    private mutating func elements(depth: Int) throws(Failure) -> [JSONValue] {
        var result: [JSONValue] = []
        try expect(0x5B)
        if take(0x5D) { return result }
        repeat {
            result.append(try value(depth: depth + 1))
        } while take(0x2C)
        try expect(0x5D)
        return result
    }

    mutating func literal() throws(Failure) -> String {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            let isPart =
                byte == 0x2B || byte == 0x2D || byte == 0x2E || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            guard isPart else { break }
            position += 1
        }
        guard position > start else { throw failure }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard ["true", "false", "null"].contains(text) || Double(text) != nil else {
            throw Failure(offset: start)
        }
        return text
    }

    /// The range of a text without escapes, moved past; nil for anything else.
    mutating func plainString() -> Range<Int>? {
        guard take(0x22) else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case 0x22:
                position += 1
                return start..<(position - 1)
            case 0x5C, 0..<0x20: return nil
            default: position += 1
            }
        }
        return nil
    }

    /// Moves past a text.
    mutating func skip() throws(Failure) {
        let start = position
        guard plainString() == nil else { return }
        position = start
        _ = try string()
    }

    mutating func string() throws(Failure) -> String {
        let opening = position
        if let range = plainString() { return String(decoding: bytes[range], as: UTF8.self) }
        position = opening
        try expect(0x22)
        var plain: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case 0x22: return String(decoding: plain, as: UTF8.self)
            case 0x5C: try escape(into: &plain)
            case 0..<0x20: throw failure
            default: plain.append(byte)
            }
        }
        throw failure
    }

    private mutating func escape(into plain: inout [UInt8]) throws(Failure) {
        guard position < bytes.count else { throw failure }
        let byte = bytes[position]
        position += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: plain.append(byte)
        case 0x62: plain.append(0x08)
        case 0x66: plain.append(0x0C)
        case 0x6E: plain.append(0x0A)
        case 0x72: plain.append(0x0D)
        case 0x74: plain.append(0x09)
        case 0x75: plain.append(contentsOf: String(try unicodeEscape()).utf8)
        default: throw failure
        }
    }

    /// The scalar of `\uXXXX` or of a surrogate pair; a lone surrogate is U+FFFD.
    private mutating func unicodeEscape() throws(Failure) -> Unicode.Scalar {
        let first = try hexadecimal()
        guard (0xD800..<0xDC00).contains(first), position + 1 < bytes.count,
            bytes[position] == 0x5C, bytes[position + 1] == 0x75
        else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        position += 2
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count,
                let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
            else { throw failure }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
