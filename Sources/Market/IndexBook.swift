public import Events

/// The closes of one index series, by day.
public struct IndexBook: Sendable {
    /// One session's level; `close` is adjusted where the source adjusts it, and not a number in a
    /// session of which the source has none.
    public struct Level: Hashable, Sendable {
        /// The session.
        public var day: Day
        /// The open on the scale of `close`, nil where the source has none.
        public var open: Double?
        /// The close, adjusted for dividends where the source says so.
        public var close: Double

        /// A level from its parts.
        public init(day: Day, open: Double?, close: Double) {
            (self.day, self.open, self.close) = (day, open, close)
        }
    }

    /// All levels so far, ascending by day, holes among them: a level is known on its own day only,
    /// and what stands on either side of a hole is no return of a session.
    public private(set) var levels: [Level] = []
    /// Whether any level came without an adjusted close: dividends are missing from its returns.
    public private(set) var isPriceOnly = false

    /// An empty series.
    public init() {}

    /// Takes one session's close, a late one in place of the hole that it left. A day not after the
    /// last one adds nothing, nor does a level that lies outside `InputRange.indexLevel`.
    public mutating func close(_ event: borrowing IndexClosedView) {
        let day = event.day
        let raw = event.close
        let isLate = levels.last.map { $0.day == day && $0.close.isNaN } ?? false
        guard isLate || levels.last.map({ $0.day < day }) ?? true,
            InputRange.indexLevel.contains(raw),
            InputRange.indexLevel.contains(event.adjustedClose ?? raw)
        else { return }
        if isLate { levels.removeLast() }
        let adjusted = event.adjustedClose
        if adjusted == nil { isPriceOnly = true }
        let scale = adjusted.map { $0 / raw } ?? 1
        levels.append(
            Level(day: day, open: event.open.map { $0 * scale }, close: adjusted ?? raw))
    }

    /// A session is over: without a level of its own it is a hole, once the series has begun.
    public mutating func end(session day: Day) {
        guard let last = levels.last, last.day < day else { return }
        levels.append(Level(day: day, open: nil, close: .nan))
    }

    /// The close of `day`; nil where the series has none.
    public func close(of day: Day) -> Double? {
        index(of: day).flatMap { known(levels[$0].close) }
    }

    /// The level at the open of `day`: that day's open where known, else the close of the session
    /// before; nil where the series has no level of the day, or neither of these.
    public func open(of day: Day) -> Double? {
        guard let index = index(of: day), known(levels[index].close) != nil else { return nil }
        return levels[index].open ?? (index > 0 ? known(levels[index - 1].close) : nil)
    }

    /// What a session's open and close stood at: what returns that begin or end in it are measured
    /// by.
    public func session(_ day: Day) -> (open: Double?, close: Double?) {
        (open(of: day), close(of: day))
    }

    private func known(_ level: Double) -> Double? { level.isNaN ? nil : level }

    /// The last levels, enough to measure sessions to come.
    public var tail: ArraySlice<Level> { levels.suffix(2) }

    /// A series that goes on from its last levels; what came before is not known to it.
    public init(tail: [Level]) {
        levels = tail
    }

    /// The simple return over the latest `sessions` sessions, nil when fewer are known, or one of
    /// both ends is a hole.
    public func simpleReturn(sessions: Int) -> Double? {
        guard levels.count > sessions else { return nil }
        return known(
            levels[levels.count - 1].close / levels[levels.count - 1 - sessions].close - 1)
    }

    /// The annualised standard deviation (n − 1) of the latest `sessions` daily log returns, nil
    /// when fewer are known, or one is a hole; 252 sessions a year.
    public func annualisedVolatility(sessions: Int) -> Double? {
        guard sessions > 1, levels.count > sessions else { return nil }
        var returns: [Double] = []
        for index in (levels.count - sessions)..<levels.count {
            guard known(levels[index].close) != nil, known(levels[index - 1].close) != nil else {
                return nil
            }
            returns.append(Elementary.log(levels[index].close / levels[index - 1].close))
        }
        let mean = returns.reduce(0, +) / Double(sessions)
        let squares = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(sessions - 1) * 252).squareRoot()
    }

    private func index(of day: Day) -> Int? {
        var low = 0
        var high = levels.count
        while low < high {
            let middle = (low + high) / 2
            if levels[middle].day <= day { low = middle + 1 } else { high = middle }
        }
        return low > 0 && levels[low - 1].day == day ? low - 1 : nil
    }
}
