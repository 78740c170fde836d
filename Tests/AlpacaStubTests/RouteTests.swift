import Alpaca
import AlpacaExchange
import AlpacaStub
import BrokerKit
import Brokerage
import Events
import Foundation
import Testing

@Suite("The stub's routes")
struct RouteTests {
    private let keys = [
        HTTPRequest.Field("APCA-API-KEY-ID", "PKSTUB"),
        HTTPRequest.Field("APCA-API-SECRET-KEY", "secret"),
    ]

    private func ask(
        _ stub: StubBroker, _ method: String, _ target: String, _ body: String = "",
        keys: [HTTPRequest.Field]? = nil
    ) -> RouteAnswer {
        let request = HTTPRequest(
            method, target: target, headers: keys ?? self.keys, body: Array(body.utf8))
        return stub.with { AlpacaRoutes.answer(request, &$0) }
    }

    private func response(_ answer: RouteAnswer) throws -> (status: Int, json: Any) {
        guard case .response(let response) = answer else {
            Issue.record("no answer")
            return (0, "")
        }
        let json = try? JSONSerialization.jsonObject(
            with: Data(response.body), options: .fragmentsAllowed)
        return (response.status, json ?? "")
    }

    private func stub() -> StubBroker { BrokerFloor { StubPort($0) }.stub }

    @Test("a path and its query are read as they were written")
    func targets() {
        let fields = [
            HTTPRequest.Field("after", "2026-11-25T13:00:00.1Z"), HTTPRequest.Field("a b", "ä=&+%"),
        ]
        let written = HTTPRequest("GET", "/v2/orders", query: fields)
        #expect(
            written.target
                == "/v2/orders?after=2026-11-25T13%3A00%3A00.1Z&a%20b=%C3%A4%3D%26%2B%25")
        #expect(HTTPRequest("GET", target: written.target) == written)
        #expect(HTTPRequest("GET", target: "/a?x=1+2&y").query.map(\.value) == ["1 2", ""])
    }

    @Test("without its keys nothing is answered, and rotated keys are other keys")
    func keysMatter() throws {
        let stub = stub()
        #expect(try response(ask(stub, "GET", "/v2/account", keys: [])).status == 401)
        let wrong = [keys[0], HTTPRequest.Field("APCA-API-SECRET-KEY", "guess")]
        #expect(try response(ask(stub, "GET", "/v2/account", keys: wrong)).status == 401)
        stub.with { $0.keys = [StubBroker.Keys("PKNEW", "new")] }
        #expect(try response(ask(stub, "GET", "/v2/account")).status == 401)
    }

    @Test("a path that there is not, a body that is none, and a field that is wrong")
    func malformed() throws {
        let stub = stub()
        for (method, path, status) in [
            ("GET", "/v2/nothing", 404), ("PUT", "/v2/orders", 404), ("GET", "/", 404),
            ("GET", "/v2/orders/none", 404), ("DELETE", "/v2/orders/none", 404),
            ("GET", "/v2/orders?limit=501", 422), ("GET", "/v2/orders?after=yesterday", 422),
            ("GET", "/v2/account/activities?direction=asc&page_token=none", 422),
            ("POST", "/v2/orders", 400),
        ] { #expect(try response(ask(stub, method, path, "x")).status == status, "\(path)") }
        for body in [
            #"{"qty":1}"#, #"{"symbol":"ACME","qty":"one","side":"buy"}"#,
            #"{"symbol":"ACME","qty":1,"side":"up","type":"market","time_in_force":"day"}"#,
            #"{"symbol":"ACME","qty":1,"side":"buy","type":"stop","time_in_force":"day"}"#,
            #"{"symbol":"ACME","qty":1,"side":"buy","type":"market","time_in_force":"ioc"}"#,
            #"{"symbol":"NONE","qty":1,"side":"buy","type":"market","time_in_force":"day"}"#,
        ] { #expect(try response(ask(stub, "POST", "/v2/orders", body)).status == 422, "\(body)") }
        #expect(stub.with { $0.exchange.orders.isEmpty })
    }

    @Test("numbers are taken as texts and as numbers, and an order without an id gets one")
    func numbers() throws {
        let stub = stub()
        for quantity in ["10", "\"10\"", "10.0"] {
            let answer = try response(
                ask(
                    stub, "POST", "/v2/orders",
                    #"{"symbol":"ACME","qty":\#(quantity),"side":"buy","type":"limit","#
                        + #""limit_price":90.5,"time_in_force":"day"}"#))
            let order = try #require(answer.json as? [String: Any])
            #expect(answer.status == 200 && order["qty"] as? String == "10")
            #expect(order["limit_price"] as? String == "90.50")
            #expect((order["client_order_id"] as? String)?.count == 36)
        }
    }

    @Test("each answer tells the rate, and counts down")
    func rate() {
        let stub = stub()
        let left = (0..<3).map { _ -> String? in
            guard case .response(let response) = ask(stub, "GET", "/v2/clock") else { return nil }
            #expect(response.header("X-RateLimit-Limit") == "200")
            return response.header("x-ratelimit-remaining")
        }
        #expect(left == ["199", "198", "197"])
    }

    @Test("what the stub writes in an update is what the stream reads")
    func updates() throws {
        var floor = BrokerFloor { StubPort($0) }
        let order = try floor.port.submit(BrokerFloor.entry())
        floor.advance(9, 31)
        var stream = AlpacaStream()
        _ = stream.connect(stubCredentials)
        let updates = floor.stub.with { $0.stream().updates }
        #expect(updates.map(\.event) == ["new", "fill"])
        let shown = updates.map { stream.take(Array(AlpacaJSON.update($0).utf8)) }
        #expect(shown[0] == .update(order))
        let filled = try #require(try floor.port.order(BrokerFloor.id(.entry)))
        #expect(shown[1] == .update(filled) && filled.status == .filled)
    }
}
