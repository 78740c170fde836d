import Foundation
import TestKit
import Testing

/// What learning came to is said by each command that shows models.
@Suite("What learning came to, as commands say it", .timeLimit(.minutes(10)))
struct LearningCommandTests {
    private let folder = TemporaryFolder()

    @Test(
        "report, stats, models list and retrain print ages; report and models what promotions did")
    func printed() throws {
        let answer = try Shell.run(
            """
            set -e
            $R simulate --seed 3 --years 3 --tickers 20 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv w/disclosures_senate.json \\
                w/disclosures_congress.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R backtest --data d --strategy feedback --run one --set gate=always \\
                --set holdout_sessions=20 --set early_stopping_sessions=10 \\
                --set training_lookback_sessions=120 --set min_transactions=1 \\
                --set queue_threshold=0.65 > backtest
            $R report --data d --run one > report
            $R report --data d --run one --json > report.json
            $R models list --data d --run one > models
            $R models list --data d --run one --json > models.json
            $R stats --data d --run one > stats
            $R stats --data d --run one --json > stats.json
            $R retrain --use-outcomes --data d --like one > retrain || [ $? = 65 ]
            $R retrain --use-outcomes --data d --like one --run two > kept || [ $? = 65 ]
            $R retrain --no-use-outcomes --lookback 110 --outcome-weight 3 --no-compare --data d \\
                --like one --run three > uncompared
            $R retrain --lookback 110 --no-compare --data d --like one --json > uncompared.json
            if $R retrain --lookback 4000 --data d --like one 2> beyond; then exit 1; fi
            if $R retrain --lookback 0 --data d --like one 2> range; then exit 1; fi
            if $R retrain --outcome-weight 101 --data d --like one 2>> range; then exit 1; fi
            if $R retrain --outcome-window-days 0 --data d --like one 2>> range; then exit 1; fi
            model=$($R models show candidate --data d --run three --json | grep -o '"id":"r[0-9]*"' \\
                | head -1 | cut -d'"' -f4)
            $R why model $model --data d --run three > asked
            $R models list --data d --run two > again
            """, in: folder.path)
        #expect(answer.status == 0, "\(answer.output.suffix(600))")
        func text(_ name: String) throws -> String {
            String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)")),
                as: UTF8.self)
        }
        func object(_ name: String) throws -> [String: Any] {
            try #require(
                try JSONSerialization.jsonObject(with: Data(try text(name).utf8)) as? [String: Any])
        }
        let report = try object("report.json")
        let ages = try #require(report["outcome_ages"] as? [[String: Any]])
        let days = ages.filter { $0["model"] is String }.compactMap { $0["newest_days"] as? Int }
        #expect(!days.isEmpty && days.allSatisfy { $0 > 60 }, "\(days)")
        #expect(try text("report").contains("What trainings learnt from: of \(days.count) that"))
        let models = try object("models.json")
        #expect((models["outcome_ages"] as? [Any])?.count == ages.count)
        #expect(try text("models").contains("newest  median"))
        let regressed = try #require(report["regressed_promotions"] as? Int)
        let promotions = try #require(report["promotions"] as? [[String: Any]])
        #expect(models["regressed_promotions"] as? Int == regressed && promotions.count > 3)
        #expect(promotions.contains { $0["regressed"] as? Bool != nil })
        #expect(
            try text("models").contains("\(regressed) of \(promotions.count) promotions regressed"))
        #expect(
            try text("report").contains("mature: \(regressed) of \(promotions.count) regressed"))
        #expect((report["criteria"] as? [Any])?.count == 5)
        #expect(try text("stats").contains("learns from   newest fitted outcome "))
        let buffers = try #require(try object("stats.json")["buffers"] as? [String: Any])
        #expect(buffers["newest_outcome_days"] as? Int ?? 0 > 60)
        let line = try #require(
            try text("retrain").split(separator: "\n").first { $0.hasPrefix("learnt from: ") })
        #expect(line.contains("newest fitted outcome ") || line.contains("no outcome row"))
        #expect(try text("kept").contains("learnt from: "))
        #expect(try text("uncompared").contains("held as candidate: comparisonNotAsked"))
        #expect(try !text("uncompared").contains("compared on"))
        let asked = try text("asked")
        #expect(asked.contains("sessions of decisions that it may learn from: 110; as the request"))
        #expect(asked.contains("who asked for it asked for no comparison"))
        let uncompared = try object("uncompared.json")
        let request = try #require(uncompared["request"] as? [String: Any])
        #expect(request["lookback_sessions"] as? Int == 110)
        #expect(request["compare_to_current"] as? Bool == false)
        #expect(request["outcome_weight"] is NSNull && uncompared["comparison"] is NSNull)
        #expect(try text("beyond").contains("lookback 4000: the strategy keeps the rows"))
        for option in ["--lookback 0", "--outcome-weight 101", "--outcome-window-days 0"] {
            #expect(try text("range").contains(option), "\(option)")
        }
    }
}
