import Events
import Learning
import Testing

@Suite("Confidence sequences")
struct BettingBoundTests {
    @Test("bounds are those of the formula solved by scipy's root finder")
    func golden() throws {
        let values = (0..<60).map { Double($0 * 37 % 101) / 250 + 0.5 }
        let interval = try #require(BettingBound.interval(values, error: 0.05))
        #expect(abs(interval.low - 0.6366898509037009) < 1e-12)
        #expect(abs(interval.high - 0.7423738703655638) < 1e-12)
        let ones = [Double](repeating: 1, count: 30)
        #expect(abs(BettingBound.lower(ones, error: 0.025) - 0.8514578613224201) < 1e-12)
        #expect(BettingBound.interval([], error: 0.05) == Interval(low: 0, high: 1))
    }

    @Test(
        "looked at after every value it misses the mean in at most 5 % of paths, the usual one in more"
    )
    func coverage() {
        var generator = SplitMix64(seed: 31)
        var (missed, ordinaryMissed) = (0, 0)
        let paths = 300
        for _ in 0..<paths {
            // Mean .6: 1 with .4, .5 with .4, 0 with .2.
            let values = (0..<60).map { _ in [1, 1, 0.5, 0.5, 0][generator.below(5)] }
            // The interval shrinks with every value: the last misses if any on the way did.
            let interval = BettingBound.interval(values, error: 0.05)
            if interval.map({ 0.6 < $0.low || $0.high < 0.6 }) ?? true { missed += 1 }
            if Self.ordinaryEverMisses(values, mean: 0.6) { ordinaryMissed += 1 }
        }
        #expect(missed <= paths / 20, "\(missed) of \(paths)")
        #expect(ordinaryMissed > paths / 10, "the paths are too easy: \(ordinaryMissed)")
    }

    /// Whether mean ± 1.96 standard errors misses the mean at any length from ten.
    private static func ordinaryEverMisses(_ values: [Double], mean: Double) -> Bool {
        (10...values.count).contains { length in
            let part = values.prefix(length)
            let average = part.reduce(0, +) / Double(length)
            let squares = part.reduce(0) { $0 + ($1 - average) * ($1 - average) }
            let error = (squares / Double(length * (length - 1))).squareRoot()
            return abs(average - mean) > 1.96 * error
        }
    }

    @Test("an interval never grows when values are added")
    func nested() throws {
        var generator = SplitMix64(seed: 32)
        let values = (0..<50).map { _ in generator.unit() }
        var before = Interval(low: 0, high: 1)
        for length in 1...values.count {
            let part = Array(values.prefix(length))
            let interval = try #require(BettingBound.interval(part, error: 0.05))
            #expect(interval.low >= before.low - 1e-12 && interval.high <= before.high + 1e-12)
            before = interval
        }
    }

    @Test("a block counts once it is whole and mature, and rows before the start never do")
    func blocks() {
        let rows = Holdouts.random(seed: 12, sessions: 50, perSession: 4)
        func matured(_ through: Int) -> MaturedDifference {
            MaturedDifference(
                rows: rows, firstSession: 10, maturedThrough: through, blockSessions: 10)
        }
        #expect(matured(9).means.isEmpty)
        #expect(matured(9).mean == nil)
        #expect(matured(9).interval == Interval(low: -1, high: 1))
        #expect(matured(18).rows == 0)
        #expect(matured(19).rows == 40)
        #expect(matured(28).rows == 40)
        #expect(matured(49).means.count == 4)
        let gap = MaturedDifference(
            rows: rows.filter { $0.session < 20 || $0.session >= 30 }, firstSession: 10,
            maturedThrough: 49, blockSessions: 10)
        #expect(gap.means == [matured(49).means[0]] + matured(49).means[2...])
    }

    @Test("a model that is always right against one that never is has its difference found")
    func certain() throws {
        let labels = [OutcomeClass](repeating: .win, count: 4_000)
        let wrong = [OutcomeClass](repeating: .loss, count: 4_000)
        let better = MaturedDifference(
            rows: Holdouts.rows(labels, new: labels, old: wrong), firstSession: 0,
            maturedThrough: 399, blockSessions: 5)
        #expect(better.mean == 1)
        #expect(try #require(better.interval).low > 0.5)
        #expect(try #require(better.interval).high == 1)
        let equal = MaturedDifference(
            rows: Holdouts.rows(labels, new: labels, old: labels), firstSession: 0,
            maturedThrough: 399, blockSessions: 5)
        let interval = try #require(equal.interval)
        #expect(interval.low < 0 && interval.high > 0)
    }
}
