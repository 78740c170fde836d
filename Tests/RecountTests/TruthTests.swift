import EventLog
import Events
import Foundation
import TestKit
import Testing

/// What a person is told is true: in a process of its own, as a user runs it.
@Suite("What a person is told", .timeLimit(.minutes(10)))
struct TruthTests {
    private let folder = TemporaryFolder()

    private func recount(_ arguments: String...) throws -> (output: String, status: Int32) {
        try Peer(arguments, program: "recount", folder: folder.path).finish()
    }

    private func shell(_ script: String) throws -> (output: String, status: Int32) {
        try Shell.run(script, in: folder.path)
    }

    /// A simulated world, its facts, and a run with its read models.
    private func made() throws {
        #expect(
            try shell(
                """
                set -e
                $R simulate --seed 3 --years 2 --tickers 10 --out w
                $R ingest prices w/prices.csv --data d
                $R ingest disclosures w/disclosures_congress.csv --data d
                $R backtest --data d --strategy baseline --run one
                $R backtest --data d --strategy disclosure-follow --set min_confidence=0 --run two
                $R project all --data d --run one
                """
            ).status == 0)
    }

    @Test("every status of sysexits that the command ends with, by what brings it about")
    func statuses() throws {
        try made()
        for (script, status) in [
            ("$R verify --data d", 0), ("$R verify", 64), ("$R verify --data ''", 64),
            ("$R nothing", 64), ("$R verify --data none", 66), ("$R report --data d --run no", 66),
            ("$R backtest --data d --strategy nofile --run x", 66),
            ("$R backtest --data d --strategy baseline --set x=1 --run x", 64),
            ("$R backtest --data d --strategy baseline --run one", 73),
            ("$R backtest --data d --strategy baseline --run last", 64),
            ("$R sql --data d 'SELECT 1'", 66), ("$R sql --data d --run one 'SELEKT'", 64),
            ("$R models show nomodel --data d --run one", 66),
            ("$R training-set show --as-of never --data d --run one", 64),
            ("echo x > junk; mkdir -p j/log; cp junk j/log/data.mdb; $R events --data j", 65),
            ("ulimit -n 10; $R verify --data d", 71),
            ("ulimit -v 4000000; $R verify --data d", 71),
            ("$R report --data d --run one --html none/x.html", 73),
            ("$R --version", 0), ("$R verify --help", 0),
        ] as [(String, Int32)] {
            let answer = try shell(script)
            #expect(answer.status == status, "\(script): \(answer.output.suffix(300))")
        }
    }

    @Test("what could not be checked is not called damaged, and what is damaged is")
    func unchecked() throws {
        try made()
        let short = try shell("ulimit -v 4000000; $R verify --data d")
        #expect(short.output.contains("could not be checked") && !short.output.contains("DAMAGED"))
        let path = "\(folder.path)/d/log/data.mdb"
        var bytes = try Data(contentsOf: URL(filePath: path))
        let place = try #require(
            bytes.range(of: Data("w/prices".utf8)) ?? bytes.range(of: Data("SIM0".utf8)))
        bytes[place.lowerBound] ^= 1
        try bytes.write(to: URL(filePath: path))
        let broken = try recount("verify", "--data", "d")
        #expect(broken.status == 65 && broken.output.contains("DAMAGED"))
        // A log of another kind in its place is sound, and not what it should be.
        try FileManager.default.removeItem(atPath: "\(folder.path)/d/log")
        try FileManager.default.copyItem(
            atPath: "\(folder.path)/d/runs/one", toPath: "\(folder.path)/d/log")
        let other = try recount("verify", "--data", "d")
        #expect(other.status == 65 && other.output.contains("it is a run log"))
    }

    @Test("one broken run hides no other from status, and read models of another log are stale")
    func stale() throws {
        try made()
        #expect(try shell("mkdir d/runs/bad; echo junk > d/runs/bad/data.mdb").status == 0)
        let status = try recount("status", "--data", "d")
        #expect(status.status == 65 && status.output.contains("bad: cannot be read"))
        #expect(status.output.contains("two: head"))
        #expect(try shell("rm -r d/runs/one d/runs/bad; mv d/runs/two d/runs/one").status == 0)
        let other = try recount("status", "--data", "d", "--run", "one")
        #expect(other.output.contains("STALE") && !other.output.contains("lag 0"))
        let asked = try shell("$R sql --data d --run one 'SELECT count(*) FROM disclosures'")
        #expect(asked.output.contains("stale: it was made from another log"))
    }

    @Test("nothing that a name or text holds is obeyed by a terminal or run by a spreadsheet")
    func escapes() throws {
        try made()
        let asked = try recount(
            "sql", "--data", "d", "--run", "one",
            "SELECT char(27) || '[31m' || char(10) || 'x' AS a, '=1+1' AS b, '-5' AS c, -5 AS d")
        #expect(asked.output.contains("\\u001B[31m\\nx") && !asked.output.contains("\u{1B}"))
        let csv = try recount(
            "sql", "--data", "d", "--run", "one", "--csv",
            "SELECT '=1+1', '@x', '+cmd', '-5', '-x', -5")
        #expect(csv.output.contains("'=1+1,'@x,'+cmd,-5,'-x,-5"))
        let json = try recount(
            "sql", "--data", "d", "--run", "one", "--json", "SELECT char(27) AS a")
        #expect(json.output == "{\"a\":\"\\u001b\"}\n", "\(json.output)")
    }

    @Test("a query's rows are bounded where it is asked, and a query without end is ended")
    func queries() throws {
        try made()
        let few = try recount(
            "sql", "--data", "d", "--run", "one", "--json", "--limit", "3",
            "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT x FROM t")
        #expect(few.output.split(separator: "\n").count == 3 && few.status == 0)
        let long = try recount(
            "sql", "--data", "d", "--run", "one", "--timeout", "0.3",
            "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t")
        #expect(long.status == 64)
    }

    @Test("exports of every kind are imported into an empty folder, and each only as what it is")
    func imports() throws {
        try made()
        let answer = try shell(
            """
            set -e
            $R export --data d | gzip > data.gz
            $R export --data d --run one > one.jsonl
            $R export --data d --run one --timeline > line.jsonl
            $R export --data d --trials > trials.jsonl
            $R import one.jsonl --run one --data i
            $R import line.jsonl --data i
            $R import data.gz --data i
            $R import trials.jsonl --data i
            $R reproduce --data i --run one
            """)
        #expect(answer.status == 0, "\(answer.output)")
        for (arguments, status) in [
            ("one.jsonl", 64), ("line.jsonl --run x", 65), ("trials.jsonl --timeline", 65),
            ("data.gz", 73), ("one.jsonl --run 7", 64),
        ] as [(String, Int32)] {
            let refused = try shell("$R import \(arguments) --data i")
            #expect(refused.status == status, "\(arguments): \(refused.output)")
        }
        let seals = try shell("$R verify --data d --run one; $R verify --data i --run one").output
            .split(separator: "\n").map { $0.split(separator: " ").last }
        #expect(seals.count == 2 && seals[0] == seals[1])
    }

    @Test("the chain holds from the facts to the views, and names the link that somebody forged")
    func chain() throws {
        try made()
        let whole = try recount("verify", "--data", "d", "--chain", "--all")
        #expect(whole.status == 0 && !whole.output.contains("BROKEN"), "\(whole.output)")
        for link in ["log ", "timeline ", "run ", "artefacts ", "cache ", "view "] {
            #expect(whole.output.contains("\n\(link)") || whole.output.hasPrefix(link), "\(link)")
        }
        let anchor = try #require(
            try recount("ingest", "prices", "w/prices.csv", "--data", "d").output
                .split(separator: "\n").last?.split(separator: " ").last)
        #expect(try recount("verify", "--data", "d", "--expect", "\(anchor)").status == 0)
        // A row of a view, with its digest as it was.
        #expect(try shell("cp -r d v").status == 0)
        let trigger = "CREATE TRIGGER t AFTER INSERT ON disclosures BEGIN SELECT 1; END"
        let laid = try shell(
            """
            python3 -c "import sqlite3
            c = sqlite3.connect('v/views/one/disclosures.sqlite')
            c.execute('\(trigger)')
            c.commit()"
            """)
        #expect(laid.status == 0, "\(laid.output)")
        let forgedView = try recount("verify", "--data", "v", "--chain", "--run", "one")
        #expect(forgedView.status == 65 && forgedView.output.contains("holds the trigger t"))
        #expect(
            try recount("project", "disclosures", "--check", "--data", "v", "--run", "one").status
                == 65)
        // A price, and everything made anew that the facts' own seals are made of.
        let forged = try shell(
            """
            set -e
            cp -r d f
            rm -r f/log
            sed 's/SIM0001,\\(20[0-9-]*\\),[0-9.]*,/SIM0001,\\1,1.00,/' w/prices.csv > w/forged.csv
            $R ingest prices w/forged.csv --data f
            $R ingest disclosures w/disclosures_congress.csv --data f
            $R verify --data f
            """)
        #expect(forged.status == 0, "\(forged.output)")
        let found = try recount("verify", "--data", "f", "--chain", "--run", "one")
        #expect(found.status == 65 && found.output.contains("timeline"), "\(found.output)")
        #expect(found.output.contains("the facts of no commit of the data log give it"))
        #expect(try recount("verify", "--data", "f", "--expect", "\(anchor)").status == 65)
    }
}
