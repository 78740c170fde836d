import Application
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline

/// An opinion, for people and programs.
struct SignalText {
    let answer: SignalAnswer
    let strategy: String
    /// The bars of the person's own that were judged; nil for those of the data.
    var own: String?

    private var opinion: Opinion { answer.opinion }
    private var decision: LoopOutlook.Decision { answer.decision }

    init(_ answer: SignalAnswer, strategy: String) {
        (self.answer, self.strategy) = (answer, strategy)
    }

    private static func number(_ value: Double?, _ digits: Int = 4) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "unknown"
    }

    var text: String {
        let by = if case .model = opinion.source { "model" } else { "momentum" }
        let head =
            "\(opinion.ticker) as of \(opinion.day): \(decision.headline(opinion)); \(by): "
            + "\(answer.signal), "
            + "probability \(Self.number(opinion.probability)), confidence "
            + "\(Self.number(opinion.confidence)), regime \(opinion.regime)"
        let bars = own.map { ["prices: \($0), the last as of the latest session"] } ?? []
        return ([head] + bars + answerer + filed + loop).joined(separator: "\n")
    }

    private var answerer: [String] {
        switch opinion.source {
        case .model(let champion):
            let probabilities = champion.probabilities
            let head =
                "champion of \(strategy), artefact \("\(champion.artefact)".prefix(12))…: P(win) "
                + "\(probabilities.win), P(loss) \(probabilities.loss), P(breakeven) \(probabilities.breakeven)"
            if champion.isImported {
                return [head, "  it was trained by another tool; there are no trees to explain"]
            }
            let terms = (answer.explanation?.terms ?? []).prefix(6).map { term in
                [
                    SignalAnswer.name(term), term.value.isNaN ? "unknown" : "\(term.value)",
                    String(format: "%+.4f", term.logOdds),
                ]
            }
            return [head]
                + ModelsText.table(
                    ["  feature", "value", "log-odds"], terms.map { ["  \($0[0])", $0[1], $0[2]] },
                    numbers: [1, 2])
        case .momentum(let momentum):
            let trend = momentum.isBelowTrend ? ", times .8 below the trend" : ""
            return ["momentum, for no champion answers: no decision of the loop reads it\(trend)"]
                + ModelsText.table(
                    ["  part", "value", "says", "weight"],
                    momentum.parts.map {
                        [
                            "  \($0.name)", Self.number($0.value), Self.number($0.share),
                            Self.number($0.weight, 1),
                        ]
                    }, numbers: [1, 2, 3])
        case .nobody:
            return [
                "no champion answers, and there are fewer than \(Momentum.bars) bars of "
                    + "\(opinion.ticker): nobody can say"
            ]
        }
    }

    private var filed: [String] {
        let filings = opinion.filings
        guard filings.buys + filings.sells > 0 else { return ["filings: none that count"] }
        return [
            "filings: \(filings.politicians) filers, \(filings.buys) purchases, "
                + "\(filings.sells) sales, net \(Self.number(filings.netVolume, 0)) dollars, newest "
                + "trade \(filings.newestTrade.map { "\($0)" } ?? "unknown"); heuristic "
                + "\(filings.kind), confidence \(Self.number(filings.confidence, 2))"
        ]
    }

    private var loop: [String] {
        let outcome =
            opinion.suppressed.map { "an evaluation would emit nothing: \($0)" }
            ?? "an evaluation would emit \(opinion.filings.kind)"
        return [
            "loop: \(outcome); champion's weight \(Double(opinion.blendTenths) / 10), buys at "
                + "\(Double(opinion.thresholds.buyHundredths) / 100), sells at "
                + "\(Double(opinion.thresholds.sellHundredths) / 100)"
        ]
    }
}
