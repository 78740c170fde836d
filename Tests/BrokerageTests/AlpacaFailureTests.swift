import Events
import Testing

@testable import Alpaca
@testable import Brokerage

@Suite("What Alpaca does not do")
struct AlpacaFailureTests {
    @Test(
        "a refusal is told by the broker's words, whatever its status and code",
        arguments: [
            (422, 40_010_001, "client_order_id must be unique", .notUnique),
            (403, 40_310_000, "potential wash trade detected. use complex orders", .washTrade),
            (422, 42_210_000, "potential wash trade detected. use complex orders", .washTrade),
            (403, 40_310_000, "insufficient buying power", .buyingPower),
            (
                403, 40_310_000,
                "insufficient qty available for order (requested: 100, available: 0)",
                .heldForOrders
            ),
            (
                403, 40_310_100, "trade denied due to pattern day trading protection", .sameDaySale
            ),
            (422, 42_210_000, "stop price must be less than current price", .throughPrice),
            (422, 42_210_000, "asset \"ACME\" is not tradable", .untradable),
            (422, 40_310_000, "cannot replace order in pending_new state", .state),
            (422, 42_210_000, "order is not cancelable", .state),
            (422, 42_210_000, "opg orders submitted after 9:28am are rejected", .outsideWindow),
            (422, 42_210_000, "invalid order type", .other),
        ] as [(Int, Int, String, Refusal.Kind)])
    func kinds(status: Int, code: Int, message: String, kind: Refusal.Kind) {
        var body = JSONObject()
        body.integer("code", code)
        body.text("message", message)
        var port = AlpacaPort(CannedTransport([CannedTransport.status(status, body.text)]))
        let refusal = Refusal(status: status, code: code, message: message)
        #expect(port.failure { try $0.submit(OrderDesk.request()) } == .refused(refusal))
        #expect(refusal.kind == kind)
    }

