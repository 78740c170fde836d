import ArgumentParser
import EventLog
import Events
import Foundation
import Learning
import Projections
import XGBoost

struct ModelsExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say how much each feature moved a model's answer on one evaluation (TreeSHAP).",
        discussion: """
            The features are those that the event stored. A feature moves the log-odds of \
            p = P(win) / (P(win) + P(loss)) by its contribution to the score of a win less that to \
            the score of a loss. The contributions must sum to the scores, and the probabilities \
            must be those that the event stored.

            Example: recount models explain r4711 --data DIR --run first
            """)

    @Argument(help: ArgumentHelp("A SignalGenerated or SignalSuppressed.", valueName: "signal"))
    var signal: String
    @OptionGroup var option: ModelsLogOption
    @Flag(name: .long, help: "The candidate in place of the champion.") var candidate = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        guard let event = EventArgument(argument: signal), event.isTimeline != true else {
            throw ValidationError("\(signal): name an evaluation of the run, for example r4711")
        }
        let position = event.position
        let log = try option.open()
        let evaluation = try StoredEvaluation.read(log, at: position)
        let prediction = try evaluation.prediction(candidate ? .candidate : .champion)
        let artefact = try artefact(of: prediction.model, log)
        let explainer = try XGBoostExplainer(artefact)
        let ensemble = try XGBoostTrainer().load(artefact)
        let explanation = Explanation(
            try explainer.contributions(evaluation.features), row: evaluation.features,
            scores: ensemble.scores(evaluation.features))
        let again = ensemble.probabilities(evaluation.features)
        let differences = [
            again.win - prediction.win, again.loss - prediction.loss,
            again.breakeven - prediction.breakeven,
        ]
        let report = ExplanationReport(
            evaluation: evaluation, prediction: prediction, explanation: explanation,
            difference: Double(differences.reduce(0) { max($0, $1.magnitude) }))
        print(json ? report.json : report.text)
        if !report.isSound { throw ExitCode(65) }
    }

    private func artefact(of model: Reference, _ log: MergedLog) throws -> [UInt8] {
        guard !model.isTimeline, model != .none else {
            throw ModelRegistryError(description: "\(model) is no model of this log")
        }
        var digest: Digest?
        try log.event(model) { message in
            guard try MessageHeader(message).templateID == ModelTrained.templateID else { return }
            digest = try ModelTrained(message: message).artefact
        }
        guard let digest else {
            throw ModelRegistryError(
                description: "\(model) was trained by another tool; there are no trees to explain")
        }
        return try option.store.read(digest)
    }
}

/// What an evaluation stored for its models.
struct StoredEvaluation {
    let reference: Reference
    let ticker: Ticker
    let day: Day
    let features: [Float]
    let predictions: [SignalGenerated.Prediction]

    static func read(_ log: MergedLog, at position: UInt64) throws -> StoredEvaluation {
        let head = try log.end().own
        guard position > 0, position <= head else {
            throw ModelRegistryError(
                description: "there is no r\(position): the log ends at r\(head)")
        }
        var found: StoredEvaluation?
        var name = "event"
        try log.event(.own(position)) { message in
            let template = try MessageHeader(message).templateID
            name = EventSchema.message(id: template)?.name ?? name
            if template == SignalGenerated.templateID {
                let event = try SignalGenerated(message: message)
                found = StoredEvaluation(
                    reference: .own(position), ticker: event.ticker, day: event.day,
                    features: event.features.map(\.value), predictions: event.predictions)
            } else if template == SignalSuppressed.templateID {
                let event = try SignalSuppressed(message: message)
                found = StoredEvaluation(
                    reference: .own(position), ticker: event.ticker, day: event.day,
                    features: event.features.map(\.value),
                    predictions: event.predictions.map {
                        SignalGenerated.Prediction(
                            model: $0.model, win: $0.win, loss: $0.loss, breakeven: $0.breakeven,
                            mapped: $0.mapped, confidence: $0.confidence, role: $0.role,
                            side: $0.side)
                    })
            }
        }
        guard let found else {
            throw ModelRegistryError(
                description: "r\(position) is \(name); name a SignalGenerated or SignalSuppressed "
                    + "(recount events --type SignalGenerated)")
        }
        return found
    }

    func prediction(_ role: ModelRole) throws -> SignalGenerated.Prediction {
        if let prediction = predictions.first(where: { $0.role == role }) { return prediction }
        let others = predictions.map { "the \($0.role) \($0.model) did" }
        throw ModelRegistryError(
            description: "no \(role) predicted \(reference)"
                + (others.isEmpty ? "; no model did" : "; \(others.joined(separator: ", "))")
                + (role == .champion && !others.isEmpty ? ": add --candidate" : ""))
    }
}
