/// How the numbers of a file are written.
struct NumberReading: Equatable, Sendable {
    /// `1.234,56` and not `1,234.56`.
    var hasDecimalComma = false

    /// The number in `range`, dollar signs and thousands taken off; where `hasScale` also `1.5M`.
    @inline(__always)
    func value(_ bytes: Span<UInt8>, _ range: Range<Int>, hasScale: Bool = false) -> Double? {
        if !hasDecimalComma, let value = DecimalText.double(bytes, range) { return value }
        return slowValue(range.map { bytes[$0] }, hasScale: hasScale)
    }

    /// The number that a text says.
    func value(_ text: String) -> Double? {
        slowValue(Array(trimmed(text).utf8), hasScale: false)
    }

    @inline(never)
    private func slowValue(_ text: [UInt8], hasScale: Bool) -> Double? {
        var bytes = text[...]
        if bytes.first == UInt8(ascii: "$") { bytes = bytes.dropFirst() }
        var scale = 1.0
        if hasScale, let last = bytes.last, let power = NumberReading.scales[last | 0x20] {
            scale = power
            bytes = bytes.dropLast()
        }
        let (mark, thousands): (UInt8, UInt8) = hasDecimalComma ? (0x2C, 0x2E) : (0x2E, 0x2C)
        let whole = bytes.prefix { $0 != mark }
        let rest = bytes.dropFirst(whole.count + 1)
        guard let digits = NumberReading.ungrouped(whole, by: thousands),
            !rest.contains(thousands), !rest.contains(mark)
        else { return nil }
        var plain = digits
        if bytes.count > whole.count { plain += [0x2E] + rest }
        return DecimalText.double(String(decoding: plain, as: UTF8.self)).map { $0 * scale }
    }

    /// Thousands, millions and billions, as volumes are abbreviated.
    private static let scales: [UInt8: Double] = [0x6B: 1e3, 0x6D: 1e6, 0x62: 1e9]

    /// Digits without the marks between groups of three; nil when the groups are no threes.
    static func ungrouped(_ bytes: ArraySlice<UInt8>, by mark: UInt8) -> [UInt8]? {
        guard bytes.contains(mark) else { return Array(bytes) }
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count)
        var length = 0
        var isFirst = true
        for byte in bytes {
            if byte == mark {
                guard length == 3 || (isFirst && (1...3).contains(length)) else { return nil }
                isFirst = false
                length = 0
            } else {
                guard isDigit(byte) else { return nil }
                digits.append(byte)
                length += 1
            }
        }
        return length == 3 ? digits : nil
    }
}

/// What the numbers of a file say of the comma in them.
struct NumberEvidence {
    private var commaDecimals = 0
    private var pointDecimals = 0
    private var open = 0
    private var example = ""

    mutating func note(_ text: String) {
        let bytes = Array(trimmed(text).utf8)
        guard bytes.contains(0x2C) || bytes.contains(0x2E) else { return }
        let comma = bytes.lastIndex(of: 0x2C)
        let point = bytes.lastIndex(of: 0x2E)
        switch (comma, point) {
        case (let comma?, let point?):
            if comma > point { commaDecimals += 1 } else { pointDecimals += 1 }
        case (let comma?, nil):
            let isOne = bytes.count { $0 == 0x2C } == 1
            if isOne, bytes.count - comma != 4 || comma > 3 {
                commaDecimals += 1
            } else if isOne {
                if open == 0 { example = trimmed(text) }
                open += 1
            }
        case (nil, let point?):
            let isOne = bytes.count { $0 == 0x2E } == 1
            if isOne, bytes.count - point != 4 || point > 3 { pointDecimals += 1 }
        case (nil, nil): return
        }
    }

    /// How the numbers are written; a file whose fields are parted by commas has points.
    ///
    /// - Throws: `IngestError.wrongFormat` when the file leaves it open or contradicts itself.
    func reading(_ file: String) throws(IngestError) -> NumberReading {
        if commaDecimals > 0, pointDecimals > 0 {
            throw IngestError(
                .wrongFormat, file: file,
                "some of its numbers have a decimal comma and some a point; write them all with a "
                    + "point")
        }
        if open > 0, commaDecimals == 0, pointDecimals == 0 {
            throw IngestError(
                .wrongFormat, file: file,
                "nothing tells whether \"\(example)\" has a decimal comma or thousands; say "
                    + "decimal: comma or decimal: point in a file for --map")
        }
        return NumberReading(hasDecimalComma: commaDecimals > 0)
    }
}