    @Test("what a broker did not do is told in words that a person reads")
    func words() {
        let refusal = Refusal(status: 403, code: 40_310_000, message: "insufficient buying power")
        let failures: [BrokerFailure] = [
            .refused(refusal), .unknown(.timeOut), .unknown(.dropped), .unknown(.status(504)),
            .unknown(.unreadable("qty")), .rateLimited(until: .epoch),
            .unauthorised(message: "forbidden."),
        ]
        #expect(
            failures.map { "\($0)" } == [
                "refused with status 403, code 40310000: insufficient buying power",
                "no answer in time", "no connection, or it ended before the answer", "status 504",
                "an answer that cannot be read: qty",
                "too many requests; the next may be sent at 1970-01-01T00:00:00Z",
                "the keys are not accepted: forbidden.",
            ])
    }

    @Test("a 401 is about the keys, and rotated keys are taken for the next request")
    func unauthorised() throws {
        let transport = CannedTransport([
            CannedTransport.status(401, #"{"message": "unauthorized."}"#),
            CannedTransport.status(200, AlpacaOrderTests.order()),
        ])
        var port = AlpacaPort(transport)
        #expect(
            port.failure { try $0.submit(OrderDesk.request()) }
                == .unauthorised(message: "unauthorized."))
        port.take(AlpacaCredentials(keyID: "PKNEW", secretKey: "new"))
        _ = try port.submit(OrderDesk.request())
        #expect(
            transport.requests[1].headers.contains(HTTPRequest.Field("APCA-API-KEY-ID", "PKNEW")))
    }

    @Test(
        "no answer, a 5xx, a page and a body that cannot be read leave it unknown",
        arguments: [
            (.failure(.timeOut), .timeOut), (.failure(.dropped("reset")), .dropped),
            (CannedTransport.status(504, "<html></html>"), .status(504)),
            (CannedTransport.status(500, #"{"code":50010000,"message":"internal"}"#), .status(500)),
            (CannedTransport.status(403, "<html>blocked</html>"), .status(403)),
        ] as [(Result<HTTPResponse, TransportFailure>, BrokerFailure.Uncertainty)])
    func unknown(
        answer: Result<HTTPResponse, TransportFailure>, uncertainty: BrokerFailure.Uncertainty
    ) {
        var port = AlpacaPort(CannedTransport([answer]))
        #expect(port.failure { try $0.submit(OrderDesk.request()) } == .unknown(uncertainty))
    }

    @Test("an order that cannot be read was sent all the same: it is unknown, not refused")
    func unreadable() {
        var port = AlpacaPort(CannedTransport("{}", AlpacaOrderTests.order(["qty": #""ten""#])))
        for _ in 0..<2 {
            guard case .unknown(.unreadable)? = port.failure({ try $0.submit(OrderDesk.request()) })
            else {
                Issue.record("not unknown")
                return
            }
        }
    }

    @Test("a 429 holds everything until its reset, which a wrong clock cannot move far")
    func rate() throws {
        let clock = SetClock()
        let second = clock.now.rawValue / 1_000_000_000
        for (reset, wait) in [(second + 20, 20), (second - 9, 1), (second + 9_999, 120)] {
            let header = HTTPRequest.Field("x-ratelimit-reset", "\(reset)")
            let transport = CannedTransport([
                CannedTransport.status(429, #"{"code":42910000,"message":"rate limit"}"#, [header]),
                CannedTransport.status(200, AlpacaOrderTests.order()),
            ])
            clock.now = OrderDesk.start
            var port = AlpacaPort(transport, clock)
            let until = clock.now.adding(seconds: Int64(wait))
            #expect(
                port.failure { try $0.submit(OrderDesk.request()) } == .rateLimited(until: until))
            #expect(port.failure { try $0.positions() } == .rateLimited(until: until))
            #expect(transport.requests.count == 1, "what is held back is not sent")
            clock.now = until
            _ = try port.submit(OrderDesk.request())
        }
    }

    @Test("at most 200 requests in any minute, of which 50 are for orders")
    func budget() {
        let start = OrderDesk.start
        var budget = RequestBudget()
        var sent: [Instant] = []
        var reads = 0
        for tenth in 0..<3_000 {
            let now = start.adding(nanoseconds: Int64(tenth) * 100_000_000)
            if budget.wait(at: now, isUrgent: false) == nil {
                sent.append(now)
                reads += 1
            }
            if tenth % 7 == 0, budget.wait(at: now, isUrgent: true) == nil { sent.append(now) }
            #expect(sent.filter { $0 > now.adding(seconds: -60) }.count <= 200)
        }
        #expect(reads > 300)
        var full = RequestBudget(limit: 4, reserve: 1)
        for _ in 0..<3 { #expect(full.wait(at: start, isUrgent: false) == nil) }
        #expect(full.wait(at: start, isUrgent: false) == start.adding(seconds: 60))
        #expect(full.wait(at: start, isUrgent: true) == nil)
        #expect(full.wait(at: start, isUrgent: true) == start.adding(seconds: 60))
        #expect(full.wait(at: start.adding(seconds: 60), isUrgent: true) == nil)
    }

    @Test("failures in a row wait twice as long each time, with jitter of the seed; one does not")
    func backOff() {
        func waits(_ seed: UInt64) -> [Double] {
            var backOff = BackOff(seed: seed)
            var now = OrderDesk.start
            return (0..<12).map { _ in
                backOff.fail(at: now)
                let until = backOff.wait(at: now) ?? now
                let seconds = Double(until.rawValue - now.rawValue) / 1e9
                now = until
                return seconds
            }
        }
        let waited = waits(1)
        #expect(waited[0] == 0 && waited == waits(1) && waited != waits(2))
        for (place, seconds) in waited.enumerated().dropFirst() {
            let whole = min(15, Double(1 << (place - 1)))
            #expect((0.5 * whole...1.5 * whole).contains(seconds), "\(place): \(seconds)")
        }
        var backOff = BackOff(seed: 1)
        for _ in 0..<5 { backOff.fail(at: OrderDesk.start) }
        backOff.succeed()
        #expect(backOff.wait(at: OrderDesk.start) == nil)
    }

    @Test("times are read to the nanosecond at any offset, or not at all")
    func instants() {
        func read(_ text: String) -> String? { AlpacaText.instant(text)?.description }
        #expect(read("2022-04-19T13:45:04.981350886-04:00") == "2022-04-19T17:45:04.981350886Z")
        #expect(read("2022-04-19T17:45:04Z") == "2022-04-19T17:45:04Z")
        #expect(read("2022-04-19T23:45:04.5+05:30") == "2022-04-19T18:15:04.500000000Z")
        for text in [
            "", "2022-04-19", "2022-04-19T17:45:04", "2022-04-19 17:45:04Z", "2022-04-19T17:45Z",
            "2022-04-19T17:45:04.Z", "2022-04-19T25:00:00Z", "2022-13-19T17:45:04Z",
            "2022-04-19T17:45:04+5:00",
        ] { #expect(read(text) == nil, "\(text)") }
    }
}
