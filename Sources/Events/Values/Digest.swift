/// A SHA-256 digest: 32 bytes, kept as four words loaded little-endian from the bytes in order.
public struct Digest: Hashable, Comparable, Sendable {
    /// Bytes 0–7, loaded little-endian.
    public var w0: UInt64
    /// Bytes 8–15, loaded little-endian.
    public var w1: UInt64
    /// Bytes 16–23, loaded little-endian.
    public var w2: UInt64
    /// Bytes 24–31, loaded little-endian.
    public var w3: UInt64

    /// Wraps four little-endian words.
    @inlinable
    public init(w0: UInt64, w1: UInt64, w2: UInt64, w3: UInt64) {
        self.w0 = w0
        self.w1 = w1
        self.w2 = w2
        self.w3 = w3
    }

    /// All zeros: "no digest".
    public static let zero = Digest(w0: 0, w1: 0, w2: 0, w3: 0)

    /// The digest of 32 bytes.
    ///
    /// - Precondition: there are exactly 32.
    public init(bytes: some Sequence<UInt8>) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var index = 0
        for byte in bytes {
            let shifted = UInt64(byte) << UInt64(index % 8 * 8)
            switch index / 8 {
            case 0: words.0 |= shifted
            case 1: words.1 |= shifted
            case 2: words.2 |= shifted
            default: words.3 |= shifted
            }
            index += 1
        }
        precondition(index == 32, "a digest has 32 bytes, not \(index)")
        self.init(w0: words.0, w1: words.1, w2: words.2, w3: words.3)
    }

    /// The 32 bytes in order.
    public var bytes: [UInt8] {
        [w0, w1, w2, w3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
        }
    }

    /// Orders as the bytes do.
    @inlinable
    public static func < (left: Digest, right: Digest) -> Bool {
        if left.w0 != right.w0 { return left.w0.byteSwapped < right.w0.byteSwapped }
        if left.w1 != right.w1 { return left.w1.byteSwapped < right.w1.byteSwapped }
        if left.w2 != right.w2 { return left.w2.byteSwapped < right.w2.byteSwapped }
        return left.w3.byteSwapped < right.w3.byteSwapped
    }
}

extension Digest: CustomStringConvertible, LosslessStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads 64 hexadecimal digits.
    public init?(_ description: String) {
        let characters = Array(description)
        guard characters.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = characters[index].hexDigitValue,
                let low = characters[index + 1].hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        self.init(bytes: bytes)
    }
}
