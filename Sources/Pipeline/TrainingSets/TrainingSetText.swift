import Events
public import Learning

/// A training set as text that other programs read, written row by row.
public struct TrainingSetText: Sendable {
    /// The parts of a set.
    public enum Part: String, CaseIterable, Sendable {
        /// Rows to train on.
        case training
        /// Rows that stop training early.
        case earlyStopping = "early-stopping"
        /// Rows kept apart for the gate.
        case holdout
        /// All of them, in that order.
        case all

        fileprivate var single: [Part] {
            self == .all ? [.training, .earlyStopping, .holdout] : [self]
        }
    }

    /// The forms.
    public enum Format: String, CaseIterable, Sendable {
        /// Comma-separated values under a header; what is unknown is empty.
        case csv
        /// `class 1:value 2:value …`, classes 0 loss, 1 breakeven, 2 win; what is unknown is left
        /// out. It has no place for weights.
        case libsvm
    }

    /// The form.
    public let format: Format

    /// Text of a form.
    public init(_ format: Format) {
        self.format = format
    }

    /// Writes a part of a set, line by line, each with its line end.
    public func write(_ set: TrainingSet, _ part: Part, to write: (String) -> Void) {
        if format == .csv { write(TrainingSetText.header) }
        for part in part.single {
            for used in part.rows(of: set) {
                write(format == .csv ? csv(used, part) : libsvm(used))
            }
        }
    }

    private static let header =
        (["signal", "ticker", "decided_on", "part", "source", "weight", "label", "return"]
        + FeatureCatalogue.features.map(\.name)).joined(separator: ",") + "\n"

    private func csv(_ used: TrainingSet.Used, _ part: Part) -> String {
        let ticker = CSVText.field("\(used.row.ticker)")
        var line = "\(used.row.signal),\(ticker),\(used.row.decidedOn),\(part.rawValue)"
        line += ",\(used.source),\(used.weight),\(used.outcome),\(used.netReturn)"
        for value in used.row.features { line += value.isNaN ? "," : ",\(value)" }
        return line + "\n"
    }

    private func libsvm(_ used: TrainingSet.Used) -> String {
        var line = "\(used.outcome.rawValue)"
        for (index, value) in used.row.features.enumerated() where !value.isNaN {
            line += " \(index + 1):\(value)"
        }
        return line + "\n"
    }
}

extension TrainingSetText.Part {
    /// The rows of one part.
    ///
    /// - Precondition: it is not `all`.
    fileprivate func rows(of set: TrainingSet) -> TrainingSet.Part {
        switch self {
        case .training: set.training
        case .earlyStopping: set.earlyStopping
        case .holdout: set.holdout
        case .all: preconditionFailure("all is written part by part")
        }
    }
}
