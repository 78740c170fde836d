public import Events
import Learning

/// What a request for a training asks for; nil where it leaves that to the strategy.
public struct TrainingTerms: Hashable, Sendable {
    /// Whether outcome rows are asked for.
    public var useOutcomes: Bool?
    /// Calendar days of outcome rows.
    public var outcomeWindowDays: Int?
    /// Decision sessions of market rows.
    public var lookbackSessions: Int?
    /// Average weight of outcome rows.
    public var outcomeWeight: Double?
    /// Whether the model meets the gate.
    public var compareToCurrent: Bool?

    /// Calendar days of outcome rows that a request may ask for.
    public static let windowDays = 1...3_650
    /// Sessions of market rows that a request may ask for.
    public static let lookbacks = 1...5_000
    /// Weights of outcome rows that a request may ask for.
    public static let weights = 0.0...100.0

    /// All is left to the strategy.
    public init() {}

    /// What the beginning of a job, or the fact that asks for one, says.
    public init(_ job: JobStarted) {
        useOutcomes = job.useOutcomes
        outcomeWindowDays = job.outcomeWindowDays.map(Int.init)
        lookbackSessions = job.lookbackSessions.map(Int.init)
        outcomeWeight = job.outcomeWeight
        compareToCurrent = job.compareToCurrent
    }

    /// What the trainer was asked for: only the weight may be left to the strategy.
    init(_ request: TrainingRequested) {
        useOutcomes = request.useOutcomes
        outcomeWindowDays = Int(request.outcomeWindowDays)
        lookbackSessions = Int(request.lookbackSessions)
        outcomeWeight = request.outcomeWeight
        compareToCurrent = request.compareToCurrent
    }

    /// Whether all is left to the strategy.
    public var isEmpty: Bool { self == TrainingTerms() }

    /// The rules of a training of this job under a strategy.
    func rules(_ job: JobKind, _ configuration: borrowing LoopConfiguration) -> TrainingRules {
        var rules = configuration.trainingRules
        rules.useOutcomes =
            useOutcomes ?? (job == .feedbackRetraining && configuration.useOutcomes)
        if let outcomeWindowDays { rules.outcomeWindowDays = outcomeWindowDays }
        if let lookbackSessions { rules.lookbackSessions = lookbackSessions }
        if let outcomeWeight { rules.outcomeWeight = outcomeWeight }
        return rules
    }

    /// The first that no strategy takes; nil without any.
    public var fault: Fault? {
        if let days = outcomeWindowDays, !TrainingTerms.windowDays.contains(days) {
            return Fault(
                .outcomeWindowDays, "\(days): a whole number from 1 to 3650, of calendar days")
        }
        if let sessions = lookbackSessions, !TrainingTerms.lookbacks.contains(sessions) {
            return Fault(.lookback, "\(sessions): a whole number from 1 to 5000, of sessions")
        }
        if let weight = outcomeWeight, !TrainingTerms.weights.contains(weight) {
            return Fault(.outcomeWeight, "\(weight): a number from 0 to 100; market rows weigh 1")
        }
        return nil
    }

    /// The first that a strategy cannot give; nil without any.
    ///
    /// Rows that no training of the strategy reaches are forgotten, so what goes beyond would
    /// depend on when trainings were before.
    public func fault(under configuration: borrowing LoopConfiguration) -> Fault? {
        if let fault { return fault }
        let rules = configuration.trainingRules
        let kept = max(rules.lookbackSessions, rules.outcomeWindowDays)
        for (field, asked, setting) in [
            (Fault.Field.outcomeWindowDays, outcomeWindowDays, "outcome_window_days"),
            (.lookback, lookbackSessions, "training_lookback_sessions"),
        ] {
            guard let asked, asked > kept else { continue }
            return Fault(
                field,
                "\(asked): the strategy keeps the rows of trainings that reach back \(kept) at "
                    + "most; one with a larger \(setting) takes it")
        }
        return nil
    }

    /// A value that cannot be had.
    public struct Fault: Hashable, Sendable {
        /// Which, by the name that a request has.
        public enum Field: String, Sendable {
            /// Calendar days of outcome rows.
            case outcomeWindowDays = "outcome_window_days"
            /// Sessions of market rows.
            case lookback
            /// Weight of outcome rows.
            case outcomeWeight = "outcome_weight"
        }

        /// Which.
        public let field: Field
        /// The value, why it cannot be had, and what can.
        public let reason: String

        init(_ field: Field, _ reason: String) {
            (self.field, self.reason) = (field, reason)
        }
    }
}

extension TrainingTerms.Fault: CustomStringConvertible {
    /// The field by the name that requests have, and why.
    public var description: String { "\(field.rawValue) \(reason)" }
}

extension JobStarted {
    /// The same with what a request asks for.
    public func asking(for terms: TrainingTerms) -> JobStarted {
        var job = self
        job.useOutcomes = terms.useOutcomes
        job.outcomeWindowDays = terms.outcomeWindowDays.map { UInt16(clamping: $0) }
        job.lookbackSessions = terms.lookbackSessions.map { UInt16(clamping: $0) }
        job.outcomeWeight = terms.outcomeWeight
        job.compareToCurrent = terms.compareToCurrent
        return job
    }
}
