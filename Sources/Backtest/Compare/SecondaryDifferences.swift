public import Learning

/// Every secondary figure of two runs, with the sampling error of the difference by the draws that
/// the primary metric has.
public struct SecondaryDifferences: Sendable {
    /// One figure of both sides.
    public struct Row: Sendable {
        /// Which.
        public var figure: SecondaryFigure
        /// Of the run that is compared with; nil where it has none.
        public var reference: Double?
        /// Of the run that is compared.
        public var challenger: Double?
        /// 95 % percentile interval of the difference; nil where a side has too few trades or
        /// returns (`Scarcity`), or more than one draw in twenty has no value.
        public var interval: Interval?

        /// Challenger less reference.
        public var difference: Double? {
            guard let reference, let challenger else { return nil }
            return challenger - reference
        }

        /// The difference over the reference's magnitude; nil where that is 0.
        public var relative: Double? {
            guard let reference, let difference, reference != 0 else { return nil }
            return difference / reference.magnitude
        }
    }

    /// In the order in which they are shown.
    public var rows: [Row] = []

    /// The figures of two runs over the same sessions; none without sessions.
    public init(
        _ reference: BacktestReport, _ challenger: BacktestReport,
        meanBlock: Int = Comparison.meanBlock, draws: Int = 10_000, seed: UInt64 = 1
    ) {
        precondition(
            reference.daily.count == challenger.daily.count, "both sides have the same sessions")
        guard !reference.daily.isEmpty else { return }
        let sides = [Side(reference), Side(challenger)]
        var values = SecondaryFigure.allCases.map { _ in [Double]() }
        for place in values.indices { values[place].reserveCapacity(draws) }
        var blocks = StationaryDraws(
            units: reference.daily.count, meanLength: meanBlock, seed: seed)
        for _ in 0..<draws {
            var taken: [(start: Int, length: Int)] = []
            blocks.draw { taken.append(($0, $1)) }
            let drawn = sides.map { $0.drawn(taken) }
            for (place, figure) in SecondaryFigure.allCases.enumerated() {
                let value =
                    figure.value(drawn[1].sums, deepest: drawn[1].deepest)
                    - figure.value(drawn[0].sums, deepest: drawn[0].deepest)
                if value.isFinite { values[place].append(value) }
            }
        }
        let whole = sides.map { $0.drawn([(0, reference.daily.count)]) }
        let scarce = [reference, challenger].map { $0.scarcity != nil }
        rows = SecondaryFigure.allCases.enumerated().map { place, figure in
            let points = zip(whole, scarce).map { side, isScarce in
                figure.isRatio && isScarce
                    ? nil : Moments.finite(figure.value(side.sums, deepest: side.deepest))
            }
            let isKnown =
                !scarce.contains(true) && values[place].count * 20 >= draws * 19
                && !values[place].isEmpty
            return Row(
                figure: figure, reference: points[0], challenger: points[1],
                interval: isKnown ? Interval(middle95: values[place]) : nil)
        }
    }

    /// One run's sums, ready to be drawn from.
    private struct Side {
        let upTo: [SessionSums.Sums]
        let wealth: [SIMD2<Double>]

        init(_ report: BacktestReport) {
            let sums = SessionSums(report)
            upTo = sums.upTo
            wealth = sums.wealth
        }

        /// The sums of some blocks, and the deepest falls of the wealth along them, as logarithms.
        func drawn(_ blocks: [(start: Int, length: Int)])
            -> (sums: SessionSums.Sums, deepest: SIMD2<Double>)
        {
            var sums = SessionSums.Sums()
            var (level, highest) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
            var deepest = SIMD2<Double>.zero
            for (start, length) in blocks {
                sums += upTo[start + length] - upTo[start]
                let before = wealth[start]
                for place in (start + 1)...(start + length) {
                    let now = level + (wealth[place] - before)
                    highest = pointwiseMax(highest, now)
                    deepest = pointwiseMin(deepest, now - highest)
                }
                level += wealth[start + length] - before
            }
            return (sums, deepest)
        }
    }
}
