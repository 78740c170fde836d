import EventLog
import Foundation
import TestKit
import Testing

/// What stands above every report.
@Suite("The head of a report", .timeLimit(.minutes(10)))
struct ReportHeadTests {
    private let folder = TemporaryFolder()

    private func object(_ script: String) throws -> [String: Any] {
        let text = try Shell.run("\(script) 2>/dev/null", in: folder.path).output
        return try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
        "it names the command that makes the run again, the program, the data and its newest fact")
    func head() throws {
        let made = try Shell.run(
            """
            printf 'ticker,date,open,high,low,close,volume\\n' > p
            for d in 02 03 06 07; do echo "ACME,2020-01-$d,10,11,9,10.5,1000" >> p; done
            set -e; $R ingest prices p --data d
            $R backtest --data d --strategy baseline --set queue_threshold=0.65 --from 2020-01-03 \\
                --run one > text
            $R verify --data d
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output)")
        let report = try object("$R report --data d --run one --json")
        let head = try #require(report["head"] as? [String: Any])
        let command = try #require(head["command"] as? String)
        #expect(
            command == "recount backtest --strategy baseline --set queue_threshold=0.65 "
                + "--from 2020-01-03 --run one")
        // Said again, it makes the same run.
        let again = command.replacingOccurrences(of: "recount ", with: "$R ")
            .replacingOccurrences(of: "--run one", with: "--run two")
        let same = try object("\(again) --data d --json")
        #expect(same["seal"] as? String == report["seal"] as? String && same["seal"] is String)
        #expect((head["program"] as? String)?.hasPrefix("recount 0.") == true)
        let anchor = try object("$R seal --data d --json")["seal"] as? String
        #expect(head["data"] as? String == anchor && anchor?.hasPrefix("6:") == true)
        #expect(head["timeline"] as? String == report["timeline_seal"] as? String)
        #expect(head["newest_fact"] as? String == "2020-01-07T21:00:00Z")
        let files = try #require(head["files"] as? [[String: Any]])
        #expect(files.count == 1 && files[0]["rows"] as? Int == 4)
        #expect(files[0]["kind"] as? String == "bars")
        let summary = try object("$R events --data d --type PricesRejected --json")
        #expect(files[0]["import"] as? String == summary["source"] as? String)

        let text = try String(contentsOfFile: "\(folder.path)/text", encoding: .utf8)
        #expect(
            text.hasPrefix("# made by  \(command)\n# program  recount 0."), "\(text.prefix(200))")
        #expect(text.contains("\n# from     4 bars, import "), "backtest names them too")
        #expect(
            text.contains("\n# newest   fact known 2020-01-07T21:00:00Z\none: strategy baseline"))
    }

    @Test("pages, forks, comparisons and sweeps have one, and none names the folder")
    func everywhere() throws {
        let made = try Shell.run(
            """
            set -e
            $R simulate --seed 3 --years 2 --tickers 12 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R backtest --data d --strategy feedback --set train=false --run one --html one.html
            $R fork --data d --run one --as-of 2013-03-01 --set trailing_stop=0.1 --as two > fork
            $R compare baseline:train=false feedback:train=false --data d --plain > compare
            $R sweep disclosure-follow --vary 'stop=0.05,0.1' --data d > sweep
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output.suffix(600))")
        for (file, command) in [
            ("fork", "recount fork --run one --as-of r"),
            ("compare", "recount compare baseline:train=false feedback:train=false"),
            ("sweep", "recount sweep disclosure-follow --vary stop=0.05,0.1"),
        ] {
            let text = try String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8)
            let lines = text.split(separator: "\n").prefix { $0.hasPrefix("# ") }
            #expect(lines.first?.hasPrefix("# made by  \(command)") == true, "\(file)")
            #expect(lines.count > 4 && !lines.contains { $0.contains("--data") }, "\(file)")
            #expect(lines.contains { $0.contains("filed rows") }, "\(file)")
        }
        let page = try String(contentsOfFile: "\(folder.path)/one.html", encoding: .utf8)
        #expect(page.contains("<p class=\"made\">Made by <code>recount backtest"))
    }
}
