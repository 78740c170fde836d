/// Which people's filings are worth following, and how much.
struct Skill {
    /// Edge of each person's filings, as a logarithm over 42 sessions.
    let edge: [Double]
    /// The skilled, in order; everyone under `uniform`.
    let skilled: [Int]
    /// The same, by person.
    let isSkilled: [Bool]

    /// Share of the filers that are skilled, percent.
    static let share = 20
    private static let draws = 400

    /// Draws the skilled so that they file a fifth of all rows, as nearly as chance finds.
    ///
    /// The edge of a filing is then `edge` on average, five times that for the skilled. Nothing
    /// else of a person is looked at, so no attribute tells the skilled from others, save that
    /// whoever files much more than a fifth of everything cannot be one of them.
    init(_ parameters: SimulationParameters, people: Int, rows: [SimulatedFiling]) {
        let edge = parameters.edge / 10_000
        guard parameters.edgeKind == .filers else {
            skilled = Array(0..<people)
            isSkilled = Array(repeating: true, count: people)
            self.edge = Array(repeating: edge, count: people)
            return
        }
        var counts = Array(repeating: 0, count: people)
        var total = 0
        for row in rows where row.role == .first {
            counts[row.person] += 1
            total += 1
        }
        var chance = ChanceStream(seed: parameters.seed, .skill)
        let size = max((people * Skill.share + 50) / 100, 1)
        var order = Array(0..<people)
        var best: (distance: Int, people: [Int]) = (.max, [])
        for _ in 0..<Skill.draws {
            chance.shuffle(&order)
            let drawn = Array(order[..<size])
            let rows = drawn.reduce(0) { $0 + counts[$1] }
            let distance = abs(100 * rows - Skill.share * total)
            if distance < best.distance { best = (distance, drawn) }
        }
        skilled = best.people.sorted()
        var edges = Array(repeating: 0.0, count: people)
        var marks = Array(repeating: false, count: people)
        for person in skilled {
            edges[person] = edge * 100 / Double(Skill.share)
            marks[person] = true
        }
        self.edge = edges
        isSkilled = marks
    }
}
