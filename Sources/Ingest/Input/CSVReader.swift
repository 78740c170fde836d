import Events

/// Reads RFC 4180 records from a file in bounded memory, keeping each row's bytes and line.
///
/// - Quoted fields may hold delimiters, doubled quotes and line breaks; CRLF and LF end a record; a
///   byte-order mark is skipped; blank lines are no rows.
/// - Bad quoting costs one row, not the file: that row is its first physical line, marked
///   malformed, and reading goes on at the next line. The same holds for a row over several lines
///   whose number of fields is not `expectedFields`.
/// - A row longer than `maximumRecord` is malformed, kept up to that length.
public struct CSVReader: ~Copyable {
    /// Where a field's bytes lie in the buffer.
    struct Field {
        var start: Int
        var end: Int
        var hasEscapes: Bool
    }

    /// The comma.
    static let comma = UInt8(ascii: ",")
    /// Longest row that is read, bytes.
    public static let maximumRecord = 1 << 20

    /// Number of fields a row should have; 0 while unknown.
    public var expectedFields = 0
    /// 1-based line in the file at which the current row starts.
    public private(set) var line = 0
    /// Whether the current row's quoting is broken.
    public private(set) var isMalformed = false

    /// The byte between fields.
    let delimiter: UInt8
    private let file: any ByteSource
    private var buffer: [UInt8] = []
    private var next = 0
    private var nextLine = 1
    private var isEnd = false
    private var isSkipping = false
    private var fields: [Field] = []
    private var recordRange = 0..<0

    /// Reads from the start of `file`.
    public init(_ file: InputFile) {
        self.init(file, delimiter: CSVReader.comma)
    }

    /// Reads from the start of `file`, whose fields have `delimiter` between them.
    init(_ file: any ByteSource, delimiter: UInt8) {
        self.file = file
        self.delimiter = delimiter
        buffer.reserveCapacity(2 << 20)
    }

