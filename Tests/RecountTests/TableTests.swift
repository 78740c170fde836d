import Foundation
import TestKit
import Testing

/// Tables on standard output: whole in a pipe, and said what they hold.
@Suite("Tables and texts in a pipe", .timeLimit(.minutes(10)))
struct TableTests {
    private let folder = TemporaryFolder()

    @Test("sql --tables has every column of the SQL with what its comment says")
    func tables() throws {
        let made = try Shell.run(
            """
            printf 'ticker,date,open,high,low,close,volume\\nACME,2020-01-02,10,11,9,10.5,1000\\n' > p
            set -e; $R ingest prices p --data d; $R backtest --data d --strategy baseline --run one
            $R project all --data d --run one
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output)")
        let json = try Shell.run("$R sql --tables --data d --json", in: folder.path).output
        let rows = try json.split(separator: "\n").map {
            try #require(
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
        }
        // What SQLite made of the same SQL has the same columns.
        for table in ["trading_signals", "reference_portfolio_state", "ml_models", "training_rows"]
        {
            let made = try Shell.run(
                "$R sql --data d --run one --csv "
                    + "\"SELECT name FROM pragma_table_info('\(table)')\"",
                in: folder.path
            ).output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
            let listed = rows.filter { $0["table"] == table }.compactMap { $0["column"] }
            let columns = made.filter { !$0.hasPrefix("recount:") }
            #expect(listed == columns && !listed.isEmpty, "\(table)")
        }
        let reason = rows.first { $0["column"] == "suppressed_reason" }
        #expect(reason?["meaning"] == "NULL when emitted" && reason?["type"] == "TEXT or NULL")
        #expect(rows.count { $0["meaning"]?.isEmpty == false } > 100)
        let one = try Shell.run("$R sql --tables trading_signals --data d", in: folder.path)
        #expect(one.output.contains("NULL when emitted") && !one.output.contains("ml_models"))
        let wrong = try Shell.run("$R sql --tables trading_signal --data d", in: folder.path)
        #expect(wrong.status == 64 && wrong.output.contains("did you mean trading_signals?"))
    }

    @Test("a run's name of 48 letters parts its columns from the next, in trials and status")
    func longNames() throws {
        let name = String(repeating: "n", count: 48)
        let made = try Shell.run(
            """
            printf 'ticker,date,open,high,low,close,volume\\nACME,2020-01-02,10,11,9,10.5,1000\\n' > p
            set -e; $R ingest prices p --data d >/dev/null
            $R backtest --data d --strategy baseline --run \(name) >/dev/null
            $R backtest --data d --strategy disclosure-follow --run short >/dev/null
            $R trials --data d
            """, in: folder.path)
        let lines = made.output.split(separator: "\n").filter { $0.contains("  trial  ") }
        let cells = lines.map { $0.split(separator: " ").count }
        #expect(lines.count == 2 && Set(cells).count == 1, "\(made.output)")
        let starts = lines.compactMap { line in
            line.range(of: "2020-01-02").map {
                line.distance(from: line.startIndex, to: $0.lowerBound)
            }
        }
        #expect(Set(starts).count == 1, "\(made.output)")
        #expect(made.output.contains("\(name)  "))
    }

    @Test("an event's text is whole in a pipe, and cut to a line on a terminal")
    func whole() throws {
        let made = try Shell.run(
            """
            printf 'ticker,date,open,high,low,close,volume\\nACME,2020-01-02,10,11,9,10.5,1000\\n' > p
            set -e; $R ingest prices p --data d >/dev/null
            $R backtest --data d --strategy feedback --run one >/dev/null
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output)")
        let piped = try Shell.run("$R events --data d --run one --limit 1", in: folder.path).output
        #expect(piped.hasPrefix("r1  ") && piped.utf8.count > 1_000 && !piped.contains("...\n"))
        let shown = try Shell.run(
            "script -qec \"$R events --data d --run one --limit 1\" /dev/null", in: folder.path)
        #expect(shown.output.utf8.count < 260 && shown.output.contains("..."), "\(shown.output)")
        // As printed, so taken.
        for event in ["r1", "1"] {
            let same = try Shell.run(
                "$R events --data d --run one --position \(event) --limit 1", in: folder.path)
            #expect(same.output == piped, "\(event)")
        }
        let fact = try Shell.run(
            "$R events --data d --run one --position t1 --limit 1", in: folder.path)
        #expect(fact.output.hasPrefix("t1  "), "\(fact.output)")
        let wrong = try Shell.run("$R events --data d --run one --position x1", in: folder.path)
        #expect(wrong.status == 64)
    }
}
