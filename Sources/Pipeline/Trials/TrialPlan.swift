public import Events
public import FeedbackLoop

/// What is about to be tried: written down before it is.
public struct TrialPlan: Hashable, Sendable {
    /// The run's name, at most 48 bytes.
    public var name: String
    /// SHA-256 of the canonical strategy.
    public var strategy: Digest
    /// Seal of the timeline.
    public var dataSeal: Digest
    /// First session.
    public var from: Day
    /// Last session.
    public var to: Day
    /// What it counts as; a `trial` that was made before becomes a `repeat`.
    public var kind: TrialKind
    /// The family of trials it is counted in, at most 32 bytes.
    public var family: String
    /// Whether the facts are a simulated world's.
    public var isSimulated: Bool

    /// The family of all who name none.
    public static let commonFamily = "common"

    /// A plan to run `strategy` over the sessions of a timeline.
    ///
    /// In a simulated world every plan but a control counts as a simulation.
    public init(
        _ strategy: some Strategy, name: String, sessions: TimelineSessions, kind: TrialKind,
        family: String = TrialPlan.commonFamily
    ) {
        self.name = WireText.fitted(name, length: 48)
        self.strategy = Run.digest(of: strategy)
        dataSeal = sessions.seal
        from = sessions.first
        to = sessions.last
        self.kind = sessions.isSimulated && kind != .control ? .simulation : kind
        self.family = WireText.fitted(family, length: 32)
        isSimulated = sessions.isSimulated
    }
}

/// What came of a trial.
public struct TrialResult: Hashable, Sendable {
    /// Head seal of the run; nil when no log was written.
    public var seal: Digest?
    /// Annualised information ratio at equal exposure.
    public var value: Double?
    /// Annualised Sharpe ratio of daily returns.
    public var sharpe: Double?
    /// Daily returns.
    public var observations: Int
    /// Closed trades.
    public var closedTrades: Int
    /// Skewness of daily returns.
    public var skewness: Double?
    /// Kurtosis of daily returns, 3 for a normal distribution.
    public var kurtosis: Double?

    /// A result from its parts.
    public init(
        seal: Digest?, value: Double?, sharpe: Double?, observations: Int, closedTrades: Int,
        skewness: Double?, kurtosis: Double?
    ) {
        self.seal = seal
        self.value = value
        self.sharpe = sharpe
        self.observations = observations
        self.closedTrades = closedTrades
        self.skewness = skewness
        self.kurtosis = kurtosis
    }
}
