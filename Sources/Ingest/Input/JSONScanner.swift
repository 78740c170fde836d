/// Lends the elements of a file's top-level JSON array one after another, in bounded memory; of a
/// file that begins with an object the rows inside it, or the objects of its lines
/// (`JSONScanner+Walk.swift`).
///
/// Only the extent of each element is found here (braces, brackets and strings); `JSONParser` reads
/// what is inside. Text between elements that is no element is itself lent as a broken element, so
/// that nothing of the file is left out in silence.
public struct JSONScanner: ~Copyable {
    /// Longest element that is read, bytes.
    public static let maximumElement = 16 << 20

    /// The current element's bytes.
    public private(set) var element: [UInt8] = []
    /// Whether the current element is cut short, too long, or no object.
    public private(set) var isMalformed = false

    /// What stands around the rows: the scalars of the objects that hold them, by name.
    var context: [String: String] = [:]
    /// The name under which the row, or the array that holds it, stands; empty at the top.
    var key = ""
    /// Whether the row stands in an array, and that array under a name inside of a named object.
    var isKeyedTwice = false

    private let file: InputFile
    var buffer: [UInt8] = []
    var next = 0
    private var isEnd = false
    /// The containers around what is read next, in a file that begins with an object.
    var walk: [Container]?
    private var isStarted = false
    private var isClosed = false
    /// Whether the rest of an overlong piece is left out.
    private var isSkipping = false

    /// Reads from the start of `file`.
    public init(_ file: InputFile) {
        self.file = file
    }

    /// Reads whole objects at the top of the file, one after another.
    init(linesOf file: InputFile) {
        self.file = file
        isStarted = true
    }

    /// Moves to the next element; false at the end of the file.
    public mutating func advance() throws(IngestError) -> Bool {
        if isSkipping { try skip() }
        if walk != nil { return try advanceInWalk() }
        while true {
            guard let byte = try peek() else {
                if !isStarted || isClosed { return false }
                isClosed = true
                return cut(at: next, malformed: true)
            }
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, 0x2C:
                next += 1
            case 0x5B where !isStarted:
                isStarted = true
                next += 1
            case 0x5D where isStarted && !isClosed:
                isClosed = true
                next += 1
            case 0x7B where isStarted && !isClosed:
                return try takeObject()
            case 0x7B where !isStarted:
                isStarted = true
                walk = []
                return try advanceInWalk()
            case 0xEF where !isStarted && buffer[next...].starts(with: [0xEF, 0xBB, 0xBF]):
                next += 3
            default:
                return try takeGarbage()
            }
        }
    }

    mutating func peek() throws(IngestError) -> UInt8? {
        while next >= buffer.count {
            if isEnd { return nil }
            try fill()
        }
        return buffer[next]
    }

    mutating func fill() throws(IngestError) {
        if next > 0 {
            buffer.removeSubrange(0..<next)
            next = 0
        }
        if try file.read(into: &buffer) == 0 { isEnd = true }
    }

    /// Makes the bytes up to `end` the current element.
    mutating func cut(at end: Int, malformed: Bool) -> Bool {
        element = Array(buffer[next..<end])
        next = end
        isMalformed = malformed
        return true
    }

    /// Goes on through an object by `length`; whether it ends there.
    private static func scan(
        _ bytes: Span<UInt8>, from start: Int, length: inout Int, depth: inout Int,
        isInString: inout Bool
    ) -> Bool {
        var place = start + length
        defer { length = place - start }
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if isInString {
                if byte == 0x5C { place += 1 } else if byte == 0x22 { isInString = false }
                continue
            }
            switch byte {
            case 0x22: isInString = true
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                depth -= 1
                if depth == 0 { return true }
            default: break
            }
        }
        return false
    }

    /// Takes the object that starts at `next`.
    mutating func takeObject() throws(IngestError) -> Bool {
        var depth = 0
        var isInString = false
        var length = 0
        while true {
            let isWhole = JSONScanner.scan(
                buffer.span, from: next, length: &length, depth: &depth, isInString: &isInString)
            if isWhole { return cut(at: next + length, malformed: false) }
            if length > JSONScanner.maximumElement || isEnd {
                let end = min(next + length, buffer.count)
                if isEnd { isClosed = true }
                isSkipping = !isEnd
                return cut(at: end, malformed: true)
            }
            try fill()
        }
    }

    /// Leaves out what follows an overlong piece, up to the next object that begins a line or
    /// follows a comma: what it was part of cannot be told.
    private mutating func skip() throws(IngestError) {
        isSkipping = false
        var last: UInt8 = 0
        while try peek() != nil {
            let (place, isFound) = nextObject(&last)
            next = place
            if isFound { return }
        }
    }

    /// Where the next object of the buffer begins, or the buffer's end; `last` is the byte before.
    private func nextObject(_ last: inout UInt8) -> (place: Int, isFound: Bool) {
        let bytes = buffer.span
        var place = next
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x7B, last == 0x2C || last == 0x0A { return (place, true) }
            if byte != 0x20, byte != 0x09, byte != 0x0D { last = byte }
            place += 1
        }
        return (place, false)
    }

    /// Takes what is no object, up to the next one or the end.
    mutating func takeGarbage() throws(IngestError) -> Bool {
        var length = 1
        while true {
            while next + length < buffer.count {
                if buffer[next + length] == 0x7B, isStarted, !isClosed {
                    return cut(at: next + length, malformed: true)
                }
                length += 1
                if length >= CSVReader.maximumRecord {
                    isSkipping = true
                    return cut(at: next + length, malformed: true)
                }
            }
            if isEnd {
                isStarted = true
                isClosed = true
                return cut(at: buffer.count, malformed: true)
            }
            try fill()
        }
    }
}
