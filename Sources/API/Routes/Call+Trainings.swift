import Application
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Market
import Pipeline
import Projections

extension Call {
    /// Asks the live run for a training.
    func ask(useOutcomes: Bool, who: String? = nil) throws -> TrainingJob {
        var ledger = OperatorLedger()
        return try TrainingJob.ask(
            useOutcomes ? .feedbackRetraining : .training, who: who ?? caller.name ?? "",
            run: run, in: workspace, &ledger)
    }

    /// Refuses a setting that the loop does not have, unless it is what the loop does.
    private func fixed(
        _ name: String, _ isSo: (JSONValue) -> Bool, _ why: String
    ) throws(ApplicationError) {
        guard let value = body[name], value != .null, !isSo(value) else { return }
        throw .invalid(fields: [name], "{\(name)}: \(why)")
    }

    func train() throws -> APIResponse {
        try only([
            "lookback_days", "model_type", "prediction_window_days", "num_classes",
            "enable_sector", "enable_market_regime", "triggered_by", "use_outcomes",
            "outcome_weight",
        ])
        try fixed("model_type", { $0 == .text("xgboost") }, "models are xgboost, and no other")
        try fixed(
            "num_classes", { $0 == .number(3) },
            "there are 3 classes, win, loss and breakeven; five-class models are not made any more")
        try fixed(
            "prediction_window_days", { $0 == .number(Double(LabelRules.horizonSessions)) },
            "a label ends where the loop would have sold, or after \(LabelRules.horizonSessions) "
                + "sessions (market_label of the strategy); leave it out")
        try fixed(
            "enable_sector", { $0 == .boolean(true) },
            "every model has the sector's feature; leave it out")
        try fixed(
            "enable_market_regime", { $0 == .boolean(true) },
            "every model has the regime's features; leave it out")
        try checkRules()
        let job = try ask(useOutcomes: boolean("use_outcomes") ?? true, who: triggeredBy())
        var object = JSONObject()
        object.text("job_id", job.id)
        object.text("status", job.status.rawValue)
        object.text("triggered_by", job.who)
        object.text("message", "asked for at d\(job.position); GET /ml/train/\(job.id) tells more")
        return .json(object.text, status: 202, fields: [("location", "/ml/train/\(job.id)")])
    }

    /// Refuses rules of a training that are not those of the run's strategy: a request carries
    /// none of its own.
    private func checkRules() throws {
        let rules = try service.outlooks.outlook(of: run).loop.configuration.trainingRules
        for (name, value) in [
            ("lookback_days", Double(rules.lookbackSessions)),
            ("outcome_window_days", Double(rules.outcomeWindowDays)),
            ("outcome_weight", rules.outcomeWeight),
        ] {
            try fixed(
                name, { $0 == .number(value) },
                "the run's strategy has \(value), and a request carries no other; leave it out")
        }
    }

    /// Who is to stand as who asked: the token's name, and behind it what the body has.
    private func triggeredBy() throws -> String {
        let name = caller.name ?? ""
        guard let by = try text("triggered_by"), by != name else { return name }
        return WireText.fitted("\(name) (\(by))", length: PersonAct.longestName)
    }

    /// A training once it is over, or as it goes on after some seconds.
    func finished(_ asked: TrainingJob) throws -> APIResponse {
        let job = try wait(for: asked)
        guard job.isOver else {
            return .json(job.json, status: 202, fields: [("location", "/ml/train/\(job.id)")])
        }
        guard job.status == .completed else {
            throw Problem(
                422, "nothing-trained",
                "nothing was trained: \(job.failure ?? "no reason is known")")
        }
        return .json(job.json)
    }

    /// Seconds for which a request waits for a training.
    private static let patience = 5.0

    private func wait(for asked: TrainingJob) throws -> TrainingJob {
        let deadline = APIService.uptime() + Call.patience
        while true {
            let job = try TrainingJob.find(asked.id, run: run, in: workspace)
            if job.isOver || APIService.uptime() > deadline { return job }
            usleep(100_000)
        }
    }

    func mlTraining() throws -> APIResponse {
        switch try neededText("action") {
        case "train":
            try only([
                "action", "use_outcomes", "outcome_window_days", "compare_to_current",
                "lookback_days", "triggered_by",
            ])
            try checkRules()
            try fixed(
                "compare_to_current", { $0 == .boolean(true) },
                "every model meets the gate on the champion's holdout; leave it out")
            let baseline = try service.outlooks.outlook(of: run).outlook.standing.champion
            let job = try wait(
                for: ask(useOutcomes: boolean("use_outcomes") ?? true, who: triggeredBy()))
            if job.isOver { return .json(trained(job)) }
            var object = JSONObject()
            object.boolean("success", true)
            object.text("status", "training_queued")
            object.text("job_id", job.id)
            object.text("baseline_model_id", baseline.map { "\($0.model)" })
            object.text("message", "asked for; action evaluate-training with job_id tells more")
            return .json(object.text, status: 202, fields: [("location", "/ml/train/\(job.id)")])
        case "evaluate-training":
            try only(["action", "job_id"])
            let job = try TrainingJob.find(neededText("job_id"), run: run, in: workspace)
            return .json(trained(job))
        case let action: throw Call.unknown(action, ["train", "evaluate-training"])
        }
    }

    private func trained(_ job: TrainingJob) -> String {
        var object = JSONObject()
        object.boolean("success", job.status == .completed)
        object.text("job_id", job.id)
        object.text("status", job.status.rawValue)
        object.reference("model_id", job.model)
        object.boolean("promoted", job.story.isPromoted)
        object.text("reason", job.failure ?? job.story.reason)
        object.json("metrics", job.story.metrics)
        object.json("comparison", job.story.comparison)
        return object.text
    }

    static func unknown(_ action: String, _ known: [String]) -> ApplicationError {
        .invalid(
            fields: ["action"],
            "{action} \(action): there is no such action\(Suggestion.question(action, known)); "
                + "there are \(known.joined(separator: ", "))")
    }
}
