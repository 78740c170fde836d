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
        #expect(html.components(separatedBy: "</script>").count == 5)
        #expect(html.contains("\\u003c/script\\u003e\\u003cb\\u003e\\u0026\\\"Seven\\\""))
        #expect(html.contains("&lt;/script&gt;&lt;b&gt;&amp;&quot;Seven&quot;"))
        #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;"))
    }

    @Test("the page of trades that rest on some filings holds names as text too")
    func filtered() throws {
        let market = try SmallMarket()
        _ = try market.run("made")
        let run = try market.data.openRun("made")
        let trades = try FilteredTrades(
            run, origin: try RunOrigin.read(run.log), filter: FilingFilter())
        let html = trades.html()
        #expect(!html.contains("<script") && !html.contains("<b>"))
        #expect(html.contains("&lt;/script&gt;&lt;b&gt;&amp;&quot;Seven&quot;"))
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
        let rows = try #require(trades["rows"] as? [String])
        let columns = try #require(trades["columns"] as? [[String: Any]])
        #expect(rows.count == page.entries.count && columns.count == 13)
        let curves = try #require(data["curves"] as? [String: Any])
        let days = numbers(try #require(curves["days"] as? String))
        #expect(days == page.report.daily.map { Int($0.day.rawValue) })
        let charts = try #require(curves["charts"] as? [[String: Any]])
        #expect(charts.compactMap { $0["id"] as? String } == ["value-chart", "exposure-chart"])
        let unit = try #require(charts[0]["unit"] as? Double)
        let lines = try #require(charts[0]["lines"] as? [[String: Any]])
        #expect(lines.count == page.curves.lines.count)
        for (line, own) in zip(lines, page.curves.lines) {
            let skip = try #require(line["skip"] as? Int)
            let values = numbers(try #require(line["values"] as? String))
            #expect(skip + values.count == days.count)
            #expect(own.values[..<skip].allSatisfy { $0 == nil })
            for (value, known) in zip(values, own.values.dropFirst(skip)) {
                #expect(abs(Double(value) * unit - (known ?? .nan)) <= unit / 2 * 1.001)
            }
        }
        // At equal exposure first: all else is drawn when it is asked for.
        let shown = lines.filter { $0["shown"] as? Bool == true }.compactMap {
            $0["name"] as? String
        }
        #expect(shown == ["Strategy", "TEST at equal exposure"])
    }

    @Test("a trade leads to its order, its signal, and the rows behind it with their source")
    func sources() throws {
        let page = try page()
        let data = try #require(
            try JSONSerialization.jsonObject(with: Data(page.payload.utf8)) as? [String: Any])
        let trades = try #require(data["trades"] as? [String: Any])
        let filers = try #require(trades["filers"] as? [String])
        let bands = try #require(trades["bands"] as? [[Double?]])
        let documents = try #require(trades["documents"] as? [String])
        let kinds = try #require(trades["kinds"] as? [[Any]])
        let tickers = try #require(trades["tickers"] as? [String])
        let reasons = try #require(trades["reasons"] as? [String])
        let rows = try #require(trades["rows"] as? [String])
        var seen = 0
        for (number, (row, entry)) in zip(rows, page.entries).enumerated() {
            let all = unsigned(row)
            #expect(tickers[try #require(all[0])] == "\(entry.order.ticker)")
            #expect(all[1] == Int(entry.day.rawValue))
            #expect(all[2] == entry.outcome?.exitDay.map { $0 - entry.day })
            #expect(all[3] == Int((entry.price * 100).rounded()))
            #expect(
                all[6] == entry.outcome.map { Int(($0.netReturn * 10_000).rounded()) }
                    || all[2] == nil)
            let reason = entry.outcome?.reason.map { Labels.exitReason("\($0)") } ?? "open"
            #expect(reasons[try #require(all[10])] == reason)
            let count = try #require(all[12])
            #expect(all[13..<(13 + count)].map { filers[$0!] } == page.entryFilers[number])
            let rest = Array(all[(13 + count)...])
            #expect(rest[0] == Int(entry.orderPosition))
            #expect(rest[1] == Int(entry.orderPosition) - Int(entry.order.signal.position))
            let filings = page.entryRows[number]
            let flat = rest[2...].compactMap(\.self)
            #expect(flat.count == 8 * filings.count)
            var position = 0
            for (place, (name, filing)) in filings.enumerated() {
                let part = Array(flat[(8 * place)..<(8 * place + 8)])
                position += part[0]
                #expect(position == Int(filing.position) && filers[part[1]] == name)
                #expect(entry.day - part[2] == filing.filedOn && part[3] == filing.lagDays)
                #expect(part[4] == (filing.side == .buy ? 1 : 0))
                #expect(
                    bands[part[6]] == [filing.source.low?.dollars, filing.source.high?.dollars])
                let kind = try #require(Int(documents[part[7]].prefix { $0 != "|" }))
                #expect(kinds[kind].first as? String == "Congress file")
                seen += 1
            }
        }
        #expect(seen > 100)
    }

    @Test(
        "only addresses of House and Senate are links, whatever a row holds",
        arguments: [
            (
                #"{"ptr_link": "https://efdsearch.senate.gov/search/view/ptr/52ba-9f/", "x": 1}"#,
                "https://efdsearch.senate.gov/search/view/ptr/52ba-9f/"
            ),
            (
                #"<a href="https://finance.example/q">A</a>,https://disclosures-clerk.house.gov/p/1.pdf,"#,
                "https://disclosures-clerk.house.gov/p/1.pdf"
            ),
            ("https://efdsearch.senate.gov.example/ptr/1", nil),
            ("javascript:alert(1) http://efdsearch.senate.gov/1", nil), ("https://", nil),
            ("", nil),
        ] as [(String, String?)])
    func links(row: String, link: String?) {
        let bytes = Array(row.utf8)
        #expect(FilingSource.link(in: bytes.span.bytes) == link)
    }

    @Test("numbers as text read back, whatever their sign and size")
    func deltas() {
        let all = [0, 1, -1, 15, 16, -16, 511, 512, 100_000, -1 << 40, 1 << 40, 7]
        #expect(numbers(DeltaText.encoded(all)) == all)
        #expect(apart(DeltaText.apart(all)) == all)
        #expect(unsigned(DeltaText.apart([3, nil, 0, -1, nil])) == [3, nil, 0, -1, nil])
        #expect(DeltaText.encoded([]).isEmpty)
        #expect(DeltaText.encoded([0, 1, 0, 123]) == "ACD2H", "as source maps write them")
    }

    private func apart(_ text: String) -> [Int] { unsigned(text).map { $0 ?? .min } }

    /// What `charts.js` reads: numbers of which none hangs on the one before, nil for a zero with a
    /// sign.
    private func unsigned(_ text: String) -> [Int?] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var (found, value, shift): ([Int?], Int, Int) = ([], 0, 0)
        for character in text {
            let digit = digits.firstIndex(of: character)!
            value |= (digit & 31) << shift
            shift += 5
            guard digit & 32 == 0 else { continue }
            found.append(value == 1 ? nil : value & 1 == 1 ? -(value >> 1) : value >> 1)
            (value, shift) = (0, 0)
        }
        return found
    }

    /// The same, each added to the one before.
    private func numbers(_ text: String) -> [Int] {
        var sum = 0
        return apart(text).map {
            sum += $0
            return sum
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
        "a range holds its values with room, also where all are equal", arguments: [0.0, 100_000])
    func ranges(value: Double) {
        let range = Plot.range([value, value], including: value)
        #expect(range.lowerBound < value && value < range.upperBound)
        var plot = Plot("flat", x: 0...1, y: range)
        plot.axisY { Figures.fixed($0, 2) }
        plot.line([(0, value), (1, value)])
        #expect(!plot.svg.contains("nan") && !plot.svg.contains("inf"))
        #expect(Plot.range([1, 3], including: 0) == 0...3.18)
    }

    @Test(
        "ticks are round, inside the range, and few",
        arguments: [
            (0.0, 1.0), (-0.013, 0.027), (-0.002_1, 0), (-0.000_2, 0.000_1), (5_000, 41_234),
            (0, 7),
        ])
    func ticks(low: Double, high: Double) {
        let ticks = Plot.ticks(low...high, 4)
        #expect((2...9).contains(ticks.count))
        if high < 1 {
            let shown = ticks.map { Markup.signedPercent($0, Plot.decimals(low...high)) }
            #expect(Set(shown).count == shown.count, "\(shown)")
        }
        #expect(ticks.allSatisfy { $0 >= low && $0 <= high * (1 + 1e-9) })
    }
}
