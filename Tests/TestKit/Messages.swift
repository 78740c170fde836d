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
