/// Turns UTF-16 into UTF-8 part by part; what is broken becomes U+FFFD.
struct UTF16Text {
    private let isBigEndian: Bool
    /// The first byte of a unit whose second is in the next part.
    private var odd: UInt8?
    /// A high surrogate whose low one is in the next part.
    private var high: UInt16?

    /// Told by a byte-order mark, or by the zero bytes of Latin letters; nil for other text.
    init?(startOf bytes: [UInt8]) {
        guard bytes.count >= 2 else { return nil }
        switch (bytes[0], bytes[1]) {
        case (0xFF, 0xFE): isBigEndian = false
        case (0xFE, 0xFF): isBigEndian = true
        case (1..., 0) where bytes.count >= 4 && bytes[2] != 0 && bytes[3] == 0:
            isBigEndian = false
        case (0, 1...) where bytes.count >= 4 && bytes[2] == 0 && bytes[3] != 0:
            isBigEndian = true
        default: return nil
        }
    }

    /// Appends the UTF-8 of the next part; a byte-order mark stays, as one of UTF-8.
    mutating func append(_ part: some Sequence<UInt8>, to buffer: inout [UInt8]) {
        for byte in part {
            guard let first = odd else {
                odd = byte
                continue
            }
            odd = nil
            let unit =
                isBigEndian
                ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
            append(unit, to: &buffer)
        }
    }

    /// Appends what is left at the end of the file.
    mutating func finish(_ buffer: inout [UInt8]) {
        if odd != nil || high != nil { append("\u{FFFD}", to: &buffer) }
        odd = nil
        high = nil
    }

    private mutating func append(_ unit: UInt16, to buffer: inout [UInt8]) {
        if let first = high {
            high = nil
            if unit & 0xFC00 == 0xDC00 {
                let value = 0x10000 + UInt32(first & 0x3FF) << 10 + UInt32(unit & 0x3FF)
                append(Unicode.Scalar(value) ?? "\u{FFFD}", to: &buffer)
                return
            }
            append("\u{FFFD}", to: &buffer)
        }
        if unit & 0xFC00 == 0xD800 {
            high = unit
        } else {
            append(Unicode.Scalar(unit) ?? "\u{FFFD}", to: &buffer)
        }
    }

    private func append(_ scalar: Unicode.Scalar, to buffer: inout [UInt8]) {
        buffer.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
