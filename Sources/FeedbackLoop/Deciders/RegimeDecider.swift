import Events
import Market

/// Names the index's regime after each session and records each change (D 21:00).
enum RegimeDecider {
    static func decide(
        _ state: inout LoopState, _ world: borrowing World, _ recorder: inout Recorder
    ) {
        guard state.configuration.useRegime, let day = world.day else { return }
        let return20 = world.index.simpleReturn(sessions: 20)
        let return60 = world.index.simpleReturn(sessions: 60)
        let volatility = world.index.annualisedVolatility(sessions: 20)
        let regime = regime(return20, return60, volatility, state.configuration)
        guard regime != state.regime else { return }
        let event = RegimeChanged(
            envelope: recorder.envelope(), return20: return20, return60: return60,
            volatility20: volatility, day: day, previous: state.regime, regime: regime)
        recorder.record(event)
        state.evolve(event)
    }

    /// Bull, bear, volatile or sideways, in this precedence; unknown under 60 sessions.
    static func regime(
        _ return20: Double?, _ return60: Double?, _ volatility20: Double?,
        _ configuration: LoopConfiguration
    ) -> Regime {
        guard let return20, let return60, let volatility20 else { return .unknown }
        let (short, long) = (configuration.regimeReturn20, configuration.regimeReturn60)
        if return20 > short, return60 > long { return .bull }
        if return20 < -short, return60 < -long { return .bear }
        return volatility20 > configuration.regimeVolatility ? .volatile : .sideways
    }
}
