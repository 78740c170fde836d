import Events
import Learning

/// The two shadow arms: what became of the entries that heuristic and champion would have made,
/// each alone, on the same evaluations.
///
/// An entry is an evaluation, and an evaluation matures once; what an evaluation of the weight has
/// used leaves the book, so that no outcome is counted twice in its life.
struct ArmBook: Sendable {
    /// An evaluation whose label is mature.
    struct Entry: Sendable {
        let day: Day
        let session: Int
        let arms: ShadowArms
        let outcome: OutcomeClass
    }

    /// Wins among the entries of an arm.
    struct Arm: Hashable, Sendable {
        var entries = 0
        var wins = 0

        /// Share of wins; nil of nothing.
        var rate: Double? { entries == 0 ? nil : Double(wins) / Double(entries) }

        mutating func add(_ outcome: OutcomeClass) {
            entries += 1
            if outcome == .win { wins += 1 }
        }
    }

    /// Both arms, and the decision dates that they cover.
    struct Count: Sendable {
        var machine = Arm()
        var heuristic = Arm()
        var from: Day?
        var through: Day?
    }

    private var waiting = Awaited<ShadowArms>()
    /// Mature and not used.
    private(set) var mature: [Entry] = []
    /// Executed trades that are closed: when they were decided, and what they came to.
    private var executed: [(decidedOn: Day, outcome: OutcomeClass)] = []
    /// Entries that an evaluation of the weight has seen.
    private var seen = 0

    /// An evaluation that a champion judged.
    mutating func expect(_ arms: ShadowArms, _ signal: Reference) {
        if !arms.isEmpty { waiting.add(arms, for: signal) }
    }

    /// Labels that became mature.
    mutating func mature(_ rows: [TrainingRow]) {
        for (arms, row) in waiting.take(rows) {
            guard let label = row.label else { continue }
            mature.append(
                Entry(
                    day: row.decidedOn, session: row.session, arms: arms, outcome: label.outcome))
        }
    }

    /// A trade that was made was closed.
    mutating func close(decidedOn: Day, _ outcome: OutcomeClass) {
        executed.append((decidedOn, outcome))
    }

    /// Both arms over all decisions up to a session whose labels are all mature.
    func count(through session: Int) -> Count {
        var count = Count()
        for entry in mature where entry.session <= session {
            if entry.arms.contains(.machine) { count.machine.add(entry.outcome) }
            if entry.arms.contains(.heuristic) { count.heuristic.add(entry.outcome) }
            count.from = min(count.from ?? entry.day, entry.day)
            count.through = max(count.through ?? entry.day, entry.day)
        }
        return count
    }

    /// Executed trades that were decided on these dates.
    func executed(_ count: Count) -> Arm {
        var arm = Arm()
        guard let from = count.from, let through = count.through else { return arm }
        for trade in executed where trade.decidedOn >= from && trade.decidedOn <= through {
            arm.add(trade.outcome)
        }
        return arm
    }

    /// Whether entries became usable that no evaluation of the weight has seen.
    func hasNews(through session: Int) -> Bool {
        usable(through: session) != seen
    }

    /// An evaluation saw the entries and left them.
    mutating func see(through session: Int) {
        seen = usable(through: session)
    }

    /// An evaluation used the entries: none of them counts again.
    mutating func use(through session: Int) {
        let last = count(through: session).through
        mature.removeAll { $0.session <= session }
        if let last { executed.removeAll { $0.decidedOn <= last } }
        seen = 0
    }

    private func usable(through session: Int) -> Int {
        mature.reduce(0) { $0 + ($1.session <= session ? 1 : 0) }
    }
}
