public import Events

/// The sampling error of the differences between two models on the same rows: whole blocks of
/// consecutive decision sessions are drawn, so that same-date correlation and overlapping label
/// windows stay inside a block.
///
/// A draw costs its blocks, not its rows: the counts of every block are added up once.
public struct PairedBootstrap: Sendable {
    /// Differences, challenger − champion.
    public struct Differences: Hashable, Sendable {
        /// Of the shares of right rows.
        public var accuracy: Double
        /// Of the weighted F1.
        public var f1: Double
        /// Of the mean profit a row.
        public var profit: Double
    }

    /// Percentile intervals of the differences.
    public struct Intervals: Hashable, Sendable {
        /// Of the difference in accuracy.
        public var accuracy: Interval
        /// Of the difference in weighted F1.
        public var f1: Interval
        /// Of the difference in mean profit a row.
        public var profit: Interval
    }

    /// Counts of some rows: actual classes in lanes 0–2; of the challenger, right rows in lanes 3–5
    /// and predicted classes in 6–8; of the champion in 9–11 and 12–14; rows in 15.
    typealias Counts = SIMD16<Int32>

    /// Sums over some sessions.
    struct Sums: Hashable, Sendable {
        var counts = Counts()
        var profit = 0.0

        static func += (left: inout Sums, right: Sums) {
            left.counts &+= right.counts
            left.profit += right.profit
        }
    }

    /// Sums of each decision session that has rows, in order.
    private var sessions: [Sums] = []
    private var last: Int?

    /// A bootstrap of no rows.
    public init() {}

    /// Decision sessions with rows.
    public var sessionCount: Int { sessions.count }

    /// Takes the next row.
    ///
    /// - Parameter profit: the challenger's profit less the champion's.
    /// - Precondition: sessions never step back.
    public mutating func add(
        session: Int, actual: OutcomeClass, new: OutcomeClass, old: OutcomeClass, profit: Double
    ) {
        precondition(last.map { session >= $0 } ?? true, "rows come in order of session")
        if last != session { sessions.append(Sums()) }
        last = session
        let place = sessions.count - 1
        sessions[place].counts[Int(actual.rawValue)] += 1
        if new == actual { sessions[place].counts[3 + Int(actual.rawValue)] += 1 }
        sessions[place].counts[6 + Int(new.rawValue)] += 1
        if old == actual { sessions[place].counts[9 + Int(actual.rawValue)] += 1 }
        sessions[place].counts[12 + Int(old.rawValue)] += 1
        sessions[place].counts[15] += 1
        sessions[place].profit += profit
    }

    /// The differences over all rows.
    public var observed: Differences {
        var sums = Sums()
        for session in sessions { sums += session }
        return PairedBootstrap.differences(sums)
    }

    /// 95 % percentile intervals; nil with fewer sessions than two whole blocks, where a draw would
    /// be little else than the sample itself.
    public func intervals(blockSessions: Int, draws: Int, seed: UInt64) -> Intervals? {
        guard draws > 0, sessions.count >= 2 * blockSessions else { return nil }
        let values = resampled(blockSessions: blockSessions, draws: draws, seed: seed)
        return Intervals(
            accuracy: Interval(middle95: values.map(\.accuracy)),
            f1: Interval(middle95: values.map(\.f1)),
            profit: Interval(middle95: values.map(\.profit)))
    }

    /// The differences of each draw.
    ///
    /// - Precondition: there are rows.
    public func resampled(blockSessions: Int, draws: Int, seed: UInt64) -> [Differences] {
        var starts = BlockDraws(units: sessions.count, length: blockSessions, seed: seed)
        let whole = blockSums(starts.length)
        let tail = blockSums(starts.tail)
        let wholeBlocks = starts.blocks - 1
        var values: [Differences] = []
        values.reserveCapacity(draws)
        for _ in 0..<draws {
            var sums = Sums()
            for _ in 0..<wholeBlocks { sums += whole[starts.nextStart()] }
            sums += tail[starts.nextStart()]
            values.append(PairedBootstrap.differences(sums))
        }
        return values
    }

    /// The sums of the block of `length` sessions that begins at each session, round the end.
    private func blockSums(_ length: Int) -> [Sums] {
        sessions.indices.map { start in
            var sums = Sums()
            for offset in 0..<length { sums += sessions[(start + offset) % sessions.count] }
            return sums
        }
    }

    private static func differences(_ sums: Sums) -> Differences {
        let counts = sums.counts
        let rows = Double(counts[15])
        let right = (counts[3] + counts[4] + counts[5]) - (counts[9] + counts[10] + counts[11])
        return Differences(
            accuracy: Double(right) / rows,
            f1: (f1Sum(counts, 3) - f1Sum(counts, 9)) / rows, profit: sums.profit / rows)
    }

    /// Rows times the weighted F1 of the model whose right rows begin at lane `first`.
    private static func f1Sum(_ counts: Counts, _ first: Int) -> Double {
        var sum = 0.0
        for outcome in 0..<3 {
            let actual = Double(counts[outcome])
            let denominator = Double(counts[first + 3 + outcome]) + actual
            guard denominator > 0 else { continue }
            sum += 2 * Double(counts[first + outcome]) * actual / denominator
        }
        return sum
    }
}
