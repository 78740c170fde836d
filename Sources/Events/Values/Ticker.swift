/// A symbol of up to eight ASCII characters, as bars and filings name it.
///
/// On the wire it is char[8], padded with zeros. In memory it is one integer whose order is the
/// byte order of the text, so that "ascending by ticker" is an integer comparison.
public struct Ticker: RawRepresentable, Hashable, Comparable, Sendable {
    /// The characters, the first in the highest byte, zeros behind the last.
    public var rawValue: UInt64

    /// Wraps characters packed with the first in the highest byte.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// From the eight wire bytes loaded as a little-endian integer.
    @inlinable
    public init(littleEndianCharacters: UInt64) {
        self.rawValue = littleEndianCharacters.byteSwapped
    }

    /// The eight wire bytes as a little-endian integer.
    @inlinable
    public var littleEndianCharacters: UInt64 { rawValue.byteSwapped }

    /// The ticker of `text`, or nil when it is empty, longer than eight characters, or has a
    /// character outside `!` to `~`.
    @inlinable
    public init?(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    /// The ticker of ASCII bytes, under the same rules as for text.
    @inlinable
    public init?(utf8 bytes: some Sequence<UInt8>) {
        var packed: UInt64 = 0
        var count = 0
        for byte in bytes {
            guard byte > 0x20, byte < 0x7F, count < 8 else { return nil }
            packed |= UInt64(byte) &<< UInt64(56 - 8 * count)
            count += 1
        }
        guard count > 0 else { return nil }
        self.rawValue = packed
    }

    /// Orders as the characters do.
    @inlinable
    public static func < (left: Ticker, right: Ticker) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Ticker {
    /// A symbol as a person writes it, in the spelling of the log: in capitals, and a share class
    /// behind a hyphen (`brk.b` and `BRK/B` are BRK-B). It may be no ticker.
    public static func folded(_ text: some StringProtocol) -> String {
        String(text.uppercased().map { $0 == "." || $0 == "/" ? "-" : $0 })
    }
}

extension Ticker: CustomStringConvertible {
    /// The characters.
    public var description: String {
        var text = ""
        var rest = rawValue
        while rest != 0 {
            text.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: rest >> 56)))
            rest <<= 8
        }
        return text
    }
}
