import Foundation
import TestKit
import Testing

@testable import recount

/// What stands beside an answer: what is missing, how far work came, older names of options.
@Suite("Habits of the command", .timeLimit(.minutes(10)))
struct HabitTests {
    private let folder = TemporaryFolder()

    private func shell(_ script: String) throws -> (output: String, status: Int32) {
        try Shell.run(script, in: folder.path)
    }

    private func made(_ more: String = "") throws {
        let answer = try shell(
            """
            printf 'ticker,date,open,high,low,close,volume\\n' > p
            for d in 02 03 06 07; do echo "ACME,2020-01-$d,10,11,9,10.5,1000" >> p; done
            set -e; $R ingest prices p --data d; \(more)
            """)
        #expect(answer.status == 0, "\(answer.output)")
    }

    @Test("report and backtest --html print the report and the path of the page")
    func page() throws {
        try made("$R backtest --data d --strategy baseline --run one --html b.html > b")
        #expect(try shell("cat b").output.contains("Total return"))
        let answer = try shell("$R report --data d --run one --html r.html")
        #expect(answer.status == 0 && answer.output.contains("Total return"), "\(answer.output)")
        #expect(answer.output.contains("the page is r.html"))
        #expect(try shell("head -c 100 r.html").output.lowercased().contains("<!doctype html"))
        let json = try shell("$R report --data d --run one --html r.html --json 2>/dev/null").output
        #expect(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) is [String: Any])
    }

    @Test("an empty answer says what is missing and how to get it, on standard error alone")
    func empty() throws {
        try made(
            "$R backtest --data d --strategy baseline --run one; $R project all --data d --run one")
        for (script, text) in [
            ("$R report --data d --run one", "recount ingest disclosures brings more"),
            ("$R events --data d --type OrderFilled", "name a run (--run last)"),
            ("$R events --data d --run one --type OrderFilled", "leave out an option"),
            ("$R sql --data d --run one 'SELECT * FROM trading_signals'", "recount sql --tables"),
            ("$R report --data none --run one", "recount backtest --run one makes it"),
            ("$R trials --data none", "recount backtest and recount compare write trials"),
            ("$R signal --all --data d --strategy baseline", "has no order for the next open"),
        ] {
            #expect(try shell(script).output.contains(text), "\(script)")
        }
        let rows = try shell("$R events --data d --run one --type OrderFilled 2>/dev/null")
        #expect(rows.output.isEmpty && rows.status == 0)
    }

