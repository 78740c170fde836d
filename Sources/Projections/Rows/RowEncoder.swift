public import Events

/// Writes the values of rows, in the order of their tables' columns, in their canonical bytes.
///
/// A value is a tag and its content: 0 NULL; 1 an integer, 8 bytes little-endian; 2 a real, the
/// bits of its Double, little-endian; 3 a text, its length in 4 bytes and its UTF-8. NaN is NULL
/// and −0 is 0, as SQLite has them.
public struct RowEncoder: Sendable {
    /// The values so far.
    public private(set) var bytes: [UInt8] = []
    /// Number of values so far.
    public private(set) var count = 0
    private var instant: (rawValue: Int64, text: String) = (.min, "")
    private var day: (rawValue: Int32, text: String) = (.min, "")

    /// A row without values.
    public init() {}

    /// Forgets all values.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Values that are encoded already; they are not counted.
    mutating func append(_ encoded: Slice<UnsafeRawBufferPointer>) {
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: encoded))
    }

    /// NULL.
    public mutating func null() {
        bytes.append(RowTag.null)
        count += 1
    }

    /// An integer, capped at what a column holds.
    public mutating func integer(_ value: some BinaryInteger) {
        append(RowTag.integer, UInt64(bitPattern: Int64(clamping: value)))
    }

    /// An integer, or NULL.
    public mutating func integer(_ value: (some BinaryInteger)?) {
        if let value { integer(value) } else { null() }
    }

    /// 1 or 0.
    public mutating func boolean(_ value: Bool) {
        integer(value ? 1 : 0)
    }

    /// A real.
    public mutating func real(_ value: Double) {
        if value.isNaN { null() } else { append(RowTag.real, (value == 0 ? 0 : value).bitPattern) }
    }

    /// A real, or NULL.
    public mutating func real(_ value: Double?) {
        if let value { real(value) } else { null() }
    }

    /// Dollars.
    public mutating func money(_ value: Money) {
        real(value.dollars)
    }

    /// A text.
    public mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            header(utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    /// A text's UTF-8.
    mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) {
        header(utf8.count)
        bytes.append(contentsOf: utf8)
    }

    /// A text, or NULL.
    public mutating func text(_ value: String?) {
        if let value { text(value) } else { null() }
    }

    /// A symbol.
    public mutating func ticker(_ value: Ticker) {
        text(value.description)
    }

    /// A day as `YYYY-MM-DD`.
    public mutating func day(_ value: Day) {
        if day.rawValue != value.rawValue { day = (value.rawValue, value.description) }
        text(day.text)
    }

    /// A day, or NULL.
    public mutating func day(_ value: Day?) {
        if let value { day(value) } else { null() }
    }

    /// An instant in ISO 8601, UTC.
    public mutating func instant(_ value: Instant) {
        if instant.rawValue != value.rawValue { instant = (value.rawValue, value.description) }
        text(instant.text)
    }

    /// A reference as commands print it, NULL for none.
    public mutating func reference(_ value: Reference) {
        guard value != .none else { return null() }
        let start = beginText()
        bytes.append(value.isTimeline ? UInt8(ascii: "t") : UInt8(ascii: "r"))
        digits(value.position)
        endText(start)
    }

    /// A digest in hexadecimal.
    public mutating func digest(_ value: Digest) {
        header(64)
        for word in [value.w0, value.w1, value.w2, value.w3] {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                let byte = UInt8(truncatingIfNeeded: word >> shift)
                bytes.append(RowEncoder.hexadecimal[Int(byte >> 4)])
                bytes.append(RowEncoder.hexadecimal[Int(byte & 15)])
            }
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    private mutating func append(_ tag: UInt8, _ word: UInt64) {
        bytes.append(tag)
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        count += 1
    }

    private mutating func header(_ length: Int) {
        bytes.append(RowTag.text)
        withUnsafeBytes(of: UInt32(length).littleEndian) { bytes.append(contentsOf: $0) }
        count += 1
    }
}

/// The tags of values in a row's canonical bytes.
enum RowTag {
    static let null: UInt8 = 0
    static let integer: UInt8 = 1
    static let real: UInt8 = 2
    static let text: UInt8 = 3
}

extension RowEncoder {
    /// Begins a text that is written piece by piece; `endText` takes what this returns.
    mutating func beginText() -> Int {
        header(0)
        return bytes.count
    }

    /// Ends a text that was written piece by piece.
    mutating func endText(_ start: Int) {
        let length = UInt32(bytes.count - start)
        withUnsafeBytes(of: length.littleEndian) { size in
            for index in 0..<4 { bytes[start - 4 + index] = size[index] }
        }
    }

    /// A piece of a text.
    mutating func piece(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// A piece of a text.
    mutating func piece(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// A whole number as a piece of a text.
    mutating func digits(_ value: UInt64) {
        if value >= 10 { digits(value / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
    }
}
