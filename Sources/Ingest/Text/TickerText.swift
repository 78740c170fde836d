import Events

/// Symbols as the sources write them, and the one spelling that bars use.
enum TickerText {
    /// The symbols of a ticker cell: HTML anchors are undone, parts are split at line breaks.
    ///
    /// `--` (no symbol) stays as it is, so that an exchange of something without a symbol for
    /// something with one is seen to be two.
    static func symbols(inHTML text: String) -> [String] {
        HTMLText.lines(text).filter { !$0.isEmpty }
    }

    /// The ticker of one symbol, nil when it is not shaped like an American one.
    ///
    /// Share classes are spelled with a hyphen, as the price files do: `BRKb` (Congress CSV),
    /// `BRK.B` and `BRK-B` are all BRK-B; `CAP_u` is CAP-U. A dot before anything but a class A to
    /// D is another country's exchange (`IBM.MX`, `ADT.F`) and is refused, as are `^` and symbols
    /// that start with a digit (`6701`).
    static func ticker(_ symbol: String) -> Ticker? {
        let bytes = Array(trimmed(symbol).utf8)
        guard let first = bytes.first, isLetter(first), bytes.count <= 8 else { return nil }
        if let mark = bytes.firstIndex(where: {
            $0 == 0x2D || $0 == 0x2E || $0 == 0x5F || $0 == 0x2F
        }) {
            let suffix = bytes[(mark + 1)...].map(upper)
            let isClass = suffix.count == 1 && (0x41...0x44).contains(suffix[0])
            guard bytes[mark] != 0x2E || isClass else { return nil }
            return hyphenated(bytes[..<mark].map(upper), suffix)
        }
        if bytes.count > 1, let last = bytes.last, isLower(last),
            bytes.dropLast().allSatisfy({ !isLower($0) })
        {
            return hyphenated(Array(bytes.dropLast()), [upper(last)])
        }
        return isRoot(bytes.map(upper)) ? Ticker(utf8: bytes.map(upper)) : nil
    }

    private static func hyphenated(_ root: [UInt8], _ suffix: [UInt8]) -> Ticker? {
        guard isRoot(root), (1...2).contains(suffix.count), suffix.allSatisfy(isLetter) else {
            return nil
        }
        return Ticker(utf8: root + [0x2D] + suffix)
    }

    private static func isRoot(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { isLetter($0) || $0 &- 0x30 < 10 }
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func upper(_ byte: UInt8) -> UInt8 { isLower(byte) ? byte - 0x20 : byte }
}
