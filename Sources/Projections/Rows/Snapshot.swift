import Events

/// Writes a projection's state in canonical bytes: equal states give equal bytes.
public struct SnapshotWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// Nothing written.
    public init() {}

    /// A word of 8 bytes, little-endian.
    public mutating func word(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A whole number.
    public mutating func integer(_ value: Int) { word(UInt64(bitPattern: Int64(value))) }

    /// A real, by its bits.
    public mutating func real(_ value: Double) { word(value.bitPattern) }

    /// A text and its length.
    public mutating func text(_ value: String) {
        let utf8 = Array(value.utf8)
        integer(utf8.count)
        bytes += utf8
    }

    /// A value, or that there is none.
    public mutating func optional<Value>(
        _ value: Value?, _ write: (inout SnapshotWriter, Value) -> Void
    ) {
        bytes.append(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }

    /// A list and its length.
    public mutating func list<Value>(
        _ values: [Value], _ write: (inout SnapshotWriter, Value) -> Void
    ) {
        integer(values.count)
        for value in values { write(&self, value) }
    }
}

/// Why a state cannot be read back; the read model is then rebuilt.
public struct SnapshotError: Error, Sendable, CustomStringConvertible {
    /// Where in the bytes.
    public let offset: Int
    /// What happened.
    public var description: String { "the stored state ends or is wrong at byte \(offset)" }
}

/// Reads what a `SnapshotWriter` wrote.
public struct SnapshotReader: Sendable {
    private let bytes: [UInt8]
    private var offset = 0

    /// Before the first byte.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether all was read.
    public var isAtEnd: Bool { offset == bytes.count }

    /// A word of 8 bytes.
    public mutating func word() throws(SnapshotError) -> UInt64 {
        guard bytes.count - offset >= 8 else { throw SnapshotError(offset: offset) }
        var value: UInt64 = 0
        for index in (0..<8).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        offset += 8
        return value
    }

    /// A whole number.
    public mutating func integer() throws(SnapshotError) -> Int {
        Int(Int64(bitPattern: try word()))
    }

    /// A real.
    public mutating func real() throws(SnapshotError) -> Double {
        Double(bitPattern: try word())
    }

    /// A text.
    public mutating func text() throws(SnapshotError) -> String {
        let length = try integer()
        guard length >= 0, length <= bytes.count - offset else {
            throw SnapshotError(offset: offset)
        }
        defer { offset += length }
        return String(decoding: bytes[offset..<offset + length], as: UTF8.self)
    }

    /// A value, or nil.
    public mutating func optional<Value>(
        _ read: (inout SnapshotReader) throws(SnapshotError) -> Value
    ) throws(SnapshotError) -> Value? {
        guard offset < bytes.count, bytes[offset] <= 1 else { throw SnapshotError(offset: offset) }
        offset += 1
        return bytes[offset - 1] == 1 ? try read(&self) : nil
    }

    /// A list.
    public mutating func list<Value>(
        _ read: (inout SnapshotReader) throws(SnapshotError) -> Value
    ) throws(SnapshotError) -> [Value] {
        let count = try integer()
        guard count >= 0, count <= bytes.count - offset else {
            throw SnapshotError(offset: offset)
        }
        var values: [Value] = []
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }
}
