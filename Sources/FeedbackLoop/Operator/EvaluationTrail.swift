import Events

/// When each ticker was evaluated: what was known of it at any instant.
struct EvaluationTrail: Sendable {
    private var trail = Lookup<Ticker, [(at: Instant, signal: Reference)]>()

    /// An evaluation was recorded.
    mutating func add(_ ticker: Ticker, _ signal: Reference, at instant: Instant) {
        trail[ticker, default: []].append((instant, signal))
    }

    /// The latest evaluation of a ticker that was known at an instant, none older than so many
    /// days.
    func latest(_ ticker: Ticker, at instant: Instant, reachDays: Int) -> Reference? {
        guard let known = trail[ticker]?.last(where: { $0.at <= instant }),
            instant.day - known.at.day <= reachDays
        else { return nil }
        return known.signal
    }
}
