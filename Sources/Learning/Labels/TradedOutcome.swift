public import Events

/// The result of a trade that was made, by the loop or elsewhere.
public struct TradedOutcome: Hashable, Sendable {
    /// The OutcomeRecorded.
    public var outcome: Reference
    /// Net return of the long side, a fraction: a short's is negated.
    public var longReturn: Double
    /// Dollars won, of the trade's own direction.
    public var dollars: Double
    /// Session of the entry.
    public var entryDay: Day
    /// Day of the exit; nil when nobody knows it.
    public var exitDay: Day?

    /// An outcome from its parts.
    public init(
        outcome: Reference, longReturn: Double, dollars: Double, entryDay: Day, exitDay: Day? = nil
    ) {
        self.outcome = outcome
        self.longReturn = longReturn
        self.dollars = dollars
        self.entryDay = entryDay
        self.exitDay = exitDay
    }

    /// What a recorded outcome teaches: the long side's return, so a short's is negated, measured
    /// as the simulator's labels are. Nil when nobody knows when it was entered, or what the index
    /// did meanwhile where it is measured by that.
    public init?(
        _ event: OutcomeRecorded, _ reference: Reference, _ measure: LabelRules.Measure
    ) {
        guard let entryDay = event.entryDay else { return nil }
        let sign: Double = event.direction == .short ? -1 : 1
        guard let index = measure == .excess ? event.indexReturn : 0 else { return nil }
        self.init(
            outcome: reference, longReturn: sign * event.netReturn - index,
            dollars: event.returnDollars.dollars, entryDay: entryDay,
            exitDay: event.exitDay)
    }

    /// Why an outcome teaches nothing, in the order of the checks; nil when it does.
    ///
    /// `isEvaluated` says whether the evaluation that it names is known, `isTaken` whether another
    /// outcome of that evaluation came before: the first stands.
    public static func obstacle(
        to event: OutcomeRecorded, isEvaluated: Bool, isTaken: Bool, measure: LabelRules.Measure
    ) -> UnusedRowReason? {
        if event.entryDay == nil { return .noEntryTime }
        if !isEvaluated { return .noFeatures }
        if isTaken { return .duplicate }
        return measure == .excess && event.indexReturn == nil ? .noLabel : nil
    }
}
