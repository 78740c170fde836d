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

    func train() throws -> APIResponse {
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
            guard let wanted = body[name], wanted != .null, wanted != .number(value) else {
                continue
            }
            throw ApplicationError.refused(
                "\(name): the run's strategy has \(value), and a request carries no other; leave it "
                    + "out")
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
            try checkRules()
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
