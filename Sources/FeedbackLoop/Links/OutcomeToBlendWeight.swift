import Events
import Learning
import Market

/// Outcome → BlendWeight: moves the champion's weight by what both shadow arms earned (D 23:30).
///
/// Both arms are judged by the simulator on the same evaluations, the ones that a champion saw. The
/// replaced rule compared trades with and without a model, of which the second kind ceases to
/// exist with the first champion.
enum OutcomeToBlendWeight {
    /// Records an evaluation when outcomes matured since the one before; gives how many it saw.
    @discardableResult
    static func decide(
        _ state: inout LoopState, _ world: borrowing World, _ recorder: inout Recorder
    ) -> Int {
        let configuration = state.configuration
        guard configuration.blend, configuration.adaptiveBlend else { return 0 }
        let session = state.labels.latestMatureSession(decidedThrough: world.session)
        guard state.arms.hasNews(through: session) else { return 0 }
        let count = state.arms.count(through: session)
        let executed = state.arms.executed(count)
        let verdict = verdict(count, state)
        recorder.record(
            BlendWeightEvaluated(
                envelope: recorder.envelope(), machineRate: count.machine.rate,
                heuristicRate: count.heuristic.rate, executedRate: executed.rate,
                machineArm: UInt32(count.machine.entries),
                machineWins: UInt32(count.machine.wins),
                heuristicArm: UInt32(count.heuristic.entries),
                heuristicWins: UInt32(count.heuristic.wins), executed: UInt32(executed.entries),
                fromDay: count.from, throughDay: count.through,
                previousTenths: UInt8(state.blendTenths), tenths: UInt8(verdict.tenths),
                reason: verdict.reason))
        state.blendTenths = verdict.tenths
        if verdict.isJudged {
            state.arms.use(through: session)
        } else {
            state.arms.see(through: session)
        }
        return count.machine.entries + count.heuristic.entries
    }

    /// The weight from now on, in tenths, and why; unless judged, the entries are kept for later.
    static func verdict(
        _ count: ArmBook.Count, _ state: borrowing LoopState
    ) -> (tenths: Int, reason: WeightReason, isJudged: Bool) {
        let configuration = state.configuration
        let tenths = state.blendTenths
        guard state.models.champion != nil else { return (tenths, .noChampion, false) }
        let (machine, heuristic) = (count.machine, count.heuristic)
        guard machine.entries >= configuration.blendArmSize,
            heuristic.entries >= configuration.blendArmSize
        else { return (tenths, .armTooSmall, false) }
        // In whole numbers: exact at the boundary.
        let ahead =
            100 * (machine.wins * heuristic.entries - heuristic.wins * machine.entries)
        let margin = configuration.blendMargin * machine.entries * heuristic.entries
        let step: Int
        let reason: WeightReason
        if ahead >= margin {
            (step, reason) = (configuration.blendStepTenths, .machineAhead)
        } else if ahead <= -margin {
            (step, reason) = (-configuration.blendStepTenths, .machineBehind)
        } else {
            return (tenths, .withinMargin, true)
        }
        let next = min(
            max(tenths + step, configuration.blendFloorTenths), configuration.blendCapTenths)
        return next == tenths ? (tenths, .atBound, true) : (next, reason, true)
    }
}