    /// The buffer that field ranges index.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { buffer.span }
    }

    /// Number of fields in the current row.
    public var count: Int { fields.count }

    /// Range of field `index` in `bytes`, inside its quotes.
    func range(_ index: Int) -> Range<Int> {
        fields[index].start..<fields[index].end
    }

    /// Field `index` as text, doubled quotes undone, trimmed, invalid UTF-8 repaired.
    public func text(_ index: Int) -> String {
        let field = fields[index]
        guard field.hasEscapes else {
            let range = buffer.span.trimmed(field.start..<field.end)
            return String(decoding: buffer[range], as: UTF8.self)
        }
        var plain: [UInt8] = []
        var position = field.start
        while position < field.end {
            plain.append(buffer[position])
            position += buffer[position] == 0x22 ? 2 : 1
        }
        return trimmed(String(decoding: plain, as: UTF8.self))
    }

    /// The current row's bytes as they stand in the file, without its line end.
    public var record: [UInt8] { Array(buffer[recordRange]) }

    /// Moves to the next row; false at the end of the file.
    public mutating func advance() throws(IngestError) -> Bool {
        if isSkipping { try skipLine() }
        if nextLine == 1 && next == 0 { try skipByteOrderMark() }
        while true {
            var found = fields
            fields = []
            let scan = CSVReader.scan(
                buffer.span, delimiter, from: next, isEnd: isEnd, fields: &found)
            fields = found
            switch scan {
            case .finished:
                return false
            case .needsMore:
                if buffer.count - next < CSVReader.maximumRecord {
                    try fill()
                } else {
                    try takeFirstLine()
                    return true
                }
            case .blank(let resume):
                next = resume
                nextLine += 1
            case .broken:
                try takeFirstLine()
                return true
            case .record(let end, let resume, let lines):
                if lines > 1, expectedFields > 0, fields.count != expectedFields {
                    try takeFirstLine()
                    return true
                }
                recordRange = next..<end
                line = nextLine
                isMalformed = false
                next = resume
                nextLine += lines
                return true
            }
        }
    }

    // MARK: Buffer

    private mutating func fill() throws(IngestError) {
        if next > 0 {
            buffer.removeSubrange(0..<next)
            next = 0
        }
        if try file.read(into: &buffer, limit: 1 << 20) == 0 { isEnd = true }
    }

    private mutating func skipByteOrderMark() throws(IngestError) {
        while buffer.count < 3 && !isEnd { try fill() }
        if buffer.count >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { next = 3 }
    }

    /// Makes the first physical line from `next` the current, malformed row.
    private mutating func takeFirstLine() throws(IngestError) {
        line = nextLine
        isMalformed = true
        fields.removeAll(keepingCapacity: true)
        while true {
            let limit = min(buffer.count, next + CSVReader.maximumRecord)
            if let end = buffer[next..<limit].firstIndex(of: 0x0A) {
                recordRange = next..<end
                next = end + 1
                nextLine += 1
                return
            }
            if limit - next >= CSVReader.maximumRecord || isEnd {
                recordRange = next..<limit
                isSkipping = !(isEnd && limit == buffer.count)
                next = limit
                if !isSkipping { nextLine += 1 }
                return
            }
            try fill()
        }
    }

    /// Discards the rest of an overlong line.
    private mutating func skipLine() throws(IngestError) {
        while true {
            if let end = buffer[next...].firstIndex(of: 0x0A) {
                next = end + 1
                break
            }
            next = buffer.count
            if isEnd { break }
            try fill()
        }
        nextLine += 1
        isSkipping = false
    }

    // MARK: Scanning

    private enum Scan {
        case finished
        case needsMore
        case blank(resume: Int)
        case broken
        case record(end: Int, resume: Int, lines: Int)
    }

    /// Splits the record at `start`; `fields` holds its fields when there is one.
    private static func scan(
        _ bytes: Span<UInt8>, _ delimiter: UInt8, from start: Int, isEnd: Bool,
        fields: inout [Field]
    ) -> Scan {
        let count = bytes.count
        guard start < count else { return isEnd ? .finished : .needsMore }
        fields.removeAll(keepingCapacity: true)
        var position = start
        var lines = 1
        while true {
            if position < count, bytes[position] == 0x22 {
                guard
                    let end = quotedEnd(
                        bytes, delimiter, from: position + 1, isEnd: isEnd, lines: &lines,
                        fields: &fields)
                else { return isEnd ? .broken : .needsMore }
                guard end >= 0 else { return .broken }
                position = end
            } else {
                let fieldStart = position
                while position < count {
                    let byte = bytes[position]
                    if byte == delimiter || byte == 0x0A { break }
                    if byte == 0x22 { return .broken }
                    position += 1
                }
                if position == count, !isEnd { return .needsMore }
                var end = position
                if end > fieldStart, position == count || bytes[position] == 0x0A,
                    bytes[end - 1] == 0x0D
                {
                    end -= 1
                }
                fields.append(Field(start: fieldStart, end: end, hasEscapes: false))
            }
            if position < count, bytes[position] == delimiter {
                position += 1
                continue
            }
            return finish(bytes, start: start, position: position, lines: lines, fields: fields)
        }
    }

    /// The record ends at `position`: at a line feed, a carriage return before one, or the end.
    private static func finish(
        _ bytes: Span<UInt8>, start: Int, position: Int, lines: Int, fields: [Field]
    ) -> Scan {
        let count = bytes.count
        var feed = position
        if feed < count, bytes[feed] == 0x0D { feed += 1 }
        let resume = min(feed + 1, count)
        if fields.count == 1, fields[0].start == fields[0].end, fields[0].start == start {
            return .blank(resume: resume)
        }
        let trailing = position > start && position == feed && bytes[position - 1] == 0x0D
        return .record(end: trailing ? position - 1 : position, resume: resume, lines: lines)
    }

    /// The position behind a quoted field's closing quote, −1 for bad quoting, nil at the end.
    private static func quotedEnd(
        _ bytes: Span<UInt8>, _ delimiter: UInt8, from start: Int, isEnd: Bool,
        lines: inout Int, fields: inout [Field]
    ) -> Int? {
        let count = bytes.count
        var position = start
        var hasEscapes = false
        while position < count {
            let byte = bytes[position]
            if byte == 0x0A { lines += 1 }
            guard byte == 0x22 else {
                position += 1
                continue
            }
            if position + 1 >= count, !isEnd { return nil }
            if position + 1 < count, bytes[position + 1] == 0x22 {
                hasEscapes = true
                position += 2
                continue
            }
            fields.append(Field(start: start, end: position, hasEscapes: hasEscapes))
            let behind = position + 1
            if behind == count { return behind }
            switch bytes[behind] {
            case delimiter, 0x0A: return behind
            case 0x0D:
                if behind + 1 >= count { return isEnd ? behind : nil }
                return bytes[behind + 1] == 0x0A ? behind : -1
            default: return -1
            }
        }
        return nil
    }
}
