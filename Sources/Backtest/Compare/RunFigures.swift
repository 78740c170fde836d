import Events

/// The figures of one run that a study pools over many worlds.
public struct RunFigures: Codable, Hashable, Sendable {
    /// Trades and returns of some sessions.
    public struct Span: Codable, Hashable, Sendable {
        /// Sessions.
        public var sessions: Int
        /// Closed trades that were entered in them.
        public var trades: Int
        /// Of those, wins: a net return above .5 %.
        public var wins: Int
        /// Annualised Sharpe ratio; nil without dispersion.
        public var sharpe: Double?

        /// From its parts.
        public init(sessions: Int, trades: Int, wins: Int, sharpe: Double?) {
            (self.sessions, self.trades, self.wins) = (sessions, trades, wins)
            self.sharpe = sharpe
        }
    }

    /// Annualised information ratio at equal exposure; 0 of a run that held nothing.
    public var ratio: Double
    /// All sessions.
    public var whole: Span
    /// The sessions after the second successful training with outcomes; nil when there was none.
    public var afterTwoCycles: Span?
    /// Successful trainings with outcomes.
    public var trainings: Int
    /// Promotions.
    public var promotions: Int

    /// From its parts.
    public init(
        ratio: Double, whole: Span, afterTwoCycles: Span?, trainings: Int, promotions: Int
    ) {
        (self.ratio, self.whole, self.afterTwoCycles) = (ratio, whole, afterTwoCycles)
        (self.trainings, self.promotions) = (trainings, promotions)
    }
}

extension ComparedRun {
    /// What a study keeps of it.
    public var figures: RunFigures {
        let second = learning.trainings.dropFirst(RetrainingCycle.pooledFrom - 1).first
        return RunFigures(
            ratio: report.excessRatio, whole: span(from: 0),
            afterTwoCycles: second.flatMap {
                let place = report.firstSession(onOrAfter: $0.at.day)
                return place < report.daily.count ? span(from: place) : nil
            },
            trainings: learning.trainings.count, promotions: learning.promotions.count)
    }

    private func span(from first: Int) -> RunFigures.Span {
        let range = first..<report.daily.count
        let day = range.isEmpty ? nil : report.daily[first].day
        let entered = report.trades.filter { trade in day.map { trade.entryDay >= $0 } ?? false }
        return RunFigures.Span(
            sessions: range.count, trades: entered.count,
            wins: entered.count { $0.outcome == .win }, sharpe: report.part(range).returns.sharpe)
    }
}
