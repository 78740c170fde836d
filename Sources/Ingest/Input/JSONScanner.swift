/// Lends the elements of a file's top-level JSON array one after another, in bounded memory.
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

    private let file: InputFile
    private var buffer: [UInt8] = []
    private var next = 0
    private var isEnd = false
    private var isStarted = false
    private var isClosed = false
    /// Whether the rest of an overlong piece is left out.
    private var isSkipping = false

    /// Reads from the start of `file`.
    public init(_ file: InputFile) {
        self.file = file
    }

    /// Moves to the next element; false at the end of the file.
    public mutating func advance() throws(IngestError) -> Bool {
        if isSkipping { try skip() }
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
            default:
                return try takeGarbage()
            }
        }
    }

    private mutating func peek() throws(IngestError) -> UInt8? {
        while next >= buffer.count {
            if isEnd { return nil }
            try fill()
        }
        return buffer[next]
    }

    private mutating func fill() throws(IngestError) {
        if next > 0 {
            buffer.removeSubrange(0..<next)
            next = 0
        }
        if try file.read(into: &buffer) == 0 { isEnd = true }
    }

    /// Makes the bytes up to `end` the current element.
    private mutating func cut(at end: Int, malformed: Bool) -> Bool {
        element = Array(buffer[next..<end])
        next = end
        isMalformed = malformed
        return true
    }

    /// Takes the object that starts at `next`.
    private mutating func takeObject() throws(IngestError) -> Bool {
        var depth = 0
        var isInString = false
        var length = 0
        while true {
            while next + length < buffer.count {
                let byte = buffer[next + length]
                length += 1
                if isInString {
                    if byte == 0x5C {
                        length += 1
                    } else if byte == 0x22 {
                        isInString = false
                    }
                    continue
                }
                switch byte {
                case 0x22: isInString = true
                case 0x7B, 0x5B: depth += 1
                case 0x7D, 0x5D:
                    depth -= 1
                    if depth == 0 { return cut(at: next + length, malformed: false) }
                default: break
                }
            }
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
    private mutating func takeGarbage() throws(IngestError) -> Bool {
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
