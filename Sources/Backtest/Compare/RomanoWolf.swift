/// One adjustment over many comparisons: how likely any of them would look as good by chance.
///
/// Differences are studentised by the deviation of their own draws. Stepping down from the largest,
/// each is compared with the largest of the draws, centred, over it and all that are smaller; the
/// draws of one place in the sequence are of the same sessions in every comparison, so that
/// dependence between comparisons is kept.
///
/// Source: Romano and Wolf, "Exact and approximate stepdown methods for multiple hypothesis
/// testing" (2005); p-values as in their "Efficient computation of adjusted p-values" (2016).
public enum RomanoWolf {
    /// Two-sided adjusted p-values, in the order of the comparisons; 1 for one without dispersion.
    ///
    /// - Precondition: there are as many differences as series of draws, all of one length.
    public static func adjusted(_ differences: [Double], draws: [[Double]]) -> [Double] {
        precondition(differences.count == draws.count, "a difference has its draws")
        guard let count = draws.first?.count, count > 1 else { return [] }
        precondition(draws.allSatisfy { $0.count == count }, "draws are taken together")
        var statistics: [Double] = []
        var centred: [[Double]] = []
        for (difference, drawn) in zip(differences, draws) {
            let deviation = Moments.deviation(drawn) ?? 0
            statistics.append(deviation > 0 ? difference.magnitude / deviation : 0)
            centred.append(
                drawn.map { deviation > 0 ? ($0 - difference).magnitude / deviation : 0 })
        }
        let order = statistics.indices.sorted {
            statistics[$0] == statistics[$1] ? $0 < $1 : statistics[$0] > statistics[$1]
        }
        var values = Array(repeating: 1.0, count: differences.count)
        // The largest over those that are left, built up from the smallest statistic.
        var largest = Array(repeating: 0.0, count: count)
        var exceeded = Array(repeating: 0, count: differences.count)
        for place in order.reversed() {
            for draw in 0..<count { largest[draw] = max(largest[draw], centred[place][draw]) }
            exceeded[place] = largest.count { $0 >= statistics[place] }
        }
        var least = 0.0
        for place in order {
            least = max(least, Double(1 + exceeded[place]) / Double(count + 1))
            values[place] = least
        }
        return values
    }
}
