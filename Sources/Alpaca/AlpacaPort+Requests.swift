import Brokerage
import Events
import Foundation

extension AlpacaPort {
    mutating func send(
        _ method: String, _ path: String, _ body: JSONObject
    ) throws(BrokerFailure) -> BrokerOrder {
        let request = HTTPRequest(
            method, path, headers: [HTTPRequest.Field("Content-Type", "application/json")],
            body: Array(body.text.utf8))
        let bytes = try answer(request, isUrgent: true)
        let order = try decode(AlpacaAnswer.Order.self, bytes)
        return try read { () throws(UnreadableField) in try order.value() }
    }

    mutating func get<Answer: Decodable>(
        _ type: Answer.Type, _ path: String, _ query: [HTTPRequest.Field] = [],
        isUrgent: Bool = false
    ) throws(BrokerFailure) -> Answer {
        let request = HTTPRequest("GET", path, query: query)
        return try decode(type, try answer(request, isUrgent: isUrgent))
    }

    /// The same, nil for a 404.
    mutating func find<Answer: Decodable>(
        _ type: Answer.Type, _ path: String, _ query: [HTTPRequest.Field] = [],
        isUrgent: Bool = false
    ) throws(BrokerFailure) -> Answer? {
        do throws(BrokerFailure) {
            return try get(type, path, query, isUrgent: isUrgent)
        } catch {
            if case .refused(let refusal) = error, refusal.status == 404 { return nil }
            throw error
        }
    }

    /// Sends a request, and gives the body of an answer of 200 to 299.
    mutating func answer(
        _ request: HTTPRequest, isUrgent: Bool
    ) throws(BrokerFailure) -> [UInt8] {
        if let until = backOff.wait(at: now()) { throw .rateLimited(until: until) }
        if let until = budget.wait(at: now(), isUrgent: isUrgent) {
            throw .rateLimited(until: until)
        }
        var request = request
        request.headers += credentials.headers
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try transport.send(request)
        } catch {
            backOff.fail(at: now())
            switch error {
            case .timeOut: throw .unknown(.timeOut)
            case .dropped: throw .unknown(.dropped)
            }
        }
        if response.status >= 500 {
            backOff.fail(at: now())
        } else if response.status != 429 {
            backOff.succeed()
        }
        guard 200..<300 ~= response.status else { throw failure(response) }
        return response.body
    }

    private mutating func failure(_ response: HTTPResponse) -> BrokerFailure {
        let body = try? AlpacaPort.decoder.decode(
            AlpacaAnswer.Failure.self, from: Data(response.body))
        let message = body?.message ?? String(decoding: response.body.prefix(200), as: UTF8.self)
        switch response.status {
        case 401: return .unauthorised(message: message)
        case 429:
            // Seconds since 1970, when a minute of requests begins anew.
            let reset = response.header("X-RateLimit-Reset").flatMap { Int64($0) }
            let named = reset.map { Instant.epoch.adding(seconds: $0) }
            // Never back, and never for hours, whatever a clock or a proxy makes of it.
            let latest = now().adding(seconds: 120)
            let earliest = now().adding(seconds: 1)
            let until = min(max(named ?? now().adding(seconds: 60), earliest), latest)
            backOff.hold(until: until)
            return .rateLimited(until: until)
        case 400..<500:
            // What is no answer of the broker's, but of something before it, refuses nothing.
            guard let code = body?.code else { return .unknown(.status(response.status)) }
            return .refused(Refusal(status: response.status, code: code, message: message))
        default: return .unknown(.status(response.status))
        }
    }

    // MARK: Answers

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    private func decode<Answer: Decodable>(
        _ type: Answer.Type, _ bytes: [UInt8]
    ) throws(BrokerFailure) -> Answer {
        do {
            return try AlpacaPort.decoder.decode(type, from: Data(bytes))
        } catch {
            throw .unknown(.unreadable("\(type): \(error)"))
        }
    }

    func read<Value>(
        _ body: () throws(UnreadableField) -> Value
    ) throws(BrokerFailure) -> Value {
        do throws(UnreadableField) {
            return try body()
        } catch {
            throw .unknown(.unreadable(error.text))
        }
    }

    func readAll<Answer, Value>(
        _ answers: [Answer], _ body: (Answer) throws(UnreadableField) -> Value
    ) throws(BrokerFailure) -> [Value] {
        var values: [Value] = []
        for answer in answers {
            values.append(try read { () throws(UnreadableField) in try body(answer) })
        }
        return values
    }
}
