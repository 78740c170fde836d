import ArgumentParser
import EventLog
import Events
import Projections

/// What differs in a read model, between two moments of one view or between two runs.
struct ReadModelDiff {
    let projection: String
    let option: HistoryOption
    let json: Bool

    /// Between two moments.
    func run(from: String, to: String) throws {
        let history = try option.open()
        let first = try option.position(from, in: history)
        let last = try option.position(to, in: history)
        guard first.position <= last.position else {
            throw ValidationError("--from \(from) lies behind --to \(to)")
        }
        try option.ensure([projection], through: last.position, in: history)
        let (start, end) = (
            try ViewMoment(first, in: history), try ViewMoment(last, in: history)
        )
        try show("\(projection) of \(history.view.name)\n  from \(start.text)\n  to   \(end.text)")
        {
            try history.changes(
                of: projection, from: first.position, to: last.position, $0)
        }
    }

    /// Between two runs, at their ends or as of a moment of each.
    func run(_ one: String, _ other: String, asOf: String?) throws {
        // At the end of each, or at one moment by their own clocks.
        var sides: [(history: History, position: UInt64)] = []
        for name in [one, other] {
            let history = try History(option.data.folder, run: name)
            let position = try option.position(asOf ?? "end", in: history).position
            try option.ensure([projection], through: position, in: history)
            sides.append((history, position))
        }
        try show("\(projection): - only in \(one), + only in \(other), ~ \(one) → \(other)") {
            try RunComparison.differences(of: projection, sides[0], sides[1], $0)
        }
    }

    private func show(
        _ heading: String, _ changes: ((RowChange) throws -> Void) throws -> Void
    ) throws {
        var output = Output()
        var count = 0
        if !json { output.line(heading) }
        try changes { change in
            count += 1
            if json { return output.write(ChangeText.json(change) + "\n") }
            for line in ChangeText.lines(change) { output.line(line) }
        }
        if !json { output.line(count == 0 ? "nothing differs" : "\(count) rows differ") }
        output.flush()
    }
}
