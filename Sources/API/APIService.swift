public import Application
import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import Projections

/// Answers requests about a data folder: what a server puts on a socket. Pure of any server.
public final class APIService: Sendable {
    /// The folder.
    public let workspace: Workspace
    /// The run that is meant where none is named.
    public let run: String
    let gatekeeper: Gatekeeper
    let outlooks: OutlookCache
    let acts: OperatorLog
    let followers: EventFollowers
    let site: (any Site)?
    private let logsAreOpen: @Sendable () -> Bool
    private let routes: [Route]
    private let note: @Sendable (String) -> Void

    /// An API over a folder.
    ///
    /// - Parameters:
    ///   - run: the run that is meant where none is named.
    ///   - isReady: whether the logs may be opened: whoever writes to a log opens it before anybody
    ///     of the process reads it. Until then what needs them is answered with 503.
    ///   - site: pages that are answered beside the calls.
    ///   - elapsed: seconds of a clock that never goes back.
    ///   - note: takes a line for the service's log, for a request that failed by our fault.
    public init(
        _ workspace: Workspace, run: String = "live", rules: Gatekeeper.Rules = Gatekeeper.Rules(),
        isReady: @escaping @Sendable () -> Bool = { true }, site: (any Site)? = nil,
        elapsed: @escaping @Sendable () -> Double = APIService.uptime,
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        (self.workspace, self.run, self.note) = (workspace, run, note)
        (logsAreOpen, self.site) = (isReady, site)
        gatekeeper = Gatekeeper(workspace.folder, rules, elapsed: elapsed)
        outlooks = OutlookCache(workspace)
        followers = EventFollowers(workspace)
        acts = OperatorLog()
        routes = APIService.allRoutes
    }

    /// Whether the logs may be opened.
    var isReady: Bool { logsAreOpen() }

    /// Seconds since the machine started.
    public static let uptime: @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime }

    /// Every call that can be made.
    static let allRoutes = Route.pages + Route.reads + Route.acts + Route.approvals + Route.legacy

    /// Bytes of the largest body that is taken.
    public static let largestBody = 1 << 20
    /// Bytes of the longest path with its query.
    static let longestTarget = 8_192

    /// Answers a request. It blocks its thread while it reads.
    public func answer(_ request: APIRequest) -> APIResponse {
        let id = APIService.requestID(request)
        var response: APIResponse
        do {
            response = try respond(to: request, id)
        } catch {
            let problem = problem(of: error, request, id)
            response = site?.page(of: problem, request: request) ?? problem.response(to: id)
        }
        if request.method == "HEAD" { response.body = .bytes([]) }
        response.fields += APIService.security + [("x-request-id", id)]
        return response
    }

    /// What every answer carries: it is no page to be framed, guessed at or kept by strangers. A
    /// form of ours is sent with its origin, hence a referrer to ourselves.
    private static let security: [(name: String, value: String)] = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
                + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ]

    /// The id that came with a request, if it is plain; else a new one.
    private static func requestID(_ request: APIRequest) -> String {
        if let id = request.field("x-request-id"), (1...64).contains(id.utf8.count),
            id.utf8.allSatisfy({
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || (0x30...0x39).contains($0)
                    || $0 == 0x2D || $0 == 0x5F
            })
        {
            return id
        }
        return String(UInt64.random(in: .min ... .max), radix: 16)
    }

    private func respond(to request: APIRequest, _ id: String) throws -> APIResponse {
        try gatekeeper.check(host: request.field("host"))
        guard request.target.utf8.count <= APIService.longestTarget else {
            throw Problem(414, "target", "the path takes at most \(APIService.longestTarget) bytes")
        }
        let isOpen = request.segments.map { site?.isOpen($0) ?? false } ?? false
        let caller = try gatekeeper.caller(request, isOpen: isOpen)
        try gatekeeper.admit(caller, request)
        guard let segments = request.segments, let query = request.query else {
            throw Problem(400, "target", "the path or the query has a broken escape or a step up")
        }
        if let page = try page(request, segments, query, caller) { return page }
        return try respond(to: request, segments, query, caller, id)
    }

    /// Answers what a page asks for in the name of whoever sent its form.
    func respond(to request: APIRequest, as caller: Caller, _ id: String) throws -> APIResponse {
        guard let segments = request.segments, let query = request.query else {
            throw Problem(400, "target", "the path or the query has a broken escape or a step up")
        }
        let person = Caller(name: caller.name, role: caller.role)
        return try respond(to: request, segments, query, person, id)
    }

    private func respond(
        to request: APIRequest, _ segments: [String], _ query: [(name: String, value: String)],
        _ caller: Caller, _ id: String
    ) throws -> APIResponse {
        let (route, path) = try route(request.method, segments)
        try gatekeeper.check(caller, may: route.role, isWrite: route.isWrite)
        if route.isWrite { try APIService.checkOrigin(request) }
        guard !route.needsLogs || isReady else {
            throw Problem(
                503, "starting", "the service is starting; ask again in a moment",
                fields: [("retry-after", "1")])
        }
        let call = try call(route, path, query, request, caller, id)
        return try route.handle(call)
    }

    /// The route of a method and a path.
    private func route(_ method: String, _ segments: [String]) throws -> (Route, [String: String]) {
        let found = routes.compactMap { route in route.match(segments).map { (route, $0) } }
        guard !found.isEmpty else {
            throw Problem(
                404, "path",
                "there is no such call or page; GET /api lists the calls that there are")
        }
        let wanted = method == "HEAD" ? "GET" : method
        if let match = found.first(where: { $0.0.method == wanted }) { return match }
        let methods = found.map(\.0.method).sorted()
        let allowed = methods.contains("GET") ? methods + ["HEAD"] : methods
        throw Problem(
            405, "method", "this call takes \(methods.joined(separator: ", "))",
            fields: [("allow", allowed.joined(separator: ", "))])
    }

    /// Refuses what a page of another site makes a browser send.
    static func checkOrigin(_ request: APIRequest) throws(Problem) {
        if let site = request.field("sec-fetch-site"), site != "same-origin", site != "none" {
            throw Problem(403, "origin", "a page of another site may not write")
        }
        guard let origin = request.field("origin") else { return }
        let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == request.field("host") ?? "" else {
            throw Problem(403, "origin", "a page of another site may not write")
        }
    }

    /// The values of a request, each of which its route knows.
    private func call(
        _ route: Route, _ path: [String: String], _ query: [(name: String, value: String)],
        _ request: APIRequest, _ caller: Caller, _ id: String
    ) throws -> Call {
        let known = route.parameters.filter { !$0.isInPath }.map(\.name)
        var (values, columns) = (path, [(name: String, value: String)]())
        for (name, value) in query {
            guard known.contains(name) else {
                guard route.takesColumns else {
                    let takes =
                        known.isEmpty
                        ? "it takes none" : "it takes \(known.joined(separator: ", "))"
                    throw Problem(
                        400, "invalid",
                        "\(name) is no parameter of this call"
                            + "\(Suggestion.question(name, known)); \(takes)", invalid: [name])
                }
                columns.append((name, value))
                continue
            }
            guard values[name] == nil else {
                throw Problem(400, "invalid", "\(name) stands there twice", invalid: [name])
            }
            values[name] = value
        }
        for parameter in route.parameters {
            guard let text = values[parameter.name] else { continue }
            let value = parameter.schema.value(of: text)
            let found =
                value.map { parameter.schema.violation(of: $0, at: parameter.name) }
                ?? Schema.Violation(field: parameter.name, text: "takes no \(text)")
            if let found {
                throw Problem(
                    400, "invalid", "\(found.field) \(text): \(found.text)",
                    invalid: [parameter.name])
            }
        }
        return Call(
            service: self, caller: caller, request: request, values: values, columns: columns,
            body: try body(route, request), id: id)
    }

    private func body(_ route: Route, _ request: APIRequest) throws -> JSONFields {
        guard let schema = route.body else {
            guard request.body.isEmpty else {
                throw Problem(400, "body", "this call takes no body")
            }
            return JSONFields([])
        }
        guard request.body.count <= APIService.largestBody else {
            throw Problem(413, "body", "a body takes at most \(APIService.largestBody) bytes")
        }
        if request.body.isEmpty { throw Problem(400, "body", "the body is missing") }
        let type = request.field("content-type")?.split(separator: ";").first.map(String.init)
        guard type?.lowercased() == "application/json" else {
            throw Problem(415, "body", "write Content-Type: application/json")
        }
        guard let value = JSONValue.read(request.body) else {
            throw Problem(400, "body", "the body is no JSON")
        }
        guard case .object(let fields) = value else {
            throw Problem(400, "body", "the body takes an object, not \(value.kind)")
        }
        if let found = schema.violation(of: value, at: "") {
            throw Problem(400, "invalid", "\(found.field) \(found.text)", invalid: [found.field])
        }
        return fields
    }
}

