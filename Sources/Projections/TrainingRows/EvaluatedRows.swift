import Events

/// What is remembered of an evaluation.
struct Evaluated: Hashable, Sendable {
    let decidedAt: Instant
    let day: Day
    let session: Int
    let hasFeatures: Bool
    /// The session that made its label mature; nil before, and for ever without one.
    var labelTo: Day?
    /// Whether its label is mature, or it is known that there is none.
    var isSettled = false
    /// Whether an outcome was joined to it.
    var isTaken = false
}

/// Every evaluation of a run, in eighteen bytes each: an outcome may name any of them.
struct EvaluatedRows: Sendable {
    /// What the evaluations of one instant share.
    private struct Cycle: Hashable, Sendable {
        let decidedAt: Instant
        let day: Day
        let session: Int
    }

    private struct State: OptionSet, Sendable {
        let rawValue: UInt8

        static let hasFeatures = State(rawValue: 1)
        static let hasLabel = State(rawValue: 2)
        static let isSettled = State(rawValue: 4)
        static let isTaken = State(rawValue: 8)
    }

    private var cycles: [Cycle] = []
    /// Ascending.
    private var positions: [UInt64] = []
    private var cycleOf: [UInt32] = []
    private var labels: [Day] = []
    private var states: [State] = []

    /// The evaluation with a reference; nil when there is none.
    subscript(signal: Reference) -> Evaluated? {
        guard let place = place(of: signal) else { return nil }
        let cycle = cycles[Int(cycleOf[place])]
        let state = states[place]
        return Evaluated(
            decidedAt: cycle.decidedAt, day: cycle.day, session: cycle.session,
            hasFeatures: state.contains(.hasFeatures),
            labelTo: state.contains(.hasLabel) ? labels[place] : nil,
            isSettled: state.contains(.isSettled), isTaken: state.contains(.isTaken))
    }

    /// Takes an evaluation.
    ///
    /// - Precondition: evaluations come in order, and are of the log itself.
    mutating func add(_ evaluated: Evaluated, _ signal: Reference) {
        precondition(
            !signal.isTimeline && positions.last.map { $0 < signal.position } ?? true,
            "evaluations come in order")
        let cycle = Cycle(
            decidedAt: evaluated.decidedAt, day: evaluated.day, session: evaluated.session)
        if cycles.last != cycle { cycles.append(cycle) }
        var state: State = []
        if evaluated.hasFeatures { state.insert(.hasFeatures) }
        if evaluated.labelTo != nil { state.insert(.hasLabel) }
        if evaluated.isSettled { state.insert(.isSettled) }
        if evaluated.isTaken { state.insert(.isTaken) }
        positions.append(signal.position)
        cycleOf.append(UInt32(cycles.count - 1))
        labels.append(evaluated.labelTo ?? evaluated.day)
        states.append(state)
    }

    /// Its label is mature, or it is known that there is none.
    mutating func settle(_ signal: Reference, labelTo: Day?) {
        guard let place = place(of: signal) else { return }
        states[place].insert(.isSettled)
        guard let labelTo else { return }
        states[place].insert(.hasLabel)
        labels[place] = labelTo
    }

    /// An outcome was joined to it.
    mutating func take(_ signal: Reference) {
        if let place = place(of: signal) { states[place].insert(.isTaken) }
    }

    private func place(of signal: Reference) -> Int? {
        guard !signal.isTimeline else { return nil }
        let positions = positions.span
        var (low, high) = (0, positions.count)
        while low < high {
            let middle = (low + high) / 2
            if positions[middle] < signal.position { low = middle + 1 } else { high = middle }
        }
        return low < positions.count && positions[low] == signal.position ? low : nil
    }
}
