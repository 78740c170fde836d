/// The bytes of a message that no schema knows: header, envelope, payload.
public func message(recordedAt: Int64, template: UInt16 = 1, payload: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = []
    func put(_ value: UInt64, _ count: Int) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
    put(48, 2)
    put(UInt64(template), 2)
    put(7266, 2)
    put(0, 2)
    put(UInt64(bitPattern: recordedAt), 8)
    put(UInt64(bitPattern: recordedAt), 8)
    for _ in 0..<32 { bytes.append(0) }
    return bytes + payload
}

/// A generator that a printed seed reproduces (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Begins at a seed.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
