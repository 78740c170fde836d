/// Tells of each request what it came to.
public struct CountedTransport<Transport: HTTPTransport>: HTTPTransport {
    private var transport: Transport
    private let count: @Sendable (_ status: Int?) -> Void

    /// A transport that is counted: `count` is given the status of each answer, nil for none.
    public init(_ transport: Transport, count: @escaping @Sendable (_ status: Int?) -> Void) {
        (self.transport, self.count) = (transport, count)
    }

    /// Sends a request, and counts what was answered.
    public mutating func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
        do {
            let response = try transport.send(request)
            count(response.status)
            return response
        } catch {
            count(nil)
            throw error
        }
    }
}
