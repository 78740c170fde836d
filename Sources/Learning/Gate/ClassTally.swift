public import Events

/// How often each class was predicted where each class came out.
public struct ClassTally: Hashable, Sendable {
    /// The classes, in order of their raw values.
    public static let classes: [OutcomeClass] = [.loss, .breakeven, .win]

    /// Nine counts, actual class by predicted class: 3·actual + predicted.
    public private(set) var counts = [Int](repeating: 0, count: 9)

    /// A tally of no rows.
    public init() {}

    /// Counts one row, or several alike.
    public mutating func add(actual: OutcomeClass, predicted: OutcomeClass, rows: Int = 1) {
        counts[3 * Int(actual.rawValue) + Int(predicted.rawValue)] += rows
    }

    /// Rows counted.
    public var rows: Int { counts.reduce(0, +) }

    /// Rows whose class was predicted.
    public var correct: Int { counts[0] + counts[4] + counts[8] }

    /// Rows of a class that were predicted to be of it.
    public func hits(_ outcome: OutcomeClass) -> Int { counts[4 * Int(outcome.rawValue)] }

    /// Rows of a class.
    public func actual(_ outcome: OutcomeClass) -> Int {
        let first = 3 * Int(outcome.rawValue)
        return counts[first] + counts[first + 1] + counts[first + 2]
    }

    /// Rows predicted to be of a class.
    public func predicted(_ outcome: OutcomeClass) -> Int {
        let column = Int(outcome.rawValue)
        return counts[column] + counts[column + 3] + counts[column + 6]
    }

    /// Share of right rows, 0 without rows.
    public var accuracy: Double {
        rows == 0 ? 0 : Double(correct) / Double(rows)
    }

    /// F1 of each class, weighted by its rows; a class never seen nor predicted counts 0, as in
    /// scikit-learn's `f1_score(average="weighted", zero_division=0)`. 0 without rows.
    public var weightedF1: Double {
        guard rows > 0 else { return 0 }
        var sum = 0.0
        for outcome in ClassTally.classes {
            let denominator = predicted(outcome) + actual(outcome)
            guard denominator > 0 else { continue }
            sum += Double(2 * hits(outcome) * actual(outcome)) / Double(denominator)
        }
        return sum / Double(rows)
    }

    /// Whether this tally's weighted F1 exceeds `other`'s by `points` hundredths or more, exactly.
    ///
    /// The weighted F1 is Σ 2·hits·actual/(predicted + actual) over the rows. Both sides are
    /// brought on to the product of all six denominators, in whole numbers of any size.
    ///
    /// - Precondition: both tallies are of equally many rows.
    public func gainsF1(points: Int, over other: ClassTally) -> Bool {
        precondition(rows == other.rows, "both models are compared on the same rows")
        let own = ClassTally.classes.map { denominator($0) }
        let others = ClassTally.classes.map { other.denominator($0) }
        let common = (own + others).reduce(ExactNatural(1)) { $0.times($1) }
        let gained = scaledF1(own, times: others)
        let needed = other.scaledF1(others, times: own) + common.times(UInt64(points * rows))
        return !(gained < needed)
    }

    /// By how many hundredths the weighted F1 exceeds that of naming as many rows of each class
    /// blindly: what is expected of a guess with this tally's own shares.
    ///
    /// A guess of predicted share q of a class of share p has q·p of the rows right.
    public var f1PointsOverGuess: Double {
        guard rows > 0 else { return 0 }
        var sum = 0.0
        for outcome in ClassTally.classes {
            let (predicted, actual) = (Double(predicted(outcome)), Double(actual(outcome)))
            guard predicted + actual > 0 else { continue }
            let more = Double(hits(outcome)) - predicted * actual / Double(rows)
            sum += 2 * actual * more / (predicted + actual)
        }
        return 100 * sum / Double(rows)
    }

    /// Of one class, 1 instead of 0: the numerator is 0 then as well.
    private func denominator(_ outcome: OutcomeClass) -> UInt64 {
        UInt64(max(1, predicted(outcome) + actual(outcome)))
    }

    /// 100 · rows · weighted F1 times the product of all denominators.
    private func scaledF1(_ own: [UInt64], times others: [UInt64]) -> ExactNatural {
        var sum = ExactNatural(0)
        for (index, outcome) in ClassTally.classes.enumerated() {
            var term = ExactNatural(UInt64(2 * hits(outcome))).times(UInt64(actual(outcome)))
            for other in own.indices where other != index { term = term.times(own[other]) }
            for factor in others { term = term.times(factor) }
            sum = sum + term
        }
        return sum.times(100)
    }
}
