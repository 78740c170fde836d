import EventLog
import Events
import FeedbackLoop
import Foundation
import Pipeline
import TestKit
import Testing

@testable import Backtest

@Suite("The page")
struct PageTests {
    private let library = ChartLibrary(script: "/* library */", style: "/* its style */")

    private func page(_ settings: [String] = SmallMarket.eager) throws -> ReportPage {
        let market = try SmallMarket()
        _ = try market.run("made", "feedback", settings)
        return try market.page("made")
    }

    @Test("equal runs give equal bytes")
    func deterministic() throws {
        #expect(try page().html(library) == page().html(library))
        #expect(try page().json() == page().json())
    }

    @Test("the page asks for nothing: no address, no source, no link but within itself")
    func selfContained() throws {
        let html = try page().html(library)
        for part in ["http:", "https:", "src=", "url(", "@import", "<link", "//cdn"] {
            #expect(!html.contains(part), "\(part)")
        }
        let links = html.components(separatedBy: "href=\"").dropFirst()
        #expect(!links.isEmpty)
        for link in links {
            #expect(link.hasPrefix("#"))
            let target = link.dropFirst().prefix { $0 != "\"" }
            #expect(html.contains("id=\"\(target)\""), "\(target)")
        }
        #expect(html.contains("default-src 'none'"))
    }

    @Test("names that hold markup are text everywhere, in the page and in its data")
    func escaped() throws {
        var page = try page()
        #expect(page.entryFilers.contains { $0.contains("</script><b>&\"Seven\"") })
        page.report.facts.run = "<img src=x onerror=alert(1)>"
        page.report.facts.flags = ["\"<svg/onload=1>'"]
        page.configuration = "</pre><script>"
        let html = page.html(library)
        for part in ["<img", "<svg/", "</pre><script>", "<b>", "</script><b"] {
            #expect(!html.contains(part), "\(part)")
        }
        // The four scripts of the page itself end, and nothing else does.
        #expect(html.components(separatedBy: "</script>").count == 4)
        #expect(html.contains("\\u003c/script\\u003e\\u003cb\\u003e\\u0026\\\"Seven\\\""))
        #expect(html.contains("&lt;/script&gt;&lt;b&gt;&amp;&quot;Seven&quot;"))
        #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;"))
    }

    @Test(
        "text is safe in an element, an attribute and a script",
        arguments: [
            ("<a href='x'>&\"", "&lt;a href=&#39;x&#39;&gt;&amp;&quot;"),
            ("a\u{0}b\u{8}", "a\u{FFFD}b\u{FFFD}"), ("", ""), ("é – 日", "é – 日"),
        ])
    func markup(text: String, safe: String) {
        #expect(Markup.escaped(text) == safe)
    }

    @Test("JSON inside a script reads back as it was, whatever it holds")
    func scriptJSON() throws {
        for text in ["</script>", "<!--", "a\u{2028}b\u{2029}", "\"\\\n\u{1}&>", "é日"] {
            let json = Markup.json(text)
            #expect(!json.contains { "<>&\u{2028}\u{2029}".contains($0) })
            let data = Data("[\(json)]".utf8)
            let read = try JSONSerialization.jsonObject(with: data) as? [String]
            #expect(read == [text])
        }
    }

    @Test("the data of the page is JSON, with a row for every entry and a column for every cell")
    func payload() throws {
        let page = try page()
        let data = try #require(
            try JSONSerialization.jsonObject(with: Data(page.payload.utf8)) as? [String: Any])
        let trades = try #require(data["trades"] as? [String: Any])
        let rows = try #require(trades["rows"] as? [[Any]])
        let columns = try #require(trades["columns"] as? [[String: Any]])
        #expect(rows.count == page.entries.count)
        #expect(rows.allSatisfy { $0.count == columns.count })
        let curves = try #require(data["curves"] as? [String: Any])
        let days = try #require(curves["days"] as? [Any])
        #expect(days.count == page.report.daily.count)
        for name in ["values", "drawdowns"] {
            let lines = try #require(curves[name] as? [[Any]])
            #expect(lines.count == page.curves.lines.count)
            #expect(lines.allSatisfy { $0.count == days.count })
        }
    }

    @Test("every warning stands before the first figure; no figure is not a number")
    func warnings() throws {
        var page = try page()
        page.report.facts.flags = ["SIMULATED data", "trades the close it decided on"]
        let html = page.html(library)
        let head = try #require(html.range(of: "id=\"figures\"")).lowerBound
        let before = html[..<head]
        for text in ["SIMULATED data", "Trades the close it decided on", "Only 200 sessions"] {
            #expect(before.contains("<li>\(text)"), "\(text)")
        }
        let words = visible(html).split { !$0.isLetter && $0 != "(" }
        for word in ["nan", "inf", "Optional("] {
            #expect(!words.contains { $0 == word }, "\(word)")
        }
    }

    /// The text between the tags of the page's body, without scripts.
    private func visible(_ html: String) -> String {
        let body = html.components(separatedBy: "<body>")[1].components(separatedBy: "<script")[0]
        return body.components(separatedBy: "<").map {
            $0.components(separatedBy: ">").dropFirst().joined()
        }.joined(separator: " ")
    }

    @Test("a run without a trade, and one without a session, have pages too")
    func empty() throws {
        let quiet = try page(["queue_threshold=1", "emit_threshold=1"])
        #expect(quiet.entries.isEmpty && quiet.null == nil)
        #expect(quiet.html(library).contains("No order was filled."))
        let market = try SmallMarket()
        let late = Day(year: 2031, month: 1, day: 1)
        _ = try market.run("late", window: ReplayWindow(from: late))
        let page = try market.page("late")
        #expect(page.report.daily.isEmpty && page.study == nil)
        #expect(page.html(library).contains("No session lies in the window."))
    }

    @Test("without an index there is no comparison with one, and all else is there")
    func withoutIndex() throws {
        let market = try SmallMarket(hasIndex: false)
        _ = try market.run("made")
        let page = try market.page("made")
        let lines = ["Strategy", "Equal-weight universe", "Copying in equal parts"]
        #expect(page.curves.lines.map(\.name) == lines)
        #expect(page.study?.curves.map(\.events) == [0, 0])
        let null = try #require(page.null)
        #expect(null.meanExcess == nil && null.entries == page.entries.count)
        let html = page.html(library)
        #expect(html.contains("id=\"random\"") && !html.contains("id=\"filings\""))
        #expect(page.json().contains("\"mean_excess\":null"))
    }

    @Test("without the chart library the error says what to install")
    func missingLibrary() throws {
        let folder = TemporaryFolder()
        #expect(throws: ChartLibraryError.self) { try ChartLibrary.load(from: [folder.path]) }
        #expect("\(ChartLibraryError(folders: ["/x"]))".contains("apt-get install libjs-dygraphs"))
        _ = try folder.write("dygraph.min.js", "a();\n//# sourceMappingURL=a.map\n")
        _ = try folder.write("dygraph.min.css", "b {}\n/*# sourceMappingURL=b.map */")
        let library = try ChartLibrary.load(from: ["/nowhere", folder.path])
        #expect(library.script == "a();\n" && library.style == "b {}")
    }

    @Test(
        "ticks are round, inside the range, and few",
        arguments: [(0.0, 1.0), (-0.013, 0.027), (5_000, 41_234), (0, 7)])
    func ticks(low: Double, high: Double) {
        let ticks = Plot.ticks(low...high, 4)
        #expect((2...9).contains(ticks.count))
        #expect(ticks.allSatisfy { $0 >= low && $0 <= high * (1 + 1e-9) })
    }
}
