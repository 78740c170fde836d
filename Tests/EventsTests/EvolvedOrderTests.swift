import Testing

@testable import Events

private let envelope = Envelope(
    knownAt: Instant(rawValue: 1), recordedAt: Instant(rawValue: 2), actor: .market)

private let newest = EvolvedOrder(
    envelope: envelope, price: 12.5, side: .sell, marks: .seen, limit: 13, days: 4,
    cause: .own(77),
    fills: [
        .init(code: "AB", shares: -5, side: .buy), .init(code: "ABCDEF", shares: 6, side: .sell),
    ],
    text: Array("hello".utf8))

/// `newest` as version `version` wrote it: with a block of `length` bytes.
private func written(version: UInt8, length: Int) -> [UInt8] {
    var bytes = newest.encoded()
    bytes.removeSubrange(8 + length..<8 + Int(EvolvedOrder.blockLength))
    bytes[0] = UInt8(length)
    bytes[6] = version
    return bytes
}

@Test("a message of the first version is read, its missing fields without value")
func firstVersion() throws {
    let order = try EvolvedOrder(bytes: written(version: 0, length: 59))
    #expect(order.price == 12.5)
    #expect(order.limit == nil)
    #expect(order.days == nil)
    #expect(order.cause == .none)
    #expect(order.fills == newest.fills)
    #expect(order.text == newest.text)
}

@Test("a message of the second version is read, its one missing field without value")
func secondVersion() throws {
    let order = try EvolvedOrder(bytes: written(version: 1, length: 69))
    #expect(order.limit == 13)
    #expect(order.days == 4)
    #expect(order.cause == .none)
    #expect(order.fills == newest.fills)
}

@Test("a message of its own version is read whole")
func ownVersion() throws {
    let order = try EvolvedOrder(bytes: written(version: 2, length: 77))
    #expect(order == newest)
}

@Test(
    "a block shorter than its version makes it is refused",
    arguments: [(0, 58), (1, 59), (1, 68), (2, 69), (3, 76)])
func shortBlock(_ version: Int, _ length: Int) {
    let needed = [59, 69, 77, 77][version]
    #expect(throws: DecodingError.blockTooShort(found: length, needed: needed)) {
        try EvolvedOrder(bytes: written(version: UInt8(version), length: length))
    }
}

@Test("entries shorter than the schema makes them are refused")
func shortEntries() {
    var bytes = newest.encoded()
    bytes[8 + 77] = 10
    #expect(throws: DecodingError.groupBlockTooShort(found: 10, needed: 11)) {
        try EvolvedOrder(bytes: bytes)
    }
}

@Test("another template or schema is refused")
func otherHeader() {
    var template = newest.encoded()
    template[2] ^= 1
    #expect(throws: DecodingError.template(found: 60_001, expected: 60_000)) {
        try EvolvedOrder(bytes: template)
    }
    var schema = newest.encoded()
    schema[4] ^= 1
    #expect(throws: DecodingError.schema(found: EventSchema.id ^ 1, expected: EventSchema.id)) {
        try EvolvedOrder(bytes: schema)
    }
}

@Test("a view shows entries and data in place")
func view() throws {
    let bytes = newest.encoded()
    let span = bytes.span
    let view = try EvolvedOrderView(span.bytes)
    #expect(view.fills.count == 2)
    let code = view.fills[1].code
    let shares = view.fills[unchecked: 0].shares
    let data = view.text.byteCount
    #expect(code == "ABCDEF")
    #expect(shares == -5)
    #expect(data == 5)
}
