import Events
import Testing

private let envelope = Envelope(
    knownAt: Instant(Day(year: 2020, month: 3, day: 2) ?? Day(rawValue: 0), hour: 21),
    recordedAt: Instant(rawValue: 1_500_000_000), causation: .own(7), correlation: .timeline(9),
    through: .max, ordinal: 3, actor: .person, flags: [.hindsight, .tradesDecisionClose])

private let halt = EntriesHalted(
    envelope: envelope, cause: .allCases[0], who: "A \"person\"", text: Array("line\n\u{1}é".utf8))

/// Version 0 of a session with one bar.
private let session = SessionClosed(
    envelope: Envelope(
        knownAt: Instant(rawValue: 1), recordedAt: Instant(rawValue: 2), actor: .importer),
    source: Digest(w0: 1, w1: 0, w2: 0, w3: 0), day: Day(rawValue: 18_000), part: 1, conflicts: 2,
    unadjusted: 1,
    adjustment: .splits,
    bars: [
        .init(
            ticker: Ticker("AAPL") ?? Ticker(rawValue: 0), open: 1, high: 2, low: 0.5, close: 0.1,
            volume: .nan)
    ])

@Test("a session's bytes are those that other implementations expect")
func goldenBytes() throws {
    let bytes = [UInt8](
        hex: """
            6100 0800 621c 0000
            0100000000000000 0200000000000000 0000000000000000 0000000000000000
            0000000000000000 0000 00 00 00000000
            0100000000000000 0000000000000000 0000000000000000 0000000000000000
            50460000 01000000 02000000 01000000 01
            3000 0100
            4141504c00000000 000000000000f03f 0000000000000040 000000000000e03f
            9a9999999999b93f 000000000000f87f
            """)
    #expect(session.encoded().hex == bytes.hex)
    #expect(try SessionClosed(bytes: bytes).encoded() == bytes)
}

@Test("a session's JSON has exact dates, digests and the shortest numbers")
func sessionJSON() throws {
    let expected = """
        {"type":"SessionClosed","version":0,"envelope":{"knownAt":"1970-01-01T00:00:00.000000001Z",\
        "recordedAt":"1970-01-01T00:00:00.000000002Z","causation":null,"correlation":null,\
        "through":0,"ordinal":0,"actor":"importer","flags":[],"reserved":0},\
        "source":"0100000000000000000000000000000000000000000000000000000000000000",\
        "day":"2019-04-14","part":1,"conflicts":2,"unadjusted":1,"adjustment":"splits",\
        "bars":[{"ticker":"AAPL","open":1.0,"high":2.0,"low":0.5,"close":0.1,"volume":null}]}
        """
    #expect(try json(session.encoded()) == expected)
}

@Test("references, flags and texts are readable and escaped")
func haltJSON() throws {
    let text = try json(halt.encoded())
    #expect(text.contains("\"knownAt\":\"2020-03-02T21:00:00Z\""))
    #expect(
        text.contains(
            "\"causation\":\"r7\",\"correlation\":\"t9\",\"through\":18446744073709551615"))
    #expect(text.contains("\"actor\":\"person\",\"flags\":[\"hindsight\",\"tradesDecisionClose\"]"))
    #expect(text.contains(#""who":"A \"person\"","text":"line\n\u0001é"}"#))
}

@Test("an absent text and bytes that are not UTF-8 are told apart from strings")
func absentAndBinary() throws {
    var other = halt
    other.who = nil
    other.text = [0xFF, 0xFE]
    let text = try json(other.encoded())
    #expect(text.contains(#""who":null,"text":{"base64":"//4="}}"#))
}

@Test("an enum value of a later version is unrecognised, and null in JSON")
func laterEnumValue() throws {
    var bytes = halt.encoded()
    bytes[8 + 42] = 200
    #expect(try EntriesHalted(bytes: bytes).envelope.actor == .unrecognised)
    #expect(try json(bytes).contains("\"actor\":null"))
    #expect(!Actor.allCases.contains(.unrecognised))
}

@Test("a message of a later version's new kind is shown by its envelope")
func unknownMessage() throws {
    var bytes = halt.encoded()
    bytes[2] = 0xFE
    bytes[3] = 0xFF
    let text = try json(bytes)
    #expect(
        text.hasPrefix(
            "{\"type\":null,\"templateId\":65534,\"version\":0,\"envelope\":{\"knownAt\""))
    #expect(text.hasSuffix("}}"))
}

@Test("money has eight exact decimals whatever its size")
func exactMoney() {
    #expect(Money(rawValue: .max).description == "92233720368.54775807")
    #expect(Money(rawValue: -1).description == "-0.00000001")
}

@Test("a text fits when it is short enough, ASCII and free of zeros")
func fits() {
    #expect(EntriesHalted.fits(who: String(repeating: "x", count: 48)))
    #expect(!EntriesHalted.fits(who: String(repeating: "x", count: 49)))
    #expect(!EntriesHalted.fits(who: "é"))
    #expect(!EntriesHalted.fits(who: "a\u{0}b"))
}

@Test("a text is made to fit as the schema says: other characters become ?, the end is cut")
func fitted() {
    #expect(WireText.fitted("née José", length: 6) == "n?e Jo")
    #expect(WireText.fitted("a\u{0}b", length: 8) == "a?b")
}

@Test("a buffer keeps what was appended while it grows, and can be used again")
func buffer() {
    var buffer = EventBuffer(capacity: 1)
    for _ in 0..<100 { session.encode(into: &buffer) }
    let expected = (0..<100).flatMap { _ in session.encoded() }
    #expect(buffer.copyBytes() == expected)
    buffer.removeAll()
    #expect(buffer.count == 0)
    buffer.append(UInt16(0x0201))
    buffer.append(contentsOf: [3, 4])
    buffer.append(Ticker("AB") ?? Ticker(rawValue: 0))
    buffer.append(Digest(w0: 5, w1: 0, w2: 0, w3: 6))
    let tail =
        [5, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 16) + [6, 0, 0, 0, 0, 0, 0, 0]
    #expect(buffer.copyBytes() == [1, 2, 3, 4, 65, 66, 0, 0, 0, 0, 0, 0] + tail)
}

@Test("the earliest and the latest instant have a date")
func extremeInstants() {
    #expect(Instant(rawValue: .min).description == "1677-09-21T00:12:43.145224192Z")
    #expect(Instant(rawValue: .max).description == "2262-04-11T23:47:16.854775807Z")
    #expect(Instant(rawValue: -1).description == "1969-12-31T23:59:59.999999999Z")
}
