public import Events

/// Symbols as the sources write them, and the one spelling that bars use.
enum TickerText {
    /// The symbols of a ticker cell: HTML anchors are undone, parts are split at line breaks.
    ///
    /// `--` (no symbol) stays as it is, so that an exchange of something without a symbol for
    /// something with one is seen to be two.
    static func symbols(inHTML text: String) -> [String] {
        HTMLText.lines(text).filter { !$0.isEmpty }
    }

    /// Whether a cell says that there is no ticker.
    ///
    /// Capitals make the difference: `NA`, `NAN`, `ON`, `ALL` and `TRUE` are listed, while programs
    /// write `nan`, `NaN`, `None` and `null` for nothing.
    static func isMissing(_ symbol: String) -> Bool {
        let word = trimmed(symbol)
        guard let first = word.utf8.first else { return true }
        if isUpper(first), first != UInt8(ascii: "N") { return false }
        return word.utf8.count <= 4 && missing.contains(word)
    }

    /// Of four bytes at most, and N is the only capital that one begins with.
    private static let missing = [
        "", "-", "--", "---", "\u{2013}", "\u{2014}", "N/A", "n/a", "#N/A", "<NA>", "nan", "NaN",
        "none", "None", "NONE", "null", "Null", "NULL", "na",
    ]

    /// The ticker of one symbol, nil when it is not shaped like an American one.
    ///
    /// - Share classes are spelled with a hyphen, as the price files do: `BRKb` (Congress CSV),
    ///   `BRK.B`, `BRK/B`, `BRK B` and `BRK-B` are all BRK-B; `CAP_u` is CAP-U. A small last letter
    ///   is a class when it is a or b behind capitals: `GOOGl` is no symbol.
    /// - `$AAPL`, `NASDAQ:AAPL`, `AAPL:US`, `AAPL.US` and `AAPL US` are AAPL.
    /// - A dot before anything but a class A to D is another country's exchange (`IBM.MX`, `ADT.F`)
    ///   and is refused, as are `^` and symbols that start with a digit (`6701`).
    static func ticker(_ symbol: String) -> Ticker? {
        guard !isMissing(symbol) else { return nil }
        if (1...8).contains(symbol.utf8.count), symbol.utf8.allSatisfy(isUpper) {
            return Ticker(utf8: symbol.utf8)
        }
        if symbol.hasSuffix(":US"), (4...11).contains(symbol.utf8.count),
            symbol.utf8.dropLast(3).allSatisfy(isUpper)
        {
            return Ticker(utf8: symbol.utf8.dropLast(3))
        }
        guard let bytes = plain(symbol) else { return nil }
        guard let first = bytes.first, isLetter(first), bytes.count <= 8 else { return nil }
        if let mark = bytes.firstIndex(where: {
            $0 == 0x20 || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F || $0 == 0x2F
        }) {
            let suffix = bytes[(mark + 1)...].map(upper)
            let isClass = suffix.count == 1 && (0x41...0x44).contains(suffix[0])
            let isBlank = bytes[mark] == 0x20
            guard isClass || (bytes[mark] != 0x2E && !isBlank), !isBlank || mark > 1 else {
                return nil
            }
            return hyphenated(bytes[..<mark].map(upper), suffix)
        }
        let root = bytes.dropLast()
        if root.count > 1, let last = bytes.last, isLower(last), !root.contains(where: isLower) {
            guard last == 0x61 || last == 0x62 else { return nil }
            return hyphenated(Array(root), [upper(last)])
        }
        // A symbol is written in one case, or as a name is (`Aapl`): what mixes both is another
        // notation (`ACIpA`) or none.
        guard !bytes.contains(where: isLower) || !bytes.dropFirst().contains(where: isUpper) else {
            return nil
        }
        return isRoot(bytes.map(upper)) ? Ticker(utf8: bytes.map(upper)) : nil
    }

    /// A symbol without dollar sign, exchange and country; nil when they are not American.
    private static func plain(_ symbol: String) -> [UInt8]? {
        var text = Substring(trimmed(symbol))
        if !text.utf8.allSatisfy({ $0 < 0x80 }) {
            while text.first?.isWhitespace == true { text.removeFirst() }
            while text.last?.isWhitespace == true { text.removeLast() }
        }
        if text.utf8.first == UInt8(ascii: "$") { text.removeFirst() }
        if !text.utf8.contains(where: { $0 == 0x20 || $0 == 0x2E || $0 == 0x3A }) {
            return Array(text.utf8)
        }
        if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let prefix = text[..<colon].uppercased()
            let rest = text[text.utf8.index(after: colon)...]
            if exchanges.contains(prefix) {
                text = Substring(trimmed(rest))
            } else if countries.contains(rest.uppercased()) {
                text = text[..<colon]
            } else {
                return nil
            }
        }
        let upper = text.uppercased()
        for suffix in [" US EQUITY", ".US", " US"] where upper.hasSuffix(suffix) {
            text = text.dropLast(suffix.count)
            break
        }
        return Array(text.utf8)
    }

    private static let exchanges: Set<String> = [
        "NASDAQ", "NASDAQGS", "NASDAQGM", "NASDAQCM", "XNAS", "NYSE", "XNYS", "NYSEARCA", "ARCA",
        "ARCX", "NYSEMKT", "NYSEAMERICAN", "AMEX", "XASE", "BATS", "CBOE", "IEX", "US", "OTC",
        "OTCMKTS", "OTCPK",
    ]
    private static let countries: Set<String> = ["US", "UN", "UW", "UQ", "NASDAQ", "NYSE"]

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
    private static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    private static func upper(_ byte: UInt8) -> UInt8 { isLower(byte) ? byte - 0x20 : byte }
}

extension PriceImporter {
    /// The ticker that a symbol says, nil for none.
    public static func ticker(_ symbol: String) -> Ticker? { TickerText.ticker(symbol) }
}
