import Events
import FeedbackLoop

/// Values of the schema in words that need no manual.
enum WhyWords {
    static func kind(_ kind: SignalKind) -> String {
        switch kind {
        case .hold: "hold"
        case .buy: "buy"
        case .strongBuy: "buy (strong)"
        case .sell: "sell"
        case .strongSell: "sell (strong)"
        case .unrecognised: "something that this program does not know"
        }
    }

    static func side(_ side: MachineSide) -> String {
        switch side {
        case .buy: "buy"
        case .sell: "sell"
        case .neutral, .unrecognised: "neither"
        }
    }

    static func suppression(_ reason: SuppressionReason) -> String {
        switch reason {
        case .tooFewPoliticians: "too few filers"
        case .tooFewTransactions: "too few filed rows"
        case .hold: "the filings lean neither to buy nor to sell"
        case .oppositeDirections: "the filings and the model say opposite things"
        case .belowEmitThreshold: "the confidence is too low for a signal"
        case .noPrice: "it has no price"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    static func skip(_ reason: SkipReason) -> String {
        switch reason {
        case .expired: "it had waited too long"
        case .belowQueueThreshold: "its confidence is too low to trade on"
        case .sellWithoutHolding: "nothing is held that could be sold"
        case .alreadyHeld: "the ticker is held already"
        case .orderPending: "an order of the ticker waits already"
        case .cooldown: "the ticker was stopped out a short time ago"
        case .entriesHalted: "entries were halted"
        case .noPrice: "the ticker was not priced in the session"
        case .noATR: "there are too few prices to set a stop"
        case .lowConfidenceWhenFull: "its confidence is too low while so many positions are open"
        case .positionLimit: "as many positions are open as may be"
        case .dailyLimit: "as many entries were ordered for the open as may be"
        case .insufficientCash: "there is too little cash"
        case .sizeBelowOneShare: "the size comes to less than a share"
        case .exitPending: "the holding is being closed already"
        case .volumeCap: "too few shares are traded in a day"
        case .sizeLimit: "the order would be beyond what a ledger holds"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    static func exit(_ reason: ExitReason) -> String {
        switch reason {
        case .stop: "the price fell to the stop (the level that limits a loss)"
        case .trailingStop:
            "the price fell to the trailing stop (a level that follows the highest close)"
        case .takeProfit: "the price rose to the level at which a profit is taken"
        case .timeout: "it had been held as long as it may be"
        case .oppositeSignal: "a signal to sell came"
        case .noPrice: "it had no price for too long"
        case .target: "the price closed at the target"
        case .person: "a person closed it"
        case .recorded: "it was recorded so"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    static func cancellation(_ reason: CancellationReason) -> String {
        switch reason {
        case .noBar: "the ticker was not priced"
        case .insufficientCash: "there was too little cash"
        case .zeroVolume: "no share was traded"
        case .volumeCap: "too few shares were traded"
        case .halted: "trading was halted"
        case .broker: "the broker cancelled it"
        case .person: "a person cancelled it"
        case .endOfRun: "the run ended"
        case .sizeLimit: "it was beyond what a ledger holds"
        case .missedWindow: "the time in which the broker takes it was over"
        case .untradable: "the broker does not trade the ticker"
        case .corporateAction: "a split or a change of symbol came between"
        case .replaced: "another order took its place"
        case .gaveUp: "it was never seen at the broker"
        case .expired: "its time was over"
        case .exitDue: "the holding was to be closed another way"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    static func outcome(_ outcome: OutcomeClass) -> String {
        switch outcome {
        case .win: "a win"
        case .loss: "a loss"
        case .breakeven: "neither a win nor a loss"
        case .unrecognised: "of a class that this program does not know"
        }
    }

    static func regime(_ regime: Regime) -> String {
        switch regime {
        case .unknown: "unknown"
        case .sideways: "sideways"
        case .bull: "bull (rising)"
        case .bear: "bear (falling)"
        case .volatile: "volatile (swinging)"
        case .unrecognised: "one that this program does not know"
        }
    }

    static func job(_ job: JobKind) -> String {
        switch job {
        case .training: "the weekly training"
        case .feedbackRetraining: "the monthly training that also learns from closed trades"
        case .signalOutcome: "the recording of outcomes"
        case .modelEvaluation: "the daily evaluation"
        case .featureAnalysis: "the weekly analysis of features"
        case .cycle: "the cycle after a session"
        case .calibration: "the monthly calibration"
        case .recomparison: "the weekly comparison"
        case .unrecognised: "a job that this program does not know"
        }
    }

    /// How the model had a say.
    static func step(_ step: MixtureStep, _ evaluation: SignalGenerated) -> String {
        switch step {
        case .heuristicAlone:
            return evaluation.predictions.contains { $0.role == .champion }
                ? "The model's word was recorded and changed nothing: the filings alone decided."
                : "No model was in force: the filings alone decided."
        case .opposed: return "The filings and the model said opposite things."
        case .agreed: return "The filings and the model said the same, which strengthens both."
        case .neutral:
            return "The model said neither buy nor sell, which weakens the filings' word."
        }
    }

    /// The formula that a confidence of both came from.
    static func formula(_ step: MixtureStep, _ evaluation: SignalGenerated) -> String {
        let weight = Double(evaluation.blendTenths) / 10
        let heuristic = WhyNumbers.share(evaluation.heuristicConfidence)
        let mapped = evaluation.mappedConfidence.map { WhyNumbers.share($0) } ?? "nothing"
        let mean =
            "(\(WhyNumbers.fixed(1 - weight, 1)) × \(heuristic) + "
            + "\(WhyNumbers.fixed(weight, 1)) × \(mapped))"
        switch step {
        case .heuristicAlone: return "that of the filings"
        case .opposed: return "half of the smaller of \(heuristic) and \(mapped)"
        case .agreed(_, let factor, let cap):
            return "\(mean) × \(WhyNumbers.short(factor)) (agreement_factor), at most "
                + "\(WhyNumbers.share(cap)) (agreement_cap)"
        case .neutral(_, let factor):
            return "\(mean) × \(WhyNumbers.short(factor)) (disagreement_factor)"
        }
    }

    /// Why a term was added.
    static func term(_ term: ConfidenceTerm) -> String {
        let setting = "(\(term.setting))"
        guard let observed = term.observed, let from = term.from else {
            return switch term.setting {
            case "base_confidence": "every evaluation begins so \(setting)"
            case "bipartisan_bonus": "filers of both parties \(setting)"
            case "strong_bonus": "buys and sells lean strongly one way \(setting)"
            case "plain_bonus": "buys and sells lean one way \(setting)"
            default: "no more than that is given \(setting)"
            }
        }
        let isDollars = term.setting.hasPrefix("volume")
        let what =
            term.setting.hasPrefix("politicians")
            ? "filers" : term.setting.hasPrefix("recent") ? "recent rows" : "rows"
        return isDollars
            ? "\(WhyNumbers.dollars(observed, 0)) net, more than \(WhyNumbers.dollars(from, 0)) "
                + setting
            : "\(WhyNumbers.short(observed)) \(what), at least \(WhyNumbers.short(from)) \(setting)"
    }
}
