import API
import Backtest
import EventLog
import Events

/// Style, script and curves: what pages load, all of it from here.
struct Assets: Sendable {
    private struct File: Sendable {
        let name: String
        let type: String
        let text: String
        let tag: String

        init(_ name: String, _ type: String, _ text: String) {
            (self.name, self.type, self.text) = (name, type, text)
            tag = "\"\(Assets.hash(text))\""
        }
    }

    private let files: [File]

    init() {
        let library = try? ChartLibrary.load()
        let types = EventSchema.messages.map { JSONText.quoted($0.name) }
        let script =
            "window.recountEventTypes = \(JSONObject.list(types));\n"
            + Templates.text(PackageResources.dashboard_js)
        let (javascript, css) = ("text/javascript; charset=utf-8", "text/css; charset=utf-8")
        files = [
            File("dashboard.js", javascript, script),
            File("dashboard.css", css, Templates.text(PackageResources.dashboard_css)),
            File("icon.svg", "image/svg+xml", Templates.text(PackageResources.icon_svg)),
            File("dygraph.js", javascript, library?.script ?? ""),
            File("dygraph.css", css, library?.style ?? ""),
        ]
    }

    func answer(_ call: SiteCall) -> APIResponse? {
        guard call.path.count == 2, let file = files.first(where: { $0.name == call.path[1] })
        else { return nil }
        let fields = [(name: "etag", value: file.tag), (name: "cache-control", value: "no-cache")]
        if call.header("if-none-match") == file.tag {
            return APIResponse(status: 304, fields: fields, body: .bytes([]))
        }
        return .text(file.text, file.type, fields: fields)
    }

    /// FNV-1a of 64 bits, in hexadecimal.
    private static func hash(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
