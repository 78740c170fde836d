import Events
import Learning

/// Says after each session how the champion has done: what was traded on its word, what its raw
/// probabilities came to, and the portfolio beside the index (D 23:30).
enum ModelPerformanceDecider {
    /// Calendar days that are looked back, as far as the champion has been one.
    static let windowDays = 90
    private static let sessionsPerYear = 252.0

    /// Records the champion's record of the window, once a session; gives the number of labels it
    /// looked at.
    static func decide(_ state: inout LoopState, day: Day, _ desk: inout Desk) -> Int {
        let book = state.performance
        guard book.champion != .none, book.champion == state.models.champion?.reference else {
            return 0
        }
        guard book.evaluatedOn != day else { return book.judged.count }
        var scores = Calibration()
        for (_, predicted, label) in book.judged {
            scores.add(predicted.probabilities, label: label)
        }
        let trades = book.trades
        let returns = trades.map { $0.netReturn * 100 }
        let correlation = CorrelationTest(trades.map(\.confidence), returns).correlation
        let daily = daily(book.sessions)
        let total = growth(book.sessions.first?.value, book.sessions.last?.value)
        let baseline = growth(
            book.sessions.first?.index ?? nil, book.sessions.last?.index ?? nil)
        desk.record(
            ModelPerformanceEvaluated(
                envelope: desk.envelope(causation: book.champion), model: book.champion,
                winRate: rate(trades), averageReturn: mean(returns), totalReturn: total,
                sharpe: sharpe(daily), sortino: sortino(daily),
                maximumDrawdown: drawdown(book.sessions),
                confidenceCorrelation: correlation.isNaN ? nil : correlation,
                highConfidenceWinRate: rate(trades.filter { $0.confidence >= 0.8 }),
                lowConfidenceWinRate: rate(trades.filter { $0.confidence < 0.7 }),
                baselineReturn: baseline,
                alpha: total.flatMap { total in baseline.map { total - $0 } },
                brier: scores.brier, generated: sum(book.sessions, \.generated),
                traded: sum(book.sessions, \.traded), skipped: sum(book.sessions, \.skipped),
                day: day, windowDays: UInt16(windowDays),
                bins: scores.bins.map {
                    ModelPerformanceEvaluated.Bin(
                        lower: $0.lower, predicted: $0.predicted, observed: $0.observed,
                        rows: UInt32($0.rows), role: .champion)
                }), &state)
        return book.judged.count
    }

    private static func sum(
        _ sessions: [PerformanceBook.Session], _ path: KeyPath<PerformanceBook.Session, Int>
    ) -> UInt32 {
        UInt32(sessions.reduce(0) { $0 + $1[keyPath: path] })
    }

    private static func rate(_ trades: [PerformanceBook.Trade]) -> Double? {
        guard !trades.isEmpty else { return nil }
        return Double(trades.reduce(0) { $0 + ($1.isWin ? 1 : 0) }) / Double(trades.count)
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Percent from first to last.
    private static func growth(_ first: Double?, _ last: Double?) -> Double? {
        guard let first, let last, first > 0 else { return nil }
        return (last / first - 1) * 100
    }

    /// Simple returns of the portfolio from session to session.
    private static func daily(_ sessions: [PerformanceBook.Session]) -> [Double] {
        zip(sessions, sessions.dropFirst()).map { $0.value > 0 ? $1.value / $0.value - 1 : 0 }
    }

    /// Mean over sample deviation, annualised; nil where returns never vary.
    private static func sharpe(_ returns: [Double]) -> Double? {
        guard returns.count > 1, let mean = mean(returns) else { return nil }
        let squares = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(returns.count - 1)).squareRoot()
        return deviation > 0 ? mean / deviation * sessionsPerYear.squareRoot() : nil
    }

    /// Mean over downside deviation (all returns counted), annualised; nil without a loss.
    private static func sortino(_ returns: [Double]) -> Double? {
        guard let mean = mean(returns) else { return nil }
        let squares = returns.reduce(0) { $0 + ($1 < 0 ? $1 * $1 : 0) }
        let deviation = (squares / Double(returns.count)).squareRoot()
        return deviation > 0 ? mean / deviation * sessionsPerYear.squareRoot() : nil
    }

    /// Deepest fall from a high before it, percent, zero or negative.
    private static func drawdown(_ sessions: [PerformanceBook.Session]) -> Double? {
        var high = 0.0
        var deepest: Double?
        for session in sessions {
            high = max(high, session.value)
            if high > 0 { deepest = min(deepest ?? 0, (session.value / high - 1) * 100) }
        }
        return deepest
    }
}
