import Events
import Testing

@testable import Alpaca
@testable import Brokerage

@Suite("Orders on Alpaca's wire")
struct AlpacaOrderTests {
    /// An order as the documentation prints one; fields can be set.
    static func order(_ changes: [String: String] = [:]) -> String {
        var fields = [
            "id": #""61e69015-8549-4bfd-b9c3-01e75843f47d""#,
            "client_order_id": #""\#(OrderDesk.id)""#,
            "created_at": #""2026-11-25T08:00:00.000300123-05:00""#,
            "updated_at": #""2026-11-25T08:00:00.000400-05:00""#,
            "submitted_at": #""2026-11-25T13:00:00.000200Z""#,
            "asset_id": #""904837e3""#, "symbol": #""ACME""#, "asset_class": #""us_equity""#,
            "qty": #""100""#, "filled_qty": #""0""#, "order_class": #""""#,
            "order_type": #""market""#, "type": #""market""#, "side": #""buy""#,
            "time_in_force": #""opg""#, "status": #""accepted""#, "extended_hours": "false",
        ]
        for name in [
            "filled_at", "expired_at", "canceled_at", "failed_at", "replaced_at", "replaced_by",
            "replaces", "notional", "filled_avg_price", "limit_price", "stop_price", "legs",
            "trail_percent", "trail_price", "hwm",
        ] { fields[name] = "null" }
        fields.merge(changes) { $1 }
        return "{"
            + fields.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }
            .joined(separator: ",\n ") + "}"
    }

    private func read(_ changes: [String: String]) throws -> BrokerOrder? {
        var port = AlpacaPort(CannedTransport(AlpacaOrderTests.order(changes)))
        return try port.order(OrderDesk.id)
    }

    @Test("what is sent: symbol, whole shares, side, type, form, our id, and the keys as headers")
    func sent() throws {
        let transport = CannedTransport(
            AlpacaOrderTests.order(),
            AlpacaOrderTests.order([
                "type": #""stop""#, "stop_price": #""95.5""#, "side": #""sell""#,
                "time_in_force": #""gtc""#,
            ]))
        var port = AlpacaPort(transport)
        let taken = try port.submit(OrderDesk.request())
        #expect(taken.timeInForce == .opening && taken.status == .working)
        #expect(taken.submittedAt.description == "2026-11-25T13:00:00.000200000Z")
        let stop = try port.submit(
            OrderDesk.request(.untilCancelled, pricing: .stop(Price(cents: 9_550)), side: .sell))
        #expect(stop.pricing == .stop(Price(cents: 9_550)) && stop.side == .sell)
        let bodies = transport.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(
            bodies[0] == """
                {"symbol":"ACME","qty":"100","side":"buy","type":"market","time_in_force":"opg",\
                "client_order_id":"\(OrderDesk.id)"}
                """)
        #expect(
            bodies[1] == """
                {"symbol":"ACME","qty":"100","side":"sell","type":"stop","stop_price":"95.50",\
                "time_in_force":"gtc","client_order_id":"\(OrderDesk.id)"}
                """)
        #expect(transport.requests.allSatisfy { $0.method == "POST" && $0.target == "/v2/orders" })
        let headers = transport.requests[0].headers
        #expect(headers.contains(HTTPRequest.Field("APCA-API-KEY-ID", "PKTEST")))
        #expect(headers.contains(HTTPRequest.Field("APCA-API-SECRET-KEY", "very secret")))
    }

    @Test("replaced under an id of its own, cancelled by a DELETE whose 204 has no body")
    func others() throws {
        let transport = CannedTransport([
            CannedTransport.status(200, AlpacaOrderTests.order(["replaces": #""old""#])),
            CannedTransport.status(204, ""),
        ])
        var port = AlpacaPort(transport)
        let request = OrderDesk.request(.untilCancelled, pricing: .stop(Price(cents: 9_550)))
        #expect(try port.replace("old", by: request).replaces == "old")
        try port.cancel("old")
        #expect(transport.requests.map(\.method) == ["PATCH", "DELETE"])
        #expect(transport.requests.map(\.target) == ["/v2/orders/old", "/v2/orders/old"])
        #expect(
            String(decoding: transport.requests[0].body, as: UTF8.self) == """
                {"qty":"100","time_in_force":"gtc","stop_price":"95.50",\
                "client_order_id":"\(OrderDesk.id)"}
                """)
    }

    @Test("looked up by our id")
    func lookedUp() throws {
        let transport = CannedTransport([
            CannedTransport.status(404, #"{"code":40410000,"message":"order not found"}"#),
            CannedTransport.status(404, "<html>not found</html>"),
        ])
        var port = AlpacaPort(transport)
        #expect(try port.order(OrderDesk.id) == nil)
        #expect(
            transport.requests[0].target
                == "/v2/orders:by_client_order_id?client_order_id=\(OrderDesk.id)")
        #expect(
            port.failure { try $0.order(OrderDesk.id) } == .unknown(.status(404)),
            "a page of something else is no word about the order")
    }

    @Test(
        "each status has its meaning",
        arguments: [
            ("new", .working), ("accepted", .working), ("pending_new", .working),
            ("accepted_for_bidding", .working), ("partially_filled", .working),
            ("stopped", .working), ("suspended", .working), ("calculated", .working),
            ("done_for_day", .working), ("held", .working), ("pending_cancel", .cancelling),
            ("pending_replace", .replacing), ("filled", .filled), ("canceled", .cancelled),
            ("expired", .expired), ("replaced", .replaced), ("rejected", .rejected),
        ] as [(String, OrderStatus)])
    func status(word: String, status: OrderStatus) throws {
        #expect(try read(["status": "\"\(word)\""])?.status == status)
    }

    @Test("a status that nobody knows is no knowledge")
    func unknownStatus() {
        var port = AlpacaPort(CannedTransport(AlpacaOrderTests.order(["status": #""pondering""#])))
        #expect(
            port.failure { try $0.order(OrderDesk.id) }
                == .unknown(.unreadable("status: pondering")))
    }

    @Test(
        "what was paid is exact although the broker tells a rounded mean",
        arguments: [
            ("3", "227.426667", 6_822_800_000_0), ("3", "227.4266666667", 6_822_800_000_0),
            ("7", "10.1428571429", 7_100_000_000), ("100", "10.5", 105_000_000_000),
            ("1", "0.1234", 12_340_000), ("2", "10.00005", 2_000_010_000),
            ("0.5", "10.00000001", 500_000_001),
        ])
    func value(quantity: String, mean: String, value: Int64) throws {
        let order = try read([
            "filled_qty": "\"\(quantity)\"", "filled_avg_price": "\"\(mean)\"",
        ])
        #expect(order?.filledValue == Money(rawValue: value))
    }

    @Test("numbers may be texts or numbers; foreign orders may lack what ours have")
    func foreign() throws {
        let order = try read([
            "qty": "12.5", "filled_qty": "2", "filled_avg_price": "10.25", "type": #""stop_limit""#,
            "time_in_force": #""ioc""#, "client_order_id": #""by-hand""#,
        ])
        #expect(order?.quantity == Quantity(rawValue: 1_250_000_000))
        #expect(order?.filledValue == Money(dollars: 20.5))
        #expect(order?.pricing == .foreign("stop_limit") && order?.timeInForce == .foreign)
        let legs = try read([
            "qty": "null", "asset_id": #""""#, "symbol": #""""#, "side": #""""#, "type": #""""#,
        ])
        #expect(legs?.quantity == .zero && legs?.symbol == "")
    }

    @Test("open orders are read to the end, and none of the boundary is lost or doubled")
    func pages() throws {
        func page(_ numbers: Range<Int>) -> String {
            "["
                + numbers.map { number in
                    let nanoseconds = String(1_000_000_000 + number / 2).dropFirst()
                    return AlpacaOrderTests.order([
                        "id": "\"\(number)\"",
                        "submitted_at": "\"2026-11-25T13:00:00.\(nanoseconds)Z\"",
                    ])
                }.joined(separator: ",") + "]"
        }
        let transport = CannedTransport(page(0..<500), page(498..<600))
        var port = AlpacaPort(transport)
        let open = try port.openOrders()
        #expect(open.map(\.id) == (0..<600).map { "\($0)" })
        #expect(
            transport.requests[1].target.hasSuffix("&after=2026-11-25T13%3A00%3A00.000000248Z"))

        var stuck = AlpacaPort(CannedTransport(page(0..<500), page(0..<500)))
        guard case .unknown(.unreadable)? = stuck.failure({ try $0.openOrders() }) else {
            Issue.record("a list that does not go on is no list")
            return
        }
    }
}
