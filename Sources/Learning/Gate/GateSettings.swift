public import Events

/// What a comparison is told beside its rows.
public struct GateSettings: Hashable, Sendable {
    /// Which verdict decides.
    public var mode: GateMode
    /// Sessions that a label looks ahead: its longest holding.
    public var labelSessions: Int
    /// When a model says buy or sell; the same for both models.
    public var thresholds: MachineThresholds
    /// Draws of the bootstrap.
    public var draws: Int
    /// Seed of the bootstrap.
    public var seed: UInt64

    /// Fewest sessions of a block.
    public static let shortestBlock = 21

    /// Settings from their parts.
    ///
    /// - Precondition: `labelSessions` is positive.
    public init(
        mode: GateMode, labelSessions: Int, thresholds: MachineThresholds = MachineThresholds(),
        draws: Int = 10_000, seed: UInt64
    ) {
        precondition(labelSessions > 0, "a label looks ahead")
        self.mode = mode
        self.labelSessions = labelSessions
        self.thresholds = thresholds
        self.draws = draws
        self.seed = seed
    }

    /// Consecutive decision sessions of a block: as many as a label looks ahead, at least 21.
    public var blockSessions: Int { max(labelSessions, GateSettings.shortestBlock) }
}
