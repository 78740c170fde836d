import Events
public import Learning

/// What a comparison may say. There is no other word for it.
public enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// The 95 % interval of the primary metric lies above 0.
    case shown
    /// It lies below 0.
    case worse
    /// It holds 0.
    case notShown = "not shown"
    /// Under 252 sessions or 100 closed trades a side, or no index for more than one session in
    /// fifty: nothing is said.
    case insufficient

    /// Fewest sessions of a verdict.
    public static let fewestSessions = 252
    /// Fewest closed trades a side of a verdict.
    public static let fewestTrades = 100
}

/// Two runs over one window, compared by the one primary metric.
public struct Comparison: Sendable {
    /// Mean block of the interval that decides, sessions.
    public static let meanBlock = 21
    /// Mean blocks that show how much hangs on it.
    public static let otherMeanBlocks = [5, 63]

    /// The run that is compared with.
    public var reference: BacktestReport
    /// The run that is compared.
    public var challenger: BacktestReport
    /// Sessions of the window.
    public var sessions: Int
    /// Sessions that the metric reads: those whose index return is known.
    public var measuredSessions: Int
    /// Sessions of which the index has no level.
    public var sessionsWithoutIndex: Int
    /// Why there is no ratio, and so no metric; nil when there is.
    public var scarcity: Scarcity?
    /// The primary metric; nil where a side has none, or its returns no dispersion.
    public var primary: PrimaryDifference?
    /// The same with other mean blocks.
    public var sensitivity: [PrimaryDifference]
    /// The verdict, by `primary` alone.
    public var verdict: Verdict

    /// Compares two runs.
    ///
    /// - Parameter withSensitivity: whether to draw with other mean blocks too; a study over many
    ///   seeds does without.
    /// - Throws: `ComparisonError.differentSessions` unless both have the same sessions.
    public init(
        _ reference: BacktestReport, _ challenger: BacktestReport, draws: Int = 10_000,
        seed: UInt64 = 1, withSensitivity: Bool = true
    ) throws(ComparisonError) {
        let pairs = try ExcessPairs(reference, challenger)
        self.reference = reference
        self.challenger = challenger
        sessions = reference.daily.count
        measuredSessions = pairs.days.count
        sessionsWithoutIndex = max(
            reference.sessionsWithoutIndex, challenger.sessionsWithoutIndex)
        scarcity = pairs.scarcity
        primary = PrimaryDifference(
            pairs, meanBlock: Comparison.meanBlock, draws: draws, seed: seed)
        sensitivity =
            withSensitivity
            ? Comparison.otherMeanBlocks.compactMap {
                PrimaryDifference(pairs, meanBlock: $0, draws: draws, seed: seed)
            } : []
        verdict = Comparison.verdict(
            primary, sessions: sessions, measured: measuredSessions,
            withoutIndex: sessionsWithoutIndex,
            trades: min(reference.trades.count, challenger.trades.count))
    }

    /// Whether too many sessions have no index for a verdict: more than one in fifty.
    public var lacksIndex: Bool { Comparison.lacksIndex(sessionsWithoutIndex, of: sessions) }

    private static func lacksIndex(_ count: Int, of sessions: Int) -> Bool {
        50 * count > sessions
    }

    /// The verdict on a metric; the first session of a window has no index return of its own and is
    /// not asked for one.
    static func verdict(
        _ primary: PrimaryDifference?, sessions: Int, measured: Int, withoutIndex: Int,
        trades: Int
    ) -> Verdict {
        guard let primary, !lacksIndex(withoutIndex, of: sessions),
            sessions >= Verdict.fewestSessions,
            measured >= Verdict.fewestSessions - 1, trades >= Verdict.fewestTrades
        else { return .insufficient }
        if primary.interval.low > 0 { return .shown }
        return primary.interval.high < 0 ? .worse : .notShown
    }
}
