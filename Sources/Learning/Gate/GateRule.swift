public import Events

/// The verdict that decides by default: whole numbers only, exact at each boundary.
///
/// Against a champion: promote when 100·(correct new − correct old) ≥ 2·rows, or when the weighted
/// F1 gains 3 points or more. Under 100 rows it decides nothing.
///
/// Without a champion the majority baseline stands in, and its weighted F1 is so low that almost
/// any model gains 3 points over it, even one that guesses: to let that promote would be to promote
/// by default. So there F1 must also gain 3 points over a guess with the challenger's own shares.
public struct GateRule: Hashable, Sendable {
    /// Rows under which the rule waits.
    public static let enoughRows = 100
    /// Points of accuracy that promote.
    public static let accuracyPoints = 2
    /// Points of weighted F1 that promote.
    public static let f1Points = 3

    /// What follows: promote, hold or waiting.
    public let verdict: GateVerdict
    /// The same with one condition more: F1 alone promotes no challenger that has fewer rows right.
    public let guarded: GateVerdict
    /// Why: accuracy or f1 when promoted; neither when held against a champion, noChampion when
    /// held against the majority baseline; tooFewRows when waiting.
    public let reason: GateReason

    /// Judges two models by their tallies over the same rows.
    ///
    /// - Parameter isBaseline: whether `old` is the majority baseline, for want of a champion.
    /// - Precondition: both tallies are of equally many rows.
    public init(new: ClassTally, old: ClassTally, isBaseline: Bool) {
        precondition(new.rows == old.rows, "both models are compared on the same rows")
        let rows = new.rows
        if rows < GateRule.enoughRows {
            (verdict, reason) = (.waiting, .tooFewRows)
        } else if 100 * (new.correct - old.correct) >= GateRule.accuracyPoints * rows {
            (verdict, reason) = (.promote, .accuracy)
        } else if new.gainsF1(points: GateRule.f1Points, over: old),
            !isBaseline || new.f1PointsOverGuess >= Double(GateRule.f1Points)
        {
            (verdict, reason) = (.promote, .f1)
        } else {
            (verdict, reason) = (.hold, isBaseline ? .noChampion : .neither)
        }
        guarded = reason == .f1 && new.correct < old.correct ? .hold : verdict
    }
}

extension GateMode {
    /// What follows from both verdicts.
    ///
    /// - `rule`: the rule's verdict.
    /// - `guarded`: the rule's, where F1 alone promotes no challenger with fewer rows right.
    /// - `evidence`: the evidence's; under 100 rows the challenger waits.
    /// - `both`: promote only when both do; otherwise waiting before hold before insufficient.
    /// - `always`: every model is promoted.
    public func decision(rule: GateVerdict, guarded: GateVerdict, evidence: GateVerdict)
        -> GateVerdict
    {
        switch self {
        case .rule: return rule
        case .guarded: return guarded
        case .always: return .promote
        case .evidence: return rule == .waiting ? .waiting : evidence
        default:
            if rule == .promote && evidence == .promote { return .promote }
            if rule == .waiting || evidence == .waiting { return .waiting }
            return rule == .hold || evidence == .hold ? .hold : .insufficient
        }
    }
}
