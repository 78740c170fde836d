/// One number that a contestant gave in one round.
struct Figure {
    var name: String
    var unit: Unit
    var value: Double
}

/// What a figure counts.
enum Unit: String, Codable {
    case eventsPerSecond = "events/s"
    case bytesPerSecond = "bytes/s"
    case seconds
    case bytes
    case count

    /// Whether less is better.
    var isCost: Bool { self == .seconds || self == .bytes }
}

/// One side of a comparison: runs once and says what it measured.
struct Contestant {
    var name: String
    /// Rounds at most; for one that takes minutes.
    var maximumRounds = Int.max
    var run: () throws -> [Figure]
}

/// How good one figure is beside another: above 1 is better, whatever the unit.
struct Comparison: Sendable {
    var name: String
    var of: String
    var over: String
}

/// A row that is ready to run: its contestants and what is compared.
final class Contest {
    let contestants: [Contestant]
    let comparisons: [Comparison]
    /// What a reader of the table must know; contestants may add to it.
    var remarks: [String]
    /// Rounds at most.
    var maximumRounds = Int.max

    init(
        _ contestants: [Contestant], comparisons: [Comparison] = [], remarks: [String] = []
    ) {
        self.contestants = contestants
        self.comparisons = comparisons
        self.remarks = remarks
    }

    /// Adds a remark once.
    func remark(_ text: String) {
        if !remarks.contains(text) { remarks.append(text) }
    }

    /// Runs all contestants once a round, beginning with another one each time, so that what
    /// disturbs the machine disturbs all alike.
    func run(rounds: Int, tell: (String) -> Void) throws -> RowMeasurement {
        var measured = RowMeasurement()
        for round in 0..<min(rounds, maximumRounds) {
            for turn in contestants.indices {
                let contestant = contestants[(turn + round) % contestants.count]
                guard round < contestant.maximumRounds else { continue }
                tell("round \(round + 1): \(contestant.name)")
                for figure in try contestant.run() { measured.add(figure, round: round) }
            }
        }
        for comparison in comparisons { measured.compare(comparison) }
        return measured
    }
}
