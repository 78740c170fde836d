import Events
import Testing

@testable import Alpaca
@testable import Brokerage

@Suite("The stream of updates")
struct AlpacaStreamTests {
    private func listening() -> AlpacaStream {
        var stream = AlpacaStream()
        _ = stream.connect(.test)
        _ = stream.take(bytes(#"{"stream":"authorization","data":{"status":"authorized"}}"#))
        _ = stream.take(bytes(#"{"stream":"listening","data":{"streams":["trade_updates"]}}"#))
        return stream
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("it sends its keys, then asks for updates, then listens")
    func handshake() {
        var stream = AlpacaStream()
        #expect(stream.state == .closed)
        #expect(
            stream.connect(.test)
                == #"{"action":"authenticate","data":{"key_id":"PKTEST","secret_key":"very secret"}}"#
        )
        #expect(stream.state == .authenticating)
        let authorised = bytes(
            #"{"stream":"authorization","data":{"status":"authorized","action":"authenticate"}}"#)
        #expect(
            stream.take(authorised)
                == .send(#"{"action":"listen","data":{"streams":["trade_updates"]}}"#))
        #expect(stream.state == .subscribing)
        #expect(stream.take(bytes(#"{"stream":"listening","data":{"streams":[]}}"#)) == .none)
        let confirmed = bytes(#"{"stream":"listening","data":{"streams":["trade_updates"]}}"#)
        #expect(stream.take(confirmed) == .listening && stream.state == .listening)
        stream.disconnect()
        #expect(stream.state == .closed)
    }

    @Test("keys that are refused end it")
    func refused() {
        var stream = AlpacaStream()
        _ = stream.connect(.test)
        let frame = bytes(
            #"{"stream":"authorization","data":{"status":"unauthorized","action":"listen"}}"#)
        #expect(stream.take(frame) == .refused && stream.state == .refused)
    }

    @Test("an update has the order as every other answer has it")
    func update() throws {
        var stream = listening()
        let order = AlpacaOrderTests.order([
            "status": #""filled""#, "filled_qty": #""100""#, "filled_avg_price": #""10.5""#,
        ])
        let frame = """
            {"stream":"trade_updates","data":{"event":"fill","execution_id":"e-1","order":\(order),
            "position_qty":"100","price":"10.5","qty":"100",
            "timestamp":"2026-11-25T14:30:00.024916716Z"}}
            """
        guard case .update(let shown) = stream.take(bytes(frame)) else {
            Issue.record("no update")
            return
        }
        #expect(shown.status == .filled && shown.filledValue == Money(dollars: 1_050))
        #expect(shown.clientID == OrderDesk.id.description)
    }

    @Test("a frame that cannot be read is told of and ends nothing")
    func unreadable() {
        var stream = listening()
        for text in ["", "[]", "{", #"{"stream":"trade_updates","data":{"event":"fill"}}"#] {
            guard case .unreadable = stream.take(bytes(text)) else {
                Issue.record("read: \(text)")
                continue
            }
        }
        #expect(stream.take(bytes(#"{"stream":"weather","data":{}}"#)) == .none)
        #expect(stream.state == .listening)
    }
}
