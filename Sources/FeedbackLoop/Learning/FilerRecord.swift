import Events
import Learning

/// How often each filer's filings had the direction right, over labels that are mature.
struct FilerRecord: Sendable {
    /// Filings of one direction whose label is mature, and those of them that were right.
    struct Count: Sendable {
        var filings = 0
        var right = 0
    }

    /// Both directions.
    struct Record: Sendable {
        var buys = Count()
        var sells = Count()

        var filings: Int { buys.filings + sells.filings }
        var right: Int { buys.right + sells.right }

        mutating func add(isBuy: Bool, isRight: Bool) {
            let count = Count(filings: 1, right: isRight ? 1 : 0)
            if isBuy { buys = buys + count } else { sells = sells + count }
        }
    }

    private(set) var counts: [Record] = []
    private(set) var all = Record()
    private var waiting = Awaited<[(number: Int, isBuy: Bool)]>()

    /// Filings that an evaluation was the first to read.
    mutating func expect(_ filers: [(number: Int, isBuy: Bool)], _ signal: Reference) {
        if !filers.isEmpty { waiting.add(filers, for: signal) }
    }

    /// Labels that became mature, in the order in which they were decided.
    mutating func mature(_ rows: [TrainingRow]) {
        for (filers, row) in waiting.take(rows) {
            if let label = row.label { count(filers, label.outcome) }
        }
    }

    private mutating func count(_ filers: [(number: Int, isBuy: Bool)], _ outcome: OutcomeClass) {
        for (number, isBuy) in filers {
            while counts.count <= number { counts.append(Record()) }
            let isRight = outcome == (isBuy ? .win : .loss)
            counts[number].add(isBuy: isBuy, isRight: isRight)
            all.add(isBuy: isBuy, isRight: isRight)
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

    /// Most rows of a filer that count in one direction.
    private static let mostNet = 3

    /// Σ s · max(e, 0) over these filers, `net` being their buys less sells; NaN before the first
    /// mature label.
    ///
    /// e is how much more often a filer was right than all are in the same directions: a sale is
    /// right far more often than a purchase, so that a share of both would mostly tell who sells.
    func skilledNetBuying(_ filers: [Int], _ net: [Int]) -> Double {
        guard all.filings > 0 else { return .nan }
        let (buys, sells) = (all.buys.share, all.sells.share)
        var sum = 0.0
        for (place, number) in filers.enumerated() where number < counts.count {
            let record = counts[number]
            let expected =
                Double(record.buys.filings) * buys + Double(record.sells.filings) * sells
            let excess = (Double(record.right) - expected) / (Double(record.filings) + 10)
            let most = FilerRecord.mostNet
            sum += Double(min(max(net[place], -most), most)) * max(excess, 0)
        }
        return sum
    }
}

extension FilerRecord.Count {
    /// Share that was right; 0 of none.
    var share: Double { filings == 0 ? 0 : Double(right) / Double(filings) }

    static func + (left: Self, right: Self) -> Self {
        Self(filings: left.filings + right.filings, right: left.right + right.right)
    }
}
