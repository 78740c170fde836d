public import Events
import Learning
public import Pipeline

extension TrialResult {
    /// What a report says of a trial.
    public init(_ report: BacktestReport, seal: Digest?) {
        let whole = report.whole
        let series = whole.scarcity == nil ? DeflatedSharpe.Series(report.returns) : nil
        self.init(
            seal: seal, value: whole.index.equalExposureInformationRatio,
            sharpe: whole.returns.sharpe, observations: report.daily.count,
            closedTrades: report.trades.count, skewness: series?.skewness,
            kurtosis: series?.kurtosis)
    }
}

extension DeflatedSharpe {
    /// The ratio of a finished trial among those of its family; nil where it has no Sharpe ratio.
    public init?(_ trial: Trial, in family: TrialFamily) {
        guard let finished = trial.finished, let sharpe = finished.shownSharpe,
            let skewness = finished.skewness, let kurtosis = finished.kurtosis
        else { return nil }
        let series = Series(
            sharpe: sharpe / ReturnMetrics.sessionsPerYear.squareRoot(),
            observations: Int(finished.observations), skewness: skewness, kurtosis: kurtosis)
        let peers = trial.started.kind == .simulation ? family.simulated : family.distinct
        self.init(
            series, trials: max(peers.count, 1),
            variance: DeflatedSharpe.variance(of: TrialFamily.sharpes(peers)))
    }
}
