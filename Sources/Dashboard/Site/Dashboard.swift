public import API
import Application
import EventLog
import Events
import Projections

/// The pages of a service: what its runs hold, believe and did, now and at any moment of the past.
public struct Dashboard: Site {
    private let assets: Assets

    /// The pages, with the library of curves from where the system has it.
    public init() { assets = Assets() }

    /// Every page, in the order of the menu.
    static let kinds: [PageKind] = [
        Overview.kind, Signals.kind, Holdings.kind, Models.list, Models.one, Approvals.kind,
        Jobs.kind,
        Disclosures.kind, EventsPage.kind, Changes.kind, Runs.kind, Trail.kind, Settings.kind,
        TickerPage.kind, WhyPages.why, WhyPages.effects,
    ]

    /// Where one logs in, and the style of that page.
    public func isOpen(_ path: [String]) -> Bool {
        path == ["login"] || path.count == 2 && path[0] == "assets"
    }

    /// Answers a page, an asset, or what the time machine asks; nil for another path.
    public func answer(_ call: SiteCall) throws -> APIResponse? {
        let isRead = call.method == "GET" || call.method == "HEAD"
        if isRead, call.path.first == "assets" { return assets.answer(call) }
        if call.path == ["login"] || call.path == ["logout"] { return try Login.answer(call) }
        if !isRead { return try Acts.answer(call) }
        switch call.path {
        case ["moment"]:
            try Dashboard.needsLogs(call)
            return try Dashboard.prepared { try TimeMachine.moment(call, Dashboard.kinds) }
        case ["step"]:
            try Dashboard.needsLogs(call)
            do {
                return try TimeMachine.step(call, Dashboard.kinds)
            } catch let wait as PastIsMade {
                return Frame.preparing(wait, call)
            }
        default: break
        }
        for kind in Dashboard.kinds {
            guard let parameters = kind.match(call.path) else { continue }
            guard call.isReady else { return Frame.starting(call) }
            do {
                let viewing = try Viewing(call)
                var page = try kind.make(viewing, parameters)
                if let done = Acts.done(call) { page.alerts.insert(done, at: 0) }
                return .html(Frame.html(page, kind, viewing))
            } catch let error as ReadModelError {
                guard case .missing = error else { throw error }
                return Frame.starting(call)
            } catch let wait as PastIsMade {
                return Frame.preparing(wait, call)
            }
        }
        return nil
    }

    /// What a script asks while the past is being made is to be asked again.
    private static func prepared(_ body: () throws -> APIResponse) throws -> APIResponse {
        do {
            return try body()
        } catch let wait as PastIsMade {
            throw Problem(
                503, "preparing", "the past is being made: \(wait.text)",
                fields: [("retry-after", "1")])
        }
    }

    private static func needsLogs(_ call: SiteCall) throws {
        guard call.isReady else {
            throw Problem(503, "starting", "the service is starting; ask again in a moment")
        }
    }

    /// A page that says why a request failed, for a browser that asked for one.
    public func page(of problem: Problem, request: APIRequest) -> APIResponse? {
        guard request.field("accept")?.contains("text/html") ?? false,
            !request.target.hasPrefix("/api/")
        else { return nil }
        return Frame.problem(problem, request)
    }

    /// Leads a browser to another page.
    static func redirect(to target: String, cookie: String? = nil) -> APIResponse {
        var fields = [
            (name: "location", value: target), (name: "cache-control", value: "no-store"),
        ]
        if let cookie { fields.append(("set-cookie", cookie)) }
        return APIResponse(status: 303, fields: fields, body: .bytes([]))
    }
}

extension APIResponse {
    static func html(_ text: String, status: Int = 200) -> APIResponse {
        .text(
            text, "text/html; charset=utf-8", status: status,
            fields: [("cache-control", "no-store")])
    }
}
