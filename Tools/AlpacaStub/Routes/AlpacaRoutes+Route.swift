import Alpaca
import AlpacaExchange
import Brokerage
import Events
import Foundation

extension AlpacaRoutes {
    /// Does what a request asks for.
    static func route(
        _ request: HTTPRequest, _ exchange: inout Exchange
    ) throws(Refusal) -> HTTPResponse {
        let parts = request.path.split(separator: "/").dropFirst().map(String.init)
        switch (request.method, parts.count > 1 ? parts[0] : request.path) {
        case ("GET", "/v2/account"): return json(AlpacaJSON.account(exchange))
        case ("GET", "account"):
            if parts[1] == "configurations" { return json(AlpacaJSON.configurations(exchange)) }
            return json(try activities(request, exchange, type: parts.dropFirst(2).first))
        case ("GET", "/v2/clock"): return json(AlpacaJSON.clock(exchange.clock))
        case ("GET", "/v2/calendar"): return json(try calendar(request, exchange))
        case ("GET", "assets"):
            guard let asset = exchange.asset(parts[1]) else {
                throw missing("asset not found for \(parts[1])")
            }
            return json(AlpacaJSON.asset(asset))
        case ("GET", "/v2/positions"):
            return json(
                JSONObject.list(exchange.positions.map { AlpacaJSON.position($0, exchange) }))
        case ("GET", "/v2/orders"): return json(try orders(request, exchange))
        case ("GET", "/v2/orders:by_client_order_id"):
            let id = value(request, "client_order_id") ?? ""
            guard let order = exchange.order(clientID: id) else {
                throw missing("order not found for \(id)")
            }
            return json(AlpacaJSON.order(order))
        case ("GET", "orders"):
            guard let order = exchange.order(id: parts[1]) else {
                throw missing("order not found for \(parts[1])")
            }
            return json(AlpacaJSON.order(order))
        case ("POST", "/v2/orders"):
            return json(AlpacaJSON.order(try exchange.submit(try submission(request))))
        case ("PATCH", "orders"):
            let fields = try body(request)
            let order = try exchange.replace(
                parts[1], quantity: try shares(fields["qty"]),
                stopPrice: try price(fields["stop_price"]),
                clientID: text(fields["client_order_id"]))
            return json(AlpacaJSON.order(order))
        case ("DELETE", "orders"):
            try exchange.cancel(parts[1])
            return HTTPResponse(status: 204)
        default: throw missing("not found")
        }
    }

