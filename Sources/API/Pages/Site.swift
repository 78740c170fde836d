public import Application
import EventLog
import Pipeline

/// Pages that are answered beside the calls, behind the same door: host, token, rate, headers.
public protocol Site: Sendable {
    /// Whether anybody may ask for a path, also from elsewhere and without a token: where one logs
    /// in, and what that page loads.
    func isOpen(_ path: [String]) -> Bool

    /// Answers a request for a page; nil for a path that has none.
    func answer(_ call: SiteCall) throws -> APIResponse?

    /// A page that says why a request failed; nil where the problem itself is the answer.
    func page(of problem: Problem, request: APIRequest) -> APIResponse?
}

/// A request for a page on its way to an answer.
public struct SiteCall: Sendable {
    /// Who asks, as far as a page has to know.
    public struct Visitor: Hashable, Sendable {
        /// The name of the token that was shown; nil for somebody on this machine without one.
        public let name: String?
        /// What may be done.
        public let role: Role
        /// What a form must send back; nil for whoever is not logged in.
        public let formKey: String?
    }

    /// The service that is asked.
    public let service: APIService
    /// The method, in capitals.
    public let method: String
    /// The parts of the path, decoded.
    public let path: [String]
    /// The query, decoded.
    public let query: [(name: String, value: String)]
    /// The fields of a form that was sent, decoded.
    public let form: [(name: String, value: String)]
    /// Who asks.
    public let visitor: Visitor
    /// Whether the logs may be opened.
    public let isReady: Bool
    let request: APIRequest
    let caller: Caller

    /// The value of a name of the query; nil where it is missing or empty.
    public subscript(name: String) -> String? {
        query.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// The value of a form's field; nil where it is missing or empty.
    public func field(_ name: String) -> String? {
        form.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// Path and query as they came.
    public var target: String { request.target }

    /// A field of the request's header.
    public func header(_ name: String) -> String? { request.field(name) }

    /// What waits for a second person, and a run's candidates that await a person.
    public func approvals(run: String, all: Bool) throws -> ApprovalAnswer {
        let book = try service.acts.lend { ledger in
            try ledger.read(service.workspace.log())
            return ledger.approvals
        }
        return try ApprovalAnswer(book, run: run, all: all, in: service.workspace)
    }

    /// Makes a call of the API as whoever sent the form: the same checks, the same events.
    ///
    /// - Throws: `Problem` as the call answers it.
    public func act(_ method: String, _ target: String, body: String) throws -> APIResponse {
        guard caller.name != nil else {
            throw Problem(401, "login", "log in first, with a token that may do this")
        }
        var inner = APIRequest(
            method: method, target: target, fields: [("content-type", "application/json")],
            body: Array(body.utf8), peer: request.peer)
        inner.fields += request.fields.filter {
            ["host", "origin", "sec-fetch-site"].contains($0.name)
        }
        return try service.respond(to: inner, as: caller, "page")
    }
}

extension APIService {
    /// What a page is answered from.
    func page(
        _ request: APIRequest, _ segments: [String], _ query: [(name: String, value: String)],
        _ caller: Caller
    ) throws -> APIResponse? {
        guard let site else { return nil }
        let form = try form(request, segments, caller)
        return try site.answer(
            SiteCall(
                service: self, method: request.method, path: segments, query: query,
                form: form ?? [],
                visitor: SiteCall.Visitor(
                    name: caller.name, role: caller.role, formKey: caller.formKey),
                isReady: isReady, request: request, caller: caller))
    }

    /// The fields of a form: one that a page of ours made, for whoever sends it.
    private func form(
        _ request: APIRequest, _ segments: [String], _ caller: Caller
    ) throws -> [(name: String, value: String)]? {
        let type = request.field("content-type")?.split(separator: ";").first.map(String.init)
        guard request.method == "POST",
            type?.lowercased() == "application/x-www-form-urlencoded"
        else { return nil }
        try APIService.checkOrigin(request)
        guard let text = String(validating: request.body, as: UTF8.self),
            let fields = PercentText.pairs(text[...])
        else { throw Problem(400, "form", "the form has a broken escape") }
        // Whoever logs in has no key yet.
        if let key = caller.formKey,
            fields.first(where: { $0.name == "key" })?.value != key
        {
            throw Problem(
                403, "form", "the form is of another login; open the page again, and send it again")
        }
        return fields
    }
}
