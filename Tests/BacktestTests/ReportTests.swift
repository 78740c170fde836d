import Backtest
import Events
import Foundation
import Testing

@Suite("Report")
struct ReportTests {
    @Test("flags, hindsight and the warning of few trades stand before the first figure")
    func warningsFirst() throws {
        let lines = Fixtures.small.text().split(separator: "\n")
        let first = try #require(lines.firstIndex { $0.hasPrefix("Total return") })
        let head = lines[..<first].map { $0 + "\n" }.joined()
        #expect(head.contains("!! trades the close it decided on\n"))
        #expect(head.contains("Hindsight facts used: 1,234 sector\n"))
        #expect(head.contains("Only 3 closed trades: the figures are no evidence of skill."))
        #expect(head.contains("Only 4 sessions, under the 252 of a year"))
        #expect(head.contains("Note: the rule min_confidence is unreachable\n"))
    }

    @Test(
        "a figure stands in its row, for the whole and for both halves",
        arguments: [
            ("Total return", ["3.00%", "-1.00%", "4.04%"]),
            ("Maximum drawdown", ["-1.98%", "-1.98%", "0.00%"]),
            ("Closed trades", ["3", "1", "2"]),
            ("Win rate, net above .5 %", ["33.33%", "100.00%", "0.00%"]),
            ("Share of trades above 0", ["33.33%", "100.00%", "0.00%"]),
            ("Profit factor, gross", ["n/a", "n/a", "n/a"]),
            ("Index total return", ["1.99%", "-0.01%", "2.00%"]),
        ])
    func rows(name: String, values: [String]) throws {
        let lines = Fixtures.small.text().split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name) })
        #expect(line.dropFirst(name.count).split(separator: " ").map(String.init) == values)
    }

    @Test("the year's end divides the calendar, and a session without an index return counts in it")
    func calendar() {
        let lines = Fixtures.small.text().split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(lines.contains(["2019", "-1.0", "-1.0", "0.0"]))
        #expect(lines.contains(["2020", "4.0", "4.0", "2.0"]))
    }

    @Test("exits, signals, stale positions and holdings are named with their counts")
    func sections() {
        let text = Fixtures.small.text()
        #expect(text.contains("strong_buy 3, hold 12,345"))
        #expect(text.contains("below_emit 7") && text.contains("cap 2"))
        #expect(text.contains("without a price in the last session: 1"))
        #expect(text.contains("Closed profit   4.80; without the best five 0.00"))
        #expect(text.contains("the total return then 2.00%"))
        #expect(text.contains("the total return then 2.00%"))
        let stop = text.split(separator: "\n").first { $0.hasPrefix("stop ") }
        #expect(stop?.split(separator: " ").dropFirst().first == "2")
    }

    @Test(
        "reports of no session, one session, zero volatility and losses only hold no NaN",
        arguments: [[], [1000], [1000, 1000, 1000], [900, 800, 700]])
    func edges(values: [Double]) {
        let report = BacktestReport(
            facts: Fixtures.facts,
            daily: Fixtures.daily(
                values, index: Array(repeating: nil, count: values.count), from: "2020-01-02"),
            trades: [], open: [], signals: SignalCounts())
        #expect(report.returns.count == values.count)
        for text in [report.text(), report.json()] {
            #expect(!text.contains("nan") && !text.contains("inf%") && !text.contains(":inf"))
        }
        #expect(report.json().contains(#""win_rate":null"#))
        #expect(report.json().contains(#""beta":null"#))
    }

    @Test("JSON holds the daily series, null for what is not known, and escaped text")
    func json() {
        let json = Fixtures.small.json()
        #expect(json.hasPrefix(#"{"run":"fixture","strategy":"feedback","strategy_digest":null"#))
        #expect(json.contains(#"{"day":"2019-12-30","value":1010.00000000,"return":0.01"#))
        #expect(json.contains(#""exposure":0.5,"index_return":null}"#))
        #expect(json.contains(#""hindsight":{"sector":1234}"#))
        var report = Fixtures.small
        report.facts.run = "a \"b\"\n"
        #expect(report.json().hasPrefix(#"{"run":"a \"b\"\n","#))
    }
}
