import ArgumentParser
import Foundation
import TestKit
import Testing

@testable import recount

/// What `--json` prints: objects, one a line or one alone, of known names.
@Suite("Shapes of --json", .timeLimit(.minutes(10)))
struct JSONShapeTests {
    private let folder = TemporaryFolder()

    @Test("every command that answers takes --json")
    func everywhere() {
        for (path, type) in HelpTests.commands where type.configuration.subcommands.isEmpty {
            let help = Recount.helpMessage(for: type)
            #expect(help.contains("--json"), "\(path.joined(separator: " "))")
        }
    }

    /// The names of an object and of what lies in it, with their types.
    static func shape(_ value: Any) -> String {
        switch value {
        case let object as [String: Any]:
            let fields = object.sorted { $0.key < $1.key }.map { "\($0.key):\(shape($0.value))" }
            return "{\(fields.joined(separator: ","))}"
        case let list as [Any]: return "[\(list.first.map(shape) ?? "")]"
        case is String: return "text"
        case is NSNull: return "null"
        case let number as NSNumber:
            return String(cString: number.objCType) == "c" ? "flag" : "number"
        default: return "?"
        }
    }

    @Test("the names that programs read are these")
    func shapes() throws {
        let made = try Shell.run(
            """
            set -e
            $R simulate --seed 3 --years 2 --tickers 12 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv w/disclosures_senate.json \\
                w/disclosures_congress.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R backtest --data d --strategy feedback --run one --set min_transactions=1 \\
                --set train=false
            $R project all --data d --run one
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output.suffix(400))")
        var found: [String] = []
        for command in [
            "reproduce --run one", "verify", "verify --causality --run one", "status --run one",
            "signal SIM0003 --like one", "signal --all --like one", "stats --run one",
            "trials", "models list --run one", "late", "filers --suspects", "seal",
            "project signals --run one", "check-lookahead --run one --cuts 2",
            "training-set show --run one --as-of end", "sql --run one 'SELECT 1 AS a'",
            "sql --tables trading_signals", "at end blend-weight --run one --limit 1",
            "events --run one --type SignalSuppressed --limit 1", "effects setting --run one",
            "diff --run one --run one", "export --run one", "step portfolio --run one --limit 1",
            "ingest guess w/disclosures_normalized.csv", "strategy schema",
        ] {
            let isOfFolder = !command.hasPrefix("ingest") && !command.hasPrefix("strategy")
            let answer = try Shell.run(
                "$R \(command) \(isOfFolder ? "--data d " : "")--json 2>/dev/null",
                in: folder.path)
            #expect(answer.status == 0, "\(command)")
            let isWhole = command == "strategy schema"
            let first = try #require(
                isWhole ? answer.output[...] : answer.output.split(separator: "\n").first,
                "\(command)")
            let value = try JSONSerialization.jsonObject(with: Data(first.utf8))
            #expect(value is [String: Any], "\(command)")
            found.append("\(command)\n  \(JSONShapeTests.shape(value))")
        }
        let show = try Shell.run("$R strategy show baseline --json", in: folder.path).output
        let setting = try JSONSerialization.jsonObject(
            with: Data(try #require(show.split(separator: "\n").first).utf8))
        found.append("strategy show baseline\n  \(JSONShapeTests.shape(setting))")
        let text = found.joined(separator: "\n") + "\n"
        let golden = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden/json-shapes.txt")
        if ProcessInfo.processInfo.environment["RECOUNT_REWRITE_GOLDEN"] != nil {
            try Data(text.utf8).write(to: golden)
        }
        let known = try String(contentsOf: golden, encoding: .utf8).split(separator: "\n")
        let now = text.split(separator: "\n")
        #expect(known.count == now.count)
        for (before, after) in zip(known, now) { #expect(before == after) }
    }

    @Test("an evaluation's features have their names")
    func features() throws {
        let made = try Shell.run(
            """
            set -e
            $R simulate --seed 3 --years 1 --tickers 8 --out w >/dev/null
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d >/dev/null
            $R ingest disclosures w/disclosures_normalized.csv --data d >/dev/null
            $R backtest --data d --strategy feedback --run one --set train=false >/dev/null 2>&1
            $R events --run one --data d --type SignalSuppressed --limit 1 --json
            """, in: folder.path)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: Any])
        let stored = try #require(object["features"] as? [[String: Any]])
        let named = try #require(object["features_by_name"] as? [String: Any])
        #expect(named.count == stored.count && named.count > 20)
        let names = try Shell.run("$R strategy features --json", in: folder.path).output
            .split(separator: "\n").compactMap { line in
                (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?[
                    "name"]
                    as? String
            }
        for (name, value) in zip(names, stored) {
            #expect("\(named[name] ?? "")" == "\(value["value"] ?? "")", "\(name)")
        }
    }
}
