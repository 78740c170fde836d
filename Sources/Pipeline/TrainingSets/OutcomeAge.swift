public import Events
public import Learning

/// How old the outcome rows are that a training fits: calendar days from the decision to the job.
///
/// Rows that are held out, that lie in the gap or that stop training early fit nothing, so the
/// newest that is fitted is far older than the end of the window of outcomes.
public struct OutcomeAge: Hashable, Sendable {
    /// When the job was due.
    public let at: Instant
    /// The TrainingRequested; none of a training that nobody asked for.
    public let request: Reference
    /// The model that came of it; nil without one.
    public let model: Reference?
    /// Outcome rows that are fitted.
    public let rows: Int
    /// Days to the newest of them; nil without any.
    public let newest: Int?
    /// Days to the middle one, of two the mean; nil without any.
    public let median: Double?

    /// The ages in a set, for a job at an instant.
    public init(
        _ set: TrainingSet, at instant: Instant, request: Reference = .none,
        model: Reference? = nil
    ) {
        let ages = Array(set.training).filter { $0.source == .outcome }
            .map { Int(instant.day - $0.row.decidedOn) }
        (at, self.request, self.model, rows) = (instant, request, model, ages.count)
        newest = ages.min()
        median = ages.isEmpty ? nil : MiddleValue.median(ages.map(Double.init))
    }

    /// Both ages in words.
    public var text: String {
        guard let newest, let median else { return "no outcome row is fitted" }
        return "newest fitted outcome \(newest) days before, median \(Int(median.rounded()))"
    }
}
