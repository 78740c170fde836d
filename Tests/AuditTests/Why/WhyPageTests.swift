import EventLog
import Events
import TestWorlds
import Testing

@testable import Audit

@Suite("Pages and graphs of why")
struct WhyPageTests {
    private func entry(_ run: AskedRun) throws -> Reference {
        try #require(try run.all(OrderSubmitted.self).last { $0.event.leg == .entry }).at
    }

    @Test(
        "a page has the filings as filed, the price around them and the arithmetic, and asks nobody"
    )
    func page() throws {
        let run = try AskedRun.small.get()
        let order = try entry(run)
        let why = try run.why()
        let answer = try why.answer(WhyQuestion(kind: "order", id: "\(order)"))
        let chart = try #require(try why.chart(answer))
        let event = try run.event(OrderSubmitted.self, order)
        #expect(chart.ticker == event.ticker)
        #expect(chart.points.last { $0.isKnown }?.day == event.day)
        #expect(chart.points.contains { $0.day == event.day && $0.close == event.referencePrice })
        #expect(chart.marks.contains { $0.kind == .decision && $0.day == event.day })
        let html = WhyPage(answer, question: "Why", view: "Run", chart: chart).html
        for needed in [
            "The filings, as filed", "The arithmetic", "<svg", "<polyline", "confidence",
        ] {
            #expect(html.contains(needed), "\(needed)")
        }
        for refused in ["<script", "http://", "https://", "url(", "@import", "src="] {
            #expect(!html.contains(refused), "\(refused)")
        }
    }

    @Test("what a source row holds is obeyed nowhere: not in a page, a graph or JSON")
    func escaped() throws {
        let hostile = "<script>alert(1)</script>\"'&\\ \u{1B}[31m\nline"
        var node = WhyNode(.own(7), type: "Type", hostile)
        node.sentences = [hostile]
        node.source = WhySource(format: "csv", text: hostile)
        node.later = [hostile]
        node.figures = [WhyFigure(hostile, 1, hostile, rule: hostile)]
        node.causes = [WhyCause(hostile, WhyNode(.own(3), hostile))]
        let html = WhyPage(node, question: hostile, view: hostile, chart: nil).html
        #expect(!html.contains("<script") && !html.contains("\u{1B}"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"))
        #expect(!node.dot.contains("\u{1B}"))
        #expect(node.dot.contains("\\\"'&\\\\ "))
        #expect(node.dot.split(separator: "\n").count == 8, "a title breaks no line of the graph")
        #expect(!node.json.contains("\n") && !node.json.contains("\u{1B}"))
    }

    @Test("a graph has each event once, and an edge from each to what stood behind it")
    func graph() throws {
        let run = try AskedRun.small.get()
        let answer = try run.ask("order", "\(try entry(run))")
        let lines = answer.dot.split(separator: "\n")
        let events = Set(answer.all.map(\.event))
        #expect(lines.count { $0.contains("[label=") && !$0.contains("->") } == events.count)
        #expect(lines.contains { $0.contains("->") && $0.contains("a filing that counted") })
        let lineage = answer.openLineage(namespace: "recount:test").split(separator: "\n")
        #expect(lineage.count == events.count)
        #expect(lineage.allSatisfy { $0.hasPrefix("{\"eventType\":\"COMPLETE\",") })
        #expect(answer.openLineage(namespace: "recount:test").contains("\"inputs\":[{"))
    }
}