    @Test("no report of a built-in strategy warns of what it is by default")
    func defaults() throws {
        try made()
        for (number, (settings, warns)) in [
            ("--strategy feedback", false), ("--strategy baseline", false),
            ("--strategy oracle --set filers=Nobody", false),
            ("--strategy feedback --set queue_threshold=0.8", true),
        ].enumerated() {
            let answer = try shell("$R backtest --data d --run run-\(number) \(settings)")
            #expect(answer.status == 0, "\(answer.output)")
            #expect(
                answer.output.contains("unreachable") == warns, "\(settings): \(answer.output)")
        }
    }

    @Test("a ticker is taken in any case, and one that is none is told with what may be meant")
    func tickers() throws {
        try made("$R backtest --data d --strategy baseline --run one; $R project all --data d")
        let trade = "long --entry 10 --exit 11 --size 1 --data d"
        for (script, text, status) in [
            ("$R why no-signal acme --data d --run one", "No signal for ACME", 0),
            ("$R why no-signal ACMR --data d --run one", "did you mean ACME?", 66),
            ("$R why holding acmr --data d --run one", "did you mean ACME?", 66),
            ("$R effects holding ACMR --data d --run one", "did you mean ACME?", 66),
            ("$R signal acmr --data d", "did you mean ACME?", 66),
            ("$R events --ticker acme --data d", "SessionClosed", 0),
            ("$R events --ticker acmr --data d", "did you mean ACME?", 66),
            ("$R events --ticker acmr --data d --run one", "did you mean ACME?", 66),
            ("$R at end portfolio acmr --data d --run one", "did you mean ACME?", 1),
            ("$R record-trade acme \(trade)", "r7 of the data log", 0),
            ("$R record-trade acmr \(trade)", "did you mean ACME?; the trade is recorded", 0),
            ("$R events --ticker acmr --data d", "TradeRecorded", 0),
            ("$R record-trade brk.b \(trade)", "r9 of the data log", 0),
            ("$R events --ticker BRK/B --data d", "TradeRecorded", 0),
            ("$R report --data d --run one --benchmark acme", "ACME", 0),
            ("$R report --data d --run one --benchmark acmr", "did you mean ACME?", 66),
        ] as [(String, String, Int32)] {
            let answer = try shell(script)
            #expect(
                answer.status == status && answer.output.contains(text),
                "\(script): \(answer.status) \(answer.output)")
        }
    }

    @Test("how far replays beside each other came is the mean of their parts")
    func variants() {
        var progress = VariantProgress()
        progress.take(0, of: 4, 1)
        progress.take(2, of: 4, 0.5)
        progress.take(2, of: 4, 0.25)
        #expect(progress.done == 0.375)
        #expect(progress.text == "1 of 4 replays at other costs and delays")
    }

    @Test("older names of moments and windows go on working, and no help shows them")
    func olderNames() throws {
        try made()
        func same(_ old: String, _ new: String) throws {
            let (before, now) = (try shell(old), try shell(new))
            #expect(before.status == 0 && before.output == now.output, "\(old): \(before.output)")
            #expect(!now.output.isEmpty)
        }
        try same(
            "$R events --data d --from 2020-01-03 --before 2020-01-07",
            "$R events --data d --from 2020-01-03 --to 2020-01-06")
        try same("$R late --data d --since 2020-01-03", "$R late --data d --from 2020-01-03")
        let window = try shell("$R events --data d --from 2020-01-03 --to 2020-01-06").output
        #expect(window.split(separator: "\n").count == 2, "\(window)")
        let instant = try shell("$R events --data d --type SessionClosed --to 2020-01-03T21:00:00Z")
            .output
        #expect(instant.split(separator: "\n").count == 2, "\(instant)")
        let restored = try shell(
            """
            printf 'ticker,date,open,high,low,close,volume\\nACME,2020-01-08,10,11,9,10.5,1000\\n' > q
            set -e; $R ingest prices q --data d
            $R backup --data d --to b; $R restore --from b --data e --as-of r5
            $R restore --from b --data f --to-position 5
            $R seal --data e > e.seal; $R seal --data f > f.seal; cmp e.seal f.seal; cat e.seal
            """)
        #expect(restored.status == 0 && restored.output.contains("\n5:"), "\(restored.output)")
        for command in ["events", "late", "restore", "ingest disclosures"] {
            let help = try shell("$R \(command) --help").output
            for old in ["--before", "--since", "--to-position", "--traded-"] {
                #expect(!help.contains(old), "\(command) shows \(old)")
            }
        }
    }

    @Test("what is left is told by the part that is done, and what has no part by its time")
    func text() {
        #expect(
            Progress.text("replaying", done: 0.25, seconds: 10) == "replaying, 25 %, 30 s left")
        #expect(Progress.text("x", done: 0.5, seconds: 600) == "x, 50 %, 10 min left")
        #expect(Progress.text("folding", done: nil, seconds: 3.2) == "folding, 3 s so far")
        #expect(Progress.text("x", done: 0, seconds: 3) == "x, 3 s so far")
    }

    @Test("work of some seconds shows progress on a terminal, none under --quiet or in a pipe")
    func progress() throws {
        let made = try shell(
            """
            set -e
            $R simulate --seed 3 --years 4 --tickers 60 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv w/disclosures_senate.json \\
                w/disclosures_congress.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            """)
        #expect(made.status == 0, "\(made.output.suffix(400))")
        func run(_ name: String, _ more: String) -> String {
            "$R backtest --data d --strategy feedback --run \(name) --set min_transactions=1 \(more)"
        }
        let shown = try shell("script -qec \"\(run("one", ""))\" /dev/null").output
        #expect(shown.contains("replaying 20") || shown.contains("training ahead 20"))
        #expect(shown.contains(" s left") || shown.contains(" s so far"), "\(shown.suffix(300))")
        // Models are taken from the cache, so that only a new seed of trainings takes its time.
        let quiet = try shell(
            "script -qec \"\(run("two", "--set tree_rounds=31 --quiet"))\" /dev/null"
        ).output
        #expect(!quiet.contains("\u{1B}[K"))
        let piped = try shell(run("three", "--set tree_rounds=32")).output
        #expect(!piped.contains("\u{1B}") && !piped.contains("s left"))
    }
}
