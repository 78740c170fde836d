public import Events
public import Learning

/// The excess of two runs over the index at equal exposure, session by session:
/// r_t − exposure_{t−1} · index_t, net of costs.
///
/// Sessions whose index return is not known are left out of both.
public struct ExcessPairs: Hashable, Sendable {
    /// The sessions.
    public var days: [Day] = []
    /// The excess of the run that is compared with.
    public var reference: [Double] = []
    /// The excess of the run that is compared.
    public var challenger: [Double] = []
    /// Closed trades of the side that has fewer; nil of pairs at hand.
    public var trades: Int?

    /// Why they have no ratio; nil when they have.
    public var scarcity: Scarcity? {
        Scarcity(trades: trades, returns: reference)
            ?? Scarcity(trades: trades, returns: challenger)
    }

    /// Pairs that are at hand.
    ///
    /// - Precondition: there are as many of each.
    public init(days: [Day], reference: [Double], challenger: [Double]) {
        precondition(
            days.count == reference.count && days.count == challenger.count,
            "a pair has a session and two values")
        self.days = days
        self.reference = reference
        self.challenger = challenger
    }

    /// The pairs of two runs.
    ///
    /// - Throws: `ComparisonError.differentSessions` unless both have the same sessions.
    public init(_ reference: BacktestReport, _ challenger: BacktestReport) throws(ComparisonError) {
        try self.init(reference, challenger, 0..<max(reference.daily.count, challenger.daily.count))
    }

    /// The pairs of the sessions in `range`.
    init(_ reference: BacktestReport, _ challenger: BacktestReport, _ range: Range<Int>)
        throws(ComparisonError)
    {
        try ComparisonError.check(reference, challenger)
        let ours = ExcessPairs.excess(reference)
        let theirs = ExcessPairs.excess(challenger)
        let range = range.clamped(to: reference.daily.indices)
        trades = min(reference.closedTrades(in: range), challenger.closedTrades(in: range))
        for place in range {
            guard let own = ours[place], let other = theirs[place] else { continue }
            days.append(reference.daily[place].day)
            self.reference.append(own)
            self.challenger.append(other)
        }
    }

    /// The excess of each session, nil where the index return is not known.
    static func excess(_ report: BacktestReport) -> [Double?] {
        var exposure = 0.0
        return zip(report.daily, report.returns).map { record, change in
            let before = exposure
            exposure = record.exposure
            return record.indexReturn.map { change - before * $0 }
        }
    }
}

/// Why two runs cannot be compared.
public enum ComparisonError: Error, Hashable, Sendable, CustomStringConvertible {
    /// They do not share one window: the first session that only one of them has.
    case differentSessions(String, String, Day)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .differentSessions(let first, let second, let day):
            "\(first) and \(second) do not share one window: only one of them has session \(day); "
                + "run both with the same --from and --to over the same timeline"
        }
    }

    static func check(_ first: BacktestReport, _ second: BacktestReport) throws(ComparisonError) {
        let (left, right) = (first.daily, second.daily)
        for place in 0..<max(left.count, right.count) {
            let day = place < left.count ? left[place].day : right[place].day
            guard place < left.count, place < right.count, left[place].day == right[place].day
            else {
                throw .differentSessions(first.facts.run, second.facts.run, day)
            }
        }
    }
}
