public import Events

/// The verdict of the sampling error: promote when even the lower end of the 95 % interval of the
/// accuracy difference is above 0, hold otherwise, insufficient when the rows cannot tell.
public struct GateEvidence: Hashable, Sendable {
    /// Fewest rows.
    public static let enoughRows = 100
    /// Fewest wins, and fewest losses.
    public static let enoughOfAClass = 30
    /// Fewest label windows that do not overlap.
    public static let enoughWindows = 10

    /// Why the rows cannot tell.
    public enum Shortage: String, Hashable, Sendable, CaseIterable {
        /// Under 100 rows.
        case rows
        /// Under 30 wins.
        case wins
        /// Under 30 losses.
        case losses
        /// Under ten label windows that do not overlap.
        case windows
        /// Fewer sessions than two whole blocks.
        case blocks
    }

    /// Everything that there is too little of, in the order above.
    public let shortages: [Shortage]
    /// What follows: promote, hold or insufficient.
    public let verdict: GateVerdict

    /// Judges by the interval of the accuracy difference.
    ///
    /// - Parameters:
    ///   - tally: of either model; the actual classes are the same.
    ///   - windows: label windows that do not overlap.
    ///   - accuracy: nil when there are fewer sessions than two blocks.
    public init(tally: ClassTally, windows: Int, accuracy: Interval?) {
        var shortages: [Shortage] = []
        if tally.rows < GateEvidence.enoughRows { shortages.append(.rows) }
        if tally.actual(.win) < GateEvidence.enoughOfAClass { shortages.append(.wins) }
        if tally.actual(.loss) < GateEvidence.enoughOfAClass { shortages.append(.losses) }
        if windows < GateEvidence.enoughWindows { shortages.append(.windows) }
        if accuracy == nil { shortages.append(.blocks) }
        self.shortages = shortages
        if let accuracy, shortages.isEmpty {
            verdict = accuracy.low > 0 ? .promote : .hold
        } else {
            verdict = .insufficient
        }
    }

    /// The most label windows that can be chosen among ascending decision sessions so that none
    /// overlaps another: each begins `labelSessions` or more after the one before.
    public static func windows(sessions: [Int], labelSessions: Int) -> Int {
        var count = 0
        var free = Int.min
        for session in sessions where session >= free {
            count += 1
            free = session + labelSessions
        }
        return count
    }
}
