public import Events
import Learning

/// One thing that was tried.
public struct Trial: Sendable {
    /// Its position in the log of trials.
    public var position: UInt64
    /// What was written down before.
    public var started: TrialStarted
    /// What was written down after; nil while it runs, and for ever when it was killed.
    public var finished: TrialFinished?

    /// How it stands, in a word.
    public var state: String { finished.map { "\($0.outcome)" } ?? "unfinished" }
}

/// Everything that was tried, folded from the log of trials.
public struct TrialBook: Sendable {
    /// In order of starting.
    public private(set) var trials: [Trial] = []

    /// Nothing tried.
    public init() {}

    /// Takes the event at a position.
    public mutating func take(_ message: RawSpan, at position: UInt64) throws {
        switch try MessageHeader(message).templateID {
        case TrialStarted.templateID: take(try TrialStarted(message: message), at: position)
        case TrialFinished.templateID:
            let event = try TrialFinished(message: message)
            if let place = place(of: event.trial) { trials[place].finished = event }
        default: break
        }
    }

    /// Takes a start.
    public mutating func take(_ event: TrialStarted, at position: UInt64) {
        trials.append(Trial(position: position, started: event))
    }

    /// Where the trial with a position stands: positions ascend.
    private func place(of trial: Reference) -> Int? {
        var range = trials.startIndex..<trials.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if trials[middle].position == trial.position { return middle }
            range =
                trials[middle].position < trial.position
                ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// Whether the family has tried this strategy over these dates, without failing.
    func hasTried(_ event: TrialStarted) -> Bool {
        trials.contains { trial in
            trial.counts && trial.started.family == event.family
                && ![.control, .simulation].contains(trial.started.kind)
                && trial.started.isSameTry(as: event)
        }
    }

    /// How many trials of this very key there are.
    func repetitions(of event: TrialStarted) -> Int {
        trials.count { trial in
            let other = trial.started
            return other.isSameTry(as: event) && other.dataSeal == event.dataSeal
                && other.metric == event.metric && other.kind == event.kind
                && other.name == event.name
        }
    }

    /// The families, in order of their first trial.
    public var families: [String] {
        var names: [String] = []
        for trial in trials where !names.contains(trial.started.family) {
            names.append(trial.started.family)
        }
        return names
    }

    /// What a family has tried.
    public func family(_ name: String) -> TrialFamily {
        TrialFamily(name, trials.filter { $0.started.family == name })
    }
}

/// How much a family has tried: what a Sharpe ratio of it is deflated by.
public struct TrialFamily: Sendable {
    /// Its name.
    public var name: String
    /// The latest finished trial of each distinct (strategy, dates) of real data.
    public var distinct: [Trial] = []
    /// The same of simulated worlds, which are counted apart: (strategy, dates, world).
    public var simulated: [Trial] = []
    /// Runs of what was tried before.
    public var repeats = 0
    /// Runs that could never be traded: permutations, other costs, trades on trade dates.
    public var controls = 0
    /// Runs on simulated worlds.
    public var simulations = 0
    /// Runs with one setting changed, to see what it is worth; each is a try as well.
    public var ablations = 0
    /// Runs that failed or were cancelled.
    public var failed = 0
    /// Runs without an end: at work, or killed. What they would have shown nobody knows; each
    /// counts as a try.
    public var unfinished = 0

    init(_ name: String, _ trials: [Trial]) {
        self.name = name
        for trial in trials {
            switch trial.started.kind {
            case .repeat: repeats += 1
            case .control: controls += 1
            case .simulation: simulations += 1
            case .ablation: ablations += 1
            default: break
            }
            if trial.finished == nil { unfinished += 1 }
            guard trial.counts else {
                failed += 1
                continue
            }
            switch trial.started.kind {
            case .trial, .repeat, .ablation: TrialFamily.add(trial, to: &distinct)
            case .simulation: TrialFamily.add(trial, to: &simulated)
            default: break
            }
        }
    }

    private static func add(_ trial: Trial, to trials: inout [Trial]) {
        let place = trials.firstIndex {
            $0.started.isSameTry(as: trial.started)
                && (trial.started.kind != .simulation
                    || $0.started.dataSeal == trial.started.dataSeal)
        }
        guard let place else { return trials.append(trial) }
        if trial.finished != nil { trials[place] = trial }
    }

    /// Sharpe ratios of one observation, of the finished ones among `trials` that have one.
    public static func sharpes(_ trials: [Trial]) -> [Double] {
        trials.compactMap { $0.finished?.shownSharpe.map { $0 / 252.0.squareRoot() } }
    }
}

extension TrialFinished {
    /// The Sharpe ratio; nil under 30 closed trades (`Scarcity`), also of trials that were recorded
    /// when one was stored nevertheless.
    public var shownSharpe: Double? { isScarce ? nil : sharpe }
    /// The value of the metric, likewise.
    public var shownValue: Double? { isScarce ? nil : value }

    private var isScarce: Bool { Int(closedTrades) < Scarcity.fewestTrades }
}

extension Trial {
    /// Whether it may have shown something: it neither failed nor was cancelled.
    var counts: Bool { finished.map { $0.outcome == .finished } ?? true }
}

extension TrialStarted {
    /// Whether it is the same strategy over the same dates.
    func isSameTry(as other: TrialStarted) -> Bool {
        strategy == other.strategy && startDay == other.startDay && endDay == other.endDay
    }
}
