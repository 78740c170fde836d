import Application
import Events

extension Route {
    /// The contract, and what a person who comes by sees.
    static let pages: [Route] = [
        Route(
            "GET", "/", "index", "What can be called.", needsLogs: false,
            answers: [
                Answer(status: 200, meaning: "A page.", type: "text/html", schema: .text())
            ]
        ) { $0.index() },
        Route(
            "GET", "/api", "calls", "What can be called.", needsLogs: false,
            answers: [
                Answer(status: 200, meaning: "A page.", type: "text/html", schema: .text())
            ]
        ) { $0.index() },
        Route(
            "GET", "/style.css", "style", "The style of the pages.", needsLogs: false,
            answers: [Answer(status: 200, meaning: "A style.", type: "text/css", schema: .text())]
        ) { _ in .text(HTMLText.style, "text/css; charset=utf-8") },
        Route(
            "GET", "/api/v1/openapi.yaml", "openapi", "This contract.", needsLogs: false,
            answers: [
                Answer(
                    status: 200, meaning: "OpenAPI 3.1.", type: "application/yaml", schema: .any)
            ]
        ) { _ in .text(OpenAPI.text, "application/yaml") },
    ]
}

extension Call {
    /// A page that lists every call.
    func index() -> APIResponse {
        let rows = APIService.allRoutes.map { route in
            "<tr><td><code>\(HTMLText.escaped(route.method))</code></td>"
                + "<td><code>\(HTMLText.escaped(route.path))</code></td>"
                + "<td>\(route.isWrite ? route.role.rawValue : "")</td>"
                + "<td>\(HTMLText.escaped(route.summary))</td></tr>"
        }
        return .text(
            """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Recount</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="stylesheet" href="/style.css"></head>
            <body><main>
            <h1>Recount</h1>
            <p>Run <b>\(HTMLText.escaped(service.run))</b>. The contract is
            <a href="/api/v1/openapi.yaml">openapi.yaml</a>. What writes needs a token
            (<code>recountd token create</code>).</p>
            <table><thead>
            <tr><th>Method</th><th>Path</th><th>Token</th><th>What</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table>
            </main></body></html>

            """, "text/html; charset=utf-8")
    }
}

/// Text on its way into a page.
enum HTMLText {
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
            .replacing("'", with: "&#39;")
    }

    static let style = """
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 70rem; margin: 0 auto; padding: 1rem; }
        table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
        th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
        tr + tr td { border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
        """
}
