public import Learning

/// Where a loop stands: its champion and the settings that it has moved itself.
public struct LoopStanding: Hashable, Sendable {
    /// The champion; nil without one.
    public let champion: ChampionHistory.Champion?
    /// When a model says buy or sell.
    public let thresholds: MachineThresholds
    /// The champion's weight in confidence, tenths; 0 where nothing is mixed.
    public let blendTenths: Int
}

extension LoopStrategy {
    /// Where the loop stands.
    public var standing: LoopStanding {
        LoopStanding(
            champion: state.models.champion.map {
                ChampionHistory.Champion(model: $0.reference, artefact: $0.artefact)
            },
            thresholds: state.thresholds,
            blendTenths: state.configuration.blend ? state.blendTenths : 0)
    }
}
