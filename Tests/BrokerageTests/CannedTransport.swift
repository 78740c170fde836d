import Events

@testable import Alpaca
@testable import Brokerage

/// Answers what it was given, in order, and keeps what it was asked.
final class CannedTransport: HTTPTransport {
    var answers: [Result<HTTPResponse, TransportFailure>]
    var requests: [HTTPRequest] = []

    init(_ answers: [Result<HTTPResponse, TransportFailure>]) {
        self.answers = answers
    }

    convenience init(_ bodies: String...) {
        self.init(bodies.map { .success(HTTPResponse(status: 200, body: Array($0.utf8))) })
    }

    static func status(
        _ status: Int, _ body: String, _ headers: [HTTPRequest.Field] = []
    ) -> Result<HTTPResponse, TransportFailure> {
        .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
        requests.append(request)
        precondition(!answers.isEmpty, "no answer is left for \(request.method) \(request.target)")
        return try answers.removeFirst().get()
    }
}

/// A clock that a test sets.
final class SetClock {
    var now = OrderDesk.start
}

extension AlpacaCredentials {
    static let test = AlpacaCredentials(keyID: "PKTEST", secretKey: "very secret")
}

extension AlpacaPort where Transport == CannedTransport {
    init(_ transport: CannedTransport, _ clock: SetClock = SetClock()) {
        self.init(transport, credentials: .test, seed: 7, now: { clock.now })
    }

    /// What a call fails with.
    mutating func failure<Answer>(_ call: (inout Self) throws -> Answer) -> BrokerFailure? {
        do {
            _ = try call(&self)
            return nil
        } catch {
            return error as? BrokerFailure
        }
    }
}
