import Events
import Learning

/// A value of Universal Binary JSON (draft 12), the format XGBoost writes models in.
///
/// Texts and arrays of one type stay the bytes that they are: a model is little else, and half of
/// it is never asked for.
enum BinaryJSON {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    /// In UTF-8.
    case text(ArraySlice<UInt8>)
    case array([BinaryJSON])
    case numbers(BinaryNumbers)
    case object([(key: ArraySlice<UInt8>, value: BinaryJSON)])

    /// Reads a whole file.
    init(_ bytes: [UInt8]) throws(TrainerError) {
        var reader = BinaryJSONReader(bytes)
        self = try reader.value(depth: 0)
        guard reader.isAtEnd else { throw reader.error("bytes follow the model") }
    }

    /// The value under a key.
    subscript(key: String) -> BinaryJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.elementsEqual(key.utf8) }?.value
    }
}

/// An array of numbers of one type, big-endian.
struct BinaryNumbers {
    /// A type that an array may have.
    enum Kind {
        case int8, uint8, int16, int32, int64, float

        /// The type that a marker stands for; nil for any other.
        init?(marker: UInt8) {
            switch marker {
            case UInt8(ascii: "i"): self = .int8
            case UInt8(ascii: "U"): self = .uint8
            case UInt8(ascii: "I"): self = .int16
            case UInt8(ascii: "l"): self = .int32
            case UInt8(ascii: "L"): self = .int64
            case UInt8(ascii: "d"): self = .float
            default: return nil
            }
        }

        /// Bytes a number.
        var size: Int {
            switch self {
            case .int8, .uint8: 1
            case .int16: 2
            case .int32, .float: 4
            case .int64: 8
            }
        }
    }

    let kind: Kind
    let bytes: ArraySlice<UInt8>

    /// The numbers, if they are whole.
    var integers: [Int64]? {
        switch kind {
        case .int8: map(Int8.self) { Int64($0) }
        case .uint8: map(UInt8.self) { Int64($0) }
        case .int16: map(Int16.self) { Int64($0) }
        case .int32: map(Int32.self) { Int64($0) }
        case .int64: map(Int64.self) { $0 }
        case .float: nil
        }
    }

    /// The numbers, if they are not.
    var reals: [Float]? {
        kind == .float ? map(UInt32.self) { Float(bitPattern: $0) } : nil
    }

    private func map<Stored: FixedWidthInteger & BitwiseCopyable, Value>(
        _ type: Stored.Type, _ value: (Stored) -> Value
    ) -> [Value] {
        let bytes = bytes.span.bytes
        let size = MemoryLayout<Stored>.size
        var values: [Value] = []
        values.reserveCapacity(bytes.byteCount / size)
        for place in stride(from: 0, to: bytes.byteCount, by: size) {
            let stored = bytes.unsafeLoadUnaligned(fromByteOffset: place, as: Stored.self)
            values.append(value(Stored(bigEndian: stored)))
        }
        return values
    }
}

/// Walks over the bytes; every length is compared with what is left before anything is made of it.
struct BinaryJSONReader {
    private static let deepest = 32
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    func error(_ text: String) -> TrainerError {
        TrainerError(.library, "not a model of XGBoost: byte \(place): \(text)")
    }

    mutating func value(depth: Int) throws(TrainerError) -> BinaryJSON {
        try value(marker: try byte(), depth: depth)
    }

