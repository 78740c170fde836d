import Foundation
import TestKit
import Testing

/// What is decided anew is asked for: a report and a comparison price the same decisions without.
@Suite("--variants of report and compare", .timeLimit(.minutes(10)))
struct VariantCommandTests {
    private let folder = TemporaryFolder()

    @Test("only --variants decides anew, beside the same decisions at other costs")
    func asked() throws {
        let answer = try Shell.run(
            """
            set -e
            $R simulate --seed 3 --years 1 --tickers 10 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R backtest --data d --run one --strategy baseline --set train=false > made
            $R report --data d --run one --json > plain.json
            $R report --data d --run one --json --variants > anew.json
            $R compare baseline feedback --set train=false --data d --json > compared.json
            $R compare baseline feedback --set train=false --data d --json --variants > both.json
            $R compare baseline feedback --data d --plain --variants 2>&1 || echo status $?
            """, in: folder.path)
        #expect(answer.output.contains("choose --plain or --variants\n"), "\(answer.output)")
        #expect(answer.output.contains("status 64"))
        let plain = try object("plain.json")
        #expect(plain["replayed"] is NSNull)
        #expect(values(plain["costs"]) == [0, 5, 10, 20])
        let anew = try object("anew.json")
        let replayed = try #require(anew["replayed"] as? [String: Any])
        #expect(values(replayed["costs"]) == [0, 5, 10, 20])
        #expect(values(replayed["delays"]) == [0, 1, 3])
        #expect(values(anew["costs"]) == [0, 5, 10, 20])
        let priced = ["as_it_is", "priced_0", "priced_10", "priced_20"]
        #expect(try assumptions("compared.json") == priced.sorted())
        let all =
            priced + ["slippage_0", "slippage_10", "slippage_20", "delay_1", "delay_3"]
            + ["known_when_traded"]
        #expect(try assumptions("both.json") == all.sorted())
    }

    private func object(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func values(_ list: Any?) -> [Double]? {
        (list as? [[String: Any]])?.compactMap { $0["value"] as? Double }
    }

    private func assumptions(_ name: String) throws -> [String]? {
        let sides = try object(name)["assumptions"] as? [String: Any]
        return (sides?["baseline"] as? [String: Any])?.keys.sorted()
    }
}
