import Events
import FeedbackLoop

extension WhyWords {
    static func unused(_ reason: UnusedRowReason) -> String {
        switch reason {
        case .immature: "what they came to was not known yet"
        case .noEntryTime: "when they were entered is not known"
        case .noFeatures: "no features were stored with them"
        case .outsideWindow: "they were entered before the window"
        case .outsideLookback: "they were decided before the look-back"
        case .purged: "their result reaches into the rows that are held out"
        case .duplicate: "they are there already"
        case .tickerHasOutcome: "their ticker has a closed trade, which stands for them"
        case .noPrice: "they have no price"
        case .noLabel: "they have no result"
        case .afterAsOf: "they were decided later"
        case .embargoed: "they lie in the gap before the rows that are held out"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    static func promotion(_ promotion: ModelPromoted) -> String {
        switch promotion.cause {
        case .gate: "it won its comparison"
        case .person: "\(promotion.who ?? "a person") promoted it"
        case .everyModel: "the settings promote every model (gate: always)"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    static func hold(_ reason: HoldReason) -> String {
        switch reason {
        case .gateRefused: "it did not win its comparison"
        case .awaitingHoldout: "too few rows are held out so far"
        case .noChampion: "it was not better than naming the commonest class"
        case .artefactLost: "its file is lost"
        case .insufficientEvidence: "the evidence is insufficient"
        case .comparisonNotAsked: "who asked for it asked for no comparison"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    /// What a request asks for in place of the strategy's rules; nil where it asks for nothing.
    static func asked(_ terms: TrainingTerms) -> String? {
        let wishes = [
            terms.useOutcomes.map { $0 ? "closed trades too" : "no closed trades" },
            terms.outcomeWindowDays.map { "\($0) calendar days of closed trades" },
            terms.lookbackSessions.map { "\($0) sessions of decisions" },
            terms.outcomeWeight.map { "a weight of \($0) for closed trades" },
            terms.compareToCurrent.map {
                $0 ? "a comparison with the champion" : "no comparison with the champion"
            },
        ].compactMap { $0 }
        guard let last = wishes.last else { return nil }
        let list =
            wishes.count == 1
            ? last : wishes.dropLast().joined(separator: ", ") + " and " + last
        return "The request asks for \(list)."
    }

    static func retirement(_ reason: RetirementReason) -> String {
        switch reason {
        case .replaced: "another became the champion"
        case .superseded: "a newer candidate took its place"
        case .rolledBack: "a person went back to an earlier champion"
        case .artefactLost: "its file is lost"
        case .person: "a person retired it"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    static func weight(_ reason: WeightReason) -> String {
        switch reason {
        case .machineAhead: "the model's entries won more often"
        case .machineBehind: "the model's entries won less often"
        case .withinMargin: "both won about as often"
        case .armTooSmall: "too few entries could be judged"
        case .atBound: "it stands at its bound"
        case .noChampion: "there was no champion"
        case .unrecognised: "for a reason that this program does not know"
        }
    }

    static func threshold(_ reason: ThresholdReason) -> String {
        switch reason {
        case .tooManySells: "the model said sell more than twice as often as buy"
        case .tooManyBuys: "the model said buy more than twice as often as sell"
        case .balanced: "it said both about as often"
        case .atBound: "they stand at their bounds"
        case .neutralZone: "they would come too near to each other"
        case .unrecognised: "for a reason that this program does not know"
        }
    }
}
