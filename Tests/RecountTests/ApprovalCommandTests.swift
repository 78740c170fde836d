import Foundation
import TestKit
import Testing

@Suite("recount approvals", .timeLimit(.minutes(10)))
struct ApprovalCommandTests {
    private let folder = TemporaryFolder()

    private func sh(_ commands: String) throws -> (status: Int32, output: String) {
        let answer = try Shell.run(commands, in: folder.path)
        return (answer.status, answer.output)
    }

    private func object(_ command: String) throws -> [String: Any] {
        let text = try sh("$R \(command) --json 2>/dev/null").output
        return try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            "\(command): \(text)")
    }

    private func candidates(_ run: String, _ options: String = "") throws -> [[String: Any]] {
        try #require(
            try object("approvals list --data d --run \(run) \(options)")["candidates"]
                as? [[String: Any]])
    }

    @Test("candidates stay listed until decided or expired; a promotion waits for another person")
    func promotion() throws {
        let made = try sh(
            """
            set -e
            $R simulate --seed 3 --years 3 --tickers 20 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv w/disclosures_senate.json \\
                w/disclosures_congress.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R backtest --data d --strategy feedback --run one --set holdout_sessions=40 \\
                --set early_stopping_sessions=10 --set training_lookback_sessions=120 \\
                --set min_transactions=1 --set queue_threshold=0.65
            """)
        #expect(made.status == 0, "\(made.output.suffix(500))")
        let held = try candidates("one")
        let all = try candidates("one", "--all")
        // The run itself has one candidate: those before it were superseded, and await a person.
        #expect(held.count > 1, "\(held.count) of \(all.count)")
        #expect(held.allSatisfy { $0["status"] as? String == "held" })
        let expired = all.filter { $0["status"] as? String == "expired" }
        #expect(expired.count > 5)
        #expect(
            expired.allSatisfy {
                ($0["reason"] as? String)?.hasPrefix("nobody decided within 28 days") == true
            })
        #expect(held.allSatisfy { ($0["held_at"] as? String ?? "") > "2014-11" })
        let model = try #require(held.first?["model_id"] as? String)
        let other = try #require(held.last?["model_id"] as? String)

        let direct = try sh("$R approvals list --data d --run one")
        #expect(direct.output.contains("nothing needs a second person"))
        let asked = try sh(
            """
            set -e
            $R approvals require 2 --who ann --reason "money from Monday on" --data d
            $R models promote \(model) --run one --who ann --reason "it reads well" --data d
            """)
        #expect(asked.status == 0, "\(asked.output)")
        #expect(asked.output.contains("nothing is done before another person approves"))
        let requests = try #require(
            try object("approvals list --data d")["requests"] as? [[String: Any]])
        let id = try #require(requests.first?["id"] as? String)
        #expect(requests.count == 1 && requests[0]["model_id"] as? String == model)
        #expect(try candidates("one").first?["request"] as? String == id)
        let again = try object("models promote \(model) --run one --reason x --who cyd --data d")
        #expect(again["recorded"] as? Bool == false && again["approval"] as? String == id)

        let own = try sh("$R approvals approve \(id) --who Ann --reason mine --data d 2>&1")
        #expect(own.status == 65 && own.output.contains("cannot approve"), "\(own.output)")
        let waiting = try sh("$R backtest --data d --like one --run two > two 2>&1; cat two")
        #expect(waiting.status == 0, "\(waiting.output)")
        #expect(
            try sh("$R seal --data d --run two").output == sh("$R seal --data d --run one").output)

        let decided = try sh(
            """
            set -e
            $R approvals comment \(id) "the holdout is short" --who cyd --data d
            $R approvals approve \(id) --who bob --reason "seen it" --data d
            $R approvals list --all --data d --run one
            """)
        #expect(decided.status == 0, "\(decided.output)")
        #expect(decided.output.contains("cyd on "))
        #expect(decided.output.contains("approved by bob: seen it"))
        let done = try sh(
            """
            set -e
            $R backtest --data d --like one --run three > three
            $R models list --data d --run three
            $R events --data d --type ModelPromoted --json
            $R verify --data d
            $R verify --causality --run three --data d
            """)
        #expect(done.status == 0, "\(done.output)")
        #expect(done.output.contains("it reads well; approved by bob: seen it"))
        let promoted = try candidates("three", "--all").filter {
            $0["status"] as? String == "promoted"
        }
        #expect(promoted.contains { $0["model_id"] as? String == model })

        let refused = try sh(
            """
            set -e
            $R approvals refuse --candidate \(other) --run one --who ann --reason worse --data d
            $R approvals refuse --candidate \(other) --run one --who ann --reason worse --data d \\
                2>&1 || [ $? = 65 ]
            """)
        #expect(refused.status == 0, "\(refused.output)")
        let gone = try candidates("one", "--all").first { $0["model_id"] as? String == other }
        #expect(gone?["status"] as? String == "refused")
        #expect((gone?["reason"] as? String)?.contains("by ann") == true)
        #expect(try !candidates("one").contains { $0["model_id"] as? String == other })
        let wrong = try sh("$R approvals refuse --candidate r1 --run one --reason x --data d 2>&1")
        #expect(wrong.status == 66, "\(wrong.output)")
        #expect(try sh("$R approvals require 1 --who bob --reason y --data d").status == 0)
        #expect(try object("approvals list --data d")["people"] as? Int == 2, "it waits too")
    }
}
