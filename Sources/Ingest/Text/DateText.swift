import Events

/// Dates as the sources write them.
enum DateText {
    /// Reads `YYYY-MM-DD` or `MM/DD/YYYY` (one or two digits of month and day), years 1900–2199.
    static func day(_ text: String) -> Day? {
        let bytes = Array(trimmed(text).utf8)
        return bytes.withUnsafeBufferPointer { unsafe day(Span(_unsafeElements: $0)) }
    }

    /// The same over bytes without blanks around them.
    static func day(_ bytes: Span<UInt8>) -> Day? {
        let count = bytes.count
        guard count >= 8, count <= 10 else { return nil }
        if count == 10, let day = iso(bytes) { return day }
        guard bytes[count - 5] == 0x2F else { return nil }
        let slash = bytes[1] == 0x2F ? 1 : 2
        guard bytes[slash] == 0x2F, slash + 1 < count - 5, count - 5 - slash <= 3 else {
            return nil
        }
        return checked(
            year: number(bytes, count - 4, count), month: number(bytes, 0, slash),
            day: number(bytes, slash + 1, count - 5))
    }

    /// `YYYY-MM-DD` of ten bytes; nil for anything else.
    @inline(__always)
    static func iso(_ bytes: Span<UInt8>) -> Day? {
        guard bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
        return checked(
            year: number(bytes, 0, 4), month: number(bytes, 5, 7), day: number(bytes, 8, 10))
    }

    private static func checked(year: Int, month: Int, day: Int) -> Day? {
        guard year >= 1900, year <= 2199, month > 0, day > 0 else { return nil }
        return Day(year: year, month: month, day: day)
    }

    /// The digits from `start` up to `end`, or −1 when there is anything else.
    private static func number(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var value = 0
        for index in start..<end {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return -1 }
            value = value * 10 + Int(digit)
        }
        return value
    }
}

extension String {
    /// Calls `body` with the text's UTF-8 bytes.
    func withBytes<R>(_ body: (Span<UInt8>) throws -> R) rethrows -> R {
        try body(utf8.span)
    }
}
