public import Events
import Learning
import Market

/// Fill → Outcome: the result of each closed holding, once (D 23:00).
public enum FillToOutcome {
    /// Returns above this fraction are a win, below its negative a loss.
    public static let breakevenFraction = 0.005

    /// Records the outcomes that are due and absent, with the features of their signals.
    public static func decide(
        _ strategy: inout some Strategy, _ desk: inout Desk, breakeven: Double = breakevenFraction
    ) {
        while let closed = desk.world.portfolio.closed.first {
            let features = strategy.features(of: closed.holding.terms.signal)
            let event = outcome(
                of: closed, features, desk.world, desk.recorder, breakeven: breakeven,
                measuresExcess: strategy.measuresExcess)
            desk.record(event, &strategy.state)
        }
    }

    /// The class of a net return.
    public static func outcomeClass(_ netReturn: Double, breakeven: Double) -> OutcomeClass {
        netReturn > breakeven ? .win : netReturn < -breakeven ? .loss : .breakeven
    }

    private static func outcome(
        of closed: ClosedHolding, _ features: [Float], _ world: borrowing World,
        _ recorder: borrowing Recorder, breakeven: Double, measuresExcess: Bool
    ) -> OutcomeRecorded {
        let holding = closed.holding
        let gain = holding.proceeds + holding.income - holding.cost
        let netReturn = holding.cost == .zero ? 0 : gain.dollars / holding.cost.dollars
        let indexReturn = indexReturn(closed, world.index)
        let timeout = Int(holding.terms.timeoutDays)
        let matureAfter: Day? = timeout > 0 ? holding.entryDay + timeout : nil
        let favourable = holding.highestHigh / holding.adjustedEntryPrice - 1
        let adverse = holding.lowestLow / holding.adjustedEntryPrice - 1
        let excessReturn = indexReturn.map { netReturn - $0 }
        let outcome = outcomeClass(netReturn, breakeven: breakeven)
        return OutcomeRecorded(
            envelope: recorder.envelope(
                causation: closed.exitFill, correlation: holding.correlation),
            entryOrder: holding.id, exitFill: closed.exitFill,
            signal: holding.terms.signal, quantity: holding.sold,
            entryPrice: holding.paidPrice ?? holding.entryPrice, exitPrice: closed.exitPrice,
            netReturn: netReturn,
            returnDollars: gain, indexReturn: indexReturn,
            excessReturn: excessReturn,
            favourableExcursion: favourable,
            adverseExcursion: adverse,
            entryDay: holding.entryDay, exitDay: closed.exitDay, matureAfter: matureAfter,
            ticker: holding.ticker,
            holdingDays: UInt16(clamping: closed.exitDay - holding.entryDay),
            holdingSessions: UInt16(clamping: closed.exitSession - holding.entrySession),
            featureSchema: features.isEmpty ? 0 : FeatureCatalogue.schema, outcome: outcome,
            label: outcome, direction: .long, source: .loop, reason: closed.reason,
            untrainable: features.isEmpty
                ? .noFeatures : measuresExcess && indexReturn == nil ? .noLabel : nil,
            features: features.map { OutcomeRecorded.Feature(value: $0) })
    }

    /// The index's simple return from exactly entry to exit: at the open for fills at the open, at
    /// the close of the day for all others.
    private static func indexReturn(
        _ closed: borrowing ClosedHolding, _ index: borrowing IndexBook
    ) -> Double? {
        let holding = closed.holding
        let entry =
            holding.entryTiming == .nextOpen
            ? index.open(of: holding.entryDay) : index.close(of: holding.entryDay)
        let exit =
            closed.exitTiming == .nextOpen
            ? index.open(of: closed.exitDay) : index.close(of: closed.exitDay)
        guard let entry, let exit else { return nil }
        return exit / entry - 1
    }
}
