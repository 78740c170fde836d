import Foundation
import TestKit
import Testing

/// `recount runs`
@Suite("recount runs", .timeLimit(.minutes(10)))
struct RunsCommandTests {
    private let folder = TemporaryFolder()

    @Test("runs are listed, as JSON too, and made a page of; an empty folder says what to do")
    func whole() throws {
        let made = try Shell.run(
            """
            set -e
            $R simulate --seed 3 --years 1 --tickers 10 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R runs --data d > none
            $R backtest --data d --strategy feedback --set train=false --run one
            $R backtest --data d --strategy disclosure-follow --run two
            $R runs --data d --html runs.html > text
            $R runs --data d --json > json
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output.suffix(600))")
        func file(_ name: String) throws -> String {
            try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
        }
        #expect(try file("none").contains("recount backtest --strategy feedback --run first"))
        let text = try file("text")
        #expect(text.contains("\none ") && text.contains("\ntwo "))
        let rows = try #require(
            try JSONSerialization.jsonObject(with: Data(file("json").utf8)) as? [[String: Any]])
        #expect(rows.compactMap { $0["run"] as? String } == ["one", "two"])
        let page = try file("runs.html")
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<h1>Runs of d</h1>"))
        #expect(page.utf8.count < 300_000)
        for (arguments, status) in [
            ("--data nowhere", 66), ("--data d --html d/x.html", 64), ("--data d --html no/x", 73),
        ] {
            #expect(
                try Shell.run("$R runs \(arguments)", in: folder.path).status == status,
                "\(arguments)")
        }
    }
}
