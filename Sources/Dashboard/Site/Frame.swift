import API
import EventLog
import Events

/// What stands around every page: menu, mode, time machine.
enum Frame {
    static func html(
        _ page: Page, _ kind: PageKind, _ viewing: Viewing, mode known: String? = nil
    ) -> String {
        let call = viewing.call
        let path = "/" + call.path.map { Viewing.encoded($0) }.joined(separator: "/")
        let kept = call.query.filter { $0.name != "at" }
        let rest = kept.filter { $0.name != "run" }.map { ($0.name, $0.value) }
        let mode = known ?? viewing.mode
        func step(_ to: String) -> String {
            viewing.link(
                "/step", rest + [("page", "/" + call.path.joined(separator: "/")), ("to", to)])
        }
        var context = around(call, title: page.heading)
        let own: [String: Any] = [
            "tone": viewing.isPast ? "past" : "present", "follow": viewing.isPast ? "no" : "yes",
            "pagePath": path, "path": path, "run": viewing.run, "mode": mode,
            "liveBanner": mode == "live"
                ? "Run \(viewing.run) trades with real money." : false,
            "state": viewing.state, "home": viewing.link("/"),
            "settingsLink": viewing.link("/settings"),
            "here": Viewing.encoded(call.target),
            "menu": Dashboard.kinds.compactMap { other -> [String: Any]? in
                guard let name = other.name else { return nil }
                return [
                    "name": name, "link": viewing.link(other.path),
                    "isHere": other.path == kind.path,
                ]
            },
            "hasTime": true,
            "kept": kept.map { ["name": $0.name, "value": $0.value] }, "before": step("before"),
            "after": step("next"), "end": "\(viewing.end.position)",
            "position": "\(viewing.position.position)",
            "at": viewing.isPast ? call["at"] ?? "" : "", "isPast": viewing.isPast,
            "now": viewing.present(path, rest),
            "changes": viewing.present("/changes", [("since", "\(viewing.position.position)")]),
            "moment": viewing.words,
            "permalink": viewing.link(path, rest, at: "\(viewing.position.position)"),
            "heading": page.heading, "lead": page.lead ?? false,
            "alerts": page.alerts.map {
                ["text": $0.text, "remedy": $0.remedy ?? false, "level": $0.level] as [String: Any]
            },
            "blocks": page.blocks.map(\.context),
            "hasCharts": page.blocks.contains(where: \.isChart),
        ]
        context.merge(own) { $1 }
        return Templates.page(context)
    }

    /// What a page has that is of no run.
    private static func around(_ call: SiteCall?, title: String) -> [String: Any] {
        let visitor = call?.visitor
        return [
            "title": title, "visitor": shown(visitor?.formKey == nil ? nil : visitor?.name),
            "role": visitor.map { $0.role.rawValue } ?? "", "formKey": visitor?.formKey ?? "",
            "tone": "present", "follow": "no", "refresh": false, "pagePath": "/", "path": "/",
            "run": shown(call?.service.run), "mode": false, "liveBanner": false, "state": "",
            "home": "/", "settingsLink": "/settings", "here": "%2F", "menu": [Any](),
            "hasTime": false, "isPast": false, "position": "", "end": "", "moment": "",
            "permalink": "/", "heading": title, "lead": false, "alerts": [Any](),
            "blocks": [Any](), "hasCharts": false,
        ]
    }

    /// A page of no run and no moment.
    static func plain(
        _ call: SiteCall?, _ title: String, _ blocks: [Block], alert: Page.Alert? = nil
    ) -> String {
        var context = around(call, title: title)
        context["blocks"] = blocks.map(\.context)
        if let alert {
            context["alerts"] = [
                ["text": alert.text, "remedy": alert.remedy ?? false, "level": alert.level]
                    as [String: Any]
            ]
        }
        return Templates.page(context)
    }

    /// While the run is opened, or nothing was projected: the page asks again by itself.
    static func starting(_ call: SiteCall) -> APIResponse {
        var answer = APIResponse.html(
            plain(
                call, "Starting",
                [
                    Block.text(
                        nil,
                        [
                            "The run is being opened and its read models are made. This page asks "
                                + "again by itself, every two seconds.",
                            "For a run that no service projects: recount project --run NAME --data "
                                + "DIR makes them.",
                        ])
                ]), status: 503)
        answer.fields += [("refresh", "2"), ("retry-after", "2")]
        return answer
    }

    /// While the past of a long run is made for the first time: the page asks again by itself.
    static func preparing(_ wait: PastIsMade, _ call: SiteCall) -> APIResponse {
        var answer = APIResponse.html(
            plain(
                call, "The past is being made",
                [
                    Block.text(
                        nil,
                        [
                            "The first look at the past of a long run reads all of it once: "
                                + "\(wait.text). This page asks again by itself, every second."
                        ])
                ]), status: 503)
        answer.fields += [("refresh", "1"), ("retry-after", "1")]
        return answer
    }

    /// Why a request failed, and what to do.
    static func problem(_ problem: Problem, _ request: APIRequest) -> APIResponse {
        let kept = (request.query ?? []).filter { ["run", "at"].contains($0.name) }
            .map { ($0.name, $0.value) }
        // A moment or run that was refused is not offered again.
        let query = problem.kind == "as-of" || problem.kind == "run" ? [] : kept
        var context = around(nil, title: problem.status == 404 ? "Not found" : "That did not work")
        context["menu"] = Dashboard.kinds.compactMap { kind -> [String: Any]? in
            kind.name.map {
                ["name": $0, "link": Viewing.target(kind.path, query), "isHere": false]
            }
        }
        context["home"] = Viewing.target("/", query)
        context["alerts"] = [
            ["text": problem.detail, "remedy": false, "level": "bad"] as [String: Any]
        ]
        let links =
            problem.status == 401
            ? [Block.Link("log in", "/login")]
            : [Block.Link("the overview", Viewing.target("/", query))]
        context["blocks"] = [
            Block.text(nil, ["HTTP status \(problem.status)."], links: links).context
        ]
        let page = Templates.page(context)
        var answer = APIResponse.html(page, status: problem.status)
        answer.fields += problem.fields
        return answer
    }
}
