/// A number that entered a decision, beside the bound that it met or missed. Deciders decide by
/// `isMet`; whoever explains a decision is lent the very checks that made it.
public struct RuleCheck: Hashable, Sendable {
    /// What was looked at.
    public enum Subject: Hashable, Sendable {
        /// Distinct filers.
        case politicians
        /// Distinct rows.
        case transactions
        /// 1 when the filings point one way, 0 when they say hold.
        case direction
        /// 1 when heuristic and champion say opposite things and that emits nothing, else 0.
        case opposition
        /// Confidence, to emit a signal.
        case emission
        /// Confidence, to trade on a signal.
        case trade
        /// Confidence, to enter while many positions are open.
        case crowd
        /// Shares held of the ticker.
        case held
        /// Exits of the holding that are decided already.
        case exits
        /// Orders of the ticker that are not filled yet.
        case pending
        /// Sessions since the ticker was stopped out.
        case sinceStop
        /// Halts of entries that have not ended.
        case halts
        /// 1 when the ticker has a bar in the session, else 0.
        case bar
        /// Bars for the average true range: 1 when there are enough, else 0.
        case range
        /// Open positions, entries that wait for the open among them.
        case positions
        /// Entry orders of the session's cycle so far.
        case entries
        /// Shares of the size wanted.
        case shares
        /// Shares that the free cash buys.
        case affordable
    }

    /// How the number must stand to the bound.
    public enum Comparison: Hashable, Sendable {
        /// The number is the bound or more.
        case atLeast
        /// The number is the bound or less.
        case atMost
        /// The number is less than the bound.
        case below
        /// The number is more than the bound.
        case above
    }

    /// What was looked at.
    public let subject: Subject
    /// The number.
    public let observed: Double
    /// How it must stand to the bound.
    public let comparison: Comparison
    /// The bound.
    public let bound: Double
    /// The setting that gives the bound; nil where none does.
    public let setting: String?

    init(
        _ subject: Subject, _ observed: Double, _ comparison: Comparison, _ bound: Double,
        _ setting: String? = nil
    ) {
        self.subject = subject
        self.observed = observed
        self.comparison = comparison
        self.bound = bound
        self.setting = setting
    }

    init(
        _ subject: Subject, _ observed: Int, _ comparison: Comparison, _ bound: Int,
        _ setting: String? = nil
    ) {
        self.init(subject, Double(observed), comparison, Double(bound), setting)
    }

    /// Whether the rule is met.
    public var isMet: Bool {
        switch comparison {
        case .atLeast: observed >= bound
        case .atMost: observed <= bound
        case .below: observed < bound
        case .above: observed > bound
        }
    }
}
