import Events
import Foundation
import Learning

/// What moved a model's answer, for people and for programs.
struct ExplanationReport {
    let evaluation: StoredEvaluation
    let prediction: SignalGenerated.Prediction
    let explanation: Explanation
    /// The largest difference between the stored probabilities and the artefact's.
    let difference: Double

    /// Whether the sums are the scores, and the probabilities those that were stored.
    var isSound: Bool { explanation.isWhole && difference <= 1e-6 }

    private var share: Double {
        Double(prediction.win) / Double(prediction.win + prediction.loss)
    }

    private func name(_ term: Explanation.Term) -> String {
        FeatureCatalogue.features[term.feature].name
    }

    var text: String {
        func cells(_ name: String, _ value: String, _ term: Explanation.Term) -> [String] {
            [name, value]
                + [term.logOdds, term.win, term.loss, term.breakeven].map {
                    String(format: "%+.5f", $0)
                }
        }
        let rows =
            explanation.terms.map {
                cells(name($0), $0.value.isNaN ? "unknown" : "\($0.value)", $0)
            } + [
                cells("nothing known", "", explanation.bias), cells("sum", "", explanation.sum),
            ]
        let head = ["feature", "value", "log-odds of p", "win", "loss", "breakeven"]
        let lines = [
            "\(evaluation.reference): \(evaluation.ticker) on \(evaluation.day), "
                + "\(prediction.role) \(prediction.model) says \(prediction.side): p "
                + "\(String(format: "%.4f", share)), P(win) \(prediction.win), "
                + "P(loss) \(prediction.loss), P(breakeven) \(prediction.breakeven)", "",
        ]
        return
            (lines + ModelsText.table(head, rows, numbers: [1, 2, 3, 4, 5])
            + ["", verdict]).joined(separator: "\n")
    }

    private var verdict: String {
        let sums = String(format: "%.1e", explanation.error)
        let stored = String(format: "%.1e", difference)
        return isSound
            ? "sums are the scores to \(sums), probabilities those stored to \(stored)"
            : "DIFFERS: sums from the scores by \(sums), probabilities from those stored by "
                + "\(stored); the artefact is not the one that predicted"
    }

    var json: String {
        func terms(_ term: Explanation.Term, _ object: inout JSONObject) {
            object.real("log_odds", term.logOdds)
            object.real("win", term.win)
            object.real("loss", term.loss)
            object.real("breakeven", term.breakeven)
        }
        func total(_ term: Explanation.Term) -> String {
            var object = JSONObject()
            terms(term, &object)
            return object.text
        }
        var object = JSONObject()
        object.reference("signal", evaluation.reference)
        object.text("ticker", "\(evaluation.ticker)")
        object.day("day", evaluation.day)
        object.reference("model", prediction.model)
        object.text("role", "\(prediction.role)")
        object.text("side", "\(prediction.side)")
        object.real("p", share)
        object.json(
            "features",
            JSONObject.list(
                explanation.terms.map { term in
                    var object = JSONObject()
                    object.text("feature", name(term))
                    object.real("value", Double(term.value))
                    terms(term, &object)
                    return object.text
                }))
        object.json("bias", total(explanation.bias))
        object.json("sum", total(explanation.sum))
        object.real("sum_error", explanation.error)
        object.real("stored_difference", difference)
        object.boolean("sound", isSound)
        return object.text
    }
}
