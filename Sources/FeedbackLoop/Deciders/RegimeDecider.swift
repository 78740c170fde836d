import Events
import Market

/// Names the index's regime after each session and records each change (D 21:00).
enum RegimeDecider {
    static func decide(_ state: inout LoopState, _ desk: inout Desk) {
        guard let day = desk.world.day, let next = next(state, desk.world) else { return }
        desk.record(
            RegimeChanged(
                envelope: desk.envelope(), return20: desk.world.index.simpleReturn(sessions: 20),
                return60: desk.world.index.simpleReturn(sessions: 60),
                volatility20: desk.world.index.annualisedVolatility(sessions: 20), day: day,
                previous: state.regime, regime: next), &state)
    }

    /// The regime that the index has entered; nil while it stays in its own, or none is asked for.
    static func next(_ state: borrowing LoopState, _ world: borrowing World) -> Regime? {
        guard state.configuration.useRegime else { return nil }
        let regime = regime(
            world.index.simpleReturn(sessions: 20), world.index.simpleReturn(sessions: 60),
            world.index.annualisedVolatility(sessions: 20), state.configuration)
        return regime == state.regime ? nil : regime
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
