/// How a simulated holdout comes about.
public struct Design: Hashable, Sendable {
    /// Rows of the holdout.
    public var rows: Int
    /// Decision sessions over which the rows are spread.
    public var sessions: Int
    /// Sessions that a label looks ahead; 0 for independent rows.
    public var labelSessions: Int

    /// Share of a session's variance that all its rows have in common.
    public static let dateShare = 0.3
    /// Correlation of what makes the two models right, given that both see the same features.
    public static let skillCorrelation = 0.7
    /// The champion's true accuracy.
    public static let accuracy = 0.52
    /// True shares of the classes loss, breakeven and win.
    public static let shares = [0.5, 0.08, 0.42]

    /// A design from its parts.
    public init(rows: Int, sessions: Int, labelSessions: Int) {
        self.rows = rows
        self.sessions = sessions
        self.labelSessions = labelSessions
    }

    /// Tickers that rows are of: 60, or as many as a session has rows.
    var tickers: Int { max(60, (rows + sessions - 1) / sessions) }

    /// The session of a row, and its ticker: a session's rows are of different tickers, in order,
    /// and each session begins with another.
    func place(_ row: Int) -> (session: Int, ticker: Int) {
        let session = row * sessions / rows
        let first = (session * rows + sessions - 1) / sessions
        let next = ((session + 1) * rows + sessions - 1) / sessions
        return (session, ((row - first) * tickers + session * 37 % tickers) / (next - first))
    }

    /// Whether rows share days and label windows.
    var overlaps: Bool { labelSessions > 0 }
}
