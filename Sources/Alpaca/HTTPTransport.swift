import Brokerage

/// A request of HTTP, without the host that it goes to.
public struct HTTPRequest: Hashable, Sendable {
    /// `GET`, `POST`, `PATCH`, `DELETE`.
    public var method: String
    /// From its first slash.
    public var path: String
    /// Names and values of the query, as they are before they are escaped.
    public var query: [Field]
    /// Headers.
    public var headers: [Field]
    /// The body.
    public var body: [UInt8]

    /// A name and a value.
    public struct Field: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The value.
        public let value: String

        /// A name and a value.
        public init(_ name: String, _ value: String) {
            (self.name, self.value) = (name, value)
        }
    }

    /// A request.
    public init(
        _ method: String, _ path: String, query: [Field] = [], headers: [Field] = [],
        body: [UInt8] = []
    ) {
        (self.method, self.path, self.query) = (method, path, query)
        (self.headers, self.body) = (headers, body)
    }

    /// Path and query as the first line of a request has them, all but unreserved characters of
    /// values escaped (RFC 3986).
    public var target: String {
        guard !query.isEmpty else { return path }
        let fields = query.map {
            "\(HTTPRequest.escaped($0.name))=\(HTTPRequest.escaped($0.value))"
        }
        return path + "?" + fields.joined(separator: "&")
    }

    /// A text with all but unreserved characters escaped.
    static func escaped(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126:
                out.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                out += "%" + (byte < 16 ? "0" : "") + digits
            }
        }
        return out
    }
}

/// What a server answered.
public struct HTTPResponse: Hashable, Sendable {
    /// The status.
    public var status: Int
    /// Headers.
    public var headers: [HTTPRequest.Field]
    /// The body.
    public var body: [UInt8]

    /// An answer.
    public init(status: Int, headers: [HTTPRequest.Field] = [], body: [UInt8] = []) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// The first value of a header, whatever its capitals.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why there is no answer. Whether the request arrived is not known.
public enum TransportFailure: Error, Hashable, Sendable {
    /// None in time.
    case timeOut
    /// The connection was not made, or ended.
    case dropped(String)
}

/// Takes requests to one host and brings back what it answers. It follows no redirection and sends
/// nothing twice.
public protocol HTTPTransport {
    /// Sends a request, and waits for its answer.
    mutating func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse
}
