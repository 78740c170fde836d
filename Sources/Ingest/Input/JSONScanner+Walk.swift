/// Files that begin with an object: one object a line, an object that wraps an array of rows,
/// arrays of rows by ticker, rows by date.
extension JSONScanner {
    /// An array or object around what is read next.
    struct Container {
        var isArray: Bool
        /// The name under which it stands.
        var key: String
        /// Of an object: the name whose value comes next.
        var member: String?
    }

    /// The longest text of a name or of a value that stands beside rows, bytes.
    static let maximumScalar = 64 << 10

    /// Moves to the next row; false at the end of the file.
    ///
    /// A row is an object in an array; an object without containers at the top of the file, or
    /// under a name that begins as a date does. What is neither row nor scalar beside one is lent
    /// as a broken element.
    mutating func advanceInWalk() throws(IngestError) -> Bool {
        while let byte = try peek() {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x3A: next += 1
            case 0x5B: enter(isArray: true)
            case 0x5D, 0x7D:
                guard let top = walk?.last, top.isArray == (byte == 0x5D) else {
                    return try takeStray()
                }
                walk?.removeLast()
                next += 1
            case 0x7B:
                if try isRow() { return try takeRow() }
            case 0x22:
                guard walk?.last?.isArray == false, let text = try takeText() else {
                    return try takeStray()
                }
                note(text)
            default:
                guard walk?.last?.member != nil, let text = try takeLiteral() else {
                    return try takeStray()
                }
                note(text)
            }
        }
        guard let open = walk, !open.isEmpty else { return false }
        walk = []
        return cut(at: next, malformed: true)
    }

    private mutating func enter(isArray: Bool) {
        let key = takeMember() ?? ""
        walk?.append(Container(isArray: isArray, key: key))
        next += 1
    }

    /// The name whose value comes next, which is then read.
    private mutating func takeMember() -> String? {
        guard let last = walk?.indices.last else { return nil }
        defer { walk?[last].member = nil }
        return walk?[last].member
    }

    /// A text is the name of a member, or the value of the one named before.
    private mutating func note(_ text: String) {
        guard let last = walk?.indices.last else { return }
        if let member = walk?[last].member {
            if text != "null" { context[columnKey(member)] = text }
            walk?[last].member = nil
        } else {
            walk?[last].member = text
        }
    }

    /// Whether the object at `next` is a row; a container is entered, a flat one beside rows is
    /// taken into the context.
    private mutating func isRow() throws(IngestError) -> Bool {
        guard let top = walk?.last else {
            if try isFlat() { return true }
            enter(isArray: false)
            return false
        }
        if top.isArray { return true }
        guard let member = top.member else { return true }
        guard try isFlat() else {
            enter(isArray: false)
            return false
        }
        if member.utf8.prefix(4).allSatisfy(isDigit), member.utf8.count >= 8 { return true }
        _ = try takeObject()
        _ = takeMember()
        if let value = try? JSONParser.parse(element), case .object(let members) = value.content {
            for (name, value) in members {
                if let text = value.text { context[columnKey(name)] = text }
            }
        }
        return false
    }

    private mutating func takeRow() throws(IngestError) -> Bool {
        if let top = walk?.last {
            key = top.isArray ? top.key : takeMember() ?? ""
            isKeyedTwice = top.isArray && (walk?.dropLast().last?.key.isEmpty == false)
        }
        return try takeObject()
    }

    /// Whether no other container begins in the object at `next`, as far as can be seen.
    private mutating func isFlat() throws(IngestError) -> Bool {
        var place = 1
        var isInString = false
        // A list of numbers or texts is a value like others.
        var isListBegun = false
        while place < JSONScanner.maximumElement {
            if next + place >= buffer.count {
                let before = buffer.count - next
                try fill()
                if buffer.count - next == before { return true }
                continue
            }
            let byte = buffer[next + place]
            place += 1
            if isInString {
                if byte == 0x5C { place += 1 } else if byte == 0x22 { isInString = false }
                continue
            }
            if byte == 0x5B, isListBegun { return false }
            switch byte {
            case 0x22:
                isInString = true
                isListBegun = false
            case 0x7D: return true
            case 0x7B: return false
            case 0x5B: isListBegun = true
            case 0x20, 0x09, 0x0A, 0x0D: break
            default: isListBegun = false
            }
        }
        return true
    }

    /// The text at `next`, which is then behind it; nil for one that is too long or has no end.
    private mutating func takeText() throws(IngestError) -> String? {
        var place = 1
        while place < JSONScanner.maximumScalar {
            if next + place >= buffer.count {
                let before = buffer.count - next
                try fill()
                if buffer.count - next == before { return nil }
                continue
            }
            let byte = buffer[next + place]
            place += byte == 0x5C ? 2 : 1
            guard byte == 0x22 else { continue }
            guard let value = try? JSONParser.parse(Array(buffer[next..<(next + place)])),
                case .string(let text) = value.content
            else { return nil }
            next += place
            return text
        }
        return nil
    }

    /// A number, true, false or null; nil for anything else.
    private mutating func takeLiteral() throws(IngestError) -> String? {
        var place = 0
        while place < 64 {
            if next + place >= buffer.count {
                let before = buffer.count - next
                try fill()
                if buffer.count - next == before { break }
                continue
            }
            let byte = buffer[next + place]
            let isPart =
                isDigit(byte) || isLetter(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E
            guard isPart else { break }
            place += 1
        }
        guard place > 0, place < 64 else { return nil }
        defer { next += place }
        return String(decoding: buffer[next..<(next + place)], as: UTF8.self)
    }

    /// Lends what stands where nothing of a row can stand, up to the next bracket or line.
    private mutating func takeStray() throws(IngestError) -> Bool {
        var length = 1
        while length < CSVReader.maximumRecord {
            if next + length >= buffer.count {
                let before = buffer.count - next
                try fill()
                if buffer.count - next == before { break }
                continue
            }
            let byte = buffer[next + length]
            if [0x7B, 0x5B, 0x7D, 0x5D, 0x0A].contains(byte) { break }
            length += 1
        }
        return cut(at: min(next + length, buffer.count), malformed: true)
    }
}
