import Events
import Learning

/// How often each filer's filings had the direction right, over labels that are mature.
struct FilerRecord: Sendable {
    /// Filings whose label is mature, and those of them that were right.
    struct Count: Sendable {
        var filings = 0
        var right = 0
    }

    private(set) var counts: [Count] = []
    private(set) var all = Count()
    private var waiting = Awaited<[(number: Int, isBuy: Bool)]>()

    /// Filings that an evaluation was the first to read.
    mutating func expect(_ filers: [(number: Int, isBuy: Bool)], _ signal: Reference) {
        if !filers.isEmpty { waiting.add(filers, for: signal) }
    }

    /// Labels that became mature, in the order in which they were decided.
    mutating func ripen(_ rows: [TrainingRow]) {
        for (filers, row) in waiting.take(rows) {
            if let label = row.label { count(filers, label.outcome) }
        }
    }

    private mutating func count(_ filers: [(number: Int, isBuy: Bool)], _ outcome: OutcomeClass) {
        for (number, isBuy) in filers {
            while counts.count <= number { counts.append(Count()) }
            let right = outcome == (isBuy ? .win : .loss) ? 1 : 0
            counts[number].filings += 1
            counts[number].right += right
            all.filings += 1
            all.right += right
        }
    }

    /// (w + 10 b) / (n + 10) over these filers; NaN before the first mature label.
    func score(_ filers: [Int]) -> Double {
        guard all.filings > 0 else { return .nan }
        let base = Double(all.right) / Double(all.filings)
        var (filings, right) = (0, 0)
        for number in filers where number < counts.count {
            filings += counts[number].filings
            right += counts[number].right
        }
        return (Double(right) + 10 * base) / (Double(filings) + 10)
    }
}
