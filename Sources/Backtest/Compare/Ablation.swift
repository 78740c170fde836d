public import FeedbackLoop

/// What each difference between two strategies is worth: added alone to the one, and taken alone
/// from the other.
public struct Ablation: Sendable {
    /// Settings that change together: one idea.
    public struct Fix: Hashable, Sendable {
        /// What a reader sees.
        public var name: String
        /// The settings, `KEY=VALUE`, as the challenger has them.
        public var given: [String]
        /// The same keys as the reference has them.
        public var taken: [String]
    }

    /// One replay more, against the strategy that it differs from in one fix.
    public struct Row: Sendable {
        /// The fix.
        public var fix: Fix
        /// Whether it was added to the reference; else it was taken from the challenger.
        public var isAdded: Bool
        /// What the fix is worth there: the run with it less the run without it; nil where either
        /// has no ratio.
        public var primary: PrimaryDifference?
        /// Closed trades of the side that was replayed for it.
        public var closedTrades: Int
        /// Two-sided p-value, adjusted over all rows by Romano and Wolf's stepdown; nil without
        /// `primary`.
        public var adjusted: Double?

        /// A row before the adjustment.
        init(_ fix: Fix, isAdded: Bool, _ primary: PrimaryDifference?, closedTrades: Int) {
            self.fix = fix
            self.isAdded = isAdded
            self.primary = primary
            self.closedTrades = closedTrades
        }
    }

    /// The rows: what was added, then what was taken, each in the order of the fixes.
    public private(set) var rows: [Row] = []

    /// Keys that make no sense apart, by the name of the idea; every other key is a fix of its own.
    private static let together: [(name: String, keys: [String])] = [
        ("entry thresholds", ["emit_threshold", "queue_threshold"]),
        (
            "look-back",
            ["training_lookback_sessions", "holdout_sessions", "early_stopping_sessions"]
        ),
        ("machine thresholds", ["buy_threshold", "sell_threshold", "adaptive_thresholds"]),
    ]

    /// The differences between two configurations, in the order of the settings.
    public static func fixes(_ reference: LoopConfiguration, _ challenger: LoopConfiguration)
        -> [Fix]
    {
        var fixes: [Fix] = []
        for field in LoopConfiguration.fields {
            let (old, new) = (field.text(reference), field.text(challenger))
            guard old != new else { continue }
            let name = together.first { $0.keys.contains(field.key) }?.name ?? field.key
            let place = fixes.firstIndex { $0.name == name } ?? fixes.count
            if place == fixes.count { fixes.append(Fix(name: name, given: [], taken: [])) }
            fixes[place].given.append("\(field.key)=\(new)")
            fixes[place].taken.append("\(field.key)=\(old)")
        }
        return fixes
    }

    /// The ablation of a comparison: for each fix the reference with it and the challenger without.
    public init(
        _ reference: BacktestReport, _ challenger: BacktestReport,
        _ replays: [(fix: Fix, with: BacktestReport, without: BacktestReport)],
        draws: Int = 10_000, seed: UInt64 = 1
    ) throws(ComparisonError) {
        var drawn: [[Double]] = []
        func add(_ fix: Fix, _ isAdded: Bool, _ first: BacktestReport, _ second: BacktestReport)
            throws(ComparisonError)
        {
            let pairs = try ExcessPairs(first, second)
            let primary = PrimaryDifference(
                pairs, meanBlock: Comparison.meanBlock, draws: draws, seed: seed)
            let trades = (isAdded ? second : first).trades.count
            rows.append(Row(fix, isAdded: isAdded, primary, closedTrades: trades))
            guard primary != nil else { return }
            // One seed over one window: every row's draws are of the same sessions.
            drawn.append(
                PrimaryDifference.resampled(
                    pairs, meanBlock: Comparison.meanBlock, draws: draws, seed: seed))
        }
        for replay in replays { try add(replay.fix, true, reference, replay.with) }
        for replay in replays { try add(replay.fix, false, replay.without, challenger) }
        let known = rows.indices.filter { rows[$0].primary != nil }
        let adjusted = RomanoWolf.adjusted(
            known.compactMap { rows[$0].primary?.difference }, draws: drawn)
        for (place, value) in zip(known, adjusted) { rows[place].adjusted = value }
    }
}
