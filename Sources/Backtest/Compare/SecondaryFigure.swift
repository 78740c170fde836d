import Market

/// A figure that a comparison shows beside the primary metric, without a verdict.
public enum SecondaryFigure: String, CaseIterable, Sendable {
    /// Wins (a net return above .5 %) over closed trades.
    case winRate = "win_rate"
    /// Closed trades.
    case closedTrades = "closed_trades"
    /// Dollars of all trades above 0 over dollars of all below.
    case profitFactor = "profit_factor"
    /// Compounded return of the window.
    case totalReturn = "total_return"
    /// The same of the excess at equal exposure.
    case excessReturn = "excess_return"
    /// Annualised mean over deviation of daily returns.
    case sharpe
    /// The same of the excess at equal exposure: each side's part of the primary metric.
    case excessSharpe = "excess_sharpe"
    /// Annualised mean over the root mean square of losses.
    case sortino
    /// The same of the excess at equal exposure.
    case excessSortino = "excess_sortino"
    /// The deepest fall below the highest value so far, at most 0.
    case drawdown = "max_drawdown"
    /// The same of the excess at equal exposure.
    case excessDrawdown = "excess_max_drawdown"
    /// Mean share of the value that is invested.
    case exposure
    /// Mean of a session's dollars bought and sold over the value, a year.
    case turnover

    /// What a reader sees.
    public var title: String {
        switch self {
        case .winRate: "Win rate, net above .5 %"
        case .closedTrades: "Closed trades"
        case .profitFactor: "Profit factor, gross"
        case .totalReturn: "Total return"
        case .excessReturn: "Excess return at equal exposure"
        case .sharpe: "Sharpe ratio"
        case .excessSharpe: "Sharpe ratio at equal exposure"
        case .sortino: "Sortino ratio"
        case .excessSortino: "Sortino ratio at equal exposure"
        case .drawdown: "Maximum drawdown"
        case .excessDrawdown: "Maximum drawdown at equal exposure"
        case .exposure: "Mean exposure"
        case .turnover: "Turnover a year"
        }
    }

    /// Whether it is a share that reads better as a per cent.
    public var isShare: Bool {
        switch self {
        case .winRate, .totalReturn, .excessReturn, .drawdown, .excessDrawdown, .exposure: true
        case .closedTrades, .profitFactor, .sharpe, .excessSharpe, .sortino, .excessSortino,
            .turnover:
            false
        }
    }

    /// Whether it is a ratio, which too few trades or returns do not give.
    public var isRatio: Bool {
        switch self {
        case .profitFactor, .sharpe, .excessSharpe, .sortino, .excessSortino: true
        default: false
        }
    }

    /// The value that sums and the deepest falls of both wealths give; NaN where it has none.
    func value(_ sums: SessionSums.Sums, deepest: SIMD2<Double>) -> Double {
        switch self {
        case .winRate: sums[11] > 0 ? sums[12] / sums[11] : .nan
        case .closedTrades: sums[11]
        case .profitFactor: sums[14] > 0 ? sums[13] / sums[14] : .nan
        case .totalReturn: Elementary.exp(sums[3]) - 1
        case .excessReturn: Elementary.exp(sums[7]) - 1
        case .sharpe: SecondaryFigure.ratio(sums[0], sums[1], sums[15])
        case .excessSharpe: SecondaryFigure.ratio(sums[4], sums[5], sums[8])
        case .sortino: SecondaryFigure.sortino(sums[0], sums[2], sums[15])
        case .excessSortino: SecondaryFigure.sortino(sums[4], sums[6], sums[8])
        case .drawdown: Elementary.exp(deepest.x) - 1
        case .excessDrawdown: Elementary.exp(deepest.y) - 1
        case .exposure: sums[9] / sums[15]
        case .turnover: sums[10] / sums[15] * ReturnMetrics.sessionsPerYear
        }
    }

    private static func ratio(_ sum: Double, _ squares: Double, _ count: Double) -> Double {
        count >= 2 ? PrimaryDifference.ratio(sum, squares, Int(count)) : .nan
    }

    private static func sortino(_ sum: Double, _ losses: Double, _ count: Double) -> Double {
        guard count > 0, losses > 0 else { return .nan }
        return sum / count / (losses / count).squareRoot()
            * ReturnMetrics.sessionsPerYear.squareRoot()
    }
}
