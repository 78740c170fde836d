import Testing

@testable import Events

/// What was written when the schema had no later version, and what is written now.
@Suite("Oldest version")
struct OldestVersionTests {
    private let envelope = Envelope(
        knownAt: Instant(rawValue: 1), recordedAt: Instant(rawValue: 2), actor: .market)

    private var original: OriginalOrder {
        OriginalOrder(
            envelope: envelope, price: 12.5, side: .sell, other: .buy, marks: .seen,
            fills: [.init(code: "AB", shares: -5, side: .buy)], text: Array("hello".utf8))
    }

    private var evolved: EvolvedOrder {
        EvolvedOrder(
            envelope: envelope, price: 12.5, side: .sell, other: .buy, marks: .seen, cause: .none,
            fills: [.init(code: "AB", shares: -5, side: .buy)], text: Array("hello".utf8))
    }

    private func header(_ message: some EventMessage) throws -> MessageHeader {
        let bytes = message.encoded()
        let span = bytes.span
        return try MessageHeader(span.bytes)
    }

    @Test("a raised schema changes no byte of a message without the new fields")
    func unchanged() throws {
        #expect(evolved.encoded() == original.encoded())
        var bare = evolved
        bare.other = nil
        bare.fills = []
        bare.text = []
        var old = original
        old.other = nil
        old.fills = []
        old.text = []
        #expect(bare.encoded() == old.encoded())
        #expect(try header(bare).version == 0)
        #expect(try header(bare).blockLength == 59)
    }

    @Test("a NaN is no value, so a field that holds one is left off")
    func notANumber() {
        var order = evolved
        order.limit = .nan
        #expect(order.encoded() == original.encoded())
    }

    /// What raises the version, to which, and the length of the block then.
    private static let raises: [(String, @Sendable (inout EvolvedOrder) -> Void, UInt16, UInt16)] =
        [
            ("limit", { $0.limit = 13 }, 1, 69),
            ("days", { $0.days = 4 }, 1, 69),
            ("cause", { $0.cause = .own(77) }, 2, 77),
            ("limit and cause", { ($0.limit, $0.cause) = (13, .own(77)) }, 2, 77),
            ("side", { $0.side = .hold }, 1, 69),
            ("side", { $0.side = .swap }, 2, 77),
            ("other", { $0.other = .hold }, 1, 69),
            ("marks", { $0.marks = [.seen, .kept] }, 2, 77),
            ("fills", { $0.fills[0].side = .hold }, 1, 69),
            ("fills", { $0.fills.append(.init(code: "A", shares: 1, side: .swap)) }, 2, 77),
        ]

    @Test("a message takes the oldest version that knows its values", arguments: raises.indices)
    func raised(_ index: Int) throws {
        let (name, change, version, length) = Self.raises[index]
        var order = evolved
        change(&order)
        #expect(try header(order).version == version, "\(name)")
        #expect(try header(order).blockLength == length, "\(name)")
        #expect(try EvolvedOrder(bytes: order.encoded()) == order, "\(name)")
    }

    @Test("a reader of the first version skips what later ones appended")
    func olderReader() throws {
        var order = evolved
        order.limit = 13
        order.cause = .own(77)
        #expect(try OriginalOrder(bytes: order.encoded()) == original)
        order.side = .swap
        #expect(try OriginalOrder(bytes: order.encoded()).side == .unrecognised)
    }

    @Test("a message that the first version had not begins with the version that made it")
    func laterMessage() throws {
        var notice = EvolvedNotice(envelope: envelope, price: 1)
        #expect(try header(notice).version == 1)
        #expect(try header(notice).blockLength == 56)
        #expect(try EvolvedNotice(bytes: notice.encoded()) == notice)
        notice.code = "AB"
        #expect(try header(notice).version == 2)
        #expect(try header(notice).blockLength == 62)
        #expect(try EvolvedNotice(bytes: notice.encoded()) == notice)
    }
}
