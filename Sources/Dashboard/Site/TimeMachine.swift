import API
import Application
import EventLog
import Events
import Projections

/// What the slider and the steps ask: the events that change an open page.
enum TimeMachine {
    /// The last event up to a position that changes a page, as JSON: where the slider snaps to.
    static func moment(_ call: SiteCall, _ kinds: [PageKind]) throws -> APIResponse {
        let opened = try call.service.workspace.folder.openRun(call["run"] ?? call.service.run)
        let end = try opened.merged.end().position
        guard let text = call["position"], let wanted = UInt64(text) else {
            throw Problem(422, "position", "position takes a whole number", invalid: ["position"])
        }
        let kind = kind(call["page"] ?? "/", kinds)
        let position =
            try nearest(
                kind, min(wanted, end) + 1, isNext: false, call, run: opened.name) ?? 0
        return .json(try described(position, opened).text)
    }

    private static func described(_ position: UInt64, _ opened: OpenedRun) throws -> JSONObject {
        var object = JSONObject()
        object.integer("position", position)
        guard let place = try opened.merged.position(position), position > 0 else {
            object.text("event", nil)
            object.text("text", "position 0: before the first event")
            return object
        }
        let event = try opened.merged.event(at: place)
        var (type, at) = ("", Instant?.none)
        try opened.merged.event(event) { message in
            type = EventSchema.message(id: try MessageHeader(message).templateID)?.name ?? "?"
            at = try Envelope(message: message).knownAt
        }
        object.text("event", "\(event)")
        object.text("type", type)
        object.text("known_at", at.map { "\($0)" })
        object.text(
            "text",
            "position \(position) · \(event) \(type) · \(at.map { Format.time($0) } ?? "")")
        return object
    }

    /// Leads to the page as of the next event that changes it, or the one before.
    static func step(_ call: SiteCall, _ kinds: [PageKind]) throws -> APIResponse {
        let viewing = try Viewing(call)
        // Taken apart and put together again: a path of this site, whatever came.
        let path =
            "/"
            + (call["page"] ?? "/").split(separator: "/").map { Viewing.encoded(String($0)) }
            .joined(separator: "/")
        let isNext = call["to"] != "before"
        let kind = kind(call["page"] ?? "/", kinds)
        let found = try nearest(
            kind, viewing.position.position, isNext: isNext, call, run: viewing.run)
        let rest = call.query.filter { !["page", "to", "at", "run"].contains($0.name) }
            .map { ($0.name, $0.value) }
        let target: String
        if let found, found < viewing.end.position {
            target = viewing.link(path, rest, at: "\(found)")
        } else if isNext {
            target = viewing.present(path, rest)
        } else {
            target = viewing.link(path, rest, at: "0")
        }
        return Dashboard.redirect(to: target)
    }

    /// The position next to one at which a page changes; nil for none.
    private static func nearest(
        _ kind: PageKind?, _ position: UInt64, isNext: Bool, _ call: SiteCall, run: String
    ) throws -> UInt64? {
        let history = try History(call.service.workspace.folder, run: run)
        let projections = kind?.projections ?? ["portfolio"]
        let end = try history.view.merged.end().position
        try PastPreparation.shared.ensure(
            projections, of: history, call.service.workspace.folder, run: run, through: end)
        let found = try projections.compactMap {
            isNext
                ? try history.next($0, after: position)
                : try history.previous($0, before: position)
        }
        return isNext ? found.min() : found.max()
    }

    private static func kind(_ path: String, _ kinds: [PageKind]) -> PageKind? {
        let segments = path.split(separator: "/").map(String.init)
        return kinds.first { $0.match(segments) != nil }
    }
}