    private static func json(_ text: String) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: [HTTPRequest.Field("Content-Type", "application/json")],
            body: Array(text.utf8))
    }

    private static func missing(_ message: String) -> Refusal {
        Refusal(status: 404, code: 40_410_000, message: message)
    }

    private static func malformed(_ message: String) -> Refusal {
        Refusal(status: 422, code: 40_010_001, message: message)
    }

    private static func value(_ request: HTTPRequest, _ name: String) -> String? {
        request.query.first { $0.name == name }?.value
    }

    // MARK: Lists

    private static func orders(
        _ request: HTTPRequest, _ exchange: Exchange
    ) throws(Refusal) -> String {
        let limit = value(request, "limit").flatMap { Int($0) } ?? 50
        guard 1...500 ~= limit else { throw malformed("limit must be between 1 and 500") }
        let isAscending = value(request, "direction") == "asc"
        var found: [ExchangeOrder]
        switch value(request, "status") ?? "open" {
        case "open": found = exchange.openOrders
        case "closed": found = exchange.orders.filter { $0.shown.status.isTerminal }
        case "all": found = exchange.orders
        default: throw malformed("invalid status")
        }
        if let text = value(request, "after") {
            guard let after = wireInstant(text) else { throw malformed("invalid after") }
            found = found.filter { $0.shown.submittedAt > after }
        }
        if let text = value(request, "until") {
            guard let until = wireInstant(text) else { throw malformed("invalid until") }
            found = found.filter { $0.shown.submittedAt <= until }
        }
        if let symbols = value(request, "symbols")?.split(separator: ",").map(String.init) {
            found = found.filter { symbols.contains($0.shown.symbol) }
        }
        if !isAscending { found.reverse() }
        return JSONObject.list(found.prefix(limit).map { AlpacaJSON.order($0) })
    }

    private static func activities(
        _ request: HTTPRequest, _ exchange: Exchange, type: String?
    ) throws(Refusal) -> String {
        let size = value(request, "page_size").flatMap { Int($0) } ?? 100
        guard 1...100 ~= size else { throw malformed("page_size must be between 1 and 100") }
        var found = exchange.activities
        let token = value(request, "page_token")
        if value(request, "direction") == "asc" {
            guard let later = exchange.activities(after: token) else {
                throw malformed("invalid page_token")
            }
            found = later
        } else {
            if let token {
                guard let place = found.firstIndex(where: { $0.id == token }) else {
                    throw malformed("invalid page_token")
                }
                found = Array(found[..<place])
            }
            found.reverse()
        }
        if let type { found = found.filter { AlpacaJSON.word($0.kind) == type } }
        return JSONObject.list(found.prefix(size).map { AlpacaJSON.activity($0, exchange) })
    }

    private static func calendar(
        _ request: HTTPRequest, _ exchange: Exchange
    ) throws(Refusal) -> String {
        guard let start = value(request, "start").flatMap({ Day(String($0.prefix(10))) }),
            let end = value(request, "end").flatMap({ Day(String($0.prefix(10))) }), start <= end
        else { throw malformed("invalid start or end") }
        return JSONObject.list(exchange.sessions(start...end).map { AlpacaJSON.session($0) })
    }

    // MARK: Bodies

    private static func submission(_ request: HTTPRequest) throws(Refusal) -> ExchangeRequest {
        let fields = try body(request)
        guard let symbol = text(fields["symbol"]) else { throw malformed("symbol is required") }
        guard let quantity = try shares(fields["qty"]) else {
            throw malformed("qty or notional is required")
        }
        let side: OrderSide
        switch text(fields["side"]) {
        case "buy": side = .buy
        case "sell": side = .sell
        default: throw malformed("invalid side")
        }
        let pricing: OrderPricing
        switch text(fields["type"]) {
        case "market": pricing = .market
        case "stop":
            guard let price = try price(fields["stop_price"]) else {
                throw malformed("stop orders require stop_price")
            }
            pricing = .stop(price)
        case "limit":
            guard let price = try price(fields["limit_price"]) else {
                throw malformed("limit orders require limit_price")
            }
            pricing = .limit(price)
        default: throw malformed("invalid order type")
        }
        let timeInForce: TimeInForce
        switch text(fields["time_in_force"]) {
        case "day": timeInForce = .day
        case "gtc": timeInForce = .untilCancelled
        case "opg": timeInForce = .opening
        default: throw malformed("invalid time_in_force")
        }
        return ExchangeRequest(
            clientID: text(fields["client_order_id"]), symbol: symbol, side: side,
            quantity: quantity, pricing: pricing, timeInForce: timeInForce)
    }

    private static func body(_ request: HTTPRequest) throws(Refusal) -> [String: Any] {
        let object = try? JSONSerialization.jsonObject(with: Data(request.body))
        guard let fields = object as? [String: Any] else {
            throw Refusal(status: 400, code: 40_010_000, message: "request body format is invalid")
        }
        return fields
    }

    /// A field that is a text, or a number as a client may write one.
    private static func text(_ field: Any?) -> String? {
        switch field {
        case let text as String: text
        case let number as NSNumber: "\(number.decimalValue)"
        default: nil
        }
    }

    private static func shares(_ field: Any?) throws(Refusal) -> Quantity? {
        guard let text = text(field) else { return nil }
        guard let units = DecimalText.units(text, decimals: 8) else {
            throw malformed("qty is no number: \(text)")
        }
        return Quantity(rawValue: units)
    }

    private static func price(_ field: Any?) throws(Refusal) -> Price? {
        guard let text = text(field) else { return nil }
        guard let units = DecimalText.units(text, decimals: 4) else {
            throw Refusal(
                status: 422, code: 42_210_000,
                message: "invalid price \(text). sub-penny increment does not fulfill minimum "
                    + "pricing criteria")
        }
        return Price(rawValue: units)
    }
}
