import Foundation
import TestKit
import Testing

/// What the loop does at the next open, beside what its model thinks.
@Suite("recount signal, models list and retrain", .timeLimit(.minutes(10)))
struct SignalCommandTests {
    private let folder = TemporaryFolder()

    private func world(_ backtest: String) throws {
        let answer = try Shell.run(
            """
            set -e
            $R simulate --seed 3 --years 3 --tickers 20 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv w/disclosures_senate.json \\
                w/disclosures_congress.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R backtest --data d --run one \(backtest) > backtest
            """, in: folder.path)
        #expect(answer.status == 0, "\(answer.output.suffix(600))")
    }

    private func recount(_ arguments: String) throws -> (output: String, status: Int32) {
        try Shell.run("$R \(arguments)", in: folder.path)
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// The last session on whose cycle the run one ordered a purchase.
    private func lastBuyDay() throws -> String {
        let lines = try recount("events --data d --run one --type OrderSubmitted --json").output
        let orders = try lines.split(separator: "\n").map { try object(String($0)) }
        let buys = orders.filter { $0["side"] as? String == "buy" }
        return try #require(buys.last?["day"] as? String)
    }

    @Test("first stands what the loop does at the next open, the same as its run did")
    func decision() throws {
        try world("--strategy feedback --set train=false --set queue_threshold=0.65")
        let day = try lastBuyDay()
        // The same loop, which knows no more than that day's cycle did.
        let cut = try recount("backtest --data d --like one --to \(day) --run cut")
        #expect(cut.status == 0, "\(cut.output)")
        let orders = try recount("events --data d --run cut --type OrderSubmitted --json").output
        let waiting = try orders.split(separator: "\n").map { try object(String($0)) }.filter {
            $0["day"] as? String == day
        }
        let buys = waiting.filter { $0["side"] as? String == "buy" }
            .compactMap { $0["ticker"] as? String }
        #expect(!buys.isEmpty)
        let all = try recount("signal --all --data d --like cut")
        #expect(all.status == 0, "\(all.output)")
        let listed = try object(
            try Shell.run("$R signal --all --data d --like cut --json 2>/dev/null", in: folder.path)
                .output)
        let tickers = try #require(listed["orders"] as? [[String: Any]]).filter {
            $0["side"] as? String == "buy"
        }.compactMap { $0["ticker"] as? String }
        #expect(tickers == buys && listed["as_of"] as? String == day)
        let one = try recount("signal \(buys[0].lowercased()) --data d --like cut")
        #expect(one.output.hasPrefix("\(buys[0]) as of \(day): BUY "), "\(one.output)")
        #expect(one.output.contains("; momentum: "))
        let json = try object(
            try recount("signal \(buys[0]) --data d --like cut --json").output)
        let decision = try #require(json["decision"] as? [String: Any])
        #expect(decision["action"] as? String == "buy" && json["signal"] is String)
        let unknown = try recount("signal SIM001 --data d --like one")
        #expect(unknown.status == 66 && unknown.output.contains("did you mean SIM00"))
    }

    @Test("bars of one's own take the place of the data's, and those of the data say the same")
    func ownBars() throws {
        try world("--strategy feedback --set train=false")
        let made = try Shell.run(
            """
            head -1 w/prices_adjusted.csv > own.csv
            grep -h SIM0003 w/prices_adjusted.csv >> own.csv || true
            sed 's/SIM0003/OTHER/' own.csv > other.csv; head -1 own.csv; wc -l own.csv
            """, in: folder.path)
        let data = try object(
            try recount("signal SIM0003 --data d --like one --json 2>/dev/null").output)
        let own = try object(
            try recount("signal SIM0003 --data d --like one --bars own.csv --json 2>/dev/null")
                .output)
        #expect(own["probability"] as? Double == data["probability"] as? Double, "\(made.output)")
        #expect(own["signal"] as? String == data["signal"] as? String)
        let other = try recount("signal OTHER --data d --like one --bars other.csv")
        #expect(other.status == 0 && other.output.contains("prices: "), "\(other.output)")
        let wrong = try recount("signal NOPE --data d --like one --bars other.csv")
        #expect(wrong.status == 65 && wrong.output.contains("it has OTHER"), "\(wrong.output)")
        #expect(try recount("signal --data d --like one").status == 64)
        #expect(try recount("signal --all --bars own.csv --data d --like one").status == 64)
    }

    @Test("models list has champions and the last twenty; retrain --json what its text has")
    func models() throws {
        try world(
            """
            --strategy feedback --set gate=always --set holdout_sessions=20 \\
                --set early_stopping_sessions=10 --set training_lookback_sessions=120 \\
                --set min_transactions=1 --set queue_threshold=0.65
            """)
        func rows(_ options: String) throws -> Int {
            let text = try recount("models list --data d --run one \(options)").output
            return text.split(separator: "\n").count { $0.contains("20") && $0.contains("  r") }
        }
        let json = try object(
            try Shell.run("$R models list --data d --run one --json 2>/dev/null", in: folder.path)
                .output)
        let models = try #require(json["models"] as? [[String: Any]])
        #expect(models.count > 25)
        #expect(try rows("--all") >= models.count)
        #expect(try rows("") < rows("--all"))
        let text = try recount("models list --data d --run one").output
        #expect(text.contains("of \(models.count) trainings are listed; --all lists all"))
        let failed = try object(
            try Shell.run(
                "$R models list --data d --run one --status failed --json 2>/dev/null",
                in: folder.path
            ).output)
        let shown = try #require(failed["models"] as? [[String: Any]])
        #expect(shown.count == models.count { $0["status"] as? String == "failed" })
        #expect(
            shown.allSatisfy { $0["status"] as? String == "failed" } && shown.count < models.count)

        let retrained = try Shell.run(
            "$R retrain --data d --like one --json 2>/dev/null > r || [ $? = 65 ]; cat r",
            in: folder.path)
        let answer = try object(retrained.output)
        #expect(answer.keys.contains("comparison"))
        if let comparison = answer["comparison"] as? [String: Any] {
            for key in ["new_accuracy", "current_accuracy", "new_f1", "current_f1"] {
                #expect(comparison[key] is Double, "\(key)")
            }
            for key in ["rule_verdict", "evidence_verdict", "reason", "decision"] {
                #expect(comparison[key] is String, "\(key)")
            }
        } else {
            Issue.record("nothing was compared: \(answer)")
        }
    }
}
