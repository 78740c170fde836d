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
    /// Asks the live run for a training, with what the body has in place of its strategy's rules.
    func ask(who: String? = nil) throws -> TrainingJob {
        var terms = TrainingTerms()
        terms.useOutcomes = try boolean("use_outcomes")
        terms.outcomeWindowDays = try real("outcome_window_days").map { Int($0) }
        terms.lookbackSessions = try real("lookback_days").map { Int($0) }
        terms.outcomeWeight = try real("outcome_weight")
        terms.compareToCurrent = try boolean("compare_to_current")
        let job: JobKind = terms.useOutcomes ?? true ? .feedbackRetraining : .training
        return try service.acts.lend { [terms] ledger in
            try TrainingJob.ask(
                job, terms, who: who ?? caller.name ?? "", run: run, in: workspace, &ledger)
        }
    }

    func train() throws -> APIResponse {
        let job = try ask(who: triggeredBy())
        var object = JSONObject()
        object.text("job_id", job.id)
        object.text("status", job.status.rawValue)
        object.text("triggered_by", job.who)
        object.text("message", "asked for at d\(job.position); GET /ml/train/\(job.id) tells more")
        return .json(object.text, status: 202, fields: [("location", "/ml/train/\(job.id)")])
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
            let baseline = try service.outlooks.outlook(of: run).outlook.standing.champion
            let job = try wait(for: ask(who: triggeredBy()))
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
        object.json("request", job.story.request)
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
