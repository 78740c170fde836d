/// The figures of all rounds of a row.
struct RowMeasurement {
    /// Values by round.
    private struct Samples {
        var name: String
        var unit: Unit
        var values: [(round: Int, value: Double)]
    }

    private var samples: [Samples] = []
    private(set) var ratios: [Spread] = []

    /// Spreads of all figures, in order of their first appearance.
    var figures: [Spread] {
        samples.map { Spread($0.name, unit: $0.unit.rawValue, $0.values.map(\.value)) }
    }

    /// Takes a figure.
    mutating func add(_ figure: Figure, round: Int) {
        guard let index = samples.firstIndex(where: { $0.name == figure.name }) else {
            samples.append(
                Samples(name: figure.name, unit: figure.unit, values: [(round, figure.value)]))
            return
        }
        samples[index].values.append((round, figure.value))
    }

    /// Compares two figures round by round; of one that was measured in fewer rounds, the rounds
    /// that it lacks are compared with its median.
    mutating func compare(_ comparison: Comparison) {
        guard let of = samples.first(where: { $0.name == comparison.of }),
            let over = samples.first(where: { $0.name == comparison.over })
        else { return }
        let middle = Spread.median(over.values.map(\.value))
        let ratios = of.values.map { round, value in
            let other = over.values.first { $0.round == round }?.value ?? middle
            return of.unit.isCost ? other / value : value / other
        }
        self.ratios.append(Spread(comparison.name, unit: "ratio", ratios))
    }
}

/// Median and extremes of a figure over its rounds.
struct Spread: Codable {
    var name: String
    var unit: String
    var median: Double
    var minimum: Double
    var maximum: Double
    var rounds: Int

    init(_ name: String, unit: String, _ values: [Double]) {
        self.name = name
        self.unit = unit
        median = Spread.median(values)
        minimum = values.min() ?? .nan
        maximum = values.max() ?? .nan
        rounds = values.count
    }

    /// The middle value, or the mean of the two in the middle.
    static func median(_ values: [Double]) -> Double {
        let ordered = values.sorted()
        guard !ordered.isEmpty else { return .nan }
        let middle = ordered.count / 2
        return ordered.count % 2 == 1
            ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2
    }
}
