import Events
import Learning
import Market

/// Outcome → BlendWeight: moves the champion's weight by what both shadow arms earned (D 23:30).
///
/// Both arms are judged by the simulator on the same evaluations, the ones that a champion saw. The
/// replaced rule compared trades with and without a model, of which the second kind ceases to
/// exist with the first champion.
enum OutcomeToBlendWeight {
    /// Records an evaluation when outcomes matured since the one before.
    static func decide(_ state: inout LoopState, _ desk: inout Desk) {
        let configuration = state.configuration
        guard configuration.weighsArms else { return }
        let session = state.labels.latestMatureSession(decidedThrough: desk.world.session)
        guard state.arms.hasNews(through: session) else { return }
        let count = state.arms.count(through: session)
        let executed = state.arms.executed(count)
        let verdict = verdict(
            count, tenths: state.blendTenths, hasChampion: state.models.champion != nil,
            configuration)
        desk.record(
            BlendWeightEvaluated(
                envelope: desk.envelope(), machineRate: count.machine.rate,
                heuristicRate: count.heuristic.rate, executedRate: executed.rate,
                machineArm: UInt32(count.machine.entries),
                machineWins: UInt32(count.machine.wins),
                heuristicArm: UInt32(count.heuristic.entries),
                heuristicWins: UInt32(count.heuristic.wins), executed: UInt32(executed.entries),
                fromDay: count.from, throughDay: count.through,
                previousTenths: UInt8(clamping: state.blendTenths),
                tenths: UInt8(clamping: verdict.tenths),
                reason: verdict.reason), &state)
    }

    /// Whether an evaluation with this reason judged the arms; unless it did, their entries are
    /// kept for later.
    static func isJudged(_ reason: WeightReason) -> Bool {
        reason != .noChampion && reason != .armTooSmall
    }

    /// The weight from now on, in tenths, and why.
    static func verdict(
        _ count: ArmBook.Count, tenths: Int, hasChampion: Bool,
        _ configuration: LoopConfiguration
    ) -> (tenths: Int, reason: WeightReason) {
        guard hasChampion else { return (tenths, .noChampion) }
        let (machine, heuristic) = (count.machine, count.heuristic)
        guard machine.entries >= configuration.blendArmSize,
            heuristic.entries >= configuration.blendArmSize
        else { return (tenths, .armTooSmall) }
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
            return (tenths, .withinMargin)
        }
        let next = min(
            max(tenths + step, configuration.blendFloorTenths), configuration.blendCapTenths)
        return next == tenths ? (tenths, .atBound) : (next, reason)
    }
}
