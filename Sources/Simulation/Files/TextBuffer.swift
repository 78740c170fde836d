/// Text being written, in bytes.
struct TextBuffer {
    private(set) var bytes: [UInt8] = []

    mutating func text(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func comma() { bytes.append(0x2C) }
    mutating func newLine() { bytes.append(0x0A) }

    mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func integer(_ value: Int) {
        precondition(value >= 0, "a number of a file is not negative")
        var rest = value
        var count = 0
        var reversed: [20 of UInt8] = .init(repeating: 0)
        repeat {
            reversed[count] = UInt8(0x30 + rest % 10)
            count += 1
            rest /= 10
        } while rest > 0
        while count > 0 {
            count -= 1
            bytes.append(reversed[count])
        }
    }

    /// A number that is not negative, with so many digits behind the point.
    mutating func decimal(_ value: Double, digits: Int = 4) {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int(value * Double(scale) + 0.5)
        integer(scaled / scale)
        bytes.append(0x2E)
        var part = scaled % scale
        while scale > 1 {
            scale /= 10
            bytes.append(UInt8(0x30 + part / scale))
            part %= scale
        }
    }

    /// A price: four digits behind the point, more where it is small.
    mutating func price(_ value: Double) { decimal(value, digits: value < 1 ? 8 : 4) }
}
