import Events

extension TrainingSet {
    /// Weighs each row: its source's weight times clamp(|r| / mean |r|, .1, 10), where the mean is
    /// that of the source over the training part, renormalised so that a source's factors average 1.
    static func weigh(_ set: inout TrainingSet, _ rules: TrainingRules) {
        for source in [Source.market, .outcome] {
            let part = set.part.filter { $0.source == source }
            let sizes = part.map { size($0, rules) }
            let sum = sizes.reduce(0, +)
            guard !part.isEmpty else { continue }
            let mean = sum / Double(part.count)
            let factors = sizes.map { factor($0, mean) }
            let average = factors.reduce(0, +) / Double(part.count)
            let base = source == .outcome ? rules.outcomeWeight : 1
            for rows in [\TrainingSet.training, \TrainingSet.earlyStopping] {
                for index in set[keyPath: rows].indices
                where set[keyPath: rows][index].source == source {
                    let size = size(set[keyPath: rows][index], rules)
                    set[keyPath: rows][index].weight = Float(base * factor(size, mean) / average)
                }
            }
        }
    }

    /// What a row's weight follows.
    private static func size(_ used: Used, _ rules: TrainingRules) -> Double {
        switch rules.profitWeight {
        case .return: used.netReturn.magnitude
        case .dollars: used.dollars?.magnitude ?? 1
        case .none: 1
        }
    }

    private static func factor(_ size: Double, _ mean: Double) -> Double {
        guard mean > 0 else { return 1 }
        let bounds = TrainingRules.weightBounds
        return min(max(size / mean, bounds.lowerBound), bounds.upperBound)
    }
}
