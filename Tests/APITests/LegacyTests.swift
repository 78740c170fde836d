import EventLog
import Events
import Synchronization
import Testing

@testable import API

@Suite("Calls of the replaced systems", .serialized)
struct LegacyTests {
    private let world = APIWorld.shared

    private func post(_ target: String, _ body: String, as role: Role = .admin) -> APIWorld.Answer {
        world.ask("POST", target, as: role, body: body)
    }

    private func names(_ answer: APIWorld.Answer) -> [String] {
        if case .object(let fields)? = answer.json { fields.names } else { [] }
    }

    @Test("ml/train is asked for with who, and the job is found")
    func train() throws {
        let asked = post(
            "/ml/train",
            #"{"use_outcomes":true,"num_classes":3,"model_type":"xgboost","triggered_by":"cron"}"#)
        #expect(asked.status == 202 && asked["status"] == .text("pending"), "\(asked.text)")
        #expect(asked["triggered_by"] == .text("the-admin (cron)"))
        guard case .text(let id)? = asked["job_id"] else { return }
        // Nobody runs the loop here: it waits.
        let job = world.ask("GET", "/ml/train/\(id)")
        #expect(job["status"] == .text("pending"))
        for name in ["job_id", "status", "started_at", "completed_at", "error", "model_id"] {
            #expect(names(job).contains(name))
        }
        let evaluated = post(
            "/functions/v1/ml-training", "{\"action\":\"evaluate-training\",\"job_id\":\"\(id)\"}")
        #expect(evaluated["success"] == .boolean(false) && evaluated["job_id"] == .text(id))
        #expect(post("/functions/v1/ml-training", #"{"action":"trian"}"#).status == 400)
    }

    @Test(
        "what the loop does not have is refused with the reason",
        arguments: [
            (#"{"num_classes":5}"#, "num_classes"), (#"{"model_type":"forest"}"#, "xgboost"),
            (#"{"prediction_window_days":7}"#, "prediction_window_days"),
            (#"{"enable_sector":false}"#, "sector"), (#"{"stratified":true}"#, "no field"),
        ])
    func refusedParameters(body: String, why: String) {
        let answer = post("/ml/train", body)
        #expect(answer.status == 400 && answer.text.contains(why), "\(answer.text)")
    }

    @Test("a request for a training carries what it asks for, or names what cannot be had")
    func parameters() throws {
        let asked = post(
            "/functions/v1/ml-training",
            #"{"action":"train","use_outcomes":false,"outcome_window_days":60,"#
                + #""lookback_days":30,"outcome_weight":3.5,"compare_to_current":false}"#)
        #expect(asked.status == 202, "\(asked.text)")
        guard case .text(let id)? = asked["job_id"], let position = UInt64(id.dropFirst()) else {
            Issue.record("\(asked.text)")
            return
        }
        var job: JobStarted?
        _ = try EventLog.open(at: world.data.log).record(at: position) { record in
            job = try JobStarted(message: record.message)
        }
        #expect(job?.job == .training && job?.useOutcomes == false)
        #expect(job?.outcomeWindowDays == 60 && job?.lookbackSessions == 30)
        #expect(job?.outcomeWeight == 3.5 && job?.compareToCurrent == false)
        for (body, field) in [
            (#"{"lookback_days":0}"#, "lookback_days"),
            (#"{"outcome_window_days":3651}"#, "outcome_window_days"),
            (#"{"outcome_weight":-1}"#, "outcome_weight"),
            (#"{"compare_to_current":"no"}"#, "compare_to_current"),
        ] {
            let answer = post("/ml/train", body)
            #expect(answer.status == 400 && answer.text.contains(field), "\(answer.text)")
        }
        let beyond = post("/ml/train", #"{"lookback_days":4000}"#)
        #expect(beyond.status == 409 && beyond.text.contains("lookback 4000"), "\(beyond.text)")
    }

    @Test("trading-signals has the signals of the latest evaluations and how many of each kind")
    func signals() throws {
        let answer = post(
            "/functions/v1/trading-signals",
            #"{"action":"generate-signals","minConfidence":0.5,"lookbackDays":90}"#, as: .reader)
        #expect(answer.status == 200 && answer["success"] == .boolean(true))
        let rows = answer.rows("signals")
        #expect(!rows.isEmpty)
        #expect(answer["summary", "total"] == .number(Double(rows.count)))
        #expect(rows.allSatisfy { $0["suppressed_reason"] == .null })
        let none = post(
            "/functions/v1/trading-signals", #"{"action":"generate-signals","minConfidence":1}"#)
        #expect(none.rows("signals").isEmpty)
    }

    @Test("signal-feedback has outcomes, features and the model, in their shapes")
    func feedback() {
        let outcomes = post(
            "/functions/v1/signal-feedback", #"{"action":"record-outcomes","windowDays":90}"#)
        guard case .object(let summary)? = outcomes["summary"] else {
            Issue.record("\(outcomes.text)")
            return
        }
        #expect(summary.names == ["avgReturnPct", "breakeven", "losses", "winRate", "wins"])
        let features = post("/functions/v1/signal-feedback", #"{"action":"analyze-features"}"#)
        #expect(names(features) == ["analysis_date", "features", "success"])
        let model = post("/functions/v1/signal-feedback", #"{"action":"evaluate-model"}"#)
        #expect(names(model) == ["breakdown", "performance", "success", "weightAdjustment"])
    }

    @Test("each action of the portfolio answers; an unknown one names those that there are")
    func portfolio() {
        for action in Call.portfolioActions {
            let answer = post(
                "/functions/v1/reference-portfolio", "{\"action\":\"\(action)\"}", as: .reader)
            #expect(answer.status == 200 && answer["success"] == .boolean(true), "\(action)")
        }
        let mode = #"{"action":"set-trading-mode","mode":"live","reason":"x"}"#
        let path = "/functions/v1/reference-portfolio"
        #expect(world.ask("POST", path, body: mode).status == 401)
        #expect(post(path, mode, as: .operator).status == 403)
        #expect(post(path, mode).status == 409)
        let unknown = post(path, #"{"action":"get-stat"}"#)
        #expect(unknown.status == 400 && unknown.text.contains("did you mean get-state"))
        #expect(post(path, #"{"action":"get-state","x":1}"#).status == 400)
    }

    @Test("a signal is answered by the loop's own code, also by bars of one's own")
    func signal() throws {
        let all = world.ask("GET", "/api/v1/tables/trading_signals?limit=1").rows("rows")
        guard case .text(let ticker)? = all.first?["ticker"] else { return }
        let answer = world.ask("GET", "/ml/signal/\(ticker.lowercased())")
        for name in ["signal", "probability", "confidence", "model_id", "regime"] {
            #expect(names(answer).contains(name), "\(answer.text)")
        }
        let bars = (1...28).map { day in
            "{\"date\":\"2020-02-\(day < 10 ? "0" : "")\(day)\",\"open\":10,\"high\":11,"
                + "\"low\":9,\"close\":10.5,\"volume\":1000}"
        }
        let own = world.ask(
            "POST", "/ml/signal",
            body: "{\"ticker\":\"NEW\",\"bars\":[\(bars.joined(separator: ","))]}")
        #expect(own.status == 200, "\(own.text)")
        for (body, why) in [
            (#"{"ticker":"NEW","bars":[]}"#, "at least 1"),
            (#"{"ticker":"NEW","bars":[{"date":"x"}]}"#, "bars[0]"),
            ("{\"ticker\":\"NEW\",\"bars\":[\(bars[1]),\(bars[0])]}", "dates must grow"),
            (
                "{\"ticker\":\"NEW\",\"bars\":[\(bars[0].replacing("11", with: "1"))]}",
                "outside low and high"
            ),
        ] {
            let refused = world.ask("POST", "/ml/signal", body: body)
            #expect(
                [400, 422].contains(refused.status) && refused.text.contains(why),
                "\(refused.text)")
        }
        #expect(
            world.ask("POST", "/ml/batch-predict", body: "{\"tickers\":[\"\(ticker)\"]}").status
                == 503)
        #expect(world.ask("POST", "/ml/batch-predict", body: "{\"tickers\":[]}").status == 400)
    }

    @Test("a trade is recorded once, as the token's bearer, and a wrong one not at all")
    func trades() throws {
        let body = #"{"ticker":"ZZZ","signal":"long","entry":10,"exit":11,"size":5,"id":"t-1"}"#
        let first = post("/ml/trades", body, as: .operator)
        #expect(first["recorded"] == .boolean(true) && first["outcome"] == .text("win"))
        #expect(first["trainable"] == .boolean(false) && names(first).contains("reason"))
        #expect(post("/ml/trades", body, as: .operator)["recorded"] == .boolean(false))
        for wrong in [
            #"{"ticker":"ZZZ","signal":"up","entry":10,"exit":11,"size":5}"#,
            #"{"ticker":"ZZZ","signal":"long","entry":0,"exit":11,"size":5}"#,
            #"{"ticker":"ZZZ","signal":"long","entry":10,"exit":11}"#,
            #"{"ticker":"toolongticker","signal":"long","entry":10,"exit":11,"size":5}"#,
            #"{"ticker":"ZZZ","signal":"long","entry":10,"exit":11,"size":5,"entered_at":"x"}"#,
            #"{"ticker":"ZZZ","signal":"long","entry":1,"exit":1e9,"size":5}"#,
        ] {
            #expect([400, 422].contains(post("/ml/trades", wrong).status), "\(wrong)")
        }
        let other = body.replacing("11", with: "12")
        #expect(post("/ml/trades", other).status == 409)
    }

    @Test("halts and resumes over HTTP are the same facts as by command, with who")
    func halts() throws {
        let halted = post("/api/v1/halts", #"{"reason":"odd fills"}"#, as: .operator)
        #expect(halted.status == 200 && halted["halted"] == .boolean(true))
        #expect(halted.text.contains("the-operator") && halted.text.contains("odd fills"))
        let log = try EventLog.open(at: world.data.log)
        var who: String?
        let position = try log.head().position
        _ = try log.record(at: position) { record in
            who = try EntriesHalted(message: record.message).who
        }
        #expect(who == "the-operator")
        let again = post("/api/v1/halts", #"{"reason":"again"}"#)
        #expect(
            again["recorded"] == .boolean(false), "\(again.text) \(world.lines.withLock { $0 })")
        #expect(
            post("/api/v1/halts/resume", #"{"reason":"x","cause":"nope"}"#).status == 400)
        #expect(post("/api/v1/halts/resume", #"{"reason":"x"}"#)["halted"] == .boolean(false))
        #expect(post("/api/v1/halts/resume", #"{"reason":"x"}"#).status == 409)
        #expect(post("/api/v1/models/r1/promote", #"{"reason":"x"}"#).status == 409)
        #expect(post("/api/v1/models/rollback", #"{"reason":"x"}"#).status == 409)
    }
}
