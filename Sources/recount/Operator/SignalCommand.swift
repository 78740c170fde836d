import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline
import XGBoost

/// `recount signal`
struct SignalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signal",
        abstract: "Say what the loop thinks of a ticker as of the latest session, and why.",
        discussion: """
            The data log is replayed to its end and the ticker judged by the code that evaluates \
            signals; nothing is recorded. With --like a run that already replayed it to its end is \
            read instead, and nothing is decided again. The signal and the probability are the champion's, the \
            confidence that of its mixture with the heuristic. Without a champion prices alone \
            answer, marked momentum: no decision of the loop reads them.

            Example: recount signal AAPL --data DIR --strategy feedback --json
            """)

    @Argument(help: ArgumentHelp("The symbol.", valueName: "ticker")) var ticker: String
    @OptionGroup var option: StrategyOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        guard let symbol = Ticker(ticker) else {
            throw ValidationError("\(ticker) is no ticker; write 1 to 8 characters like BRK.B")
        }
        let (loop, window) = try option.loop()
        var progress = Progress()
        let timeline = try option.timeline()
        let opinion =
            if let run = try option.finishedRun(timeline) {
                try Run.opinion(
                    of: symbol, loop, run: run.merged, window: window, trainer: option.data.trainer)
            } else {
                try Run.opinion(
                    of: symbol, loop, timeline: timeline, window: window,
                    trainer: option.data.trainer
                ) { day in progress.show("replaying \(day)") }
            }
        progress.clear()
        guard let opinion else {
            throw ValidationError(
                "there is no session in \(option.data.data); recount ingest prices brings them")
        }
        let text = try SignalText(opinion, strategy: loop.name, store: option.data.models)
        print(json ? text.json : text.text)
        ModelCache.bound(option.data)
    }
}

/// An opinion, for people and programs.
struct SignalText {
    let opinion: Opinion
    let strategy: String
    /// What moved the champion's answer, the largest effect first; nil without one.
    let explanation: Explanation?

    init(_ opinion: Opinion, strategy: String, store: ModelStore) throws {
        self.opinion = opinion
        self.strategy = strategy
        guard case .model(let champion) = opinion.source, !champion.isImported else {
            explanation = nil
            return
        }
        let artefact = try store.read(champion.artefact)
        explanation = Explanation(
            try XGBoostExplainer(artefact).contributions(opinion.features),
            row: opinion.features,
            scores: try XGBoostTrainer().load(artefact).scores(opinion.features))
    }

    private var word: String {
        switch opinion.side {
        case .buy: "long"
        case .sell: "short"
        case .neutral, .unrecognised: "neutral"
        }
    }

    private var modelID: String? {
        switch opinion.source {
        case .model(let champion): "\(champion.artefact)"
        case .momentum: "momentum"
        case .nobody: nil
        }
    }

    private static func number(_ value: Double?, _ digits: Int = 4) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "unknown"
    }

    private static func name(_ term: Explanation.Term) -> String {
        FeatureCatalogue.features[term.feature].name
    }

    var text: String {
        let head =
            "\(opinion.ticker) as of \(opinion.day): \(word), probability "
            + "\(Self.number(opinion.probability)), confidence \(Self.number(opinion.confidence)), "
            + "regime \(opinion.regime)"
        return ([head] + answerer + filed + loop).joined(separator: "\n")
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
            let terms = (explanation?.terms ?? []).prefix(6).map { term in
                [
                    Self.name(term), term.value.isNaN ? "unknown" : "\(term.value)",
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

    var json: String {
        var object = JSONObject()
        object.text("ticker", "\(opinion.ticker)")
        object.day("as_of", opinion.day)
        object.text("signal", word)
        object.real("probability", opinion.probability)
        object.real("confidence", opinion.confidence)
        object.text("model_id", modelID)
        object.text("regime", "\(opinion.regime)")
        var filings = JSONObject()
        filings.integer("politicians", opinion.filings.politicians)
        filings.integer("buys", opinion.filings.buys)
        filings.integer("sells", opinion.filings.sells)
        filings.real("net_volume", opinion.filings.netVolume)
        filings.day("newest_trade", opinion.filings.newestTrade)
        filings.text("heuristic", "\(opinion.filings.kind)")
        filings.real("heuristic_confidence", opinion.filings.confidence)
        object.json("filings", filings.text)
        object.text("suppressed", opinion.suppressed.map { "\($0)" })
        object.real("blend_weight", Double(opinion.blendTenths) / 10)
        object.json("explanation", explained)
        return object.text
    }

    private var explained: String {
        if case .momentum(let momentum) = opinion.source {
            return JSONObject.list(
                momentum.parts.map { part in
                    var object = JSONObject()
                    object.text("part", part.name)
                    object.real("value", part.value)
                    object.real("says", part.share)
                    object.real("weight", part.weight)
                    return object.text
                })
        }
        return JSONObject.list(
            (explanation?.terms ?? []).map { term in
                var object = JSONObject()
                object.text("feature", Self.name(term))
                object.real("value", term.value.isNaN ? nil : Double(term.value))
                object.real("log_odds", term.logOdds)
                return object.text
            })
    }
}
