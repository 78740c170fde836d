public import Alpaca
import AsyncHTTPClient
import Brokerage
import NIOCore
import NIOHTTP1
import NIOPosix

/// Requests over TLS to the host of a mode. One connection at a time is enough; none is followed
/// elsewhere, and no request is sent twice.
public final class AlpacaTransport: HTTPTransport, Sendable {
    private let client: HTTPClient
    private let base: String
    private let milliseconds: Int64

    /// Bytes that an answer has at most: a page of 500 orders has less than one million.
    static let limit = 16 << 20

    /// A transport to the host that a mode maps to.
    ///
    /// - Parameter seconds: until no answer is none.
    public convenience init(_ access: AlpacaAccess, seconds: Int64 = 10) {
        self.init(base: "https://\(access.host)", milliseconds: 1_000 * seconds)
    }

    /// A transport to a stub on this machine, without TLS.
    @_spi(Loopback)
    public convenience init(loopback port: Int, milliseconds: Int64 = 10_000) {
        self.init(base: "http://127.0.0.1:\(port)", milliseconds: milliseconds)
    }

    private init(base: String, milliseconds: Int64) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(
                connect: .milliseconds(milliseconds), read: .milliseconds(milliseconds)))
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        (self.base, self.milliseconds) = (base, milliseconds)
    }

    deinit {
        // Its threads are shared: there is nothing to wait for but its own connections.
        try? client.syncShutdown()
    }

    /// Sends a request, and waits for its answer.
    public func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
        do {
            let asked = try HTTPClient.Request(
                url: base + request.target, method: HTTPMethod(rawValue: request.method),
                headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
                body: request.body.isEmpty ? nil : .bytes(request.body))
            let response = try client.execute(
                request: asked,
                delegate: ResponseAccumulator(request: asked, maxBodySize: AlpacaTransport.limit),
                deadline: .now() + .milliseconds(milliseconds)
            ).wait()
            return HTTPResponse(
                status: Int(response.status.code),
                headers: response.headers.map { HTTPRequest.Field($0.name, $0.value) },
                body: response.body.map { Array($0.readableBytesView) } ?? [])
        } catch let error as HTTPClientError
            where error == .readTimeout || error == .deadlineExceeded || error == .connectTimeout
        {
            throw .timeOut
        } catch {
            throw .dropped("\(error)")
        }
    }
}
