import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import Service

/// Posts over HTTP and TLS; no answer is followed elsewhere, and nothing is sent twice.
public struct HTTPPost: WebhookPost {
    /// A post over the process's own client.
    public init() {}

    /// Bytes of an answer that are read at most; nobody looks at them.
    private static let limit = 1 << 16

    /// The client of this process: its threads and connections are shared, and end with it.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Posts a body and waits for the status.
    public func post(
        _ address: String, headers: [(name: String, value: String)], body: [UInt8], seconds: Int
    ) throws(WebhookFailure) -> Int {
        do {
            let request = try HTTPClient.Request(
                url: address, method: .POST, headers: HTTPHeaders(headers), body: .bytes(body))
            let response = try HTTPPost.client.execute(
                request: request,
                delegate: ResponseAccumulator(request: request, maxBodySize: HTTPPost.limit),
                deadline: .now() + .seconds(Int64(seconds))
            ).wait()
            return Int(response.status.code)
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw WebhookFailure("no answer within \(seconds) s")
        } catch let error as HTTPClientError {
            throw WebhookFailure(error.shortDescription)
        } catch {
            // Its own text may hold the address.
            throw WebhookFailure("no connection (\(type(of: error)))")
        }
    }
}
