import Alpaca
import AlpacaExchange
import AlpacaStub
import Brokerage
import Events
import Foundation

/// What a test of another language does to the exchange: `POST /stub/advance?to=INSTANT`,
/// `POST /stub/bar?symbol=&day=&open=&high=&low=&close=`, `POST /stub/halt?symbol=&on=`,
/// `POST /stub/cut`, `GET /stub/now`.
enum StubControl {
    /// The answer to a path of the control; nil for any other.
    static func answer(
        _ request: HTTPRequest, _ stub: StubBroker, _ listeners: StubServer.Listeners
    ) -> RouteAnswer? {
        guard request.path.hasPrefix("/stub/") else { return nil }
        func value(_ name: String) -> String? {
            request.query.first { $0.name == name }?.value
        }
        switch (request.method, request.path) {
        case ("GET", "/stub/now"):
            return reply(200, stub.with { $0.exchange.now }.description)
        case ("POST", "/stub/advance"):
            guard let instant = value("to").flatMap({ Instant($0) }) else {
                return reply(422, "to is no instant")
            }
            stub.with { $0.exchange.advance(to: instant) }
            return reply(200, instant.description)
        case ("POST", "/stub/bar"):
            let prices = ["open", "high", "low", "close"].map { value($0).flatMap { Double($0) } }
            guard let symbol = value("symbol"), let day = value("day").flatMap({ Day($0) }),
                let open = prices[0], let high = prices[1], let low = prices[2],
                let close = prices[3]
            else { return reply(422, "a bar has symbol, day, open, high, low and close") }
            let bar = Exchange.Bar(open: open, high: high, low: low, close: close)
            stub.with { $0.exchange.put(bar, symbol, on: day) }
            return reply(200, symbol)
        case ("POST", "/stub/halt"):
            guard let symbol = value("symbol") else { return reply(422, "symbol is missing") }
            let isOn = value("on") != "false"
            stub.with { $0.exchange.halt(symbol, isOn) }
            return reply(200, symbol)
        case ("POST", "/stub/cut"):
            stub.with { $0.disconnect() }
            listeners.cut()
            return reply(200, "")
        default: return reply(404, "not found")
        }
    }

    private static func reply(_ status: Int, _ text: String) -> RouteAnswer {
        .response(HTTPResponse(status: status, body: Array(text.utf8)))
    }
}
