import Events
import Learning

/// What waits for the labels of evaluations, in the order in which they were decided.
struct Awaited<Value: Sendable>: Sendable {
    private var waiting: [(signal: Reference, value: Value)] = []

    /// Whether nothing waits.
    var isEmpty: Bool { waiting.isEmpty }

    /// A value waits for the label of an evaluation.
    ///
    /// - Precondition: evaluations come in order.
    mutating func add(_ value: Value, for signal: Reference) {
        precondition(
            waiting.last.map { $0.signal.rawValue <= signal.rawValue } ?? true,
            "evaluations come in order")
        waiting.append((signal, value))
    }

    /// Takes out what waited for these rows, in order of decision, with each row.
    mutating func take(_ rows: [TrainingRow]) -> [(value: Value, row: TrainingRow)] {
        guard !waiting.isEmpty, !rows.isEmpty else { return [] }
        var mature = rows[...]
        var taken: [(value: Value, row: TrainingRow)] = []
        waiting.removeAll { wait in
            while let first = mature.first, first.signal.rawValue < wait.signal.rawValue {
                mature.removeFirst()
            }
            guard let first = mature.first, first.signal == wait.signal else { return false }
            taken.append((wait.value, first))
            return true
        }
        return taken
    }
}