extension APIService {
    /// Why a request failed, as its caller is told.
    private func problem(of error: any Error, _ request: APIRequest, _ id: String) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as ApplicationError:
            switch error {
            case .invalid(let fields, _):
                return Problem(422, "invalid", error.description, invalid: fields)
            case .missing: return Problem(404, "missing", error.description)
            case .refused: return Problem(409, "refused", error.description)
            }
        case let error as DataFolderError:
            if case .noRun = error { return Problem(404, "run", error.description) }
            return Problem(422, "run", error.description, invalid: ["run"])
        case let error as AsOfError:
            return Problem(422, "as-of", "\(error)", invalid: ["as_of"])
        case let error as WhyError:
            if case .usage = error { return Problem(422, "why", "\(error)") }
            return Problem(404, "why", "\(error)")
        case is OperatorRefusal, is NothingHalted, is LiveRunError:
            return Problem(409, "refused", "\(error)")
        case let error as ModelRegistryError: return Problem(409, "model", "\(error)")
        case let error as ReadModelError:
            if case .missing = error {
                return Problem(
                    503, "read-model",
                    "nothing was projected yet; recount project, or wait a moment",
                    fields: [("retry-after", "2")])
            }
            return failure(error, request, id)
        case let error as ReadModelQueryError: return Problem(422, "query", "\(error)")
        default: return failure(error, request, id)
        }
    }

    /// A fault of ours: the caller learns its id, the log the rest.
    private func failure(_ error: any Error, _ request: APIRequest, _ id: String) -> Problem {
        note("request \(id) failed: \(request.method) \(LogText.plain(request.target)): \(error)")
        return Problem(500, "failure", "the request failed; the service's log has it as \(id)")
    }
}

/// Text of a request on its way to a log: nothing in it ends a line or steers a terminal.
enum LogText {
    static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars.prefix(500) {
            if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || [0x2028, 0x2029].contains(scalar.value)
            {
                plain += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }
}
