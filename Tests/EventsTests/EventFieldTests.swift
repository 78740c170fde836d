import Events
import Testing

@Suite("The fields of an event")
struct EventFieldTests {
    @Test("are those of its JSON, in their order, and references are told apart")
    func agree() throws {
        let at = Instant(Day(year: 2020, month: 1, day: 2)!)
        let event = ConfigurationChanged(
            envelope: Envelope(
                knownAt: at, recordedAt: at, causation: .own(3), through: 7, actor: .person),
            digest: .zero, scope: .facts, name: "facts", parent: nil, forkedAt: .timeline(9),
            who: "ann", startDay: nil, endDay: nil, text: Array("a: \"b\"".utf8))
        let bytes = event.encoded()
        let fields = try EventJSON.fields(message: bytes.span.bytes)
        #expect(fields.first?.path == "envelope.knownAt")
        let json = try EventJSON.string(message: bytes.span.bytes)
        for field in fields {
            let name = field.path.split(separator: ".").last.map(String.init) ?? ""
            #expect(json.contains("\"\(name)\":\(field.text)"), "\(field)")
        }
        let references = fields.filter { $0.reference != nil }
        #expect(
            references.map(\.path)
                == ["envelope.causation", "envelope.correlation", "forkedAt"])
        #expect(references.map(\.text) == ["\"r3\"", "null", "\"t9\""])
        #expect(references.map(\.reference) == [.own(3), Reference.none, .timeline(9)])
        #expect(fields.last?.path == "text" && fields.last?.text == "\"a: \\\"b\\\"\"")
    }

    @Test("of groups carry the number of their entry")
    func groups() throws {
        let at = Instant(Day(year: 2020, month: 1, day: 2)!, hour: 21)
        let bar = SessionClosed.Bar(
            ticker: Ticker("ACME")!, open: 1, high: 2, low: 0.5, close: 1.5, volume: 3)
        let event = SessionClosed(
            envelope: Envelope(knownAt: at, recordedAt: at, actor: .timeline), source: .zero,
            day: at.day, part: 0, conflicts: 0, unadjusted: 0, adjustment: .splits,
            bars: [bar, bar])
        let fields = try EventJSON.fields(message: event.encoded().span.bytes)
        #expect(fields.contains { $0.path == "bars[1].close" && $0.text == "1.5" })
        #expect(fields.count { $0.path.hasPrefix("bars[") } == 12)
    }
}
