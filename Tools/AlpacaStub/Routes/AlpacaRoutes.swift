public import Alpaca
public import AlpacaExchange
import Brokerage
import Events
import Foundation

/// What becomes of a request of HTTP.
public enum RouteAnswer: Hashable, Sendable {
    /// An answer.
    case response(HTTPResponse)
    /// None: the connection stays open.
    case silence
    /// None: the connection is closed.
    case dropped
}

/// Alpaca's REST v2 in front of the exchange: method, path, query and body to status, headers and
/// body, without a network.
public enum AlpacaRoutes {
    /// Answers a request, counts it against the rate, and lets go wrong what is to go wrong.
    public static func answer(
        _ request: HTTPRequest, _ state: inout StubBroker.State
    ) -> RouteAnswer {
        guard isAuthorised(request, state.keys) else {
            return .response(
                HTTPResponse(status: 401, body: Array(#"{"message": "unauthorized."}"#.utf8)))
        }
        guard let operation = operation(request) else {
            return .response(refused(Refusal(status: 404, code: 40_410_000, message: "not found")))
        }
        // Settings come with the account, as one request of a port.
        let fault: Fault =
            request.path == "/v2/account/configurations" ? .none : state.admit(operation)
        var response: HTTPResponse?
        if fault.isDone {
            do throws(Refusal) {
                response = try route(request, &state.exchange)
            } catch {
                response = refused(error)
            }
        }
        return answer(fault, response, state)
    }

    private static func answer(
        _ fault: Fault, _ response: HTTPResponse?, _ state: StubBroker.State
    ) -> RouteAnswer {
        switch fault {
        case .none:
            var response = response ?? HTTPResponse(status: 500)
            let reset = state.exchange.now.adding(seconds: Int64(state.secondsToReset))
            response.headers += rate(state, state.remaining, reset.rawValue / 1_000_000_000)
            return .response(response)
        case .rateLimit(let seconds):
            let reset = state.exchange.now.adding(seconds: seconds)
            // Whole seconds, and not too early.
            let second = (reset.rawValue + 999_999_999) / 1_000_000_000
            var response = HTTPResponse(
                status: 429, body: Array(#"{"code": 42910000, "message": "rate limit"}"#.utf8))
            response.headers += rate(state, 0, second)
            return .response(response)
        case .refuse(let refusal, _): return .response(refused(refusal))
        case .status(let status, _):
            let page = "<html><body>\(status) Gateway Time-out</body></html>"
            return .response(HTTPResponse(status: status, body: Array(page.utf8)))
        case .timeOut: return .silence
        case .dropped: return .dropped
        }
    }

    private static func rate(
        _ state: StubBroker.State, _ remaining: Int, _ second: Int64
    ) -> [HTTPRequest.Field] {
        [
            HTTPRequest.Field("X-RateLimit-Limit", "\(state.exchange.rules.requestsPerMinute)"),
            HTTPRequest.Field("X-RateLimit-Remaining", "\(remaining)"),
            HTTPRequest.Field("X-RateLimit-Reset", "\(second)"),
        ]
    }

    private static func isAuthorised(
        _ request: HTTPRequest, _ keys: [StubBroker.Keys]
    ) -> Bool {
        func header(_ name: String) -> String? {
            request.headers.first { $0.name.lowercased() == name }?.value
        }
        guard let id = header("apca-api-key-id"), let secret = header("apca-api-secret-key") else {
            return false
        }
        return keys.contains(StubBroker.Keys(id, secret))
    }

    private static func refused(_ refusal: Refusal) -> HTTPResponse {
        var body = JSONObject()
        body.integer("code", refusal.code)
        body.text("message", refusal.message)
        return HTTPResponse(status: refusal.status, body: Array(body.text.utf8))
    }

    /// What a request is for; nil for a path that there is not.
    static func operation(_ request: HTTPRequest) -> BrokerCall? {
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.first == "v2", parts.count > 1 else { return nil }
        switch (request.method, parts[1], parts.count) {
        case ("GET", "account", 2): return .account
        case ("GET", "account", 3...):
            return parts[2] == "configurations"
                ? .account : parts[2] == "activities" ? .activities : nil
        case ("GET", "clock", 2): return .clock
        case ("GET", "calendar", 2): return .calendar
        case ("GET", "assets", 3): return .asset
        case ("GET", "positions", 2): return .positions
        case ("POST", "orders", 2): return .submit
        case ("GET", "orders", 2): return .openOrders
        case ("GET", "orders:by_client_order_id", 2), ("GET", "orders", 3): return .order
        case ("PATCH", "orders", 3): return .replace
        case ("DELETE", "orders", 3): return .cancel
        default: return nil
        }
    }
}

/// A transport to the routes in process.
public struct RouteTransport: HTTPTransport, Sendable {
    private let stub: StubBroker

    /// A transport to a broker.
    public init(_ stub: StubBroker) {
        self.stub = stub
    }

    /// Asks the routes.
    public mutating func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
        switch stub.with({ AlpacaRoutes.answer(request, &$0) }) {
        case .response(let response): return response
        case .silence: throw .timeOut
        case .dropped: throw .dropped("the stub closed the connection")
        }
    }
}

extension HTTPRequest {
    /// A request as a server reads it: its query taken apart, and what is escaped restored.
    public init(
        _ method: String, target: String, headers: [Field] = [], body: [UInt8] = []
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let fields = parts.count < 2 ? [] : parts[1].split(separator: "&")
        let query = fields.map { field in
            let sides = field.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map { side in
                side.replacing("+", with: " ").removingPercentEncoding ?? String(side)
            }
            return Field(sides[0], sides.count < 2 ? "" : sides[1])
        }
        self.init(method, String(parts[0]), query: query, headers: headers, body: body)
    }
}
