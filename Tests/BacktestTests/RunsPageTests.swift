import EventLog
import Events
import FeedbackLoop
import Foundation
import Testing

@testable import Backtest

@Suite("The page of all runs")
struct RunsPageTests {
    private let library = ChartLibrary(script: "/* library */", style: "")

    /// Three runs of one small market, and one that is none.
    private func market() throws -> SmallMarket {
        let market = try SmallMarket()
        _ = try market.run("first")
        _ = try market.run("second", "feedback", SmallMarket.eager + ["timeout_days=5"])
        _ = try market.run(
            "short", "disclosure-follow", [],
            window: .init(from: Day(year: 2020, month: 5, day: 1)))
        try FileManager.default.createDirectory(
            atPath: "\(market.data.path)/runs/broken", withIntermediateDirectories: true)
        return market
    }

    private func page() throws -> RunsPage {
        let market = try market()
        return RunsPage(market.data.runNames.map { RunSummary(market.data, name: $0) })
    }

    @Test("every run is in it with the figures of its report; one that is broken hides no other")
    func figures() throws {
        let market = try market()
        let page = RunsPage(market.data.runNames.map { RunSummary(market.data, name: $0) })
        #expect(page.runs.map(\.name) == ["broken", "first", "second", "short"])
        #expect(page.runs.map { $0.problem != nil } == [true, false, false, false])
        let report = try market.page("first").report
        let own = try #require(page.runs[1].report)
        #expect(own.json() == report.json())
        let read = try JSONSerialization.jsonObject(with: Data(page.json.utf8))
        let rows = try #require(read as? [[String: Any]])
        #expect(rows.count == 4 && rows.allSatisfy { $0.count == 17 })
        #expect(rows[0]["problem"] is String && rows[0]["total_return"] is NSNull)
        #expect(
            agrees(rows[1]["total_return"] as? Double, report.whole.returns.totalReturn ?? .nan))
        #expect(rows[1]["closed_trades"] as? Int == report.trades.count)
        #expect(rows[1]["first_day"] as? String == "\(report.daily[0].day)")
        #expect(rows[3]["strategy"] as? String == "disclosure-follow")
        try FileManager.default.createDirectory(
            atPath: "\(market.data.path)/runs/first.rehearsal", withIntermediateDirectories: true)
        let part = RunSummary(market.data, name: "first.rehearsal")
        #expect(part.problem?.hasSuffix("before it began; a part of that run") == true)
        let text = page.text
        for name in page.runs.map(\.name) { #expect(text.contains("\n\(name) "), "\(name)") }
        #expect(text.contains("no event log here"))
    }

    @Test("settings are shown where runs differ in them, and nowhere else")
    func settings() throws {
        let page = try page()
        let (keys, values) = page.differing
        #expect(keys.contains("timeout_days") && !keys.contains("emit_threshold_of_nobody"))
        let place = try #require(keys.firstIndex(of: "timeout_days"))
        #expect(values.map { $0[place] }[1...2] == ["20", "5"])
        let same = RunsPage([page.runs[1], page.runs[1]])
        #expect(same.differing.keys.isEmpty)
    }

    @Test("curves of runs over other sessions share their days, and end where the run ended")
    func curves() throws {
        let page = try page()
        let data = try #require(page.curveData)
        #expect(data.charts.map(\.id) == ["excess-chart", "value-chart"])
        #expect(data.charts[1].lines.map(\.name) == ["first", "second", "short"])
        #expect(zip(data.days, data.days.dropFirst()).allSatisfy { $0 < $1 })
        let short = try #require(page.runs[3].report)
        let line = data.charts[1].lines[2].values
        let known = line.indices.filter { line[$0] != nil }
        #expect(data.days[try #require(known.first)] >= short.daily[0].day)
        #expect(data.days[try #require(known.first) - 1] < short.daily[0].day)
        let whole = try #require(page.runs[1].report)
        let end = try #require(data.charts[1].lines[0].values.last ?? nil)
        #expect(
            agrees(end, whole.daily.last!.value.dollars / whole.facts.startingValue.dollars))
        #expect(RunsPage([]).curveData == nil)
    }

    @Test("the page asks for nothing, and what names, strategies and problems hold is text")
    func escaped() throws {
        var page = try page()
        let bad = "</script><img src=x onerror=alert(1)>\"'&"
        page.runs[0].problem = bad
        page.runs[1].name = bad
        page.runs[1].report?.facts.strategy = bad
        page.runs[1].report?.facts.flags = [bad]
        page.runs[1].settings = ["note: \(bad)"]
        let html = page.html(library, title: bad)
        #expect(!html.contains("<img") && !html.contains("</script><"))
        #expect(html.components(separatedBy: "</script>").count == 5, "its own four scripts")
        #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"))
        #expect(html.contains("\\u003cimg src=x"))
        for part in ["http:", "https:", " src=\"", "url(", "@import", "<link"] {
            #expect(!html.contains(part), "\(part)")
        }
        let data = try #require(html.range(of: "id=\"page-data\">")).upperBound
        let end = try #require(html[data...].range(of: "</script>")).lowerBound
        #expect(throws: Never.self) {
            try JSONSerialization.jsonObject(with: Data(html[data..<end].utf8))
        }
        #expect(html == page.html(library, title: bad))
    }

    @Test("a folder without a run has a page that says what to do")
    func empty() {
        let html = RunsPage([]).html(library, title: "empty")
        #expect(html.contains("recount backtest --strategy feedback --run first makes one"))
        #expect(html.contains("\"curves\":null") && RunsPage([]).json == "[]")
    }
}
