public import Events

extension Causality {
    /// One thing that is wrong.
    public struct Finding: Sendable, Hashable {
        /// Position in the run, or in the timeline.
        public var reference: Reference
        /// The rule that is broken, and how.
        public var text: String
        /// Whether it is the declared property of a `same_close` run.
        public var isDeclared: Bool
    }

    /// What an inspection came to.
    public struct Report: Sendable {
        /// Events inspected.
        public var events: UInt64 = 0
        /// Filings whose knownAt was recomputed from the source row.
        public var filings: UInt64 = 0
        /// Predictions whose model was looked up.
        public var predictions: UInt64 = 0
        /// Training sets that were computed again.
        public var trainingSets: UInt64 = 0
        /// Rows of them whose maturity was found by a reader of its own.
        public var rows: UInt64 = 0
        /// Holdouts of comparisons that were computed again.
        public var holdouts: UInt64 = 0
        /// Findings, the first hundred.
        public var findings: [Finding] = []
        /// Fills at the close that decided them.
        public var declared: UInt64 = 0

        /// Whether nothing was found but what the run declares.
        public var isSound: Bool { findings.allSatisfy(\.isDeclared) }

        mutating func add(_ reference: Reference, _ text: String, isDeclared: Bool = false) {
            if isDeclared { declared += 1 }
            if findings.count < 100, !isDeclared || declared == 1 {
                findings.append(
                    Finding(reference: reference, text: text, isDeclared: isDeclared))
            }
        }
    }
}
