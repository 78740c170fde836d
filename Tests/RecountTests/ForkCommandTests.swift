import Foundation
import TestKit
import Testing

/// Every command that reads runs reads a fork, or says that it cannot: in processes of their own.
@Suite("Commands on forks", .timeLimit(.minutes(10)))
struct ForkCommandTests {
    private let folder = TemporaryFolder()

    private func shell(_ script: String) throws -> (output: String, status: Int32) {
        try Shell.run(script, in: folder.path)
    }

    /// A simulated world of two years, a run `one` without models, and its fork `two`.
    private func made() throws {
        let made = try shell(
            """
            set -e
            $R simulate --seed 3 --years 2 --tickers 20 --edge 100 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv --data d
            $R ingest disclosures w/disclosures_senate.json w/disclosures_congress.csv --data d
            $R ingest index w/index.csv --series market --symbol SIM --data d
            $R backtest --data d --strategy feedback --set train=false --run one
            $R fork --data d --run one --as-of 2013-03-01 --set trailing_stop=0.05 \
                --set timeout_days=30 --as two --who ann
            """)
        #expect(made.status == 0, "\(made.output.suffix(500))")
    }

    @Test("read its shared past and its own future, or say that they cannot")
    func readers() throws {
        try made()
        for (script, words) in [
            ("report --data d --run two", "Fork of one behind"),
            ("report --data d --run two --json", "trailing_stop 0.2 to 0.05"),
            ("status --data d --run two", "fork of one, whose past it shares through r"),
            ("status --data d --run two --json", "\"fork\":{\"run\":\"one\",\"own\":"),
            ("verify --data d --run two", "sound"),
            ("at 2013-02-01 portfolio --data d --run two", "portfolio"),
            ("verify --data d --causality --run two", "causal:"),
            ("verify --data d --chain --run two", "fork      two: holds"),
            ("reproduce --data d --run two", "its past is that of one through r"),
            ("models list --data d --run two", "0 trainings"),
            ("training-set show --data d --run two --as-of 2013-02-01", "two as of"),
            ("training-set check --data d --run two", "0 training sets equal"),
            ("stats --data d --run two", "outcomes"),
            ("signal SIM0001 --data d --like two", "as of 2013-12-31"),
            ("backtest --data d --like two --run three", "two is a fork: its settings"),
            ("events --data d --run two --limit 1", "ConfigurationChanged"),
            ("project portfolio --data d --run two", "portfolio"),
            ("project signals --data d --run two", "signals"),
            ("project portfolio --data d --run two --check", "portfolio"),
            (
                "sql --data d --run two 'SELECT max(trailing_stop) FROM "
                    + "reference_portfolio_config'", "0.05"
            ),
            ("diff --data d --run one --run two", "two is a fork of one behind"),
            (
                "diff --data d --run one --run two --json",
                "\"settings\":[{\"key\":\"trailing_stop\""
            ),
        ] {
            let answer = try shell("$R \(script)")
            #expect(answer.status == 0, "\(script): \(answer.output.suffix(400))")
            #expect(answer.output.contains(words), "\(script): \(answer.output.suffix(400))")
        }
        for (script, words, status) in [
            ("check-lookahead --data d --run two --dates 1", "two is a fork", 64),
            ("project training-set --data d --run two", "the rules of the labels", 65),
            ("fork --data d --run one --as-of end --as x", "is over", 64),
            ("fork --data d --run one --as-of 2013-03-01 --as two", "is here already", 73),
            ("fork --data d --run one --without nosuch --as x", "no filing", 64),
            ("diff --data d --run one", "name two runs", 64),
            ("certify two --data d --to b", "is a fork of one", 64),
        ] as [(String, String, Int32)] {
            let answer = try shell("$R \(script)")
            #expect(answer.status == status, "\(script): \(answer.output.suffix(400))")
            #expect(answer.output.contains(words), "\(script): \(answer.output.suffix(400))")
        }
    }

    @Test("number its events behind those that it shares, and export and import it with its parent")
    func exports() throws {
        try made()
        let first = try shell("$R events --data d --run two --limit 1 --json")
        let parts = try #require(
            JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any])
        let position = try #require(parts["position"] as? Int)
        #expect(position > 1_000 && parts["forkedAt"] as? String == "r\(position - 1)")
        let moved = try shell(
            """
            set -e
            $R export --data d --run two > two.jsonl
            $R export --data d --run one > one.jsonl
            $R export --data d --run one --timeline > t.jsonl
            $R import t.jsonl --data e
            $R import two.jsonl --data e --run two
            $R import one.jsonl --data e --run one
            # The head says which data log lies beside a run; there is none in e.
            body='s/^{"head":.*"newest_fact":"[^"]*"},/{/'
            $R report --data d --run two --json | sed "$body" > 1
            $R report --data e --run two --json | sed "$body" > 2
            cmp 1 2 && $R verify --causality --data e --run two
            """)
        #expect(moved.status == 0, "\(moved.output.suffix(500))")
        #expect(moved.output.contains("run two cannot be read yet: there is no run one"))
    }

    @Test("without a filing and with a file, live on over other facts")
    func facts() throws {
        try made()
        let row = try shell(
            "$R events --data d --run one --timeline --type DisclosureFiled --from 2013-03-01 "
                + "--limit 1 --json")
        let parts = try #require(
            JSONSerialization.jsonObject(with: Data(row.output.utf8)) as? [String: Any])
        let position = try #require(parts["position"] as? Int)
        let without = try shell(
            "$R fork --data d --run one --without t\(position) --as less --who ann")
        #expect(without.status == 0 && without.output.contains("left out: 1 row of filings"))
        #expect(without.output.contains("facts without 1"))
        let with = try shell(
            """
            set -e
            head -1 w/disclosures_congress.csv > more.csv
            echo '2013-05-01,2013-05-20,X,SIM0001,P,"$1,001 - $15,000",Some One,H,MI05' >> more.csv
            $R fork --data d --run one --with more.csv --as more --who ann
            $R verify --data d --chain --run more
            $R reproduce --data d --run more
            """)
        #expect(with.status == 0, "\(with.output.suffix(500))")
        #expect(with.output.contains("1 rows = 1 added") && with.output.contains("facts with 1"))
        #expect(with.output.contains("without 0 and with 1, as it recorded"))
    }
}
