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
        let block = PredictedRows(rows.filter { $0.label != nil })
        // The champion before is the model that was promoted last, asked already of more rows.
        var last: (model: Reference, classes: [OutcomeClass?])?
        return promotions.map { promoted in
            var after = PromotionAfter(promoted: promoted)
            do {
                let first = block.first(after: promoted.at)
                let new = block.classes(try predictor(promoted.model), from: first)
                var old: [OutcomeClass?]?
                if let last, last.model == promoted.previous, last.classes.count >= new.count {
                    old = Array(last.classes.suffix(new.count))
                } else if promoted.previous != .none {
                    old = block.classes(try predictor(promoted.previous), from: first)
                }
                for place in new.indices {
                    guard let label = block.rows[first + place].label?.outcome,
                        let named = new[place], let before = old?[place] ?? promoted.stand(old)
                    else { continue }
                    after.rows += 1
                    after.correctNew += named == label ? 1 : 0
                    after.correctOld += before == label ? 1 : 0
                }
                last = (promoted.model, new)
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
}

extension PromotionAfter.Promoted {
    /// What stands in for the champion before: the commonest class, where there was none.
    fileprivate func stand(_ old: [OutcomeClass?]?) -> OutcomeClass? { old == nil ? majority : nil }
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
