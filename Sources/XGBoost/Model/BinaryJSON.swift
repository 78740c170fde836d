import Events
import Learning

/// A value of Universal Binary JSON (draft 12), the format XGBoost writes models in.
///
/// Arrays of one type stay plain arrays of numbers, as a model is little else.
enum BinaryJSON {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case array([BinaryJSON])
    case integers([Int64])
    case reals([Float])
    case object([(key: String, value: BinaryJSON)])

    /// Reads a whole file.
    init(_ bytes: [UInt8]) throws(TrainerError) {
        var reader = BinaryJSONReader(bytes)
        self = try reader.value(depth: 0)
        guard reader.isAtEnd else { throw reader.error("bytes follow the model") }
    }

    /// The value under a key.
    subscript(key: String) -> BinaryJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
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
        var members: [(key: String, value: BinaryJSON)] = []
        while true {
            let marker = try byte()
            if marker == UInt8(ascii: "}") { return .object(members) }
            let key = try text(lengthMarker: marker)
            if let last = members.last?.key, !last.utf8.lexicographicallyPrecedes(key.utf8) {
                throw error("the key \(key) follows \(last)")
            }
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
        if type == UInt8(ascii: "d") {
            let count = try length(size: 4)
            var values: [Float] = []
            values.reserveCapacity(count)
            for _ in 0..<count { values.append(Float(bitPattern: UInt32(try bits(4)))) }
            return .reals(values)
        }
        let count = try length(size: 1)
        var values: [Int64] = []
        for _ in 0..<count { values.append(try integer(type)) }
        return .integers(values)
    }

    /// A count of things that take at least `size` bytes each.
    private mutating func length(size: Int) throws(TrainerError) -> Int {
        let count = try integer(try byte())
        guard count >= 0, count <= (bytes.count - place) / size else {
            throw error("a length of \(count), with \(bytes.count - place) bytes left")
        }
        return Int(count)
    }

    private mutating func text() throws(TrainerError) -> String {
        try text(lengthMarker: try byte())
    }

    private mutating func text(lengthMarker: UInt8) throws(TrainerError) -> String {
        let count = try integer(lengthMarker)
        guard count >= 0, count <= bytes.count - place else {
            throw error("a text of \(count) bytes, with \(bytes.count - place) left")
        }
        defer { place += Int(count) }
        return String(decoding: bytes[place..<place + Int(count)], as: UTF8.self)
    }

    private mutating func integer(_ marker: UInt8) throws(TrainerError) -> Int64 {
        switch marker {
        case UInt8(ascii: "i"): Int64(Int8(bitPattern: try byte()))
        case UInt8(ascii: "U"): Int64(try byte())
        case UInt8(ascii: "I"): Int64(Int16(truncatingIfNeeded: try bits(2)))
        case UInt8(ascii: "l"): Int64(Int32(truncatingIfNeeded: try bits(4)))
        case UInt8(ascii: "L"): Int64(bitPattern: try bits(8))
        default: throw error("the type \(marker) is not read here")
        }
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