    private mutating func value(marker: UInt8, depth: Int) throws(TrainerError) -> BinaryJSON {
        guard depth < BinaryJSONReader.deepest else { throw error("nested too deeply") }
        switch marker {
        case UInt8(ascii: "Z"): return .null
        case UInt8(ascii: "T"): return .bool(true)
        case UInt8(ascii: "F"): return .bool(false)
        case UInt8(ascii: "d"): return .real(Double(Float(bitPattern: UInt32(try bits(4)))))
        case UInt8(ascii: "D"): return .real(Double(bitPattern: try bits(8)))
        case UInt8(ascii: "S"): return .text(try text())
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "{"): return try object(depth: depth)
        default: return .integer(try integer(marker))
        }
    }

    /// Members in ascending order of their keys, as XGBoost writes them, so none comes twice.
    private mutating func object(depth: Int) throws(TrainerError) -> BinaryJSON {
        var members: [(key: ArraySlice<UInt8>, value: BinaryJSON)] = []
        while true {
            let marker = try byte()
            if marker == UInt8(ascii: "}") { return .object(members) }
            let key = try text(lengthMarker: marker)
            if let last = members.last?.key, !last.lexicographicallyPrecedes(key) {
                throw error(
                    "the key \(String(decoding: key, as: UTF8.self)) follows "
                        + String(decoding: last, as: UTF8.self))
            }
            // A tree has as many, and they would be moved three times.
            if members.isEmpty { members.reserveCapacity(16) }
            members.append((key, try value(depth: depth + 1)))
        }
    }

    private mutating func array(depth: Int) throws(TrainerError) -> BinaryJSON {
        var marker = try byte()
        if marker == UInt8(ascii: "$") { return try numbers() }
        var values: [BinaryJSON] = []
        if marker == UInt8(ascii: "#") {
            for _ in 0..<(try length(size: 1)) { values.append(try value(depth: depth + 1)) }
            return .array(values)
        }
        while marker != UInt8(ascii: "]") {
            values.append(try value(marker: marker, depth: depth + 1))
            marker = try byte()
        }
        return .array(values)
    }

    /// An array of one type: its marker and `$` are read.
    private mutating func numbers() throws(TrainerError) -> BinaryJSON {
        let type = try byte()
        guard try byte() == UInt8(ascii: "#") else { throw error("an array without its length") }
        guard let kind = BinaryNumbers.Kind(marker: type) else { throw unread(type) }
        let count = try length(size: kind.size) * kind.size
        defer { place += count }
        return .numbers(BinaryNumbers(kind: kind, bytes: bytes[place..<place + count]))
    }

    /// A count of things that take at least `size` bytes each.
    private mutating func length(size: Int) throws(TrainerError) -> Int {
        let count = try integer(try byte())
        guard count >= 0, count <= (bytes.count - place) / size else {
            throw error("a length of \(count), with \(bytes.count - place) bytes left")
        }
        return Int(count)
    }

    private mutating func text() throws(TrainerError) -> ArraySlice<UInt8> {
        try text(lengthMarker: try byte())
    }

    private mutating func text(
        lengthMarker: UInt8
    ) throws(TrainerError) -> ArraySlice<UInt8> {
        let count = try integer(lengthMarker)
        guard count >= 0, count <= bytes.count - place else {
            throw error("a text of \(count) bytes, with \(bytes.count - place) left")
        }
        defer { place += Int(count) }
        return bytes[place..<place + Int(count)]
    }

    private mutating func integer(_ marker: UInt8) throws(TrainerError) -> Int64 {
        switch marker {
        case UInt8(ascii: "i"): Int64(Int8(bitPattern: try byte()))
        case UInt8(ascii: "U"): Int64(try byte())
        case UInt8(ascii: "I"): Int64(Int16(truncatingIfNeeded: try bits(2)))
        case UInt8(ascii: "l"): Int64(Int32(truncatingIfNeeded: try bits(4)))
        case UInt8(ascii: "L"): Int64(bitPattern: try bits(8))
        default: throw unread(marker)
        }
    }

    private func unread(_ type: UInt8) -> TrainerError {
        error("the type \(type) is not read here")
    }

    /// Big-endian, as the format has it.
    private mutating func bits(_ size: Int) throws(TrainerError) -> UInt64 {
        guard bytes.count - place >= size else { throw error("the file ends early") }
        var value: UInt64 = 0
        for index in place..<place + size { value = value << 8 | UInt64(bytes[index]) }
        place += size
        return value
    }

    private mutating func byte() throws(TrainerError) -> UInt8 {
        guard place < bytes.count else { throw error("the file ends early") }
        defer { place += 1 }
        return bytes[place]
    }
}
