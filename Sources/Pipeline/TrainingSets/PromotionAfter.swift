public import Events
public import FeedbackLoop
public import Learning

/// What a promotion came to: both models on rows that were decided after it and are mature by now.
///
/// Nothing is decided by it. Labels of neighbouring rows overlap, so a small difference is none.
public struct PromotionAfter: Hashable, Sendable {
    /// A promotion, and whom it replaced.
    public struct Promoted: Hashable, Sendable {
        /// When it was promoted.
        public var at: Instant
        /// The model that was promoted.
        public var model: Reference
        /// The champion before; none without one.
        public var previous: Reference
        /// The commonest class of the model's training, which stands in for no champion.
        public var majority: OutcomeClass

        /// A promotion from its parts.
        public init(
            at: Instant, model: Reference, previous: Reference, majority: OutcomeClass
        ) {
            (self.at, self.model, self.previous) = (at, model, previous)
            self.majority = majority
        }
    }

    /// The promotion.
    public let promoted: Promoted
    /// Rows decided after it whose labels are mature.
    public internal(set) var rows = 0
    /// Of those, called right by the promoted model.
    public internal(set) var correctNew = 0
    /// Of those, called right by the champion before, or the commonest class without one.
    public internal(set) var correctOld = 0
    /// Why a model could not be asked; nil when both were.
    public internal(set) var problem: String?

    /// Whether there are rows enough to say anything: the gate's own least.
    public var isJudged: Bool { problem == nil && rows >= GateRule.enoughRows }
    /// Whether the promoted model had fewer right than the one before.
    public var isRegression: Bool { isJudged && correctNew < correctOld }

    /// What came of promotions, by mature rows; `predictor` gives a model that can be asked.
    static func all(
        _ promotions: [Promoted], _ rows: [TrainingRow],
        predictor: (Reference) throws -> ModelPredictor
    ) -> [PromotionAfter] {
        promotions.map { promoted in
            var after = PromotionAfter(promoted: promoted)
            do {
                let new = try predictor(promoted.model)
                let old = promoted.previous == .none ? nil : try predictor(promoted.previous)
                for row in rows where ModelPredictor.decidedAt(row) > promoted.at {
                    after.count(row, new, old)
                }
            } catch {
                after.problem = "\(error)"
            }
            return after
        }
    }

    /// A promotion from its parts.
    public init(promoted: Promoted, rows: Int = 0, correctNew: Int = 0, correctOld: Int = 0) {
        self.promoted = promoted
        (self.rows, self.correctNew, self.correctOld) = (rows, correctNew, correctOld)
    }

    private mutating func count(_ row: TrainingRow, _ new: ModelPredictor, _ old: ModelPredictor?) {
        guard let label = row.label, let named = new.predict(row)?.predicted else { return }
        let before = old.map { $0.predict(row)?.predicted } ?? promoted.majority
        guard let before else { return }
        rows += 1
        correctNew += named == label.outcome ? 1 : 0
        correctOld += before == label.outcome ? 1 : 0
    }
}

extension PromotionAfter {
    /// What came of the promotions of a replay that was not recorded, by its mature rows.
    ///
    /// `load` gives a trained model's trees; a model of another tool cannot be asked here.
    public static func all(
        _ promotions: [Promoted], _ history: TrainingHistory,
        trainedAt: [(model: Reference, at: Instant)], load: (Reference) throws -> TreeEnsemble
    ) -> [PromotionAfter] {
        all(promotions, history.mature) { model in
            let known = trainedAt.first { $0.model == model }?.at
            return ModelPredictor(try load(model), knownAt: known ?? Instant(rawValue: 0))
        }
    }
}
