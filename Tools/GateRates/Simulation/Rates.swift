import Events
import Learning

/// How often each verdict promotes under one design.
public struct Rates: Hashable, Sendable {
    /// True gains in accuracy that are simulated.
    public static let gains = [0.0, 0.03, 0.05]
    /// Draws of each bootstrap; the gate itself uses 10,000.
    public static let draws = 1_000

    /// What was simulated.
    public let design: Design
    /// Holdouts drawn.
    public let repetitions: Int
    /// For each gain, how often the rule promoted.
    public private(set) var rule = [Int](repeating: 0, count: gains.count)
    /// For each gain, how often the lower end of the accuracy interval was above 0, enough or not.
    public private(set) var interval = [Int](repeating: 0, count: gains.count)
    /// For each gain, how often the evidence promoted.
    public private(set) var evidence = [Int](repeating: 0, count: gains.count)
    /// How often the evidence was insufficient.
    public private(set) var insufficient = 0
    /// How often the rule promoted a guessing model over the majority baseline.
    public private(set) var guessing = 0
    /// The same if F1 counted there, too.
    public private(set) var guessingWithF1 = 0

    /// Simulates `repetitions` holdouts; the same design and seed give the same counts.
    public init(_ design: Design, repetitions: Int, seed: UInt64) {
        self.design = design
        self.repetitions = repetitions
        var seeds = SplitMix64(seed: seed)
        let settings = GateSettings(
            mode: .rule, labelSessions: max(1, design.labelSessions), draws: Rates.draws,
            seed: seed)
        for _ in 0..<repetitions {
            let holdout = SimulatedHoldout(design, seed: seeds.next())
            for (index, gain) in Rates.gains.enumerated() {
                count(holdout.rows(gain: gain), index, settings)
            }
            countGuess(holdout.guessedRows(), settings)
        }
    }

    private mutating func count(_ rows: [HoldoutRow], _ index: Int, _ settings: GateSettings) {
        let statistics = GateStatistics(
            rows: rows, majority: .loss, trainingWins: [], settings: settings)
        if statistics.rule.verdict == .promote { rule[index] += 1 }
        if statistics.evidence.verdict == .promote { evidence[index] += 1 }
        if let accuracy = statistics.intervals?.accuracy, accuracy.low > 0 { interval[index] += 1 }
        if index == 0, statistics.evidence.verdict == .insufficient { insufficient += 1 }
    }

    private mutating func countGuess(_ rows: [HoldoutRow], _ settings: GateSettings) {
        let scores = PairedScores(rows: rows, majority: .loss, thresholds: settings.thresholds)
        if GateRule(new: scores.new, old: scores.old, isBaseline: true).verdict == .promote {
            guessing += 1
        }
        if GateRule(new: scores.new, old: scores.old, isBaseline: false).verdict == .promote {
            guessingWithF1 += 1
        }
    }
}
