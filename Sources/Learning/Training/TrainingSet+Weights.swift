import Events

extension TrainingSet {
    /// Weighs each row: its source's weight times clamp(|r| / mean |r|, .1, 10), where the mean is
    /// that of the source over the training part, renormalised so that a source's factors average
    /// 1.
    static func weigh(
        _ training: inout [Pick], _ earlyStopping: inout [Pick], _ rules: TrainingRules
    ) {
        for source in [Source.market, .outcome] {
            let mean = mean(training, earlyStopping, source) { size($0, rules) }
            let average = mean.flatMap { mean in
                self.mean(training, earlyStopping, source) { factor(size($0, rules), mean) }
            }
            guard let mean, let average else { continue }
            let base = source == .outcome ? rules.outcomeWeight : 1
            func scale(_ rows: inout [Pick]) {
                for index in rows.indices where rows[index].source == source {
                    let size = size(rows[index], rules)
                    rows[index].weight = Float(base * factor(size, mean) / average)
                }
            }
            scale(&training)
            scale(&earlyStopping)
        }
    }

    /// Of the rows of a source, in order; nil without any.
    private static func mean(
        _ training: [Pick], _ earlyStopping: [Pick], _ source: Source, _ value: (Pick) -> Double
    ) -> Double? {
        var (sum, count) = (0.0, 0)
        for rows in [training, earlyStopping] {
            for pick in rows where pick.source == source {
                sum += value(pick)
                count += 1
            }
        }
        return count == 0 ? nil : sum / Double(count)
    }

    /// What a row's weight follows.
    private static func size(_ pick: Pick, _ rules: TrainingRules) -> Double {
        switch rules.profitWeight {
        case .return: pick.netReturn.magnitude
        case .dollars: pick.dollars?.magnitude ?? 1
        case .none: 1
        }
    }

    private static func factor(_ size: Double, _ mean: Double) -> Double {
        guard mean > 0 else { return 1 }
        let bounds = TrainingRules.weightBounds
        return min(max(size / mean, bounds.lowerBound), bounds.upperBound)
    }
}
