import Events

/// An answer, without the server that gives it.
public struct APIResponse: Sendable {
    /// What comes with it.
    public enum Body: Sendable {
        /// All of it at once.
        case bytes([UInt8])
        /// Events, as long as whoever asks listens.
        case events(EventStream)
    }

    /// The HTTP status.
    public var status: Int
    /// The header's fields.
    public var fields: [(name: String, value: String)]
    /// What comes with it.
    public var body: Body

    /// An answer of its parts.
    public init(status: Int, fields: [(name: String, value: String)], body: Body) {
        (self.status, self.fields, self.body) = (status, fields, body)
    }

    /// A text of a media type.
    public static func text(
        _ text: String, _ type: String, status: Int = 200,
        fields: [(name: String, value: String)] = []
    ) -> APIResponse {
        APIResponse(
            status: status, fields: [("content-type", type)] + fields,
            body: .bytes(Array(text.utf8)))
    }

    /// A JSON value.
    public static func json(
        _ text: String, status: Int = 200, fields: [(name: String, value: String)] = []
    ) -> APIResponse {
        .text(text + "\n", "application/json", status: status, fields: fields)
    }

    /// The body where it comes at once; empty otherwise.
    public var bytes: [UInt8] {
        if case .bytes(let bytes) = body { bytes } else { [] }
    }
}

/// Why a request is not answered as it was asked: RFC 9457.
public struct Problem: Error, Sendable {
    /// The HTTP status.
    public var status: Int
    /// What kind it is: the last part of its `type`.
    public var kind: String
    /// What happened and what to do.
    public var detail: String
    /// The fields of the request that are meant.
    public var invalid: [String] = []
    /// Further fields of the header.
    public var fields: [(name: String, value: String)] = []

    /// A problem.
    public init(
        _ status: Int, _ kind: String, _ detail: String, invalid: [String] = [],
        fields: [(name: String, value: String)] = []
    ) {
        (self.status, self.kind, self.detail) = (status, kind, detail)
        (self.invalid, self.fields) = (invalid, fields)
    }

    /// The title of a status.
    static func title(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 503: "Service Unavailable"
        default: "Internal Server Error"
        }
    }

    /// As an answer to a request with an id.
    func response(to request: String) -> APIResponse {
        var object = JSONObject()
        object.text("type", "urn:recount:problem:\(kind)")
        object.text("title", Problem.title(status))
        object.integer("status", status)
        object.text("detail", detail)
        object.text("request_id", request)
        if !invalid.isEmpty {
            object.json("invalid", JSONObject.list(invalid.map { JSONText.quoted($0) }))
        }
        return .text(
            object.text + "\n", "application/problem+json", status: status, fields: fields)
    }
}
