public import EventLog
public import FeedbackLoop

extension ChampionHistory {
    /// Folds a run's own events.
    public init(_ run: MergedLog) throws {
        var history = ChampionHistory()
        try run.readOwn { reference, message in
            try history.take(message, reference)
            return .proceed
        }
        self = history
    }
}
