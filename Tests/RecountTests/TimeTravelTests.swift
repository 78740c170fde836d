import EventLog
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

/// The commands of time travel as a person runs them.
@Suite("recount at, watch, bisect, step, sql of the past", .timeLimit(.minutes(10)))
struct TimeTravelTests {
    private let folder = TemporaryFolder()
    private let data: String

    init() throws {
        data = "\(folder.path)/data"
        _ = try SmallWorld.data(SmallWorld(seed: 5, sessions: 160).facts, at: data)
    }

    private func recount(_ arguments: [String]) throws -> (output: String, status: Int32) {
        try Peer(arguments + ["--data", data, "--run", "feedback"], program: "recount").finish()
    }

    @Test(
        "at gives a table or a row, as text, JSON and SQLite, and agrees with a fold from scratch")
    func at() throws {
        let whole = try recount(["at", "4000", "portfolio", "--check"])
        #expect(whole.status == 0 && whole.output.contains("as of 4000: position 4000, after "))
        #expect(whole.output.contains("\nreference_portfolio_state\n"))
        let json = try recount(["at", "4000", "portfolio", "--json"]).output
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let tables = try #require(object["tables"] as? [String: [[String: Any]]])
        let first = try #require(tables["reference_portfolio_positions"]?.first)
        let ticker = try #require(first["ticker"] as? String)
        let one = try recount([
            "at", "4000", "portfolio", ticker, "--table", "reference_portfolio_positions",
        ])
        #expect(one.output.contains(ticker) && !one.output.contains("reference_portfolio_state"))
        let small = try recount([
            "at", "4000", "portfolio", ticker.lowercased(), "--table",
            "reference_portfolio_positions",
        ])
        #expect(small.output == one.output)
        let path = "reference_portfolio_positions[KEY].quantity"
        let values = try [ticker, ticker.lowercased()].map { key in
            try recount(["watch", "portfolio", path.replacingOccurrences(of: "KEY", with: key)])
        }
        #expect(values[0].output == values[1].output && values[0].output.contains(" r"))
        #expect(try recount(["at", "4000", "portfolio", "NOBODY"]).status == 1)
        #expect(try recount(["at", "soon", "portfolio"]).status == 64)
        #expect(try recount(["at", "4000", "nothing"]).status == 64)
        let file = "\(folder.path)/then.sqlite"
        #expect(try recount(["at", "4000", "portfolio", "--sqlite", file]).status == 0)
        #expect(FileManager.default.fileExists(atPath: file))
        #expect(
            try recount(["at", "4000", "portfolio", "--sqlite", "\(data)/x.sqlite"]).status == 64)
    }

    @Test("sql of the past sees what at sees, and the versions of a row meet without a gap")
    func sql() throws {
        let then = try recount([
            "sql", "--as-of", "4000", "--json", "SELECT cash FROM reference_portfolio_state",
        ]).output
        let at = try recount(["at", "4000", "portfolio", "--json"]).output
        let cash = try #require(then.dropFirst().split(separator: "}").first)
        #expect(at.contains(cash))
        let gaps = """
            SELECT count(*) AS gaps FROM reference_portfolio_state a
            WHERE valid_to IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM reference_portfolio_state b WHERE b.valid_from = a.valid_to)
            """
        #expect(try recount(["sql", "--history", "--json", gaps]).output == "{\"gaps\":0}\n")
        let since = "SELECT min(valid_from) > 4000 AS later FROM reference_portfolio_state"
        #expect(
            try recount(["sql", "--from", "4000", "--json", since]).output == "{\"later\":1}\n")
        #expect(try recount(["sql", "--history", "--as-of", "1", "SELECT 1"]).status == 64)
        #expect(try recount(["sql", "--as-of", "1", "DELETE FROM trading_signals"]).status == 64)
    }

    @Test(
        "watch and step print a line an event, bisect the first, and what never holds ends with 1")
    func follow() throws {
        let watched = try recount([
            "watch", "portfolio", "reference_portfolio_state.open_positions", "--csv",
        ]).output.split(separator: "\r\n")
        #expect(watched.count > 5 && watched[0] == "position,event,known_at,type,value")
        let first = try recount([
            "bisect", "portfolio", "reference_portfolio_state.open_positions >= 1", "--json",
        ])
        let place = try #require(watched.first { $0.hasSuffix(",1") }?.split(separator: ",").first)
        #expect(first.status == 0 && first.output.contains("\"position\":\(place),"))
        let never = try recount(["bisect", "portfolio", "reference_portfolio_state.cash < 0"])
        #expect(never.status == 1 && never.output.isEmpty)
        #expect(try recount(["bisect", "portfolio", "cash < 0"]).status == 64)
        let steps = try recount(["step", "portfolio", "--from", "0", "--limit", "3", "--json"])
        #expect(steps.output.split(separator: "\n").count == 3)
        let last = try recount([
            "step", "portfolio", "--from", "end", "--backwards", "--limit", "1", "--json",
            "--path", "reference_portfolio_state.open_positions",
        ]).output
        let end = try #require(watched.last?.split(separator: ",").first)
        #expect(last.hasPrefix("{\"position\":\(end),"))
    }

    @Test("step and sql --from have with --to what lies within, both ends as said, nothing else")
    func window() throws {
        func positions(_ arguments: [String]) throws -> [UInt64] {
            let answer = try recount(["step", "portfolio", "--json"] + arguments)
            #expect(answer.status == 0)
            return answer.output.split(separator: "\n").compactMap { line in
                line.dropFirst("{\"position\":".count).split(separator: ",").first.flatMap {
                    UInt64($0)
                }
            }
        }
        let all = try positions(["--from", "3000"])
        let (first, last) = (all[4], all[20])
        let within = try positions(["--from", "\(first)", "--to", "\(last)"])
        #expect(within == Array(all[5...20]))
        let back = try positions(["--from", "\(first)", "--to", "\(last)", "--backwards"])
        #expect(back == within.reversed())
        #expect(try positions(["--from", "\(first)", "--to", "\(first)"]).isEmpty)
        func versions(_ arguments: [String]) throws -> Int {
            let text = try recount(
                ["sql", "--json", "SELECT count(*) AS n FROM reference_portfolio_state"] + arguments
            ).output
            return try #require(Int(text.dropFirst("{\"n\":".count).dropLast(2)), "\(text)")
        }
        let since = try versions(["--from", "\(first)"])
        let later = try versions(["--from", "\(last)"])
        let between = try versions(["--from", "\(first)", "--to", "\(last)"])
        #expect(between == since - later && between > 0 && later > 0)
        let before = try versions(["--history", "--to", "\(first)"])
        #expect(before + since == (try versions(["--history"])) && before > 0)
        for refused in [
            ["step", "portfolio", "--from", "9", "--to", "4"],
            ["sql", "--from", "9", "--to", "4", "SELECT 1"], ["sql", "--to", "4", "SELECT 1"],
            ["sql", "--as-of", "4", "--to", "4", "SELECT 1"],
        ] { #expect(try recount(refused).status == 64, "\(refused)") }
    }

    @Test("diff names what came and what changed, between moments and between runs")
    func diff() throws {
        let moments = try recount([
            "diff", "portfolio", "--from", "0", "--to", "4000", "--json",
        ]).output.split(separator: "\n")
        #expect(moments.contains { $0.contains("\"change\":\"inserted\"") })
        let same = try recount(["diff", "portfolio", "--from", "4000", "--to", "4000"])
        #expect(same.output.hasSuffix("nothing differs\n"))
        #expect(try recount(["diff", "portfolio", "--from", "9", "--to", "4"]).status == 64)
        #expect(try recount(["diff", "portfolio"]).status == 64)
        let aside = "\(folder.path)/aside"
        _ = try SmallWorld.data(
            SmallWorld(seed: 5, sessions: 160).facts, at: aside, settings: ["max_positions=2"])
        try FileManager.default.moveItem(
            atPath: "\(aside)/runs/feedback", toPath: "\(data)/runs/other")
        for (run, isEqual) in [("feedback", true), ("other", false)] {
            let found = try recount(["diff", "portfolio", "--run", run])
            #expect(found.status == 0)
            #expect(found.output.hasSuffix("nothing differs\n") == isEqual)
            #expect(found.output.contains("max_positions: ") != isEqual)
        }
    }
}
