import Foundation
import TestKit
import Testing

/// Whom to follow, through the command: what is refused, what is counted, what is the same twice.
@Suite("Whom to follow through the command", .timeLimit(.minutes(10)))
struct FollowCommandTests {
    private let folder = TemporaryFolder()

    private func shell(_ script: String) throws -> (output: String, status: Int32) {
        try Shell.run(script, in: folder.path)
    }

    /// Two tickers over sixty weekdays, an index, and the rows of three members of whom two share a
    /// surname.
    private func made(_ more: String = "") throws {
        var bars = "ticker,date,open,high,low,close,volume\n"
        var index = "date,close\n"
        var number = 0
        for month in 1...3 {
            for day in 1...28 where ![0, 6].contains((day + month * 0) % 7) {
                let date = String(format: "2019-%02d-%02d", month, day)
                let close = 50 + Double(number) / 10
                // GAPS is traded in the first ten sessions and from the fiftieth on.
                for ticker in ["ACME", "BOLT", "GAPS"]
                where ticker != "GAPS" || !(10..<50).contains(number) {
                    bars += String(
                        format: "%@,%@,%.2f,%.2f,%.2f,%.2f,1000000\n", ticker, date, close,
                        close + 1, close - 1, close)
                }
                index += String(format: "%@,%.2f\n", date, 1_000 + Double(number))
                number += 1
            }
        }
        let rows = """
            transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office
            2019-01-15,2019-02-04,Acme,ACME,P,"$1,001 - $15,000",Ann Stone,H,MI01
            2019-01-15,2019-02-05,Bolt,BOLT,P,"$50,001 - $100,000",Ivy Stone,S,OH
            2019-01-16,2019-02-05,Acme,ACME,P,"$15,001 - $50,000",Bob Ray,H,CA03
            2019-01-16,2019-02-06,Bolt,BOLT,S,"$15,001 - $50,000",Bob Ray,H,CA03

            """
        for (name, text) in [("p", bars), ("i", index), ("f", rows)] {
            try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name).csv"))
        }
        let answer = try shell(
            """
            set -e; export RECOUNT_FOLDER=d
            $R ingest prices p.csv --data d --calendar none
            $R ingest index i.csv --series market --data d; $R ingest disclosures f.csv --data d; \(more)
            """)
        #expect(answer.status == 0, "\(answer.output)")
    }

    private static let backtest =
        "$R backtest --data d --strategy disclosure-follow --set min_confidence=0"

    @Test("nobody, one of two, or a committee that nothing is known of is followed in silence")
    func refused() throws {
        try made()
        for (setting, text, status) in [
            ("follow_members=stoan", "nobody named stoan files; did you mean", 66),
            ("follow_members=X000001", "nobody named X000001 files", 66),
            ("follow_members=Stone", "Stone may be Ann Stone (house MI01), or Ivy Stone", 64),
            ("follow_committee=HSAG", "the log holds no seats on committees", 66),
            (
                "follow_party=democrat", "none of 4 filed rows is followed: 4 of an unknown party",
                66
            ),
            ("follow_owner=spouse", "4 of an unknown owner", 66),
            ("follow_least_band=1e6", "4 below the band", 66),
        ] as [(String, String, Int32)] {
            for command in [
                "\(Self.backtest) --run x --set '\(setting)'",
                "$R compare --data d 'disclosure-follow:min_confidence=0,\(setting)' baseline",
                "$R sweep disclosure-follow --data d --vary stop=0.1,0.2 --set '\(setting)'",
                "$R signal --all --data d --set '\(setting)'",
            ] {
                let answer = try shell(command)
                #expect(
                    answer.status == status && answer.output.contains(text),
                    "\(command)\n\(answer.output)")
            }
        }
        #expect(try shell("ls d/runs 2>/dev/null").output.isEmpty, "nothing is left")
    }

    @Test("a part of a name is another strategy than the whole name, or the counts of two reports")
    func counted() throws {
        try made(
            """
            \(Self.backtest) --set 'follow_members=ray' --run a > a
            \(Self.backtest) --set 'follow_members=Bob Ray' --run b > b
            $R report --run a > ra; $R report --run a --json > ja
            """)
        let line = "Follows 2 of 4 filed rows; left out: 2 of other members\n"
        for file in ["a", "b", "ra"] {
            #expect(try shell("cat \(file)").output.contains(line), "\(file)")
        }
        let seals = try shell("grep -h ^Seal a b").output.split(separator: "\n")
        #expect(seals.count == 2 && seals[0] == seals[1])
        #expect(try shell("cat a").output.contains("--set 'follow_members=Bob Ray'"))
        let json = try shell("cat ja").output
        #expect(json.contains(#""followed":{"rows":4,"followed":2,"left_out":{"otherMember":2}}"#))
        let proof = try shell(
            "$R verify --data d --run a --causality; $R reproduce --data d --run a")
        #expect(proof.status == 0 && proof.output.contains("are equal to the byte"))
        let trades = try shell("$R events --data d --run a --type OrderSubmitted --json").output
        #expect(trades.contains("ACME") && !trades.contains("BOLT"))
        #expect(try !shell("\(Self.backtest) --run c").output.contains("Follows"))
    }

    @Test("a comparison and a fork do not say whom a side follows")
    func compared() throws {
        try made()
        let compare = try shell(
            "$R compare --data d --plain disclosure-follow:min_confidence=0 "
                + "'disclosure-follow:min_confidence=0,follow_chamber=house,follow_buys_only=true'")
        #expect(
            compare.output.contains(
                "Follows 2 of 4 filed rows; left out: 1 of the other chamber, 1 sales"),
            "\(compare.output)")
        let fork = try shell(
            "\(Self.backtest) --run a > a; $R fork --data d --run a --as-of 2019-02-04 --as b "
                + "--set follow_members=ivy")
        #expect(fork.status == 0, "\(fork.output)")
        #expect(fork.output.contains("follow_members unset to Ivy Stone"), "\(fork.output)")
        #expect(fork.output.contains("Follows 1 of 4 filed rows"))
    }

    @Test("report, filers and sql list other trades or filings of a member than were made")
    func listed() throws {
        try made(
            """
            \(Self.backtest) --run w > w; $R backtest --data d --strategy baseline --run b \
              --set queue_threshold=0.6 --set emit_threshold=0.6 > b
            $R project all --run w; $R project all --run b
            """)
        // The workload bought on the first filing of the two, the loop on both.
        for (run, filer, sides) in [
            ("w", "Ann Stone", ["buy"]), ("b", "Bob Ray", ["buy", "sell"]),
        ] {
            let json = try shell("$R report --run \(run) --data d --member '\(filer)' --json")
                .output
            let answer = try #require(
                try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            let trades = try #require(answer["trades"] as? [[String: Any]])
            #expect(trades.map { $0["ticker"] as? String } == ["ACME"], "\(run): \(json)")
            let filings = try #require(answer["filings"] as? [[String: Any]])
            #expect(filings.map { $0["side"] as? String } == sides)
            #expect(answer["followed"] as? Int == sides.count && answer["rows"] as? Int == 4)
            let rows = try shell(
                "$R sql --run \(run) --data d --csv \"SELECT ticker, profit, filings FROM "
                    + "filing_trades WHERE filer = '\(filer)' AND side = 'buy'\""
            ).output
            let row = try #require(
                rows.split(whereSeparator: \.isNewline).dropFirst().first, "\(run): \(rows)")
            let profit = try #require(trades[0]["profit"] as? Double)
            #expect(row.hasPrefix("ACME,\(profit)"), "\(run): \(rows)")
            #expect(row.hasSuffix(",\(trades[0]["filings"] as? Int ?? 0)"))
        }
        let text = try shell("$R report --run b --data d --member ray --buys-only").output
        #expect(text.contains("b: strategy baseline, filings of members Bob Ray; purchases\n"))
        #expect(text.contains("Left out: 2 of other members, 1 sales\n"), "\(text)")
        let shown = try shell(
            "$R report --run b --data d --member ray --buys-only --html x.html && cat x.html")
        #expect(shown.status == 0 && shown.output.contains("the page is x.html"))
        let page = try #require(shown.output.components(separatedBy: "<!DOCTYPE html>").last)
        for text in [
            "Made by <code>recount report --run b --member ray --buys-only</code>",
            "b: strategy baseline, filings of members Bob Ray; purchases", "<td>1 of 2</td>",
            "<th scope=\"row\" class=\"text\">Bob Ray</th>", "<td>15,001.00</td>",
        ] { #expect(page.contains(text), "\(text): \(page)") }
        #expect(!page.contains("Ann Stone") && !page.contains("<script"))
        let both = try shell("$R report --run b --data d --chamber house --json").output
        #expect(both.contains(#""filings":2,"followed":2"#), "\(both)")
        let list = try shell("$R filers ray --data d --least-band '$15,001'").output
        #expect(list.contains("2019-02-05  2019-01-16  ACME    buy"), "\(list)")
        #expect(list.contains("2 rows of members Bob Ray; bands from 15001.0 dollars, of 4"))
        let json = try shell("$R filers --data d --chamber senate --json").output
        #expect(json.contains(#""ticker":"BOLT""#) && !json.contains("ACME"))
    }

    @Test(
        "a party of reference facts or a committee is no condition of SQL, or that of another day")
    func committees() throws {
        try Data(
            """
            bioguide_id,name,party,chamber
            X000001,Ann Stone,Democrat,House
            X000002,Bob Ray,Republican,House

            """.utf8
        ).write(to: URL(filePath: "\(folder.path)/r.csv"))
        try Data(
            """
            bioguide_id,committee,from,to
            X000001,HSAG,2019-01-01,2019-03-01
            X000002,HSAG,2018-01-01,2019-02-04
            X000002,HSBA,2018-01-01,

            """.utf8
        ).write(to: URL(filePath: "\(folder.path)/c.csv"))
        try made(
            """
            $R ingest reference r.csv c.csv; \(Self.backtest) --run w > w
            $R project all --run w
            """)
        func rows(_ condition: String, _ table: String = "known_filings") throws -> [String] {
            let answer = try shell(
                "$R sql --run w --csv \"SELECT ticker, filer FROM \(table) WHERE "
                    + "\(condition) ORDER BY 1, 2\" --data d 2>/dev/null")
            #expect(answer.status == 0, "\(answer.output)")
            return answer.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
        }
        #expect(try rows("known_party = 'democrat'") == ["ACME,Ann Stone"])
        #expect(try rows("known_party = 'republican'") == ["ACME,Bob Ray", "BOLT,Bob Ray"])
        #expect(try rows("known_party IS NULL") == ["BOLT,Ivy Stone"])
        // Bob's seat ended the day before he filed.
        #expect(try rows("committees LIKE '%HSAG%'") == ["ACME,Ann Stone"])
        #expect(try rows("committees = 'HSBA'") == ["ACME,Bob Ray", "BOLT,Bob Ray"])
        #expect(try rows("committees LIKE '%HSAG%'", "filing_trades") == ["ACME,Ann Stone"])
        #expect(
            try rows("known_party = 'democrat' AND committees = 'HSAG'", "filing_trades")
                == ["ACME,Ann Stone"])
        // The same as the report's own rules say.
        for (option, condition) in [
            ("--party democrat", "known_party = 'democrat'"),
            ("--party republican", "known_party = 'republican'"),
            ("--committee HSAG", "committees LIKE '%HSAG%'"),
            ("--committee HSBA", "committees LIKE '%HSBA%'"),
        ] {
            let json = try shell("$R report --run w --data d \(option) --json 2>/dev/null").output
            let answer = try #require(
                try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any], "\(json)"
            )
            let listed = try #require(answer["filings"] as? [[String: Any]]).map {
                "\($0["ticker"] ?? ""),\($0["filer"] ?? "")"
            }
            #expect(try listed.sorted() == rows(condition), "\(option)")
        }
        let then = try shell(
            "$R sql --run w --data d --as-of 2019-02-04 --csv 'SELECT committees FROM known_filings'"
        ).output
        #expect(then.contains("HSAG") && !then.contains("HSBA"), "\(then)")
    }

    @Test("what chooses no filing is answered as if it chose none")
    func unlisted() throws {
        try made("\(Self.backtest) --run w > w")
        for (command, text, status) in [
            ("report --run w --data d --member nobody", "nobody named nobody files", 66),
            ("report --run w --data d --chamber hause", "did you mean house?", 64),
            ("report --run w --data d --buys-only --variants", "are of the whole run", 64),
            ("report --run w --data d --buys-only --html d/x.html", "--html", 64),
            ("filers stone --data d", "stone may be Ann Stone", 64),
            ("filers --data d --suspects --buys-only", "are of all filers", 64),
        ] as [(String, String, Int32)] {
            let answer = try shell("$R \(command)")
            #expect(answer.status == status && answer.output.contains(text), "\(answer.output)")
        }
    }

    /// The line of a kind that a report holds a run against.
    private func line(_ kind: String, _ command: String) throws -> [String: Any] {
        let json = try shell(command).output
        let answer = try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any], "\(json)")
        let all = try #require(answer["beside"] as? [[String: Any]])
        return try #require(all.first { $0["kind"] as? String == kind }, "\(json)")
    }

    @Test(
        "a benchmark is another ticker than asked, has other returns than its bars, or hides gaps")
    func benchmark() throws {
        try made("\(Self.backtest) --run w > w")
        let acme = try line("benchmark", "$R report --run w --data d --benchmark acme --json")
        // From 50 in the first of sixty sessions to 55.9 in the last.
        #expect(abs((acme["total_return"] as? Double ?? 0) - (55.9 / 50 - 1)) < 1e-12)
        #expect(acme["name"] as? String == "ACME" && acme["missing_sessions"] as? Int == 0)
        let gaps = try line("benchmark", "$R report --run w --data d --benchmark GAPS --json")
        #expect(gaps["missing_sessions"] as? Int == 40)
        #expect(abs((gaps["total_return"] as? Double ?? 0) - (55.9 / 50 - 1)) < 1e-12)
        let returns = try #require(gaps["returns"] as? [Any])
        #expect(returns.filter { $0 is NSNull }.count == 41, "the first session has no return")
        let index = try line("index", "$R report --run w --data d --json")
        #expect((index["name"] as? String)?.hasPrefix("index") == true)
        let text = try shell("$R report --run w --data d --benchmark gaps").output
        #expect(text.contains("  GAPS has no bar in 40 of 60 sessions\n"), "\(text)")
        let pair = "baseline disclosure-follow:min_confidence=0"
        for command in ["report --run w", "compare \(pair)", "compare --plain \(pair)"] {
            let wrong = try shell("$R \(command) --data d --benchmark ACMR")
            #expect(wrong.status == 66 && wrong.output.contains("did you mean ACME?"))
            let copied = try shell("$R \(command) --data d").output
            #expect(copied.contains("copied: 2 purchases"), "\(command): \(copied)")
            let right = try shell("$R \(command) --data d --benchmark gaps").output
            #expect(right.contains("GAPS has no bar in 40 of 60"), "\(command): \(right)")
        }
        let page = try shell(
            "$R report --run w --data d --benchmark gaps --html x.html > x; cat x.html"
        ).output
        #expect(page.contains("GAPS has no bar in 40 of 60 sessions."))
        #expect(page.contains("Copying in equal parts"))
    }

    @Test("copied filings are bought, sold or weighed otherwise than the definition says")
    func copied() throws {
        try made("\(Self.backtest) --run w --set max_sessions=5 > w")
        let line = try line("copying", "$R report --run w --data d --json")
        let returns = try #require(line["returns"] as? [Double])
        // Sessions are five of each seven days of a month of 28; 2019-02-05 is the 24th, and every
        // open is its close. Ann's purchase of ACME is bought there with 5 basis points, the two
        // of the day after it on the 25th: BOLT, and ACME that is held. Bob sold BOLT, which is
        // Ivy's. After five sessions both are left, at an open that costs 5 basis points.
        func close(_ session: Int) -> Double { 50 + Double(session) / 10 }
        var expected = Array(repeating: 0.0, count: 60)
        func step(_ session: Int) -> Double { close(session) / close(session - 1) - 1 }
        let first = try #require(returns.firstIndex { $0 != 0 })
        expected[first] = 1 / 1.0005 - 1
        expected[first + 1] = (step(first + 1) + 1 / 1.0005 - 1) / 2
        for session in (first + 2)...(first + 5) { expected[session] = step(session) }
        let sold = close(first + 6) * 0.9995 / close(first + 5) - 1
        expected[first + 6] = (sold + step(first + 6)) / 2
        expected[first + 7] = close(first + 7) * 0.9995 / close(first + 6) - 1
        for (session, pair) in zip(returns, expected).enumerated() {
            #expect(abs(pair.0 - pair.1) < 1e-12, "session \(session): \(pair)")
        }
        let text = try shell("$R report --run w --data d").output
        #expect(
            text.contains(
                "copied: 2 purchases, sold on the filer's sale 0, at the timeout 2, without a price "
                    + "0, open 0; not bought, as held or without a bar: 1"), "\(text)")
        let alone = try shell(
            "\(Self.backtest) --run b --set follow_members=bob > b; "
                + "$R report --run b --data d"
        ).output
        #expect(alone.contains("copied: 1 purchases"), "\(alone)")
    }

    @Test("an option is traded, or is in no report and no table by filer and underlying")
    func options() throws {
        let filing = """
            [{"first_name": "Ann", "last_name": "Lee", "office": "Lee, Ann (Senator)", \
            "ptr_link": "https://x.example/ptr/1/", "date_recieved": "02/05/2019", \
            "transactions": [{"transaction_date": "01/15/2019", "owner": "Self", \
            "ticker": "ACME", "asset_description": "Acme Option Type: Call", \
            "asset_type": "Stock Option", "type": "Purchase", "amount": "$1,001 - $15,000", \
            "comment": "--"}], "bioguide": "X000009"}]
            """
        try Data(filing.utf8).write(to: URL(filePath: "\(folder.path)/o.json"))
        try made(
            """
            $R ingest disclosures o.json > o; \(Self.backtest) --run w > w
            $R project disclosures; $R report --run w --html x.html > r; $R report --run w --json > j
            """)
        let text = try shell("cat r").output
        #expect(text.contains("Options filed: 1 rows, counted and not traded"), "\(text)")
        let row = text.split(separator: "\n").first { $0.hasPrefix("  Ann Lee ") }
        #expect(row?.split(separator: " ") == ["Ann", "Lee", "ACME", "1", "1", "0", "0", "0", "0"])
        let object = "{\"filer\":\"Ann Lee\",\"underlying\":\"ACME\",\"rows\":1,\"calls_bought\":1,"
        #expect(try shell("cat j").output.contains(object))
        #expect(try shell("cat x.html").output.contains("Options filed, counted and not traded"))
        let sql = try shell(
            "$R sql --data d --csv 'SELECT filer, underlying, option_right, side FROM option_filings'"
        )
        #expect(sql.output.contains("Ann Lee,ACME,call,buy"), "\(sql.output)")
        #expect(try shell("$R filers --data d").output.hasPrefix("Ann Stone"), "nobody named Lee")
    }
}
